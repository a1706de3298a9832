// What callers see when palmaresd is told to stop: health says so first, calls in progress finish, new ones are turned away.
'use strict';
const assert = require('node:assert');
const {test} = require('node:test');
const {grpc, loadApi, loadHealth, startServer} = require('./server_harness.js');

const RACE = 'events/city-run/editions/2026/races/open';
const SHEET = 'bib,name,gender,official\n1,"Doe, Ann",W,35:00\n2,"Roe, Bea",W,36:00\n';
const api = loadApi();
const deadline = () => ({deadline: Date.now() + 20000});

function metadataOf(server) {
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${server.token}`);
  return metadata;
}

function clientOf(server, service) {
  return new service(server.address, grpc.credentials.createInsecure(), {'grpc.use_local_subchannel_pool': 1});
}

async function makeRace(server) {
  const events = clientOf(server, api.EventService);
  const call = (method, request) => new Promise((resolve, reject) => {
    events[method](request, metadataOf(server), deadline(), (error, answer) => error ? reject(error) : resolve(answer));
  });
  await call('UpdateEvent', {event: {name: 'events/city-run', display_name: 'City Run'}, allow_missing: true});
  await call('UpdateEdition', {edition: {name: 'events/city-run/editions/2026', start_date: {year: 2026, month: 5, day: 3}}, allow_missing: true});
  await call('UpdateRace', {race: {name: RACE, discipline: '10km-road', places_clock: 'CLOCK_GUN'}, allow_missing: true});
  events.close();
}

// An upload that has begun and not ended: its stream, and a promise of its answer or error.
function beginUpload(server) {
  let stream;
  const answer = new Promise((resolve) => {
    stream = clientOf(server, api.SheetService).ImportSheet(metadataOf(server), deadline(), (error, said) => resolve(error || said));
  });
  stream.on('error', () => {});  // also told to the callback
  stream.write({header: {race: RACE, file_name: 'run.csv', state: 'SHEET_STATE_OFFICIAL'}});
  stream.write({chunk: Buffer.from(SHEET.slice(0, 40))});
  return {stream, answer};
}

// The states that health says of a service, as they come; next() waits for one.
function watchHealth(server, service) {
  const stream = clientOf(server, loadHealth().Health).Watch({service}, deadline());
  const said = [], waiting = [];
  stream.on('data', ({status}) => { waiting.length ? waiting.shift()(status) : said.push(status); });
  stream.on('error', () => {});
  return {next: () => new Promise((resolve) => { said.length ? resolve(said.shift()) : waiting.push(resolve); }), cancel: () => stream.cancel()};
}

test('on SIGTERM health turns to NOT_SERVING, an upload in progress is finished, and a new caller is turned away', async () => {
  const server = await startServer();
  await makeRace(server);
  const upload = beginUpload(server);
  const services = Object.keys(api).filter((name) => api[name].service).map((name) => `palmares.v1.${name}`);
  assert.ok(services.includes('palmares.v1.SheetService') && services.length >= 20, services.join(' '));
  const watches = ['', 'palmares.writing', ...services].map((service) => watchHealth(server, service));
  for (const watch of watches) assert.strictEqual(await watch.next(), 'SERVING');

  const stopped = server.stop();
  for (const watch of watches) assert.strictEqual(await watch.next(), 'NOT_SERVING');
  watches.forEach((watch) => watch.cancel());
  const late = await new Promise((resolve) => {
    clientOf(server, api.LedgerService).GetPosition({}, {deadline: Date.now() + 5000}, (error) => resolve(error));
  });
  assert.strictEqual(late.code, grpc.status.UNAVAILABLE);

  upload.stream.write({chunk: Buffer.from(SHEET.slice(40))});
  upload.stream.end();
  const {report} = await upload.answer;
  assert.strictEqual(report.accepted, true);
  assert.strictEqual(report.rows_read, 2);
  assert.strictEqual(await stopped, 0);
});

test('a call that does not end is cut off when the time to drain is over', async () => {
  const server = await startServer(['--drain-seconds', '1']);
  await makeRace(server);
  const upload = beginUpload(server);
  const watch = watchHealth(server, '');
  assert.strictEqual(await watch.next(), 'SERVING');
  assert.strictEqual(await server.stop(), 0);
  const error = await upload.answer;
  assert.ok([grpc.status.UNAVAILABLE, grpc.status.CANCELLED].includes(error.code), error.message);
});
