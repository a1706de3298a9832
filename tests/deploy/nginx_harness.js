// Runs a real nginx with deploy/nginx.conf, moved to free ports of this machine and a certificate made for the occasion.
'use strict';
const {execFileSync, spawn} = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const {createRequire} = require('node:module');

const ROOT = path.resolve(__dirname, '../..');
const fromTools = createRequire(path.join(ROOT, 'tools', 'package.json'));
const NAME = 'palmares.example.org';

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Replaces exactly one or more places, so that a change of nginx.conf that this file does not know of is noticed.
function replaced(text, pattern, by) {
  if (!pattern.test(text)) throw new Error(`deploy/nginx.conf has no ${pattern}`);
  return text.replace(pattern, by);
}

function selfSigned(folder, name) {
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', `/CN=${NAME}`,
    '-addext', `subjectAltName=DNS:${NAME}`, '-keyout', path.join(folder, `${name}.key`), '-out', path.join(folder, `${name}.crt`),
  ], {stdio: 'ignore'});
  return fs.readFileSync(path.join(folder, `${name}.crt`));
}

async function answers(port, tries = 100) {
  for (; tries > 0; --tries) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}

// Starts nginx before a gRPC server on backendPort. The answer has: port, ca (the certificate to trust), otherCa, stop().
async function startNginx(backendPort) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palmares-nginx-'));
  fs.mkdirSync(path.join(folder, 'tls'));
  const ca = selfSigned(path.join(folder, 'tls'), 'server');
  const otherCa = selfSigned(folder, 'other');
  const port = await freePort();
  let conf = fs.readFileSync(path.join(ROOT, 'deploy', 'nginx.conf'), 'utf8');
  conf = replaced(conf, /^user .*\n/m, '');
  conf = replaced(conf, /^pid .*/m, `pid ${folder}/nginx.pid;`);
  conf = replaced(conf, /\/var\/log\/nginx\//g, `${folder}/`);
  conf = replaced(conf, /listen 443 /g, `listen 127.0.0.1:${port} `);
  conf = replaced(conf, /listen \[::\]:443 .*\n/g, '\n');
  conf = replaced(conf, /server 127\.0\.0\.1:7443;/, `server 127.0.0.1:${backendPort};`);
  conf = replaced(conf, /^http \{/m, ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].reduce(
      (text, kind) => `${text}\n  ${kind}_temp_path ${folder}/${kind};`, 'http {'));
  const file = path.join(folder, 'nginx.conf');
  fs.writeFileSync(file, conf);
  execFileSync('nginx', ['-t', '-q', '-p', folder, '-c', file]);
  const child = spawn('nginx', ['-p', folder, '-c', file, '-g', 'daemon off;'], {stdio: 'inherit'});
  await answers(port);
  const stop = () => new Promise((resolve) => {
    child.on('exit', () => { fs.rmSync(folder, {recursive: true}); resolve(); });
    child.kill('SIGTERM');
  });
  return {port, ca, otherCa, stop, log: () => fs.readFileSync(path.join(folder, 'palmares.log'), 'utf8')};
}

module.exports = {NAME, ROOT, answers, freePort, fromTools, startNginx};
