// What was made step by step is what a rebuild from the ledger makes, after any history of changes; and a change with
// its inverse leaves nothing behind.
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr int kRaces = 3;
constexpr int kRunners = 40;

// A sheet of runners, some of whom run several of the races; ties and non-finishers among them.
std::string MakeSheet(Random& random, int race) {
  std::string csv = "bib,name,sex,age,country,gun\n";
  for (int runner = 1; runner <= kRunners; ++runner) {
    const int person = runner * 2 + (race == 0 ? 0 : static_cast<int>(random.Below(2)));
    const bool finished = random.Below(10) != 0;
    const int seconds = 1900 + static_cast<int>(random.Below(60)) * 10;
    absl::StrAppend(
        &csv, runner, ",Given", person, " Family", person * 7, ",", person % 3 == 0 ? "W" : "M", ",",
        20 + person % 40 + race, ",", person % 2 == 0 ? "KEN" : "USA", ",",
        finished ? absl::StrCat("0:", seconds / 60, ":", seconds % 60 < 10 ? "0" : "", seconds % 60) : "DNF", "\n");
  }
  return csv;
}

class RebuildTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  void SetUp() override {
    for (int race = 0; race < kRaces; ++race) {
      races_.push_back(server_.MakeRace("town-run", absl::StrCat(2020 + race), DateOf(2020 + race, 5, 4)));
      server_.MustImport(races_.back(), MakeSheet(random_, race));
    }
  }

  // Everything that a reader can see of places, rankings and histories.
  std::vector<std::string> Snapshot() {
    std::vector<std::string> lines;
    for (const std::string& race : races_) {
      for (const std::string& line : server_.Places(race)) lines.push_back(line);
    }
    for (const v1::Sex sex : {v1::SEX_MEN, v1::SEX_WOMEN}) {
      for (const bool all : {false, true}) {
        v1::RankingQuery query = QueryOf("10km-road", sex);
        query.set_all_performances(all);
        for (const v1::RankingRow& row : server_.RankingRows(query)) lines.push_back(row.ShortDebugString());
      }
    }
    for (int athlete = 1; athlete <= kRaces * kRunners; ++athlete) {
      v1::GetHistoryRequest request;
      v1::GetHistoryResponse response;
      request.set_athlete(absl::StrCat("athletes/", athlete));
      request.set_summary(true);
      if (!server_.histories->GetHistory(server_.AsOperator().get(), request, &response).ok()) continue;
      response.clear_position();
      response.mutable_history()->clear_position();
      lines.push_back(response.ShortDebugString());
    }
    return lines;
  }

  std::string AnyResult() {
    const std::string& race = races_[static_cast<size_t>(random_.Below(kRaces))];
    return absl::StrCat(race, "/results/", 1 + random_.Below(kRunners));
  }

  // One change at random; those that the rules refuse change nothing.
  void Step() {
    auto context = server_.AsOperator();
    v1::ChangeResultResponse changed;
    switch (random_.Below(5)) {
      case 0: {
        v1::DisqualifyResultRequest request;
        request.set_rule("TR17.3.1");
        request.set_name(AnyResult());
        request.set_reason("seen");
        request.set_leave_place_vacant(random_.Below(2) == 0);
        (void)server_.results->DisqualifyResult(context.get(), request, &changed).ok();
        break;
      }
      case 1: {
        v1::ReinstateResultRequest request;
        request.set_name(AnyResult());
        request.set_reason("appeal");
        (void)server_.results->ReinstateResult(context.get(), request, &changed).ok();
        break;
      }
      case 2: {
        v1::CorrectResultRequest request;
        request.set_name(AnyResult());
        request.set_reason("photo");
        request.mutable_update_mask()->add_paths("official_mark");
        request.mutable_row()->set_official_mark((1900 + random_.Below(600)) * 1000);
        (void)server_.results->CorrectResult(context.get(), request, &changed).ok();
        break;
      }
      case 3: {
        v1::MergeAthletesRequest request;
        v1::AthleteMerge merge;
        request.set_source_athlete(absl::StrCat("athletes/", 1 + random_.Below(kRunners * 2)));
        request.set_target_athlete(absl::StrCat("athletes/", 1 + random_.Below(kRunners * 2)));
        request.set_reason("one person");
        request.set_force(true);
        if (server_.identity->MergeAthletes(context.get(), request, &merge).ok()) merges_.push_back(merge.name());
        break;
      }
      default: {
        if (merges_.empty()) break;
        v1::UnmergeAthletesRequest request;
        v1::AthleteMerge merge;
        request.set_name(merges_.back());
        request.set_reason("two people");
        EXPECT_TRUE(server_.identity->UnmergeAthletes(context.get(), request, &merge).ok());
        merges_.pop_back();
      }
    }
  }

  RunningServer server_;
  Random random_{GetParam()};
  std::vector<std::string> races_;
  std::vector<std::string> merges_;
};

TEST_P(RebuildTest, WhatWasMadeStepByStepIsWhatTheLedgerMakes) {
  for (int round = 0; round < 3; ++round) {
    for (int step = 0; step < 25; ++step) Step();
    const std::vector<std::string> incremental = Snapshot();
    server_.Restart();
    ASSERT_EQ(Snapshot(), incremental) << "seed " << GetParam() << ", round " << round;
  }
}

TEST_P(RebuildTest, WithoutRoomInMemoryAllAnswersAreTheSame) {
  for (int step = 0; step < 25; ++step) Step();
  const std::vector<std::string> in_memory = Snapshot();
  server_.RestartWithin(1);
  ASSERT_EQ(Snapshot(), in_memory) << "seed " << GetParam();
  for (int step = 0; step < 25; ++step) Step();
  const std::vector<std::string> on_disk = Snapshot();
  v1::GetStatisticsRequest request;
  v1::Statistics statistics;
  request.set_views(true);
  ASSERT_CALL(server_.administration->GetStatistics(server_.AsOperator().get(), request, &statistics));
  EXPECT_EQ(statistics.memory_budget_bytes(), 1);
  EXPECT_EQ(statistics.views(0).view(), "results");
  EXPECT_GT(statistics.views(0).disk_bytes(), kRaces * kRunners);
  server_.RestartWithin(0);
  ASSERT_EQ(Snapshot(), on_disk) << "seed " << GetParam();
  ASSERT_CALL(server_.administration->GetStatistics(server_.AsOperator().get(), request, &statistics));
  EXPECT_EQ(statistics.views(0).disk_bytes(), 0);
}

TEST_P(RebuildTest, AMergeAndItsUnmergeRestoreEveryRankingAndHistory) {
  for (int step = 0; step < 10; ++step) Step();
  const std::vector<std::string> before = Snapshot();
  v1::MergeAthletesRequest request;
  v1::AthleteMerge merge;
  request.set_target_athlete("athletes/8");
  request.set_reason("one person");
  request.set_force(true);
  bool merged = false;
  for (int source = 1; source < 8 && !merged; ++source) {  // some are merged already
    request.set_source_athlete(absl::StrCat("athletes/", source));
    merged = server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge).ok();
  }
  ASSERT_TRUE(merged);
  EXPECT_NE(Snapshot(), before);
  v1::UnmergeAthletesRequest undo;
  undo.set_name(merge.name());
  undo.set_reason("two people");
  ASSERT_TRUE(server_.identity->UnmergeAthletes(server_.AsOperator().get(), undo, &merge).ok());
  EXPECT_EQ(Snapshot(), before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RebuildTest, ::testing::Range<uint64_t>(1, 5));

}  // namespace
}  // namespace palmares::testing
