// What deploy/nginx.conf does to gRPC calls, with a real nginx before a small gRPC server.
'use strict';
const assert = require('node:assert');
const http2 = require('node:http2');
const tls = require('node:tls');
const {after, before, test} = require('node:test');
const {NAME, freePort, fromTools, startNginx} = require('./nginx_harness.js');
const grpc = fromTools('@grpc/grpc-js');

const bytes = (value) => value;
const method = (name, requestStream, responseStream) => ({
  path: `/test.Mirror/${name}`, requestStream, responseStream,
  requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes,
});
const MIRROR = {
  Headers: method('Headers', false, false),
  Count: method('Count', true, false),
  Echo: method('Echo', true, true),
};
const HANDLERS = {
  Headers: (call, reply) => reply(null, Buffer.from(JSON.stringify({...call.metadata.getMap(), deadline: call.getDeadline()}))),
  Count: (call, reply) => {
    let total = 0;
    call.on('data', (data) => { total += data.length; });
    call.on('end', () => reply(null, Buffer.from(String(total))));
  },
  Echo: (call) => {
    call.on('data', (data) => call.write(data));
    call.on('end', () => call.end());
  },
};

let nginx, backend, backendPort;

function bind(server, port) {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => error ? reject(error) : resolve());
  });
}

async function startBackend() {
  backend = new grpc.Server({'grpc.max_receive_message_length': -1});
  backend.addService(MIRROR, HANDLERS);
  await bind(backend, backendPort);
}

function client(ca = nginx.ca, name = NAME) {
  const Mirror = grpc.makeGenericClientConstructor(MIRROR, 'Mirror');
  return new Mirror(`127.0.0.1:${nginx.port}`, grpc.credentials.createSsl(ca),
      {'grpc.ssl_target_name_override': name, 'grpc.default_authority': name, 'grpc.use_local_subchannel_pool': 1});
}

// One unary call on a connection of its own: its answer, or the error it ended with.
async function headers(mirror, metadata = new grpc.Metadata(), options = {}) {
  const end = {deadline: Date.now() + 5000, ...options};
  const answer = await new Promise((resolve) => {
    mirror.Headers(Buffer.alloc(0), metadata, end, (error, data) => resolve(error || JSON.parse(data)));
  });
  return answer;
}

async function withClient(use, ...options) {
  const mirror = client(...options);
  try {
    return await use(mirror);
  } finally {
    mirror.close();
  }
}

before(async () => {
  backendPort = await freePort();
  nginx = await startNginx(backendPort);
  await startBackend();
});

after(async () => {
  backend.forceShutdown();
  await nginx.stop();
});

test('a call arrives with its deadline and with the address nginx saw, not the one the caller claims', () => withClient(async (mirror) => {
  const metadata = new grpc.Metadata();
  metadata.set('x-forwarded-for', '203.0.113.7');
  metadata.set('x-real-ip', '203.0.113.7');
  metadata.set('authorization', 'Bearer secret');
  const seen = await headers(mirror, metadata);
  assert.strictEqual(seen['x-forwarded-for'], '127.0.0.1');
  assert.strictEqual(seen['x-real-ip'], undefined);
  assert.strictEqual(seen.authorization, 'Bearer secret');
  assert.ok(new Date(seen.deadline).getTime() > 0, `deadline ${seen.deadline}`);
}));

test('neither token nor message is written to the log', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5500));  // nginx flushes every 5 s
  assert.match(nginx.log(), /127\.0\.0\.1 POST \/test\.Mirror\/Headers 200 grpc=/);
  assert.doesNotMatch(nginx.log(), /secret/);
});

test('an upload of 80 MiB in one stream arrives whole', () => withClient(async (mirror) => {
  const total = await new Promise((resolve, reject) => {
    const call = mirror.Count((error, data) => error ? reject(error) : resolve(Number(data)));
    const part = Buffer.alloc(1 << 20, 7);
    let left = 80;
    const more = () => {
      while (left-- > 0) if (!call.write(part)) return call.once('drain', more);
      return call.end();
    };
    more();
  });
  assert.strictEqual(total, 80 << 20);
}));

test('an answer comes while the request is still open: nothing is held back', () => withClient(async (mirror) => {
  const call = mirror.Echo();
  for (const text of ['first', 'second']) {
    const answer = new Promise((resolve, reject) => { call.once('data', resolve); call.once('error', reject); });
    call.write(Buffer.from(text));
    assert.strictEqual(String(await answer), text);
  }
  call.end();
}));

test('a method the server lacks is UNIMPLEMENTED', () => withClient(async (mirror) => {
  const error = await new Promise((resolve) => {
    mirror.makeUnaryRequest('/test.Mirror/Nothing', bytes, bytes, Buffer.alloc(0), resolve);
  });
  assert.strictEqual(error.code, grpc.status.UNIMPLEMENTED);
}));

test('a certificate of somebody else is refused, and so is another name', async () => {
  const stranger = await withClient(headers, nginx.otherCa);
  assert.strictEqual(stranger.code, grpc.status.UNAVAILABLE);
  const elsewhere = await withClient(headers, nginx.ca, 'elsewhere.example.org');
  assert.strictEqual(elsewhere.code, grpc.status.UNAVAILABLE);
});

test('TLS 1.1 and older are refused, 1.2 and 1.3 are spoken', async () => {
  const connect = (version) => new Promise((resolve) => {
    const socket = tls.connect({host: '127.0.0.1', port: nginx.port, servername: NAME, ca: nginx.ca, minVersion: version,
      maxVersion: version, ciphers: 'ALL:@SECLEVEL=0'}, () => { resolve(socket.getProtocol()); socket.destroy(); });
    socket.on('error', (error) => resolve(error.code));
  });
  for (const version of ['TLSv1', 'TLSv1.1']) assert.match(await connect(version), /PROTOCOL_VERSION/);
  for (const version of ['TLSv1.2', 'TLSv1.3']) assert.strictEqual(await connect(version), version);
});

test('a browser is told that this is no web page, and a plain probe that nginx is up', async () => {
  const session = http2.connect(`https://127.0.0.1:${nginx.port}`, {ca: nginx.ca, servername: NAME});
  const status = (path) => new Promise((resolve, reject) => {
    const request = session.request({':path': path, ':authority': NAME});
    request.on('response', (answer) => resolve(answer[':status'])).on('error', reject);
    request.resume().end();
  });
  assert.strictEqual(await status('/'), 415);
  assert.strictEqual(await status('/healthz'), 200);
  session.close();
});

test('who calls without end is told RESOURCE_EXHAUSTED, and is served again a second later', () => withClient(async (mirror) => {
  const codes = [];
  for (let batch = 0; batch < 5 && !codes.includes(grpc.status.RESOURCE_EXHAUSTED); ++batch) {
    codes.push(...await Promise.all(Array.from({length: 900}, async () => (await headers(mirror)).code)));
  }
  assert.deepStrictEqual([...new Set(codes)].sort(), [grpc.status.RESOURCE_EXHAUSTED, undefined]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.strictEqual((await headers(mirror))['x-forwarded-for'], '127.0.0.1');
}));

test('without a server behind nginx a call is UNAVAILABLE at once, and served when the server is back', () => withClient(async (mirror) => {
  backend.forceShutdown();
  const began = Date.now();
  const error = await headers(mirror);
  assert.strictEqual(error.code, grpc.status.UNAVAILABLE);
  assert.match(error.details, /try again/);
  assert.ok(Date.now() - began < 3000);
  await startBackend();
  let answer;
  for (let tries = 0; tries < 60 && !(answer && answer['x-forwarded-for']); ++tries) {
    answer = await headers(mirror);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.strictEqual(answer['x-forwarded-for'], '127.0.0.1');
}));
