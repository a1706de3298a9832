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

function spawnServer(folder, options) {
  const binary = process.env.PALMARESD;
  if (!binary) throw new Error('PALMARESD is not set, want the path of the server');
  return spawn(binary, ['--data', path.join(folder, 'data'), '--listen', '127.0.0.1:0', ...options], {stdio: ['ignore', 'pipe', 'pipe']});
}

const makeFolder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'palmares-foreign-'));

// A server that is expected to end by itself: its exit code and what it said.
async function runServer(options) {
  const folder = makeFolder();
  const server = spawnServer(folder, options);
  let stderr = '';
  server.stderr.on('data', (data) => { stderr += data; });
  server.stdout.on('data', () => server.kill('SIGKILL'));  // it is ready, and should not be
  const code = await new Promise((resolve) => server.on('close', resolve));
  fs.rmSync(folder, {recursive: true, force: true});
  return {code, stderr};
}

// The answer has: address, token (the operator's), stop(), which resolves to the exit code.
async function startServer(options = []) {
  const folder = makeFolder();
  const data = path.join(folder, 'data');
  const server = spawnServer(folder, options);
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
  const folder = path.join(ROOT, 'proto');
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

// The standard health service, as gRPC's protocol has it.
const HEALTH = `
  syntax = "proto3";
  package grpc.health.v1;
  service Health { rpc Check(Request) returns (Response); rpc Watch(Request) returns (stream Response); }
  message Request { string service = 1; }
  message Response { enum Status { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; } Status status = 1; }
`;

function loadText(text, options = {}) {
  return grpc.loadPackageDefinition(protoLoader.fromJSON(protobuf.parse(text, {keepCase: true}).root.toJSON(), {keepCase: true, ...options}));
}

const loadReflection = () => loadText(REFLECTION).grpc.reflection.v1alpha;
const loadHealth = () => loadText(HEALTH, {enums: String, defaults: true}).grpc.health.v1;

// How to reach the server: directly, or through an nginx in front of it where PALMARES_THROUGH_NGINX is set. The answer has:
// address, credentials, options, stop().
async function reach(server) {
  if (!process.env.PALMARES_THROUGH_NGINX) {
    return {address: server.address, credentials: grpc.credentials.createInsecure(), options: {}, stop: async () => {}};
  }
  const {NAME, startNginx} = require('../deploy/nginx_harness.js');
  const nginx = await startNginx(Number(server.address.split(':')[1]));
  return {
    address: `127.0.0.1:${nginx.port}`,
    credentials: grpc.credentials.createSsl(nginx.ca),
    options: {'grpc.ssl_target_name_override': NAME, 'grpc.default_authority': NAME},
    stop: nginx.stop,
  };
}

module.exports = {grpc, loadApi, loadHealth, loadReflection, loadRpc, reach, runServer, startServer};
