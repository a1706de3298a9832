// A portfolio as another implementation sees it: npm's jose verifies the signature by the published key document, and the
// disclosures are held against what was signed by nothing but SHA-256.
'use strict';
const assert = require('node:assert');
const {createHash} = require('node:crypto');
const {after, before, test} = require('node:test');
const path = require('node:path');
const {grpc, loadApi, reach, startServer} = require('./server_harness.js');

const EVENT = 'events/boston-marathon';
const EDITION = `${EVENT}/editions/2013`;
const RACE = `${EDITION}/races/open`;
const SHEET = ['bib,name,gender,age,country,official', '7,"Desisa, Lelisa",M,23,ETH,2:10:22', '6,"Kogo, Micah",M,26,KEN,2:10:27', ''].join('\n');

let server, way, api, metadata, jose, credential, keys;

before(async () => {
  jose = await import(path.join(__dirname, '../../tools/node_modules/jose/dist/webapi/index.js'));
  server = await startServer();
  way = await reach(server);
  api = loadApi();
  metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${server.token}`);
  await call('EventService', 'UpdateEvent', {event: {name: EVENT, display_name: 'Boston Marathon', country: 'USA'}, allow_missing: true});
  await call('EventService', 'UpdateEdition', {edition: {name: EDITION, start_date: {year: 2013, month: 4, day: 15}}, allow_missing: true});
  await call('EventService', 'UpdateRace', {
    race: {name: RACE, display_name: 'Open', discipline: 'marathon', places_clock: 'CLOCK_GUN'}, allow_missing: true,
  });
  const {report} = await importSheet(SHEET);
  assert.strictEqual(report.accepted, true, JSON.stringify(report.issues));
  const {results} = await call('ResultService', 'ListResults', {parent: RACE});
  const athlete = results[0].athlete;
  const made = await call('PortfolioService', 'CreatePortfolio', {
    parent: athlete, portfolio_id: 'season', portfolio: {display_name: 'Season 2013', selection: {}},
  });
  credential = await exported({name: made.name});
  keys = JSON.parse((await call('PortfolioService', 'ListSigningKeys', {})).key_document);
});

after(async () => {
  if (way) await way.stop();
  if (server) assert.strictEqual(await server.stop(), 0, 'palmaresd ends well on SIGTERM');
});

const clientOf = (service) => new api[service](way.address, way.credentials, way.options);
const deadline = () => ({deadline: Date.now() + 20000});

function call(service, method, request) {
  return new Promise((resolve, reject) => {
    clientOf(service)[method](request, metadata, deadline(), (error, answer) => error ? reject(error) : resolve(answer));
  });
}

function importSheet(content) {
  return new Promise((resolve, reject) => {
    const stream = clientOf('SheetService').ImportSheet(metadata, deadline(), (error, answer) => error ? reject(error) : resolve(answer));
    stream.on('error', () => {});  // also told to the callback
    stream.write({header: {race: RACE, file_name: 'boston.csv', columns: {official: 'gun_time'}, state: 'SHEET_STATE_OFFICIAL'}});
    stream.write({chunk: Buffer.from(content)});
    stream.end();
  });
}

function exported(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const stream = clientOf('PortfolioService').ExportPortfolio(request, metadata, deadline());
    stream.on('data', (chunk) => chunks.push(chunk.data));
    stream.on('error', reject);
    stream.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}

const digestOf = (disclosure) => createHash('sha256').update(disclosure).digest('base64url');

// The document with each disclosed part in its place, by RFC 9901.
function reveal(value, disclosed) {
  if (Array.isArray(value)) {
    return value.flatMap((element) => {
      if (!element || typeof element !== 'object' || !('...' in element)) return [reveal(element, disclosed)];
      const part = disclosed.get(element['...']);
      disclosed.delete(element['...']);
      return part ? [reveal(part[1], disclosed)] : [];
    });
  }
  if (!value || typeof value !== 'object') return value;
  const {_sd: digests = [], ...rest} = value;
  for (const digest of digests) {
    const part = disclosed.get(digest);
    disclosed.delete(digest);
    if (part) rest[part[1]] = part[2];
  }
  return Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, reveal(member, disclosed)]));
}

async function verify(text) {
  const [jws, ...disclosures] = text.split('~');
  assert.strictEqual(disclosures.pop(), '', 'it ends with "~"');
  const {payload, protectedHeader} = await jose.compactVerify(jws, jose.createLocalJWKSet(keys), {algorithms: ['EdDSA']});
  const disclosed = new Map(disclosures.map((one) => [digestOf(one), JSON.parse(Buffer.from(one, 'base64url'))]));
  const document = reveal(JSON.parse(Buffer.from(payload)), disclosed);
  assert.strictEqual(disclosed.size, 0, 'everything that is disclosed was signed');
  return {document, protectedHeader};
}

test('jose verifies the signature, and what is disclosed is what was signed', async () => {
  const {document, protectedHeader} = await verify(credential);
  assert.strictEqual(protectedHeader.typ, 'vc+sd-jwt');
  assert.deepStrictEqual(document['@context'][0], 'https://www.w3.org/ns/credentials/v2');
  assert.deepStrictEqual(document.type, ['VerifiableCredential', 'PerformancePortfolio']);
  const subject = document.credentialSubject;
  assert.strictEqual(subject.athlete.displayName, 'Lelisa Desisa');
  assert.strictEqual(subject.verified.results.length, 1);
  assert.strictEqual(subject.verified.results[0].mark.text, '2:10:22');
  assert.strictEqual(subject.verified.results[0].place, 1);
  assert.ok(new Date(document.validUntil) > new Date(document.validFrom));
});

test('the thumbprint that jose computes begins with the key\'s id', async () => {
  for (const key of keys.keys) {
    const thumbprint = Buffer.from(await jose.calculateJwkThumbprint(key), 'base64url').toString('hex');
    assert.strictEqual(thumbprint.slice(0, 32), key.kid);
  }
});

test('a part verifies under the same signature', async () => {
  const part = await exported({name: (await list())[0].name, sections: ['SECTION_SUMMARY']});
  assert.strictEqual(part.split('~')[0], credential.split('~')[0]);
  const {document} = await verify(part);
  assert.strictEqual(document.credentialSubject.verified.summary.resultCount, 1);
  assert.strictEqual(document.credentialSubject.verified.results, undefined);
});

test('an altered one is refused', async () => {
  const [header, payload, signature] = credential.split('~')[0].split('.');
  const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('PerformancePortfolio', 'OlympicPortfolio')).toString('base64url');
  await assert.rejects(jose.compactVerify(`${header}.${forged}.${signature}`, jose.createLocalJWKSet(keys)));
});

test('the status lists are signed, and say that nothing is revoked or was corrected', async () => {
  const {document} = await verify(credential);
  for (const status of document.credentialStatus) {
    assert.strictEqual(status.type, 'BitstringStatusListEntry');
    const list = await call('PortfolioService', 'GetStatusList', {status_list_id: status.statusPurpose});
    const {payload} = await jose.compactVerify(list.credential, jose.createLocalJWKSet(keys), {algorithms: ['EdDSA']});
    const subject = JSON.parse(Buffer.from(payload)).credentialSubject;
    assert.strictEqual(subject.statusPurpose, status.statusPurpose);
    assert.strictEqual(subject.encodedList[0], 'u');
    const bits = require('node:zlib').gunzipSync(Buffer.from(subject.encodedList.slice(1), 'base64url'));
    assert.ok(bits.length * 8 >= 131072);
    const index = Number(status.statusListIndex);
    assert.strictEqual((bits[index >> 3] >> (7 - (index & 7))) & 1, 0);
  }
});

async function list() {
  return (await call('PortfolioService', 'ListPortfolios', {parent: 'athletes/-'})).portfolios;
}
