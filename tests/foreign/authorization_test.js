// Every method of the API is called as every kind of caller, through a real server: who is let in is what authorization_table.js
// says, whether one row of the server's table decides it or the service that knows the athlete, the grant or the share.
'use strict';
const assert = require('node:assert');
const {after, before, test} = require('node:test');
const {grpc, loadApi, loadRpc, startServer} = require('./server_harness.js');
const {EVERYBODY, METHODS, DRAFTS, WHILE_HIDDEN} = require('./authorization_table.js');

const EVENT = 'events/town-run', EDITION = `${EVENT}/editions/2021`;
const CALLERS = [...EVERYBODY.split(' '), 'operator'];
const {OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED} = grpc.status;
const WATCHED_MS = 300;  // a watch that says nothing by then was let in
const GAMES = `schema = 1
id = "games"
scheme = "games"
edition = "2040"
name = "Games 2040"
[event]
name = "Games"
id = "town-run"
day = 2040-09-01
[window]
time_zone = "UTC"
opens = 2020-01-01
closes = 2040-07-01
[[marks]]
discipline = "10km-road"
sex = "W"
mark = "0:33:00"
[[source]]
url = "https://example.org/games"
`;

const api = loadApi();
const secrets = {anonymous: ''};
const things = {event: EVENT, edition: EDITION, race: `${EDITION}/races/open`, draft: `${EDITION}/races/night`};
let server;

function metadataOf(secret) {
  const metadata = new grpc.Metadata();
  if (secret) metadata.set('authorization', `Bearer ${secret}`);
  return metadata;
}

const clients = {};
function clientOf(service) {
  clients[service] ||= new api[service](server.address, grpc.credentials.createInsecure());
  return clients[service];
}

// One call of any shape, with one message or several: how it ended, and all it was answered.
function call(secret, service, method, requests, milliseconds = 20000) {
  return new Promise((resolve) => {
    const {requestStream, responseStream} = api[service].service[method];
    const answers = [], options = {deadline: Date.now() + milliseconds};
    const ended = (error, answer) => resolve({code: error ? error.code : OK, error, answers: answer ? [answer] : answers});
    const begin = [metadataOf(secret), options, ...(responseStream ? [] : [ended])];
    if (!requestStream) begin.unshift(requests[0]);
    const stream = clientOf(service)[method](...begin);
    if (responseStream) {
      stream.on('data', (answer) => answers.push(answer));
      stream.on('end', () => ended(null));
      stream.on('error', ended);
    } else if (requestStream) {
      stream.on('error', () => {});  // told to the callback
    }
    if (!requestStream) return;
    for (const request of requests) stream.write(request);
    stream.end();
  });
}

async function must(secret, method, ...requests) {
  const {error, answers} = await call(secret, ...method.split('.'), requests);
  if (error) throw new Error(`${method}: ${error.message}`);
  return answers[0];
}

async function makeToken(name, role, resources = []) {
  const made = await must(server.token, 'AccessService.CreateToken', {token: {display_name: name, role, resources}});
  secrets[name] = made.secret;
  return made.token.name;
}

async function importSheet(race, state, sheet) {
  const {report} = await must(server.token, 'SheetService.ImportSheet', {header: {race, file_name: 'run.csv', state}}, {chunk: Buffer.from(sheet)});
  assert.ok(report.accepted, JSON.stringify(report.issues));
}

async function makeRaces() {
  const as = server.token;
  for (const event of [EVENT, 'events/other-run']) await must(as, 'EventService.UpdateEvent', {event: {name: event, display_name: 'Run'}, allow_missing: true});
  await must(as, 'EventService.UpdateEdition', {edition: {name: EDITION, start_date: {year: 2021, month: 5, day: 4}}, allow_missing: true});
  for (const race of [things.race, things.draft]) {
    await must(as, 'EventService.UpdateRace', {race: {name: race, discipline: '10km-road', places_clock: 'CLOCK_GUN'}, allow_missing: true});
  }
  await importSheet(things.race, 'SHEET_STATE_OFFICIAL', 'bib,name,sex,birth date,gun\n1,Ada Quicksilver,W,1990-02-03,31:00\n2,Bea Nextdoor,W,1985-02-03,32:00\n');
  await importSheet(things.draft, 'SHEET_STATE_DRAFT', 'bib,name,sex,gun\n7,Cyd Nightly,W,39:00\n');
  const {results} = await must(as, 'ResultService.ListResults', {parent: things.race});
  Object.assign(things, {result: results[0].name, ada: results[0].athlete, bea: results[1].athlete});
  things.draftResult = (await must(as, 'ResultService.ListResults', {parent: things.draft})).results[0].name;
}

async function makeCallers() {
  secrets.operator = server.token;
  await makeToken('organizer', 'ROLE_ORGANIZER', [EVENT]);
  await makeToken('other_organizer', 'ROLE_ORGANIZER', ['events/other-run', 'events/town']);
  await makeToken('athlete', 'ROLE_ATHLETE', [things.ada]);
  await makeToken('other_athlete', 'ROLE_ATHLETE', [things.bea]);
  await makeToken('appointed_coach', 'ROLE_COACH', [things.ada]);  // by the operator: no grant of Ada's
  await makeToken('federation', 'ROLE_FEDERATION');
  things.sponsor = await makeToken('sponsor', 'ROLE_SPONSOR');
  const holders = {};
  for (const name of ['coach', 'guardian', 'manager', 'ended']) holders[name] = await makeToken(name, 'ROLE_COACH');
  for (const [name, holder] of Object.entries(holders)) {
    const grant = {holder, relation: `RELATION_${name === 'ended' ? 'SPONSOR' : name.toUpperCase()}`};
    await must(server.token, 'AccessService.CreateGrant', {parent: things.ada, grant_id: name, grant});
  }
  await must(server.token, 'AccessService.RevokeGrant', {name: `${things.ada}/grants/ended`});
  await makeClub();
  things.grant = {holder: holders.coach, relation: 'RELATION_COACH'};
}

// A club that Ada granted to: whoever has its token. One of another club has nothing of hers.
async function makeClub() {
  for (const club of ['lions', 'tigers']) await must(server.token, 'ClubService.CreateClub', {club_id: club, club: {display_name: club}});
  await makeToken('club_manager', 'ROLE_COACH', ['clubs/lions']);
  await makeToken('other_club_manager', 'ROLE_COACH', ['clubs/tigers']);
  const grant = {holder: 'clubs/lions', relation: 'RELATION_CLUB_MANAGER'};
  await must(secrets.athlete, 'AccessService.CreateGrant', {parent: things.ada, grant_id: 'club', grant});
}

async function makePortfolios() {
  const as = secrets.athlete, {ada} = things;
  for (const id of ['season', 'revoked']) await must(as, 'PortfolioService.CreatePortfolio', {parent: ada, portfolio_id: id, portfolio: {display_name: id}});
  things.portfolio = `${ada}/portfolios/season`;
  await must(as, 'PortfolioService.RevokePortfolio', {name: `${ada}/portfolios/revoked`});
  const share = {display_name: 'For whom it is', athlete: ada, portfolio: things.portfolio};
  await must(as, 'ShareService.CreateShare', {share_id: 'shoes', share: {...share, holder: things.sponsor}});
  await must(as, 'ShareService.CreateShare', {share_id: 'revoked', share});
  await must(as, 'ShareService.RevokeShare', {name: 'shares/revoked'});
  things.secret = (await must(as, 'ShareService.CreateShare', {share})).secret;
}

async function makeTheRest() {
  const {ada, race} = things;
  things.goal = {display_name: 'Under 30', mark_target: {discipline: '10km-road', mark: {text: '30:00'}}, due_date: {year: 2040, month: 1, day: 1}};
  await must(secrets.athlete, 'GoalService.CreateGoal', {parent: ada, goal_id: 'own', goal: things.goal});
  await must(secrets.coach, 'GoalService.CreateBoard', {board_id: 'squad', board: {display_name: 'Squad', athletes: [ada], goals: true}});
  await must(server.token, 'StandardService.LoadStandard', {rules_text: GAMES});
  things.application = `standards/games/applications/${ada.split('/')[1]}`;
  await must(secrets.athlete, 'QualificationService.UpdateApplication', {application: {name: things.application, state: 'STATE_APPLIED'}, allow_missing: true});
  for (const id of ['cut', 'empty', 'whole']) await must(secrets.organizer, 'UploadService.StartUpload', {upload_id: id, header: {race, file_name: `${id}.csv`}});
  await must(secrets.organizer, 'UploadService.WriteUpload', {name: 'uploads/whole', data: Buffer.from('bib,name\n1,Ada Quicksilver\n')});
  await must(secrets.organizer, 'UploadService.CompleteUpload', {name: 'uploads/whole'});
  await must(secrets.organizer, 'UploadService.WatchImportJob', {name: 'importJobs/whole'});  // until it has ended
  things.mapping = {display_name: 'Town', event: EVENT, columns: {official: 'gun_time'}};
  await must(secrets.organizer, 'UploadService.CreateColumnMapping', {column_mapping_id: 'town', column_mapping: things.mapping});
}

before(async () => {
  server = await startServer();
  await makeRaces();
  await makeCallers();
  await makePortfolios();
  await makeTheRest();
});

after(async () => {
  Object.values(clients).forEach((client) => client.close());
  if (server) assert.strictEqual(await server.stop(), 0);
});

// The first field that an INVALID_ARGUMENT speaks of.
function violated(error) {
  const rpc = loadRpc();
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const detail = bytes && rpc.lookupType('google.rpc.Status').decode(bytes).details.find((any) => any.type_url.endsWith('/google.rpc.BadRequest'));
  return detail ? rpc.lookupType('google.rpc.BadRequest').decode(detail.value).fieldViolations[0].field : '';
}

// Whether a caller got what the method gives, or an answer that only those get who may have it.
function given({code, error, answers}, {hidden, sees, violates}) {
  if (code === UNAUTHENTICATED || code === PERMISSION_DENIED) return false;
  if (hidden && code === NOT_FOUND) return false;
  if (violates && code === INVALID_ARGUMENT && violated(error) === violates) return false;
  return !sees || sees(answers);
}

// What is wrong with the answer to one caller; empty where nothing is.
async function answerTo(who, name, [allowed, request = () => ({}), how = {}]) {
  const [service, method] = name.split('.');
  const watches = /^Watch(Changes|Results|Ranking|Qualifications)$/.test(method);
  const outcome = await call(secrets[who], service, method, [request(things, who)], watches ? WATCHED_MS : undefined);
  const may = who === 'operator' || allowed.split(' ').includes(who);
  const said = outcome.error ? outcome.error.message : `OK ${JSON.stringify(outcome.answers).slice(0, 100)}`;
  if (how.undo && outcome.code === OK) await must(server.token, ...how.undo(things));
  if (outcome.code === DEADLINE_EXCEEDED && !watches) return `${name} as ${who}: was not answered`;
  if (given(outcome, how) !== may) return `${name} as ${who}: should ${may ? '' : 'not '}be let in, was answered ${said}`;
  const unasked = who === 'anonymous' && !may && !how.unasked && outcome.code !== UNAUTHENTICATED;
  return unasked ? `${name} as ${who}: should be asked for a token, was answered ${said}` : '';
}

async function lookAt(name, row) {
  const wrong = [];
  if (row[2]?.undo) {
    for (const who of CALLERS) wrong.push(await answerTo(who, name, row));
  } else {
    wrong.push(...await Promise.all(CALLERS.map((who) => answerTo(who, name, row))));
  }
  return wrong.filter((one) => one);
}

test('the table names every method of the API, and no other', () => {
  const services = Object.entries(api).filter(([, made]) => made.service);
  const methods = services.flatMap(([service, made]) => Object.keys(made.service).map((method) => `${service}.${method}`));
  const rows = Object.entries(METHODS).flatMap(([service, of]) => Object.keys(of).map((method) => `${service}.${method}`));
  assert.deepStrictEqual(rows.sort(), methods.sort());
});

test('every caller reaches exactly what the table says', async () => {
  const wrong = [];
  for (const [service, methods] of Object.entries(METHODS)) {
    for (const [method, row] of Object.entries(methods)) wrong.push(...await lookAt(`${service}.${method}`, row));
  }
  assert.deepStrictEqual(wrong, []);
});

test('what is not public is given to those alone whose it is', async () => {
  const wrong = [];
  for (const [name, row] of Object.entries(DRAFTS)) wrong.push(...await lookAt(name, row));
  await must(secrets.athlete, 'AthleteService.HideAthlete', {name: things.ada});
  for (const [name, row] of Object.entries(WHILE_HIDDEN)) wrong.push(...await lookAt(name, row));
  assert.deepStrictEqual(wrong, []);
});
