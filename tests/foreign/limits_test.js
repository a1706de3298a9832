// What a server on a real socket does not let callers do to it or to each other: outlast their deadline, take all streams of a
// connection, ping or watch without end, take all threads. The limit on a message's size is in grpc_js_test.js, the end by SIGTERM in
// drain_test.js.
'use strict';
const assert = require('node:assert');
const http2 = require('node:http2');
const {after, before, test} = require('node:test');
const {grpc, loadApi, startServer} = require('./server_harness.js');

const MOST_STREAMS = 256;  // of a connection
const MOST_WATCHERS = 256;  // of a watch
const MOST_THREADS = 512;  // that calls run in, some of which wait for new calls
const api = loadApi();
let server;

before(async () => { server = await startServer(); });
after(async () => { if (server) assert.strictEqual(await server.stop(), 0, 'palmaresd ends well on SIGTERM'); });

function connect() {
  const session = http2.connect(`http://${server.address}`);
  session.on('error', () => {});
  return session;
}

// A call of a request without fields, below what a gRPC library shows: the gRPC status that the server ended it with, and after
// how many milliseconds. A status comes in the trailers, or in the headers where there is nothing else.
function callBare(session, method, headers = {}) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const request = session.request({':method': 'POST', ':path': `/palmares.v1.${method}`, 'content-type': 'application/grpc', 'te': 'trailers', ...headers});
    let status;
    const keep = (said) => { if (said['grpc-status'] !== undefined) status = Number(said['grpc-status']); };
    request.on('response', keep);
    request.on('trailers', keep);
    request.on('data', () => {});
    request.on('error', () => {});  // told by 'close' too
    request.on('close', () => resolve({status, reset: request.rstCode, ms: Date.now() - began}));
    session.on('close', () => reject(new Error('the connection was closed')));
    request.end(Buffer.alloc(5));
  });
}

// A stream whose call goes on until it is cancelled: its code is null until the server ends it.
function keepOpen(stream) {
  const call = {code: null, details: '', cancel: () => stream.cancel()};
  stream.on('data', () => {});
  stream.on('error', () => {});  // told by 'status' too
  stream.on('status', ({code, details}) => Object.assign(call, {code, details}));
  return call;
}

// A client whose calls share one connection.
const clientOf = (service) => new service(server.address, grpc.credentials.createInsecure(), {'grpc.use_local_subchannel_pool': 1});
const longTime = () => ({deadline: Date.now() + 200000});

// Waits until the server has ended as many calls as it must, and ends no more of them; gives those that it ended.
async function settle(calls, least) {
  const ended = () => calls.filter((call) => call.code !== null);
  for (let seen = -1; seen < least || seen !== ended().length;) {
    seen = ended().length;
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
  }
  return ended();
}

function getPosition(client) {
  return new Promise((resolve) => { client.GetPosition({}, {deadline: Date.now() + 20000}, (error) => resolve(error === null)); });
}

test('a call that is still at work when its deadline comes is ended by the server', async () => {
  const session = connect();
  const ended = await callBare(session, 'LedgerService/WatchChanges', {'grpc-timeout': '300m'});
  session.close();
  assert.ok(ended.ms >= 250, `it lasted ${ended.ms} ms, want 300`);
  assert.ok(ended.ms < 60000, `it lasted ${ended.ms} ms, want 300`);
  const cut_off = ended.status === undefined && ended.reset === http2.constants.NGHTTP2_CANCEL;
  assert.ok(ended.status === grpc.status.DEADLINE_EXCEEDED || cut_off, JSON.stringify(ended));
});

test('a caller with a library is told DEADLINE_EXCEEDED, and the server goes on', async () => {
  const client = new api.LedgerService(server.address, grpc.credentials.createInsecure());
  const stream = client.WatchChanges({}, new grpc.Metadata(), {deadline: Date.now() + 200});
  stream.on('data', () => {});
  const error = await new Promise((resolve) => { stream.on('error', resolve); });
  assert.strictEqual(error.code, grpc.status.DEADLINE_EXCEEDED, error.message);
  const answer = await new Promise((resolve, reject) => {
    client.GetPosition({}, {deadline: Date.now() + 20000}, (refused, said) => refused ? reject(refused) : resolve(said));
  });
  assert.ok(answer.position > 0);
  client.close();
});

test('a connection carries so many calls at a time and no more', async () => {
  const session = connect();
  await new Promise((resolve) => { session.once('remoteSettings', resolve); });
  assert.strictEqual(session.remoteSettings.maxConcurrentStreams, MOST_STREAMS);
  session.close();
});

test('who pings now and then is served, who pings without end is sent away', async () => {
  const session = connect();
  await new Promise((resolve) => { session.once('remoteSettings', resolve); });
  const ping = () => new Promise((resolve) => { session.destroyed ? resolve(false) : session.ping((error) => resolve(error === null)); });
  const gone = new Promise((resolve) => { session.once('goaway', resolve); });
  assert.ok(await ping(), 'the first is answered');
  assert.strictEqual((await callBare(session, 'LedgerService/GetPosition')).status, grpc.status.OK);
  for (let i = 0; i < 100 && await ping(); ++i) continue;
  assert.strictEqual(await gone, http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
  const other = connect();
  assert.strictEqual((await callBare(other, 'LedgerService/GetPosition')).status, grpc.status.OK, 'others are served');
  other.close();
});

test('calls beyond the threads are refused with RESOURCE_EXHAUSTED, those at work go on, and there is room again after', async () => {
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${server.token}`);
  const clients = [0, 1, 2].map(() => clientOf(api.SheetService));
  const calls = [];
  for (const client of clients) {
    for (let i = 0; i < MOST_STREAMS; ++i) {  // uploads that have begun and do not go on
      const stream = client.ImportSheet(metadata, longTime(), () => {});
      stream.write({header: {race: 'events/a/editions/b/races/c', file_name: 'run.csv'}});
      calls.push(keepOpen(stream));
    }
  }
  const refused = await settle(calls, calls.length - MOST_THREADS);
  assert.deepStrictEqual([...new Set(refused.map((call) => call.code))], [grpc.status.RESOURCE_EXHAUSTED]);
  const open = calls.length - refused.length;
  assert.ok(open <= MOST_THREADS && open >= MOST_THREADS - 64, `${open} calls are at work, want nearly ${MOST_THREADS}`);

  calls.forEach((call) => call.cancel());
  const other = clientOf(api.LedgerService);
  let served = false;
  for (const give_up = Date.now() + 20000; !served && Date.now() < give_up;) served = await getPosition(other);
  assert.ok(served, 'a call after the others were given up is served');
  [other, ...clients].forEach((client) => client.close());
});

test('watchers beyond the limit are refused with RESOURCE_EXHAUSTED, and other calls are served meanwhile', async () => {
  const clients = [clientOf(api.LedgerService), clientOf(api.LedgerService)];
  const calls = [];
  for (const client of clients) {
    for (let i = 0; i < 200; ++i) calls.push(keepOpen(client.WatchChanges({}, new grpc.Metadata(), longTime())));
  }
  const refused = await settle(calls, calls.length - MOST_WATCHERS);
  assert.strictEqual(refused.length, calls.length - MOST_WATCHERS);
  assert.deepStrictEqual([...new Set(refused.map((call) => call.code))], [grpc.status.RESOURCE_EXHAUSTED]);
  assert.match(refused[0].details, /256 watch already/);
  assert.ok(await getPosition(clients[0]), 'who does not watch is served');
  calls.forEach((call) => call.cancel());
  clients.forEach((client) => client.close());
});
