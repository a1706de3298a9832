// palmaresd's own TLS: who gets in with which certificate, and which servers the client palmares trusts.
'use strict';
const assert = require('node:assert');
const {execFile} = require('node:child_process');
const fs = require('node:fs');
const tls = require('node:tls');
const {after, before, test} = require('node:test');
const {Authority} = require('./authority.js');
const {grpc, loadApi, runServer, startServer} = require('./server_harness.js');

const NAME = 'localhost';
let authority, other, server, api;

const read = (file) => fs.readFileSync(file);
const serverOptions = ({key, certificate}) => ['--tls-certificate', certificate, '--tls-key', key];

before(async () => {
  authority = new Authority('Ours');
  other = new Authority('Another');
  const revoked = authority.issue('revoked.example.org');
  const lists = authority.revoke(revoked);
  server = await startServer([...serverOptions(authority.issue(NAME)), '--tls-client-ca', authority.certificate, '--tls-client-crl', lists]);
  server.revoked = revoked;
  api = loadApi();
});

after(async () => {
  if (server) assert.strictEqual(await server.stop(), 0);
  authority.remove();
  other.remove();
});

// The outcome of one anonymous call: 'OK', or the name of its status.
function outcome(credentials, target = NAME) {
  return new Promise((resolve) => {
    const client = new api.LedgerService(server.address, credentials,
        {'grpc.ssl_target_name_override': target, 'grpc.default_authority': target, 'grpc.use_local_subchannel_pool': 1});
    client.GetPosition({}, {deadline: Date.now() + 5000}, (error) => {
      client.close();
      resolve(error ? Object.keys(grpc.status).find((name) => grpc.status[name] === error.code) : 'OK');
    });
  });
}
const withCertificate = ({key, certificate}, trusted = authority) =>
  grpc.credentials.createSsl(read(trusted.certificate), read(key), read(certificate));

test('a client with a certificate of the authority gets in', async () => {
  assert.strictEqual(await outcome(withCertificate(authority.issue('client.example.org'))), 'OK');
});

for (const [who, credentials] of [
  ['without TLS', () => grpc.credentials.createInsecure()],
  ['without a certificate', () => grpc.credentials.createSsl(read(authority.certificate))],
  ['with a certificate of another authority', () => withCertificate(other.issue('client.example.org'))],
  ['with a certificate that has expired', () => withCertificate(authority.issue('client.example.org', {from: -2, to: -1, file: 'expired'}))],
  ['with a certificate that is not yet valid', () => withCertificate(authority.issue('client.example.org', {from: 1, to: 2, file: 'early'}))],
  ['with a revoked certificate', () => withCertificate(server.revoked)],
]) {
  test(`a client ${who} is turned away`, async () => assert.strictEqual(await outcome(credentials()), 'UNAVAILABLE'));
}

test('a client that trusts another authority, or wants another name, turns away itself', async () => {
  const mine = authority.issue('client.example.org', {file: 'mine'});
  assert.strictEqual(await outcome(withCertificate(mine, other)), 'UNAVAILABLE');
  assert.strictEqual(await outcome(withCertificate(mine), 'elsewhere.example.org'), 'UNAVAILABLE');
});

test('TLS 1.1 is not spoken, TLS 1.2 is', async () => {
  const {key, certificate} = authority.issue('old.example.org');
  const [host, port] = server.address.split(':');
  const speak = (version) => new Promise((resolve) => {
    const socket = tls.connect({
      host, port, servername: NAME, ca: read(authority.certificate), key: read(key), cert: read(certificate),
      minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0', ALPNProtocols: ['h2'],
    });
    socket.on('secureConnect', () => { socket.destroy(); resolve('spoken'); });
    socket.on('error', () => resolve('refused'));
  });
  assert.strictEqual(await speak('TLSv1.1'), 'refused');
  assert.strictEqual(await speak('TLSv1.2'), 'spoken');
});

// The exit code and messages of the client palmares against a server with this certificate.
async function askByClient(issued, ...options) {
  const served = await startServer(serverOptions(issued));
  const [, port] = served.address.split(':');
  try {
    return await new Promise((resolve) => {
      execFile(process.env.PALMARES, ['races', 'list', '--server', `${NAME}:${port}`, ...options], {timeout: 20000},
          (error, stdout, stderr) => resolve({code: error ? error.code : 0, stderr}));
    });
  } finally {
    await served.stop();
  }
}

for (const [which, code, issue, options] of [
  ['a server of its authority', 0, () => authority.issue(NAME, {file: 'good'}), () => ['--tls-ca', authority.certificate]],
  ['no server of another authority', 4, () => authority.issue(NAME, {file: 'unknown'}), () => ['--tls-ca', other.certificate]],
  ['no server whose certificate has expired', 4, () => authority.issue(NAME, {from: -2, to: -1, file: 'late'}), () => ['--tls-ca', authority.certificate]],
  ['no server whose certificate is not yet valid', 4, () => authority.issue(NAME, {from: 1, to: 2, file: 'soon'}), () => ['--tls-ca', authority.certificate]],
  ['no server of another name', 4, () => authority.issue('elsewhere.example.org'), () => ['--tls-ca', authority.certificate]],
]) {
  test(`the client palmares trusts ${which}`, async () => {
    const answer = await askByClient(issue(), ...options(), '--timeout', '5');
    assert.strictEqual(answer.code, code, answer.stderr);
  });
}

test('a key of another certificate, or a file that is not there, stops the start with its name', async () => {
  const {certificate} = authority.issue(NAME, {file: 'one'});
  const {key} = authority.issue(NAME, {file: 'two'});
  const swapped = await runServer(serverOptions({key, certificate}));
  assert.strictEqual(swapped.code, 1);
  assert.match(swapped.stderr, /tls\.key: ".*two\.key", want the key of the certificate in .*one\.crt/);
  const missing = await runServer(serverOptions({key, certificate: `${certificate}.none`}));
  assert.strictEqual(missing.code, 1);
  assert.match(missing.stderr, /tls\.certificate: ".*\.none", want a readable file/);
});
