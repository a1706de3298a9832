// After any history of corrections, disqualifications and merges the standings are those of a naive reckoning, and a
// restart gives them again.
#include <algorithm>
#include <map>
#include <set>

#include "tests/services/series/series_harness.h"

namespace palmares::testing {
namespace {

constexpr int kRaces = 4;
constexpr int kRunners = 12;
constexpr int kBest = 3;

struct PlainRow {
  int runner = 0;
  int64_t seconds = 0;  // 0: no performance
};

class StandingsHistoryTest : public SeriesHarness, public ::testing::WithParamInterface<uint64_t> {
 protected:
  static std::string NameOf(int runner) { return absl::StrCat("Given", runner, " Family", runner * 7); }
  static std::string ClubOf(int runner) { return absl::StrCat("Club ", runner % 3); }

  void SetUp() override {
    for (int race = 0; race < kRaces; ++race) {
      names_.push_back(server_.MakeRace("league", absl::StrCat(race), DateOf(2025, race + 1, 4)));
      std::string csv = "bib,name,sex,club,gun\n";
      std::vector<PlainRow> rows;
      for (int runner = 1; runner <= kRunners; ++runner) {
        const int64_t seconds = random_.Below(6) == 0 ? 0 : 1900 + random_.Below(25) * 10;
        rows.push_back({runner, seconds});
        absl::StrAppend(&csv, runner, ",", NameOf(runner), ",M,", ClubOf(runner), ",",
                        seconds == 0 ? "DNF" : Clock(seconds), "\n");
      }
      server_.MustImport(names_.back(), csv);
      rows_.push_back(std::move(rows));
    }
    ASSERT_CALL(Create(
        "points", names_,
        absl::StrCat("score = \"points\"\nbest = ", kBest, "\n[points]\nby_place = [20, 15, 12, 10]\nother = 2\n",
                     "[[category]]\nname = \"M\"\nsex = \"M\"\n")));
    ASSERT_CALL(Create("teams", names_, "score = \"places\"\nbest = 2\n[[category]]\nname = \"teams\"\nmembers = 3\n"));
    for (int runner = 1; runner <= kRunners; ++runner) {
      athlete_[runner] = server_.ByBib(names_[0], absl::StrCat(runner)).athlete();
    }
  }

  static std::string Clock(int64_t seconds) {
    const auto two = [](int64_t value) { return absl::StrCat(value < 10 ? "0" : "", value); };
    return absl::StrCat("0:", two(seconds / 60), ":", two(seconds % 60));
  }

  // Runners who were merged are one.
  int Person(int runner) const {
    const auto found = merged_.find(runner);
    return found == merged_.end() ? runner : Person(found->second);
  }

  // Person → place in the race; a person who is there twice has the better row. The places are those of the rows.
  std::map<int, int64_t> Places(int race) const {
    const std::vector<PlainRow>& rows = rows_[static_cast<size_t>(race)];
    std::map<int, int64_t> best;
    for (const PlainRow& row : rows) {
      if (row.seconds == 0) continue;
      const auto [found, added] = best.try_emplace(Person(row.runner), row.seconds);
      if (!added) found->second = std::min(found->second, row.seconds);
    }
    std::map<int, int64_t> places;
    for (const auto& [person, seconds] : best) {
      places[person] = 1 + std::count_if(best.begin(), best.end(),
                                         [&, mine = seconds](const auto& other) { return other.second < mine; });
    }
    return places;
  }

  static int64_t PointsOf(int64_t place) {
    static constexpr int64_t kPoints[] = {20, 15, 12, 10};
    return place <= 4 ? kPoints[place - 1] : 2;
  }

  std::multiset<std::string> NaivePoints() const {
    std::map<int, std::vector<int64_t>> points;
    for (int race = 0; race < kRaces; ++race) {
      for (const auto& [person, place] : Places(race)) points[person].push_back(PointsOf(place));
    }
    std::map<int, int64_t> sums;
    for (auto& [person, scores] : points) {
      std::sort(scores.rbegin(), scores.rend());
      for (size_t i = 0; i < scores.size() && i < kBest; ++i) sums[person] += scores[i];
    }
    std::multiset<std::string> lines;
    for (const auto& [person, sum] : sums) {
      const auto ahead =
          std::count_if(sums.begin(), sums.end(), [mine = sum](const auto& other) { return other.second > mine; });
      lines.insert(absl::StrCat(ahead + 1, " ", athlete_.at(person), " ", sum));
    }
    return lines;
  }

  std::multiset<std::string> NaiveTeams() const {
    std::map<std::string, std::vector<int64_t>> scores;
    for (int race = 0; race < kRaces; ++race) {
      std::map<std::string, std::vector<int64_t>> places;
      std::map<int, std::pair<int64_t, std::string>> club;  // of the better row
      for (const PlainRow& row : rows_[static_cast<size_t>(race)]) {
        if (row.seconds == 0) continue;
        const std::pair<int64_t, std::string> own = {row.seconds, ClubOf(row.runner)};
        const auto [found, added] = club.try_emplace(Person(row.runner), own);
        if (!added && own.first < found->second.first) found->second = own;
      }
      for (const auto& [person, place] : Places(race)) places[club.at(person).second].push_back(place);
      for (auto& [name, members] : places) {
        std::sort(members.begin(), members.end());
        if (members.size() >= 3) scores[name].push_back(members[0] + members[1] + members[2]);
      }
    }
    std::map<std::string, int64_t> sums;
    for (auto& [name, races] : scores) {
      std::sort(races.begin(), races.end());
      if (races.size() >= 2) sums[name] = races[0] + races[1];
    }
    std::multiset<std::string> lines;
    for (const auto& [name, sum] : sums) {
      const auto ahead =
          std::count_if(sums.begin(), sums.end(), [mine = sum](const auto& other) { return other.second < mine; });
      lines.insert(absl::StrCat(ahead + 1, " ", name, " ", sum));
    }
    return lines;
  }

  // Clubs by the times of their three best members, each with the best row of all races.
  std::multiset<std::string> NaiveClubs() const {
    std::map<int, std::pair<int64_t, std::string>> best;  // person → seconds and club; the first of equal rows
    for (const std::vector<PlainRow>& rows : rows_) {
      for (const PlainRow& row : rows) {
        if (row.seconds == 0) continue;
        const auto [found, added] = best.try_emplace(Person(row.runner), row.seconds, ClubOf(row.runner));
        if (!added && row.seconds < found->second.first) found->second = {row.seconds, ClubOf(row.runner)};
      }
    }
    std::map<std::string, std::vector<int64_t>> members;
    for (const auto& [person, own] : best) members[own.second].push_back(own.first);
    std::map<std::string, int64_t> sums;
    for (auto& [name, seconds] : members) {
      std::sort(seconds.begin(), seconds.end());
      if (seconds.size() >= 3) sums[name] = seconds[0] + seconds[1] + seconds[2];
    }
    std::multiset<std::string> lines;
    for (const auto& [name, sum] : sums) {
      const auto ahead =
          std::count_if(sums.begin(), sums.end(), [mine = sum](const auto& other) { return other.second < mine; });
      lines.insert(absl::StrCat(ahead + 1, " ", name, " ", sum * 1000));
    }
    return lines;
  }

  std::multiset<std::string> ServedClubs() {
    std::multiset<std::string> lines;
    for (const v1::Standing& row : Clubs(QueryOf("10km-road", v1::SEX_MEN), 3, 1)) {
      lines.insert(absl::StrCat(row.rank(), " ", row.club(), " ", row.score()));
    }
    return lines;
  }

  std::multiset<std::string> Served(const std::string& id, const std::string& category) {
    std::multiset<std::string> lines;
    for (const v1::Standing& row : Standings(id, category, 5)) {
      lines.insert(absl::StrCat(row.rank(), " ", row.athlete().empty() ? row.display_name() : row.athlete(), " ",
                                row.score_text()));
    }
    return lines;
  }

  void Step() {
    const int race = static_cast<int>(random_.Below(kRaces));
    const int runner = 1 + static_cast<int>(random_.Below(kRunners));
    PlainRow& row = rows_[static_cast<size_t>(race)][static_cast<size_t>(runner) - 1];
    const std::string name = absl::StrCat(names_[static_cast<size_t>(race)], "/results/", runner);
    v1::ChangeResultResponse changed;
    switch (random_.Below(4)) {
      case 0: {
        v1::DisqualifyResultRequest request;
        request.set_rule("TR17.3.1");
        request.set_name(name);
        request.set_reason("seen");
        if (server_.results->DisqualifyResult(server_.AsOperator().get(), request, &changed).ok()) {
          if (row.seconds != 0) before_[{race, runner}] = row.seconds;
          row.seconds = 0;
        }
        break;
      }
      case 1: {
        v1::ReinstateResultRequest request;
        request.set_name(name);
        request.set_reason("appeal");
        if (server_.results->ReinstateResult(server_.AsOperator().get(), request, &changed).ok()) {
          row.seconds = before_[{race, runner}];
        }
        break;
      }
      case 2: {
        if (row.seconds == 0) break;
        v1::CorrectResultRequest request;
        request.set_name(name);
        request.set_reason("photo");
        const int64_t seconds = 1900 + random_.Below(25) * 10;
        request.mutable_update_mask()->add_paths("official_mark");
        request.mutable_update_mask()->add_paths("gun_mark");
        request.mutable_row()->set_official_mark(seconds * 1000);
        request.mutable_row()->set_gun_mark(seconds * 1000);
        ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &changed));
        row.seconds = seconds;
        break;
      }
      default: {
        const int into = 1 + static_cast<int>(random_.Below(kRunners));
        if (Person(runner) == Person(into) || merged_.size() > 2) break;
        v1::MergeAthletesRequest request;
        v1::AthleteMerge merge;
        request.set_source_athlete(athlete_.at(Person(runner)));
        request.set_target_athlete(athlete_.at(Person(into)));
        request.set_reason("one person");
        request.set_force(true);
        ASSERT_CALL(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge));
        merged_[Person(runner)] = Person(into);
      }
    }
  }

  Random random_{GetParam()};
  std::vector<std::string> names_;
  std::vector<std::vector<PlainRow>> rows_;
  std::map<std::pair<int, int>, int64_t> before_;  // of those disqualified
  std::map<int, std::string> athlete_;
  std::map<int, int> merged_;
};

TEST_P(StandingsHistoryTest, StandingsAreTheNaiveReckoning) {
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(Served("points", "M"), NaivePoints()) << "seed " << GetParam() << ", round " << round;
    EXPECT_EQ(ServedClubs(), NaiveClubs()) << "seed " << GetParam() << ", round " << round;
    EXPECT_EQ(Served("teams", "teams"), NaiveTeams()) << "seed " << GetParam() << ", round " << round;
    for (int step = 0; step < 8; ++step) Step();
  }
  const auto before = Served("points", "M");
  server_.Restart();
  series_ = v1::SeriesService::NewStub(server_.channel);
  EXPECT_EQ(Served("points", "M"), before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StandingsHistoryTest, ::testing::Range<uint64_t>(1, 6));

}  // namespace
}  // namespace palmares::testing
