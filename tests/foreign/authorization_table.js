// Who may call which method, written down from what proto/palmares/v1 promises, and from nothing of the server's.
//
// A row says who gets what the method gives; an operator may call everything and is not named. A caller who is not named is
// refused: UNAUTHENTICATED without a token, PERMISSION_DENIED with one that does not do. Where whether a thing is there is
// nobody else's business, the refusal is NOT_FOUND (`hidden`); where everybody with a token gets a list of what is theirs, it
// is a list without the thing (`sees`). Requests are about Ada and town-run (authorization_test.js), and do no harm where
// they are let in: they carry an etag that is not the newest, an id that is taken, or nothing but a name.
'use strict';

const EVERYBODY = 'anonymous organizer other_organizer athlete other_athlete guardian manager coach appointed_coach club_manager other_club_manager sponsor federation';
const KNOWN = EVERYBODY.replace('anonymous ', '');
const OPERATOR = '';                             // alone
const ORGANIZER = 'organizer';                   // of the event
const FEDERATION = 'federation';
const SPONSOR = 'sponsor';
const OWN = 'athlete guardian';                  // the athlete, and who may do all that the athlete may
const PROFILE = 'athlete guardian manager';      // who writes the profile and makes portfolios
const GOALS = 'athlete guardian coach appointed_coach club_manager';  // who reads goals, and the history of somebody hidden
const APPLICATION = 'athlete guardian organizer federation';
const DECIDES = 'athlete guardian organizer';    // about the link of a result

const etag = 'W/"0"';
const anything = () => ({});
const hidden = {hidden: true};
const unasked = {hidden: true, unasked: true};  // of anonymous callers too: a method of everybody's asks for no token
const first = (list) => ({sees: (answers) => answers.some((answer) => answer[list].length > 0)});
const has = (list, name) => ({sees: (answers) => answers.some((answer) => answer[list].some((one) => one.name === name))});

// Of each method: who, a request made of the things of the test, and how a refusal looks where it is none of status.
const METHODS = {
  AccessService: {
    GetCaller: [EVERYBODY],
    CreateToken: [OPERATOR],
    GetToken: [OPERATOR],
    ListTokens: [OPERATOR],
    RevokeToken: [OPERATOR],
    CreateGrant: [OWN, ({ada, grant}) => ({parent: ada, grant_id: 'coach', grant})],
    GetGrant: [`${OWN} coach`, ({ada}) => ({name: `${ada}/grants/coach`}), hidden],
    ListGrants: [OWN, ({ada}) => ({parent: ada})],
    RevokeGrant: [OWN, ({ada}) => ({name: `${ada}/grants/ended`}), hidden],
  },
  AdministrationService: {
    GetStatistics: [OPERATOR],
    Diagnose: [OPERATOR],
    Verify: [OPERATOR],
    Rebuild: [OPERATOR],
    Backup: [OPERATOR],
    CheckBackup: [OPERATOR],
    ListBackups: [OPERATOR],
    ExportPublicData: [EVERYBODY],
    GetAdministrationJob: [OPERATOR],
    ListAdministrationJobs: [OPERATOR],
    WatchAdministrationJob: [OPERATOR],
    CancelAdministrationJob: [OPERATOR],
  },
  AthleteService: {
    GetAthlete: [EVERYBODY],
    BatchGetAthletes: [EVERYBODY],
    ListAthletes: [EVERYBODY],
    SearchAthletes: [EVERYBODY],
    CreateAthlete: [OPERATOR],
    UpdateAthlete: [OWN, ({ada}) => ({athlete: {name: ada, etag}})],
    GetPrivacy: [OWN, ({ada}) => ({name: `${ada}/privacy`})],
    UpdatePrivacy: [OWN, ({ada}) => ({privacy: {name: `${ada}/privacy`, etag}})],
    HideAthlete: [OWN, ({ada}) => ({name: ada}), {undo: ({ada}) => ['AthleteService.UnhideAthlete', {name: ada}]}],
    UnhideAthlete: [OWN, ({ada}) => ({name: ada})],
    EraseAthlete: [OWN, ({ada}) => ({name: ada, confirmation: ada, validate_only: true})],
  },
  ClubService: {
    GetClub: [EVERYBODY],
    ListClubs: [EVERYBODY],
    CreateClub: [OPERATOR],
    UpdateClub: [OPERATOR],
    DeleteClub: [OPERATOR],
  },
  EventService: {
    GetEvent: [EVERYBODY],
    ListEvents: [EVERYBODY],
    CreateEvent: [ORGANIZER, ({event}) => ({event_id: event.slice(7)})],
    UpdateEvent: [ORGANIZER, ({event}) => ({event: {name: event, etag}})],
    DeleteEvent: [ORGANIZER, ({event}) => ({name: event})],
    GetEdition: [EVERYBODY],
    ListEditions: [EVERYBODY],
    CreateEdition: [ORGANIZER, ({event}) => ({parent: event, edition_id: '2021'})],
    UpdateEdition: [ORGANIZER, ({edition}) => ({edition: {name: edition, etag}})],
    DeleteEdition: [ORGANIZER, ({edition}) => ({name: edition})],
    GetRace: [EVERYBODY],
    ListRaces: [EVERYBODY],
    CreateRace: [ORGANIZER, ({edition}) => ({parent: edition, race_id: 'open'})],
    UpdateRace: [ORGANIZER, ({race}) => ({race: {name: race, etag}})],
    DeleteRace: [ORGANIZER, ({race}) => ({name: race})],
    GetCourse: [EVERYBODY],
    ListCourses: [EVERYBODY],
    CreateCourse: [ORGANIZER, ({event}) => ({parent: event, course_id: 'No id'})],
    UpdateCourse: [ORGANIZER, ({event}) => ({course: {name: `${event}/courses/none`}})],
    DeleteCourse: [ORGANIZER, ({event}) => ({name: `${event}/courses/none`})],
  },
  GoalService: {
    CreateGoal: [OWN, ({ada, goal}) => ({parent: ada, goal_id: 'own', goal})],
    GetGoal: [GOALS, ({ada}) => ({name: `${ada}/goals/own`}), hidden],
    ListGoals: [GOALS, ({ada}) => ({parent: ada}), first('goals')],
    UpdateGoal: [OWN, ({ada}) => ({goal: {name: `${ada}/goals/own`, etag}}), hidden],
    DeleteGoal: [OWN, ({ada}) => ({name: `${ada}/goals/own`, etag}), hidden],
    CreateBoard: [GOALS, ({ada}, who) => ({board_id: `of-${who.replaceAll('_', '-')}`, board: {display_name: 'Squad', athletes: [ada], goals: true}}),
      {violates: 'board.athletes[0]'}],
    GetBoard: ['coach', () => ({name: 'boards/squad'}), hidden],
    ListBoards: ['coach', anything, has('boards', 'boards/squad')],
    UpdateBoard: ['coach', () => ({board: {name: 'boards/squad', etag}}), hidden],
    DeleteBoard: ['coach', () => ({name: 'boards/squad', etag}), hidden],
    ListBoardCells: ['coach', () => ({parent: 'boards/squad'}), hidden],
  },
  HistoryService: {
    GetHistory: [EVERYBODY],
    BatchGetHistories: [EVERYBODY],
    StreamHistories: [EVERYBODY],
    GetHistorySummary: [EVERYBODY],
    ExportHistory: [EVERYBODY],
  },
  IdentityService: {
    GetLink: [EVERYBODY],
    ListLinks: [EVERYBODY],
    ConfirmLink: [ORGANIZER, ({result}) => ({name: result, validate_only: true})],
    RejectLink: [DECIDES, ({result}) => ({name: result, validate_only: true})],
    ClaimResults: [DECIDES, ({ada, result}) => ({athlete: ada, results: [result], validate_only: true})],
    ClaimAthlete: [KNOWN, ({ada}) => ({name: ada})],
    MergeAthletes: [OPERATOR],
    UnmergeAthletes: [OPERATOR],
    SplitAthlete: [OPERATOR],
    UndoSplit: [OPERATOR],
    GetMerge: [EVERYBODY],
    ListMerges: [EVERYBODY],
    ListMergeProposals: [OPERATOR],
    RejectMergeProposal: [OPERATOR],
  },
  LedgerService: {
    GetPosition: [EVERYBODY],
    WatchChanges: [EVERYBODY],
    ListChanges: [EVERYBODY],
  },
  PortfolioService: {
    CreatePortfolio: [PROFILE, ({ada}) => ({parent: ada, portfolio_id: 'season', portfolio: {display_name: 'Season'}})],
    RenewPortfolio: [PROFILE, ({portfolio}) => ({name: portfolio, etag}), hidden],
    GetPortfolio: [PROFILE, ({portfolio}) => ({name: portfolio}), hidden],
    ListPortfolios: [PROFILE, ({ada}) => ({parent: ada})],
    RevokePortfolio: [PROFILE, ({ada}) => ({name: `${ada}/portfolios/revoked`}), hidden],
    ExportPortfolio: [PROFILE, ({portfolio}) => ({name: portfolio}), hidden],
    VerifyPortfolio: [EVERYBODY],
    StreamPortfolios: [`${PROFILE} sponsor`, ({ada}) => ({athletes: [ada]}), {sees: (answers) => answers.some((answer) => answer.portfolio)}],
    ListSigningKeys: [EVERYBODY],
    RotateSigningKey: [OPERATOR],
    GetStatusList: [EVERYBODY],
  },
  ProfileService: {
    GetProfile: [PROFILE, ({ada}) => ({name: `${ada}/profile`}), unasked],
    UpdateProfile: [PROFILE, ({ada}) => ({profile: {name: `${ada}/profile`, etag}}), hidden],
    SearchCandidates: [SPONSOR],
    CompareCandidates: [SPONSOR],
  },
  QualificationService: {
    Qualify: [EVERYBODY],
    BatchQualify: [EVERYBODY],
    WhatIf: [EVERYBODY],
    ListNearestStandards: [EVERYBODY],
    ListQualifiers: [EVERYBODY],
    ListLineHistory: [EVERYBODY],
    UpdateApplication: [APPLICATION, ({application}) => ({application: {name: application, etag}})],
    ListApplications: [APPLICATION, () => ({parent: 'standards/games'}), first('applications')],
    Forecast: [EVERYBODY],
    ForecastCutoff: [EVERYBODY],
    WatchQualifications: [EVERYBODY],
    ExportCalendar: [EVERYBODY],
  },
  RankingService: {
    ListRanking: [EVERYBODY],
    GetRank: [EVERYBODY],
    BatchGetRanks: [EVERYBODY],
    ExportRanking: [EVERYBODY],
    GetWorldRankingScore: [EVERYBODY],
    ListRankingSnapshots: [EVERYBODY],
    ListRecords: [EVERYBODY],
    CompareAthletes: [EVERYBODY],
    GetFieldStrength: [EVERYBODY],
    CompareCourses: [EVERYBODY],
    WatchRanking: [EVERYBODY],
  },
  ResultService: {
    GetResult: [EVERYBODY],
    ListResults: [EVERYBODY],
    ListResultRevisions: [EVERYBODY],
    CorrectResult: [ORGANIZER, ({result}) => ({name: result})],
    DisqualifyResult: [ORGANIZER, ({result}) => ({name: result})],
    ReinstateResult: [ORGANIZER, ({result}) => ({name: result})],
    MoveResult: [ORGANIZER, ({result, draft}) => ({name: result, destination_race: draft})],
    WithdrawResult: [ORGANIZER, ({result}) => ({name: result})],
    UndoResultRevision: [ORGANIZER, ({result}) => ({name: `${result}/revisions/9`})],
    CreateSanction: [FEDERATION],
    GetSanction: [EVERYBODY],
    ListSanctions: [EVERYBODY],
    LiftSanction: [FEDERATION],
    WatchResults: [EVERYBODY],
  },
  RuleService: {
    GetDiscipline: [EVERYBODY],
    ListDisciplines: [EVERYBODY],
    ListRuleEditions: [EVERYBODY],
    CalculatePoints: [EVERYBODY],
    CalculateAgeGrades: [EVERYBODY],
    CalculateEquivalents: [EVERYBODY],
    ParseMark: [EVERYBODY],
  },
  SeriesService: {
    GetSeries: [EVERYBODY],
    ListSeries: [EVERYBODY],
    CreateSeries: [OPERATOR],
    UpdateSeries: [OPERATOR],
    DeleteSeries: [OPERATOR],
    ListStandings: [EVERYBODY],
    ListClubRanking: [EVERYBODY],
  },
  ShareService: {
    CreateShare: [PROFILE, ({ada, portfolio}) => ({share_id: 'shoes', share: {display_name: 'Shoes', athlete: ada, portfolio}})],
    GetShare: [PROFILE, () => ({name: 'shares/shoes'}), hidden],
    ListShares: [PROFILE, anything, first('shares')],
    UpdateShare: [PROFILE, () => ({share: {name: 'shares/shoes', etag}}), hidden],
    RevokeShare: [PROFILE, () => ({name: 'shares/revoked'}), hidden],
    OpenShare: [EVERYBODY, ({secret}) => ({secret})],
    ExportShare: [EVERYBODY, ({secret}) => ({secret})],
    ListShareViews: [PROFILE, () => ({parent: 'shares/shoes'}), hidden],
  },
  SheetService: {
    GetSheet: [EVERYBODY],
    ListSheetRevisions: [EVERYBODY],
    CompareSheetRevisions: [EVERYBODY],
    ImportSheet: [ORGANIZER, ({race}) => ({header: {race, file_name: 'none.csv'}})],
    AppendResults: [ORGANIZER, ({race}) => ({race})],
    SetSheetState: [ORGANIZER, ({race}) => ({name: `${race}/sheet`})],
    WithdrawSheet: [ORGANIZER, ({race}) => ({name: `${race}/sheet`, etag})],
    UndoSheetRevision: [ORGANIZER, ({race}) => ({name: `${race}/sheet/revisions/9`})],
    ExportSheet: [EVERYBODY],
  },
  StandardService: {
    GetStandard: [EVERYBODY],
    ListStandards: [EVERYBODY],
    LoadStandard: [FEDERATION],
    ListStandardRevisions: [EVERYBODY],
    RetireStandard: [FEDERATION],
    GetEvaluationJob: [EVERYBODY],
    WatchEvaluationJob: [EVERYBODY],
  },
  UploadService: {
    StartUpload: [ORGANIZER, ({race}) => ({upload_id: 'cut', header: {race, file_name: 'cut.csv'}})],
    WriteUpload: [ORGANIZER, () => ({name: 'uploads/cut', data: Buffer.from('bib')}), hidden],
    CompleteUpload: [ORGANIZER, () => ({name: 'uploads/empty'}), hidden],
    GetUpload: [ORGANIZER, () => ({name: 'uploads/cut'}), hidden],
    CancelUpload: [ORGANIZER, () => ({name: 'uploads/whole'}), hidden],
    GetImportJob: [ORGANIZER, () => ({name: 'importJobs/whole'}), hidden],
    ListImportJobs: [ORGANIZER, anything, first('import_jobs')],
    WatchImportJob: [ORGANIZER, () => ({name: 'importJobs/whole'}), hidden],
    PublishImportJob: [ORGANIZER, () => ({name: 'importJobs/whole'}), hidden],
    CancelImportJob: [ORGANIZER, () => ({name: 'importJobs/whole'}), hidden],
    ListImportIssues: [ORGANIZER, () => ({parent: 'importJobs/whole'}), hidden],
    DownloadRejectedRows: [ORGANIZER, () => ({name: 'importJobs/whole'}), hidden],
    CreateColumnMapping: [ORGANIZER, ({mapping}) => ({column_mapping_id: 'town', column_mapping: mapping})],
    GetColumnMapping: [ORGANIZER, () => ({name: 'columnMappings/town'}), hidden],
    ListColumnMappings: [ORGANIZER, anything, first('column_mappings')],
    UpdateColumnMapping: [ORGANIZER, () => ({column_mapping: {name: 'columnMappings/town', etag}}), hidden],
    DeleteColumnMapping: [ORGANIZER, () => ({name: 'columnMappings/town', etag}), hidden],
  },
};

// What a method of everybody's gives not to everybody.
const DRAFTS = {
  'ResultService.ListResults': [ORGANIZER, ({draft}) => ({parent: draft}), {...unasked, ...first('results')}],
  'ResultService.GetResult': [ORGANIZER, ({draftResult}) => ({name: draftResult}), unasked],
  'ResultService.ListResultRevisions': [ORGANIZER, ({draftResult}) => ({parent: draftResult}), unasked],
  'SheetService.CompareSheetRevisions': [ORGANIZER, ({draft}) => ({name: `${draft}/sheet`, from_revision: 1, to_revision: 1}), unasked],
  'SheetService.ExportSheet': [ORGANIZER, ({draft}) => ({name: `${draft}/sheet`, format: 'EXPORT_FORMAT_CSV'}), unasked],
};
const WHILE_HIDDEN = {
  'HistoryService.GetHistory': [GOALS, ({ada}) => ({athlete: ada}), unasked],
  'HistoryService.GetHistorySummary': [GOALS, ({ada}) => ({athlete: ada}), unasked],
  'HistoryService.ExportHistory': [GOALS, ({ada}) => ({athlete: ada}), unasked],
  'HistoryService.StreamHistories': [GOALS, ({ada}) => ({athletes: [ada]}), unasked],
};

module.exports = {EVERYBODY, METHODS, DRAFTS, WHILE_HIDDEN};
