// Starts a real palmaresd on a data directory of its own and a port of its own, and loads the API's protos.
'use strict';
const {spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {createRequire} = require('node:module');

const ROOT = path.resolve(__dirname, '../..');
const fromTools = createRequire(path.join(ROOT, 'tools', 'package.json'));
const grpc = fromTools('@grpc/grpc-js');
const protoLoader = fromTools('@grpc/proto-loader');
const protobuf = fromTools('protobufjs');  // what proto-loader is made of

const READY_WITHIN_MS = 30000;

// The first host:port in what the server prints is where it listens.
function readyAddress(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    const give_up = setTimeout(() => reject(new Error(`palmaresd is not ready in time, it said: ${said}`)), READY_WITHIN_MS);
    const listen = (data) => {
      said += data;
      const found = /(?:127\.0\.0\.1|localhost):([1-9]\d*)/.exec(said);
      if (!found) return;
      clearTimeout(give_up);
      resolve(`127.0.0.1:${found[1]}`);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', (data) => { said += data; });
    server.on('exit', (code) => {
      clearTimeout(give_up);
      reject(new Error(`palmaresd ended with ${code} before it was ready, it said: ${said}`));
    });
  });
}

// The answer has: address, token (the operator's), stop(), which resolves to the exit code.
async function startServer() {
  const binary = process.env.PALMARESD;
  if (!binary) throw new Error('PALMARESD is not set, want the path of the server');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palmares-foreign-'));
  const data = path.join(folder, 'data');
  const server = spawn(binary, ['--data', data, '--listen', '127.0.0.1:0'], {stdio: ['ignore', 'pipe', 'pipe']});
  const ended = new Promise((resolve) => server.on('exit', resolve));
  try {
    const address = await readyAddress(server);
    const token = fs.readFileSync(path.join(data, 'operator.token'), 'utf8').trim();
    const stop = async () => {
      server.kill('SIGTERM');
      const code = await ended;
      fs.rmSync(folder, {recursive: true, force: true});
      return code;
    };
    return {address, token, stop};
  } catch (error) {
    server.kill('SIGKILL');
    fs.rmSync(folder, {recursive: true, force: true});
    throw error;
  }
}

// The package palmares.v1, from the proto files alone.
function loadApi() {
  const folder = path.join(ROOT, 'proto', 'palmares', 'v1');
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.proto')).map((name) => path.join(folder, name));
  const options = {includeDirs: [path.join(ROOT, 'proto')], longs: Number, enums: String, defaults: true, keepCase: true};
  return grpc.loadPackageDefinition(protoLoader.loadSync(files, options)).palmares.v1;
}

// google.rpc's messages, for error details: a root of protobufjs.
function loadRpc() {
  const folder = process.env.PALMARES_GOOGLE_PROTOS || path.join(ROOT, 'tools', 'node_modules', 'google-proto-files');
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) => path.join(folder, target);
  return root.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);
}

// The part of server reflection that is used here, as gRPC's protocol has it.
const REFLECTION = `
  syntax = "proto3";
  package grpc.reflection.v1alpha;
  service ServerReflection { rpc ServerReflectionInfo(stream Request) returns (stream Response); }
  message Request { string file_containing_symbol = 4; string list_services = 7; }
  message Response { Files file_descriptor_response = 4; Services list_services_response = 6; }
  message Files { repeated bytes file_descriptor_proto = 1; }
  message Services { repeated Service service = 1; }
  message Service { string name = 1; }
`;

function loadReflection() {
  const definition = protoLoader.fromJSON(protobuf.parse(REFLECTION, {keepCase: true}).root.toJSON(), {keepCase: true});
  return grpc.loadPackageDefinition(definition).grpc.reflection.v1alpha;
}

module.exports = {grpc, loadApi, loadReflection, loadRpc, startServer};
