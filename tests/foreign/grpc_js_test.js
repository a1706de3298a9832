// Drives a real server over the protos with grpc-js: the calendar, a sheet by streaming, rankings, errors and reflection. Directly,
// or with PALMARES_THROUGH_NGINX through the nginx of deploy/.
'use strict';
const assert = require('node:assert');
const http2 = require('node:http2');
const {after, before, test} = require('node:test');
const {grpc, loadApi, loadReflection, loadRpc, reach, startServer} = require('./server_harness.js');

const EVENT = 'events/boston-marathon';
const EDITION = `${EVENT}/editions/2013`;
const RACE = `${EDITION}/races/open`;
const SHEET = [
  'bib,name,gender,age,country,official',
  '7,"Desisa, Lelisa",M,23,ETH,2:10:22',
  '6,"Kogo, Micah",M,26,KEN,2:10:27',
  '4,"Gebremariam, Gebregziabher",M,28,ETH,2:10:28',
  '',
].join('\n');

let server, way, api, metadata;

before(async () => {
  server = await startServer();
  way = await reach(server);
  api = loadApi();
  metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${server.token}`);
});

after(async () => {
  if (way) await way.stop();
  if (server) assert.strictEqual(await server.stop(), 0, 'palmaresd ends well on SIGTERM');
});

const clientOf = (service) => new api[service](way.address, way.credentials, way.options);
const deadline = () => ({deadline: Date.now() + 20000});

// One unary call; rejects with the gRPC error.
function call(service, method, request, withMetadata = metadata) {
  return new Promise((resolve, reject) => {
    clientOf(service)[method](request, withMetadata, deadline(), (error, answer) => error ? reject(error) : resolve(answer));
  });
}

function importSheet(content, header = {}) {
  return new Promise((resolve, reject) => {
    const stream = clientOf('SheetService').ImportSheet(metadata, deadline(), (error, answer) => error ? reject(error) : resolve(answer));
    stream.on('error', () => {});  // also told to the callback
    stream.write({header: {race: RACE, file_name: 'boston.csv', columns: {official: 'gun_time'}, ...header}});
    const bytes = Buffer.from(content);
    for (let begin = 0; begin < bytes.length; begin += 100) stream.write({chunk: bytes.subarray(begin, begin + 100)});
    stream.end();
  });
}

// The google.rpc.ErrorInfo of an error.
function errorInfo(error) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  assert.ok(bytes, `the error has google.rpc details: ${error.message}`);
  const rpc = loadRpc();
  const info = rpc.lookupType('google.rpc.Status').decode(bytes).details.find((any) => any.type_url.endsWith('/google.rpc.ErrorInfo'));
  return rpc.lookupType('google.rpc.ErrorInfo').decode(info.value);
}

// One question to server reflection.
function reflect(question) {
  return new Promise((resolve, reject) => {
    const {ServerReflection} = loadReflection();
    const stream = new ServerReflection(way.address, way.credentials, way.options).ServerReflectionInfo(deadline());
    stream.on('data', resolve);
    stream.on('error', reject);
    stream.write(question);
    stream.end();
  });
}

test('an event, its edition and a race are created and listed', async () => {
  await call('EventService', 'UpdateEvent', {
    event: {name: EVENT, display_name: 'Boston Marathon', country: 'USA', time_zone: 'America/New_York'}, allow_missing: true,
  });
  await call('EventService', 'UpdateEdition', {edition: {name: EDITION, start_date: {year: 2013, month: 4, day: 15}}, allow_missing: true});
  await call('EventService', 'UpdateRace', {
    race: {name: RACE, display_name: 'Open', discipline: 'marathon', places_clock: 'CLOCK_GUN'}, allow_missing: true,
  });
  const {races} = await call('EventService', 'ListRaces', {parent: 'events/-/editions/-'}, new grpc.Metadata());
  assert.deepStrictEqual(races.map((race) => race.name), [RACE]);
  assert.strictEqual(races[0].event_display_name, 'Boston Marathon');
});

test('a sheet is imported by streaming, and the same content again changes nothing', async () => {
  const {report, position} = await importSheet(SHEET, {state: 'SHEET_STATE_OFFICIAL'});
  assert.strictEqual(report.accepted, true, JSON.stringify(report.issues));
  assert.strictEqual(report.rows_read, 3);
  assert.strictEqual(report.rows_rejected, 0);
  assert.ok(position > 0);
  const {results, total_size} = await call('ResultService', 'ListResults', {parent: RACE, min_position: position}, new grpc.Metadata());
  assert.strictEqual(total_size, 3);
  assert.deepStrictEqual(results.map((result) => [result.place, result.mark.text]), [[1, '2:10:22'], [2, '2:10:27'], [3, '2:10:28']]);
  const again = await importSheet(SHEET, {state: 'SHEET_STATE_OFFICIAL'});
  assert.strictEqual(again.report.unchanged, true);
});

test('rankings follow from what was imported', async () => {
  const {rows} = await call('RankingService', 'ListRanking', {query: {discipline: 'marathon', sex: 'SEX_MEN', season: 2013}}, new grpc.Metadata());
  assert.deepStrictEqual(rows.map((row) => [row.rank, row.mark.text]), [[1, '2:10:22'], [2, '2:10:27'], [3, '2:10:28']]);
  assert.ok(rows.every((row) => row.race === RACE));
});

// A call as bytes on HTTP/2, below what a gRPC library shows: the answer's headers.
function headersOf(method, body) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://${server.address}`);
    session.on('error', reject);
    const request = session.request({':method': 'POST', ':path': `/palmares.v1.${method}`, 'content-type': 'application/grpc',
      'te': 'trailers', 'grpc-accept-encoding': 'identity,gzip'});
    request.on('response', (headers) => { session.destroy(); resolve(headers); });
    request.on('error', reject);
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(body.length, 1);
    request.end(Buffer.concat([frame, body]));
  });
}

test('files come compressed to those who take them so, other answers do not', async () => {
  const text = (field, value) => Buffer.concat([Buffer.from([field << 3 | 2, value.length]), Buffer.from(value)]);
  const sheet = Buffer.concat([text(1, `${RACE}/sheet`), Buffer.from([2 << 3, 1])]);  // as CSV
  assert.strictEqual((await headersOf('SheetService/ExportSheet', sheet))['grpc-encoding'], 'gzip');
  assert.strictEqual((await headersOf('EventService/GetRace', text(1, RACE)))['grpc-encoding'] || 'identity', 'identity');
});

test('a message above 4 MiB is RESOURCE_EXHAUSTED, one just below is read, and the server goes on', async () => {
  const limit = 4 << 20;
  const ofSize = (bytes) => ({event: {name: EVENT, city: 'x'.repeat(bytes)}, allow_missing: true});
  const above = await call('EventService', 'UpdateEvent', ofSize(limit + 1)).then(assert.fail, (refused) => refused);
  assert.strictEqual(above.code, grpc.status.RESOURCE_EXHAUSTED, above.message);
  const below = await call('EventService', 'UpdateEvent', ofSize(limit - 1000)).then(() => null, (refused) => refused);
  assert.notStrictEqual(below?.code, grpc.status.RESOURCE_EXHAUSTED, 'what is wrong with it is not its size');
  const {races} = await call('EventService', 'ListRaces', {parent: 'events/-/editions/-'});
  assert.ok(races.length > 0);
});

test('an anonymous caller may not write, and is told so in google.rpc\'s form', async () => {
  const error = await call('EventService', 'UpdateEvent', {event: {name: EVENT, city: 'Boston'}}, new grpc.Metadata()).then(assert.fail, (refused) => refused);
  assert.ok([grpc.status.UNAUTHENTICATED, grpc.status.PERMISSION_DENIED].includes(error.code), error.message);
  assert.strictEqual(errorInfo(error).domain, 'palmares');
});

test('an unknown race is NOT_FOUND with a reason', async () => {
  const error = await call('EventService', 'GetRace', {name: `${EDITION}/races/none`}).then(assert.fail, (refused) => refused);
  assert.strictEqual(error.code, grpc.status.NOT_FOUND);
  assert.match(errorInfo(error).reason, /^[A-Z][A-Z0-9_]+$/);
});

test('reflection lists the services and describes them', async () => {
  const names = (await reflect({list_services: ''})).list_services_response.service.map((service) => service.name);
  for (const service of ['EventService', 'SheetService', 'ResultService', 'RankingService', 'AthleteService']) {
    assert.ok(names.includes(`palmares.v1.${service}`), `${service} is among ${names}`);
  }
  assert.ok(names.includes('grpc.health.v1.Health'), `health is among ${names}`);
  for (const name of names) {
    assert.ok((await reflect({file_containing_symbol: name})).file_descriptor_response, `${name} is described`);
  }
  const {file_descriptor_proto: [file]} = (await reflect({file_containing_symbol: 'palmares.v1.EventService'})).file_descriptor_response;
  assert.ok(file.includes('ListRaces'), 'the file that describes EventService has its methods');
});
