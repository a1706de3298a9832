// After any seeded history of uploads, corrections, disqualifications, reinstatements, merges, unmerges, standards and
// states of sheets: what the server made step by step is what it makes from the ledger, and both are what a naive model
// says.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/services/server/naive_model.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr int kRaces = 3;
constexpr int kRunners = 24;
constexpr int kRounds = 3;
constexpr int kSteps = 25;

class ModelTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  void SetUp() override {
    for (int race = 0; race < kRaces; ++race) {
      races_.push_back(server_.MakeRace("town-run", absl::StrCat(2020 + race), DateOf(2020 + race, 5, 4)));
      Upload(races_.back());
    }
    LoadStandard();
  }

  // ------------------------------------------------------------------ steps
  void Upload(const std::string& race) {
    std::string csv = "bib,name,sex,age,country,gun\n";
    std::map<std::string, ModelRow> rows;
    for (int runner = 1; runner <= kRunners; ++runner) {
      if (random_.Below(8) == 0) continue;
      const int person = runner * 2 + static_cast<int>(random_.Below(2));
      ModelRow row;
      row.bib = absl::StrCat(runner);
      row.woman = person % 3 == 0;
      row.mark = random_.Below(10) == 0 ? 0 : (1900 + random_.Below(40) * 10) * 1000;
      absl::StrAppendFormat(
          &csv, "%s,Given%d Family%d,%s,%d,%s,%s\n", row.bib, person, person * 7, row.woman ? "W" : "M",
          25 + person % 20, person % 2 == 0 ? "KEN" : "USA",
          row.mark == 0 ? "DNF" : absl::StrFormat("0:%02d:%02d", row.mark / 60000, row.mark / 1000 % 60));
      rows[row.bib] = row;
    }
    v1::ImportHeader header;
    header.set_race(race);
    header.set_file_name("sheet.csv");
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_reason("a better file");
    v1::ImportSheetResponse response;
    // A sheet with revised results is not replaced by a file.
    if (Refused(server_.Import(header, csv, &response, server_.operator_secret))) return;
    ASSERT_TRUE(response.report().accepted()) << response.report().DebugString();
    ModelRace& model = model_.races[race];
    model = ModelRace();
    // Whom a row was linked to is the linker's to say, and taken from the server.
    for (const v1::Result& result : server_.Results(race)) {
      ModelRow row = rows.at(result.row().bib());
      row.result = result.name();
      row.athlete = result.athlete();
      model.rows.push_back(row);
    }
    ASSERT_EQ(model.rows.size(), rows.size());
  }

  ModelRow& AnyRow() {
    ModelRace& race = model_.races[races_[static_cast<size_t>(random_.Below(kRaces))]];
    return race.rows[static_cast<size_t>(random_.Below(static_cast<int64_t>(race.rows.size())))];
  }

  void Correct() {
    ModelRow& row = AnyRow();
    if (row.mark == 0 || row.disqualified) return;
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse response;
    const int64_t mark = (1900 + random_.Below(400)) * 1000;
    request.set_name(row.result);
    request.set_reason("photo");
    request.mutable_update_mask()->add_paths("official_mark");
    request.mutable_update_mask()->add_paths("gun_mark");
    request.mutable_row()->set_official_mark(mark);
    request.mutable_row()->set_gun_mark(mark);
    const grpc::Status status = server_.results->CorrectResult(server_.AsOperator().get(), request, &response);
    if (Refused(status)) return;
    row.mark = mark;
  }

  void Disqualify() {
    ModelRow& row = AnyRow();
    if (row.mark == 0 || row.disqualified) return;
    v1::DisqualifyResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(row.result);
    request.set_reason("seen");
    request.set_leave_place_vacant(random_.Below(2) == 0);
    if (Refused(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response))) return;
    row.disqualified = true;
    row.place_vacant = request.leave_place_vacant();
  }

  void Reinstate() {
    ModelRow& row = AnyRow();
    if (!row.disqualified) return;
    v1::ReinstateResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(row.result);
    request.set_reason("appeal");
    if (Refused(server_.results->ReinstateResult(server_.AsOperator().get(), request, &response))) return;
    row.disqualified = false;
    row.place_vacant = false;
  }

  void Merge() {
    const std::string from = model_.Resolve(AnyRow().athlete), into = model_.Resolve(AnyRow().athlete);
    if (from.empty() || into.empty() || from == into) return;
    v1::MergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_source_athlete(from);
    request.set_target_athlete(into);
    request.set_reason("one person");
    request.set_force(true);
    const grpc::Status status = server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge);
    if (!status.ok()) return;  // two sexes, or both in one race
    model_.merges.emplace_back(from, into);
    merges_.push_back(merge.name());
  }

  void Unmerge() {
    if (merges_.empty()) return;
    const auto at = random_.Below(static_cast<int64_t>(merges_.size()));
    v1::UnmergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_name(merges_[static_cast<size_t>(at)]);
    request.set_reason("two people");
    if (Refused(server_.identity->UnmergeAthletes(server_.AsOperator().get(), request, &merge))) return;
    merges_.erase(merges_.begin() + at);
    model_.merges.erase(model_.merges.begin() + at);
  }

  void SetState() {
    const std::string& race = races_[static_cast<size_t>(random_.Below(kRaces))];
    const v1::SheetState states[] = {v1::SHEET_STATE_OFFICIAL, v1::SHEET_STATE_PROTESTED, v1::SHEET_STATE_ANNULLED};
    v1::SetSheetStateRequest request;
    v1::ChangeSheetResponse response;
    request.set_name(absl::StrCat(race, "/sheet"));
    request.set_state(states[random_.Below(3)]);
    request.set_reason("a protest");
    // Which steps are allowed is the sheet's to say: annulled is for good.
    if (!server_.sheets->SetSheetState(server_.AsOperator().get(), request, &response).ok()) return;
    model_.races[race].counts = request.state() != v1::SHEET_STATE_ANNULLED;
  }

  void LoadStandard() {
    standard_ = (1900 + random_.Below(400)) * 1000;
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    const std::string mark = absl::StrFormat("0:%02d:%02d", standard_ / 60000, standard_ / 1000 % 60);
    std::string rules =
        "schema = 1\nid = \"trial\"\nscheme = \"trial\"\nedition = \"1\"\nname = \"Trial\"\nconfidence = \"one "
        "source\"\n"
        "[event]\nname = \"Trial\"\n[clock]\nuse = \"official\"\n";
    for (const char* sex : {"M", "W"}) {
      absl::StrAppend(&rules, "[[marks]]\ndiscipline = \"10km-road\"\nsex = \"", sex, "\"\nmark = \"", mark, "\"\n");
    }
    absl::StrAppend(&rules, "[[source]]\nurl = \"https://example.org\"\nwhat = \"all of it\"\n");
    request.set_rules_text(rules);
    request.set_file_name("trial.toml");
    request.set_reason("a new mark");
    ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
  }

  // Whether a rule forbids the step in the state that the sheet is in; any other error fails the test.
  static bool Refused(const grpc::Status& status) {
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::FAILED_PRECONDITION)
        << status.error_code() << ": " << status.error_message();
    return !status.ok();
  }

  void Step() {
    switch (random_.Below(12)) {
      case 0:
        return Upload(races_[static_cast<size_t>(random_.Below(kRaces))]);
      case 1:
      case 2:
        return Disqualify();
      case 3:
      case 4:
        return Reinstate();
      case 5:
      case 6:
        return Correct();
      case 7:
      case 8:
        return Merge();
      case 9:
        return Unmerge();
      case 10:
        return SetState();
      default:
        return LoadStandard();
    }
  }

  // ------------------------------------------------------------------ answers
  std::vector<std::string> ServerPlaces(const std::string& race) {
    std::vector<std::string> places;
    for (const v1::Result& result : server_.Results(race)) {
      places.push_back(absl::StrCat(result.row().bib(), ":", result.place(), "/", result.sex_place()));
    }
    std::sort(places.begin(), places.end());
    return places;
  }

  std::vector<std::string> ServerRanking(bool women) {
    std::vector<std::string> lines;
    for (const v1::RankingRow& row : server_.RankingRows(QueryOf("10km-road", women ? v1::SEX_WOMEN : v1::SEX_MEN))) {
      lines.push_back(
          absl::StrCat(row.rank(), " ", row.athlete().empty() ? row.result() : row.athlete(), " ", row.mark().value()));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  std::vector<std::string> ServerHistory(const std::string& athlete) {
    v1::GetHistoryRequest request;
    v1::GetHistoryResponse response;
    request.set_athlete(athlete);
    const grpc::Status status = server_.histories->GetHistory(server_.AsOperator().get(), request, &response);
    EXPECT_TRUE(status.ok()) << athlete << ": " << status.error_message();
    std::vector<std::string> results;
    for (const v1::HistoryEntry& entry : response.history().entries()) {
      results.push_back(entry.result());
    }
    std::sort(results.begin(), results.end());
    return results;
  }

  bool ServerQualified(const std::string& athlete) {
    v1::QualifyRequest request;
    v1::QualifyResponse response;
    request.set_athlete(athlete);
    request.add_standards("standards/trial");
    const grpc::Status status = server_.qualification->Qualify(server_.AsOperator().get(), request, &response);
    EXPECT_TRUE(status.ok()) << athlete << ": " << status.error_message();
    EXPECT_EQ(response.verdicts_size(), 1) << athlete;
    // Provisional: in, once the sheet is official or the list closed.
    return response.verdicts_size() == 1 && (response.verdicts(0).state() == v1::VERDICT_STATE_QUALIFIED ||
                                             response.verdicts(0).state() == v1::VERDICT_STATE_PROVISIONAL);
  }

  void Compare() {
    for (const std::string& race : races_) EXPECT_EQ(ServerPlaces(race), model_.Places(race)) << race;
    for (bool women : {false, true}) EXPECT_EQ(ServerRanking(women), model_.Ranking(women)) << women;
    for (const std::string& athlete : model_.Athletes()) {
      EXPECT_EQ(ServerHistory(athlete), model_.History(athlete)) << athlete;
      EXPECT_EQ(ServerQualified(athlete), model_.Qualified(athlete, standard_)) << athlete;
    }
  }

  void Administer(bool rebuild) {
    const auto context = server_.AsOperator();
    v1::AdministrationJob job;
    const auto reader = rebuild ? server_.administration->Rebuild(context.get(), v1::RebuildRequest())
                                : server_.administration->Verify(context.get(), v1::VerifyRequest());
    while (reader->Read(&job)) {
    }
    ASSERT_CALL(reader->Finish());
    EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.ShortDebugString();
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }

  RunningServer server_;
  Random random_{GetParam()};
  std::vector<std::string> races_;
  std::vector<std::string> merges_;  // names, beside the model's
  int64_t standard_ = 0;
  NaiveModel model_;
};

TEST_P(ModelTest, IncrementalRebuiltAndNaiveAreOne) {
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", GetParam(), ", round ", round));
    for (int step = 0; step < kSteps && !HasFailure(); ++step) Step();
    Compare();
    Administer(/*rebuild=*/false);
    if (round == 0) {
      server_.Restart();
    } else {
      Administer(/*rebuild=*/true);
    }
    Compare();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ModelTest, ::testing::Range<uint64_t>(1, 9));

}  // namespace
}  // namespace palmares::testing
