// Whom a change touches, against a look at everybody: after each of many random changes the field that is kept is the
// one that is made anew.
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr int kFirstRaces = 3;
constexpr int kPeople = 9;
constexpr int kSteps = 40;

// Others' results matter: by the number of finishers, by places, by the country's places.
constexpr char kTouchyCup[] = R"(
schema = 1
id = "cup"
scheme = "cup"
edition = "2026"
name = "Cup"
[event]
name = "Cup"
day = 2027-01-10
[window]
time_zone = "UTC"
opens = 2025-01-01
closes = 2026-12-31
[race]
min_finishers = 6
[field]
selection = "best-mark"
size = 5
country_cap = 2
reserves = 1
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:33:00"
[[path]]
kind = "place"
name = "the first two"
discipline = "10km-road"
races = ["run-0"]
places = 2
[[source]]
url = "https://example.org/cup"
)";

class TouchedAthletesTest : public ::testing::TestWithParam<int> {
 protected:
  TouchedAthletesTest() {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(kTouchyCup);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
    for (int i = 0; i < kFirstRaces; ++i) AddRace();
  }

  // A race of some of the people, with marks around the standard.
  void AddRace() {
    const int number = static_cast<int>(races_.size());
    const std::string race = server_.MakeRace(absl::StrCat("run-", number), "2025", DateOf(2025, 2 + number % 10, 3));
    std::string sheet = "bib,name,sex,age,country,gun\n";
    int rows = 0;
    for (int person = 0; person < kPeople; ++person) {
      if (random_.Below(3) == 0) continue;
      absl::StrAppend(&sheet, ++rows, ",Runner ", std::string(1, static_cast<char>('A' + person)), "son,M,30,",
                      person % 2 == 0 ? "KEN" : "USA", ",0:", 31 + random_.Below(4), ":", 10 + random_.Below(50), "\n");
    }
    if (rows == 0) absl::StrAppend(&sheet, "1,Runner Ason,M,30,KEN,0:32:00\n");
    server_.MustImport(race, sheet);
    races_.push_back(race);
  }

  std::string AnyResult() {
    const std::string& race = races_[static_cast<size_t>(random_.Below(static_cast<int64_t>(races_.size())))];
    return absl::StrCat(race, "/results/", 1 + random_.Below(kPeople));
  }
  std::string AnyAthlete() { return absl::StrCat("athletes/", 1 + random_.Below(kPeople)); }

  void ChangeAResult() {
    const auto context = server_.AsOperator();
    v1::ChangeResultResponse changed;
    const int64_t kind = random_.Below(3);
    if (kind == 0) {
      v1::DisqualifyResultRequest request;
      request.set_name(AnyResult());
      request.set_reason("seen");
      request.set_leave_place_vacant(random_.Below(2) == 0);
      (void)server_.results->DisqualifyResult(context.get(), request, &changed).ok();
    } else if (kind == 1) {
      v1::ReinstateResultRequest request;
      request.set_name(AnyResult());
      request.set_reason("appeal");
      (void)server_.results->ReinstateResult(context.get(), request, &changed).ok();
    } else {
      v1::CorrectResultRequest request;
      request.set_name(AnyResult());
      request.set_reason("photo");
      request.mutable_update_mask()->add_paths("official_mark");
      request.mutable_row()->set_official_mark((1850 + random_.Below(250)) * 1000);
      (void)server_.results->CorrectResult(context.get(), request, &changed).ok();
    }
  }

  void ChangeAnIdentity() {
    const auto context = server_.AsOperator();
    v1::AthleteMerge merge;
    if (random_.Below(2) == 0 || merges_.empty()) {
      v1::MergeAthletesRequest request;
      request.set_source_athlete(AnyAthlete());
      request.set_target_athlete(AnyAthlete());
      request.set_reason("one person");
      request.set_force(true);
      if (server_.identity->MergeAthletes(context.get(), request, &merge).ok()) merges_.push_back(merge.name());
      return;
    }
    v1::UnmergeAthletesRequest request;
    request.set_name(merges_.back());
    request.set_reason("two people");
    (void)server_.identity->UnmergeAthletes(context.get(), request, &merge).ok();
    merges_.pop_back();
  }

  void ChangeASanction() {
    const auto context = server_.AsOperator();
    v1::Sanction sanction;
    if (random_.Below(2) == 0 || sanctions_.empty()) {
      v1::CreateSanctionRequest request;
      request.set_parent(AnyAthlete());
      *request.mutable_sanction()->mutable_period()->mutable_start_date() = DateOf(2025, 1, 1);
      *request.mutable_sanction()->mutable_period()->mutable_end_date() = DateOf(2025, 12, 31);
      request.mutable_sanction()->set_rule("ADR 2.1");
      request.mutable_sanction()->set_reason("presence of a prohibited substance");
      request.mutable_sanction()->set_leave_places_vacant(random_.Below(2) == 0);
      if (server_.results->CreateSanction(context.get(), request, &sanction).ok())
        sanctions_.push_back(sanction.name());
      return;
    }
    v1::LiftSanctionRequest request;
    request.set_name(sanctions_.back());
    request.set_reason("appeal upheld");
    (void)server_.results->LiftSanction(context.get(), request, &sanction).ok();
    sanctions_.pop_back();
  }

  // One change at random; those that the rules refuse change nothing.
  void Step() {
    switch (random_.Below(8)) {
      case 0:
        return AddRace();
      case 1:
      case 2:
        return ChangeAnIdentity();
      case 3:
        return ChangeASanction();
      default:
        return ChangeAResult();
    }
  }

  // Everybody in the field as of a day, with those of whom it is not known.
  std::vector<std::string> Field(const v1::Date& as_of) {
    std::vector<std::string> rows;
    for (const char* filter : {"", "state = uncertain"}) {
      v1::ListQualifiersRequest request;
      v1::ListQualifiersResponse response;
      request.set_parent("standards/cup");
      if (as_of.year() != 0) *request.mutable_as_of_date() = as_of;
      request.set_filter(filter);
      request.set_bubble(100);
      request.set_page_size(1000);
      EXPECT_CALL_OK(server_.qualification->ListQualifiers(server_.AsOperator().get(), request, &response));
      for (const v1::Qualifier& row : response.qualifiers()) rows.push_back(row.ShortDebugString());
    }
    return rows;
  }

  RunningServer server_;
  Random random_{static_cast<uint64_t>(GetParam())};
  std::vector<std::string> races_;
  std::vector<std::string> merges_;
  std::vector<std::string> sanctions_;
};

TEST_P(TouchedAthletesTest, TheFieldThatIsKeptIsTheOneThatIsMadeAnew) {
  std::vector<std::string> before = Field(v1::Date());
  int changes = 0;
  for (int step = 0; step < kSteps; ++step) {
    Step();
    const std::vector<std::string> kept = Field(v1::Date());
    // Nobody has asked for this day yet, on which the same counts: everybody is looked at.
    const absl::CivilDay day = absl::CivilDay(2026, 6, 2) + step;
    ASSERT_EQ(kept, Field(DateOf(static_cast<int>(day.year()), day.month(), day.day())))
        << "seed " << GetParam() << ", step " << step;
    changes += kept == before ? 0 : 1;
    before = kept;
  }
  EXPECT_GE(changes, kSteps / 10) << "the changes should matter";
}

INSTANTIATE_TEST_SUITE_P(Seeds, TouchedAthletesTest, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace palmares::testing
