// The dump of all public data: what is in it, who is not, and that it is of one position.
#include <sodium.h>

#include <map>
#include <random>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "palmares/v1/public_data.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kDumpedSheet[] =
    "bib,name,sex,age,birth date,country,city,club,gun\n"
    "1,Ada Quicksilver,W,31,1990-02-03,KEN,Iten,Lions,31:00\n"
    "2,Bea Nextdoor,W,36,1985-02-03,KEN,Eldoret,,32:00\n"
    "3,Cy Youngster,M,15,2006-02-03,USA,Boston,,33:00\n"
    "4,Di Retiring,W,41,1980-02-03,USA,Troy,,34:00\n";

struct Dump {
  std::string content;
  std::string file_name;
  int64_t position = 0;
  std::vector<v1::PublicRecord> records;
  grpc::Status status;

  std::vector<v1::PublicRecord> Of(v1::PublicRecord::RecordCase kind) const {
    std::vector<v1::PublicRecord> found;
    for (const v1::PublicRecord& record : records) {
      if (record.record_case() == kind) found.push_back(record);
    }
    return found;
  }
};

using DumpReader = std::unique_ptr<grpc::ClientReader<v1::FileChunk>>;

// The rest of a dump of which the first chunk may have been read.
Dump ReadDump(const DumpReader& reader, Dump dump = {}) {
  v1::FileChunk chunk, last;
  while (reader->Read(&chunk)) {
    if (dump.content.empty()) dump.file_name = chunk.file_name();
    dump.content += chunk.data();
    last = chunk;
  }
  dump.status = reader->Finish();
  dump.position = last.position();
  if (!dump.status.ok()) return dump;
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(dump.content.data()), dump.content.size());
  EXPECT_EQ(last.sha256(), hash);
  for (absl::string_view line : absl::StrSplit(dump.content, '\n', absl::SkipEmpty())) {
    const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(line), &dump.records.emplace_back());
    EXPECT_TRUE(parsed.ok()) << line;
  }
  return dump;
}

Dump Export(const RunningServer& server, const std::string& secret = "", const std::vector<std::string>& kinds = {},
            int64_t min_position = 0) {
  v1::ExportPublicDataRequest request;
  for (const std::string& kind : kinds) request.add_kinds(kind);
  request.set_min_position(min_position);
  const auto context = RunningServer::As(secret);
  return ReadDump(server.administration->ExportPublicData(context.get(), request));
}

class PublicDataTest : public ::testing::Test {
 protected:
  PublicDataTest() : server_(Options()), race_(server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4))) {
    server_.MustImport(race_, kDumpedSheet);
    ada_ = server_.ByBib(race_, "1").athlete();
    cy_ = server_.ByBib(race_, "3").athlete();
    di_ = server_.ByBib(race_, "4").athlete();
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2022, 5, 4), absl::UTCTimeZone()));
  }
  static ServerOptions Options() {
    ServerOptions options;
    options.catalogue = true;
    options.public_data_licence = "CC BY 4.0";
    return options;
  }

  void Hide(const std::string& athlete) {
    v1::HideAthleteRequest request;
    v1::Athlete response;
    request.set_name(athlete);
    ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), request, &response));
  }
  void Erase(const std::string& athlete) {
    v1::EraseAthleteRequest request;
    v1::EraseAthleteResponse response;
    request.set_name(athlete);
    request.set_confirmation(athlete);
    ASSERT_CALL(server_.athletes->EraseAthlete(server_.AsOperator().get(), request, &response));
  }
  void SetSearch(const std::string& athlete, v1::Privacy::Audience audience) {
    v1::UpdatePrivacyRequest request;
    v1::Privacy response;
    request.mutable_privacy()->set_name(athlete + "/privacy");
    request.mutable_privacy()->set_search(audience);
    ASSERT_CALL(server_.athletes->UpdatePrivacy(server_.AsOperator().get(), request, &response));
  }
  static std::vector<std::string> AthletesOf(const Dump& dump) {
    std::vector<std::string> names;
    for (const v1::PublicRecord& record : dump.Of(v1::PublicRecord::kAthlete)) {
      names.push_back(record.athlete().display_name());
    }
    return names;
  }
  static v1::Result ByBib(const Dump& dump, const std::string& bib) {
    for (const v1::PublicRecord& record : dump.Of(v1::PublicRecord::kResult)) {
      if (record.result().row().bib() == bib) return record.result();
    }
    ADD_FAILURE() << "no result with bib " << bib;
    return {};
  }

  RunningServer server_;
  const std::string race_;
  std::string ada_, cy_, di_;
};

TEST_F(PublicDataTest, TheFirstLineSaysWhatTheDumpIs) {
  const Dump dump = Export(server_);
  ASSERT_CALL(dump.status);
  ASSERT_FALSE(dump.records.empty());
  const v1::PublicDataHeader& header = dump.records[0].header();
  EXPECT_THAT(header.kinds(), ElementsAre("events", "courses", "editions", "races", "sheets", "athletes", "results",
                                          "clubs", "series", "standards"));
  EXPECT_EQ(header.licence(), "CC BY 4.0");
  EXPECT_TRUE(MessageDifferencer::Equals(header.read_date(), DateOf(2022, 5, 4)));
  EXPECT_GT(header.position(), 0);
  EXPECT_EQ(header.position(), dump.position);
  EXPECT_EQ(dump.file_name, absl::StrCat("public-data-", dump.position, ".jsonl"));
  EXPECT_EQ(dump.Of(v1::PublicRecord::kHeader).size(), 1);
}

TEST_F(PublicDataTest, ResourcesAreAsTheirListsShowThemToAnybody) {
  const Dump dump = Export(server_, server_.operator_secret);
  v1::ListResultsRequest results;
  v1::ListResultsResponse listed_results;
  results.set_parent(race_);
  ASSERT_CALL(server_.results->ListResults(RunningServer::As("").get(), results, &listed_results));
  ASSERT_EQ(listed_results.results_size(), 4);
  for (const v1::Result& listed : listed_results.results()) {
    const v1::Result dumped = ByBib(dump, listed.row().bib());
    EXPECT_TRUE(MessageDifferencer::Equals(dumped, listed)) << dumped.DebugString() << listed.DebugString();
  }
  v1::ListAthletesResponse athletes;
  ASSERT_CALL(server_.athletes->ListAthletes(RunningServer::As("").get(), {}, &athletes));
  const std::vector<v1::PublicRecord> dumped = dump.Of(v1::PublicRecord::kAthlete);
  ASSERT_EQ(static_cast<int>(dumped.size()), athletes.athletes_size());
  for (size_t i = 0; i < dumped.size(); ++i) {
    EXPECT_TRUE(MessageDifferencer::Equals(dumped[i].athlete(), athletes.athletes(static_cast<int>(i))));
  }
  v1::ListRacesRequest races;
  v1::ListRacesResponse listed_races;
  races.set_parent("events/town-run/editions/2021");
  ASSERT_CALL(server_.events->ListRaces(RunningServer::As("").get(), races, &listed_races));
  ASSERT_EQ(listed_races.races_size(), 1);
  EXPECT_TRUE(MessageDifferencer::Equals(dump.Of(v1::PublicRecord::kRace).at(0).race(), listed_races.races(0)));
  v1::ListStandardsRequest standards;
  v1::ListStandardsResponse listed_standards;
  standards.set_page_size(1000);
  ASSERT_CALL(server_.standards->ListStandards(RunningServer::As("").get(), standards, &listed_standards));
  EXPECT_EQ(static_cast<int>(dump.Of(v1::PublicRecord::kStandard).size()), listed_standards.standards_size());
}

TEST_F(PublicDataTest, ASheetSaysWhichFileItIsFrom) {
  const std::vector<v1::PublicRecord> sheets = Export(server_).Of(v1::PublicRecord::kSheet);
  ASSERT_EQ(sheets.size(), 1);
  EXPECT_EQ(sheets[0].sheet().name(), race_ + "/sheet");
  EXPECT_EQ(sheets[0].sheet().file_name(), "sheet.csv");
  EXPECT_EQ(sheets[0].sheet().content_sha256().size(), 32);
  EXPECT_EQ(sheets[0].sheet().counts().rows(), 4);
  EXPECT_FALSE(sheets[0].sheet().has_actor()) << "who uploaded it is not public";
}

TEST_F(PublicDataTest, TheSamePositionHasTheSameBytesWhoeverAsks) {
  const Dump first = Export(server_);
  ASSERT_CALL(first.status);
  for (const std::string& secret : {std::string(), server_.operator_secret, server_.MakeToken(v1::ROLE_COACH, {})}) {
    const Dump again = Export(server_, secret);
    const size_t after_header = first.content.find('\n');
    EXPECT_EQ(again.content.substr(again.content.find('\n')), first.content.substr(after_header)) << secret;
  }
  const Dump before = Export(server_);
  server_.Restart();
  EXPECT_EQ(Export(server_).content, before.content);
}

TEST_F(PublicDataTest, NoTownNoDayOfBirthAndNoIdOfASource) {
  for (const std::string& secret : {std::string(), server_.operator_secret}) {
    const Dump dump = Export(server_, secret);
    EXPECT_THAT(dump.content, HasSubstr("Quicksilver"));
    EXPECT_THAT(dump.content, Not(HasSubstr("Iten")));
    EXPECT_EQ(ByBib(dump, "1").row().birth_date().year(), 1990);
    EXPECT_EQ(ByBib(dump, "1").row().birth_date().month(), 0);
    EXPECT_EQ(dump.Of(v1::PublicRecord::kAthlete).at(0).athlete().birth_date().month(), 0);
  }
}

TEST_F(PublicDataTest, MinorsAndWhoIsNotToBeFoundAreNotAmongTheAthletes) {
  EXPECT_THAT(AthletesOf(Export(server_)), ElementsAre("Ada Quicksilver", "Bea Nextdoor", "Di Retiring"));
  SetSearch(di_, v1::Privacy::AUDIENCE_NOBODY);
  EXPECT_THAT(AthletesOf(Export(server_, server_.operator_secret)), ElementsAre("Ada Quicksilver", "Bea Nextdoor"));
  SetSearch(cy_, v1::Privacy::AUDIENCE_EVERYBODY);
  const Dump dump = Export(server_);
  EXPECT_THAT(AthletesOf(dump), ElementsAre("Ada Quicksilver", "Bea Nextdoor", "Cy Youngster"));
  EXPECT_EQ(dump.Of(v1::PublicRecord::kAthlete).at(2).athlete().age_band().label(), "U18");
  EXPECT_FALSE(ByBib(dump, "3").row().has_birth_date());
}

TEST_F(PublicDataTest, WhoWasAMinorIsToldOfWhenGrown) {
  EXPECT_THAT(AthletesOf(Export(server_)), Not(::testing::Contains("Cy Youngster")));
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2024, 2, 3), absl::UTCTimeZone()));
  EXPECT_THAT(AthletesOf(Export(server_)), ::testing::Contains("Cy Youngster"));
}

TEST_F(PublicDataTest, WhoIsHiddenOrErasedKeepsAPlaceAndNoName) {
  Hide(ada_);
  Erase(di_);
  for (const std::string& secret : {std::string(), server_.operator_secret}) {
    const Dump dump = Export(server_, secret);
    EXPECT_THAT(dump.content, Not(HasSubstr("Quicksilver")));
    EXPECT_THAT(dump.content, Not(HasSubstr("Retiring")));
    EXPECT_THAT(dump.content, Not(HasSubstr(absl::StrCat("\"", ada_, "\""))));
    EXPECT_THAT(dump.content, Not(HasSubstr(absl::StrCat("\"", di_, "\""))));
    EXPECT_THAT(AthletesOf(dump), ElementsAre("Bea Nextdoor"));
    EXPECT_EQ(ByBib(dump, "1").mark().text(), "31:00");
    EXPECT_EQ(ByBib(dump, "1").place(), 1);
    EXPECT_EQ(ByBib(dump, "4").place(), 4);
  }
}

TEST_F(PublicDataTest, DraftsAndEmbargoedSheetsAreNotTold) {
  const std::string race = server_.MakeRace("other-run", "2022", DateOf(2022, 5, 1));
  v1::ImportHeader header;
  header.set_race(race);
  header.set_state(v1::SHEET_STATE_DRAFT);
  v1::ImportSheetResponse response;
  ASSERT_CALL(server_.Import(header, "bib,name,sex,age,gun\n71,Sascha Secret,W,30,40:00\n", &response,
                             server_.operator_secret));
  const auto expect_untold = [&] {
    const Dump dump = Export(server_, server_.operator_secret);
    EXPECT_THAT(dump.content, Not(HasSubstr("Sascha")));
    EXPECT_EQ(dump.Of(v1::PublicRecord::kResult).size(), 4);
    EXPECT_EQ(dump.Of(v1::PublicRecord::kSheet).size(), 1);
    const std::vector<v1::PublicRecord> races = dump.Of(v1::PublicRecord::kRace);
    ASSERT_EQ(races.size(), 2) << "the race itself is in everybody's calendar";
    EXPECT_FALSE(races[0].race().has_counts());
  };
  expect_untold();
  v1::SetSheetStateRequest set;
  v1::ChangeSheetResponse changed;
  set.set_name(race + "/sheet");
  set.set_state(v1::SHEET_STATE_EMBARGOED);
  set.set_state_after_embargo(v1::SHEET_STATE_OFFICIAL);
  set.set_reason("until the prizes are given");
  set.mutable_embargo_time()->set_seconds(server_.now_us / 1'000'000 + 3600);
  ASSERT_CALL(server_.sheets->SetSheetState(server_.AsOperator().get(), set, &changed));
  expect_untold();
  set.Clear();
  set.set_name(race + "/sheet");
  set.set_state(v1::SHEET_STATE_OFFICIAL);
  set.set_reason("all is checked");
  ASSERT_CALL(server_.sheets->SetSheetState(server_.AsOperator().get(), set, &changed));
  EXPECT_THAT(Export(server_).content, HasSubstr("Sascha Secret"));
}

TEST_F(PublicDataTest, OnlyTheKindsThatAreWantedComeAndAnUnknownOneIsRefused) {
  const Dump dump = Export(server_, "", {"results", "events"});
  ASSERT_CALL(dump.status);
  EXPECT_THAT(dump.records[0].header().kinds(), ElementsAre("events", "results"));
  EXPECT_EQ(dump.records.size(), 1 + 1 + 4);
  EXPECT_EQ(dump.records[1].event().name(), "events/town-run");
  const Dump refused = Export(server_, "", {"events", "passwords"});
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ViolatedField(refused.status), "kinds[1]");
  EXPECT_THAT(refused.status.error_message(), HasSubstr("standards"));
  EXPECT_EQ(Export(server_, "", {}, 1'000'000).status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

// A dump that is far from sent before somebody reads it: one race of 20,000 people whose names do not compress.
class LargeDumpTest : public ::testing::Test {
 protected:
  LargeDumpTest() : race_(server_.MakeRace("city-run", "2021", DateOf(2021, 5, 4))) {
    std::string csv = "bib,name,sex,age,gun\n";
    for (int i = 1; i <= kRows; ++i) {
      const int tenths = 31 * 600 + i / 2;
      absl::StrAppendFormat(&csv, "%d,%s %s,W,30,0:%02d:%02d.%d\n", i, Word(), Word(), tenths / 600, tenths / 10 % 60,
                            tenths % 10);
    }
    server_.MustImport(race_, csv);
    v1::GetResultRequest request;
    v1::Result last;
    request.set_name(absl::StrCat(race_, "/results/", kRows));
    EXPECT_CALL_OK(server_.results->GetResult(RunningServer::As("").get(), request, &last));
    last_name_ = last.row().name();
    last_athlete_ = last.athlete();
  }
  std::string Word() {
    std::string word(14, 'A');
    for (size_t i = 1; i < word.size(); ++i) word[i] = static_cast<char>('a' + random_() % 26);
    word[0] = static_cast<char>('A' + random_() % 26);
    return word;
  }
  DumpReader Start(grpc::ClientContext* context) {
    v1::ExportPublicDataRequest request;
    request.add_kinds("results");
    return server_.administration->ExportPublicData(context, request);
  }

  static constexpr int kRows = 20'000;
  std::mt19937 random_{7};
  RunningServer server_;
  const std::string race_;
  std::string last_name_, last_athlete_;
};

TEST_F(LargeDumpTest, WhatIsWrittenMeanwhileIsNotInItAndDoesNotWaitForIt) {
  const auto context = RunningServer::As("");
  const DumpReader reader = Start(context.get());
  v1::FileChunk chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  Dump begun;
  begun.content = chunk.data();
  const std::string later = server_.MakeRace("later-run", "2021", DateOf(2021, 6, 4));
  server_.MustImport(later, "bib,name,sex,age,gun\n1,Lea Later,W,30,40:00\n");
  v1::DisqualifyResultRequest disqualify;
  v1::ChangeResultResponse changed;
  disqualify.set_name(absl::StrCat(race_, "/results/", kRows));
  disqualify.set_rule("TR17.3.1");
  disqualify.set_reason("seen later");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  const Dump dump = ReadDump(reader, begun);
  ASSERT_CALL(dump.status);
  EXPECT_FALSE(absl::StrContains(dump.content, "Lea Later"));
  ASSERT_EQ(dump.records.size(), 1 + kRows);
  EXPECT_EQ(dump.records.back().result().row().name(), last_name_);
  EXPECT_EQ(dump.records.back().result().outcome(), v1::OUTCOME_FINISHED);
}

TEST_F(LargeDumpTest, WhoIsHiddenWhileItIsSentIsNotNamedAnyMore) {
  const auto context = RunningServer::As("");
  const DumpReader reader = Start(context.get());
  v1::FileChunk chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  Dump begun;
  begun.content = chunk.data();
  v1::HideAthleteRequest hide;
  v1::Athlete hidden;
  hide.set_name(last_athlete_);
  ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), hide, &hidden));
  const Dump dump = ReadDump(reader, begun);
  ASSERT_CALL(dump.status);
  ASSERT_EQ(dump.records.size(), 1 + kRows);
  EXPECT_EQ(dump.records.back().result().row().name(), "");
  EXPECT_EQ(dump.records.back().result().athlete(), "");
  EXPECT_EQ(dump.records.back().result().row().bib(), absl::StrCat(kRows));
  EXPECT_FALSE(absl::StrContains(dump.content, last_name_));
}

TEST_F(LargeDumpTest, OneThatAShutdownCutsOffIsToBeAskedForAnew) {
  const auto context = RunningServer::As("");
  const auto watch_context = server_.AsOperator();
  const DumpReader reader = Start(context.get());
  v1::FileChunk chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  const auto watch = server_.ledger->WatchChanges(watch_context.get(), v1::WatchChangesRequest());
  v1::WatchChangesResponse change;
  ASSERT_TRUE(watch->Read(&change));
  std::thread drain([this] { server_.server->Drain(absl::Seconds(50)); });
  while (watch->Read(&change)) continue;  // ends as soon as the server begins to shut down
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  while (reader->Read(&chunk)) continue;
  const grpc::Status ended = reader->Finish();
  drain.join();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Reason(ended), "SHUTTING_DOWN");
  EXPECT_THAT(ended.error_message(), HasSubstr("ask for it anew"));
}

TEST_F(LargeDumpTest, AThirdAtATimeIsToldToComeLater) {
  const auto first_context = RunningServer::As(""), second_context = RunningServer::As("");
  const DumpReader first = Start(first_context.get()), second = Start(second_context.get());
  v1::FileChunk chunk;
  ASSERT_TRUE(first->Read(&chunk));
  ASSERT_TRUE(second->Read(&chunk));
  const Dump third = Export(server_);
  EXPECT_EQ(third.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(third.status), "TOO_MANY_DUMPS");
  first_context->TryCancel();
  EXPECT_EQ(first->Finish().error_code(), grpc::StatusCode::CANCELLED);
  grpc::Status status = third.status;
  for (int tries = 0; tries < 100 && !status.ok(); ++tries) {  // until the server has seen that the first one left
    absl::SleepFor(absl::Milliseconds(50));
    status = Export(server_, "", {"events"}).status;
  }
  EXPECT_CALL_OK(status);
  second_context->TryCancel();
  EXPECT_EQ(second->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace palmares::testing
