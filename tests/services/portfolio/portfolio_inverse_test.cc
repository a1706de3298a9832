// What rests on results and is none itself: records and bests, verdicts and fields, signed portfolios. A change reaches
// them at once, and its inverse gives them back.
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"
#include "tests/services/server/snapshot.h"

namespace palmares::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

// One of a country, two in all.
constexpr char kSmallCup[] = R"(
schema = 1
id = "small-cup"
scheme = "small-cup"
edition = "2023"
name = "Small Cup"
[event]
name = "Small Cup"
day = 2023-01-10
[window]
time_zone = "Europe/London"
opens = 2021-01-01
closes = 2022-12-31
[field]
selection = "best-mark"
size = 2
country_cap = 1
[[marks]]
discipline = "10km-road"
sex = ["W", "M"]
mark = "0:32:30"
[[source]]
url = "https://example.org/small-cup"
)";

// The parts of what is compared, so that a test can tell that each of them is reached.
struct Derived {
  std::vector<std::string> records;  // lists of records, and what each result says of its bests
  std::vector<std::string> verdicts;
  std::vector<std::string> portfolios;
  friend bool operator==(const Derived&, const Derived&) = default;
};

class PortfolioInverseTest : public PortfolioServerTest, public ::testing::WithParamInterface<uint64_t> {
 protected:
  using Inverse = std::function<grpc::Status()>;

  void SetUp() override {
    PortfolioServerTest::SetUp();
    earlier_ = server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4));
    server_.MustImport(earlier_,
                       "bib,name,sex,birth date,country,gun\n21,Older Hand,W,1980-02-03,ETH,30:50\n"
                       "22,Oldest Hand,M,1970-02-03,ETH,31:20\n");
    for (const std::string& race : {earlier_, first_, second_}) {
      for (const v1::Result& result : server_.Results(race)) results_.push_back(result.name());
    }
    v1::LoadStandardRequest load;
    v1::LoadStandardResponse loaded;
    load.set_rules_text(kSmallCup);
    ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
    MakePortfolios();
  }

  void MakePortfolios() {
    v1::PortfolioSelection records, verdicts, early;
    records.add_sections(v1::PortfolioSelection::SECTION_RECORDS);
    verdicts.add_sections(v1::PortfolioSelection::SECTION_QUALIFICATIONS);
    verdicts.add_standards("standards/small-cup");
    *early.mutable_period()->mutable_end_date() = DateOf(2021, 12, 31);
    made_ = {MustCreate("whole"), MustCreate("records", records), MustCreate("verdicts", verdicts),
             MustCreate("early", early)};
  }

  template <typename Message>
  static void Add(Message message, std::vector<std::string>& lines) {
    ClearTraces(message);
    lines.push_back(message.ShortDebugString());
  }

  std::vector<std::string> Records() {
    std::vector<std::string> lines;
    for (const bool progression : {false, true}) {
      for (const bool legal : {false, true}) {
        v1::ListRecordsRequest request;
        v1::ListRecordsResponse response;
        request.set_parent("events/town-run");
        request.set_progression(progression);
        request.set_legal_only(legal);
        EXPECT_CALL_OK(server_.rankings->ListRecords(RunningServer::As("").get(), request, &response));
        Add(response, lines);
      }
    }
    for (const std::string& name : results_) {
      v1::GetResultRequest request;
      v1::Result result;
      request.set_name(name);
      const grpc::Status status = server_.results->GetResult(server_.AsOperator().get(), request, &result);
      lines.push_back(absl::StrCat(name, " ", status.error_code()));
      Add(result, lines);
    }
    return lines;
  }

  std::vector<std::string> Verdicts() {
    std::vector<std::string> lines;
    constexpr int kAthletes = 7;  // Ada twice
    for (int athlete = 1; athlete < kAthletes; ++athlete) {
      v1::QualifyRequest request;
      v1::QualifyResponse response;
      request.set_athlete(absl::StrCat("athletes/", athlete));
      request.add_standards("standards/small-cup");
      const grpc::Status status = server_.qualification->Qualify(server_.AsOperator().get(), request, &response);
      lines.push_back(absl::StrCat(request.athlete(), " ", status.error_code()));
      Add(response, lines);
    }
    v1::ListQualifiersRequest request;
    v1::ListQualifiersResponse response;
    request.set_parent("standards/small-cup");
    EXPECT_CALL_OK(server_.qualification->ListQualifiers(server_.AsOperator().get(), request, &response));
    Add(response, lines);
    return lines;
  }

  std::vector<std::string> Portfolios() {
    std::vector<std::string> lines;
    for (const v1::Portfolio& portfolio : made_) {
      const v1::Portfolio now = Get(portfolio.name());
      std::string line = absl::StrCat(now.name(), " ", v1::Portfolio::State_Name(now.state()), " ",
                                      IsListed("refresh", now.status_index()));
      for (const v1::Correction& correction : now.corrections()) absl::StrAppend(&line, " ", correction.result());
      lines.push_back(std::move(line));
    }
    return lines;
  }

  Derived Everything() { return {Records(), Verdicts(), Portfolios()}; }

  grpc::Status UndoResult(const std::string& revision) {
    v1::UndoResultRevisionRequest request;
    v1::ChangeResultResponse response;
    request.set_name(revision);
    request.set_reason("it was right before");
    return server_.results->UndoResultRevision(server_.AsOperator().get(), request, &response);
  }
  Inverse UndoOf(const grpc::Status& status, const v1::ChangeResultResponse& response) {
    if (!status.ok() || response.revision().name().empty()) return nullptr;  // refused, or it changed nothing
    return [this, revision = response.revision().name()] { return UndoResult(revision); };
  }

  Inverse Correct(const std::string& name) {
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(name);
    request.set_reason("photo");
    request.mutable_update_mask()->add_paths("official_mark");
    request.mutable_row()->set_official_mark(1'800'000 + random_.Below(200) * 1000);
    if (random_.Below(3) == 0) {
      request.mutable_update_mask()->add_paths("country");
      request.mutable_row()->set_country(random_.Below(2) == 0 ? "FRA" : "USA");
    }
    const grpc::Status status = server_.results->CorrectResult(server_.AsOperator().get(), request, &response);
    return UndoOf(status, response);
  }
  Inverse Withdraw(const std::string& name) {
    v1::WithdrawResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(name);
    request.set_reason("ran under another's bib");
    const grpc::Status status = server_.results->WithdrawResult(server_.AsOperator().get(), request, &response);
    return UndoOf(status, response);
  }
  Inverse Move(const std::string& name) {
    v1::MoveResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(name);
    request.set_destination_race(name.find("/2021/") == std::string::npos ? first_ : second_);
    request.set_reason("the other year");
    const grpc::Status status = server_.results->MoveResult(server_.AsOperator().get(), request, &response);
    return UndoOf(status, response);
  }
  Inverse DisqualifyResult(const std::string& name) {
    v1::DisqualifyResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(name);
    request.set_rule("TR17");
    request.set_reason("seen");
    if (!server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response).ok()) return nullptr;
    return [this, name] {
      v1::ReinstateResultRequest reinstate;
      v1::ChangeResultResponse reinstated;
      reinstate.set_name(name);
      reinstate.set_reason("appeal");
      return server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &reinstated);
    };
  }
  Inverse Sanction(const std::string& name) {
    v1::GetResultRequest of;
    v1::Result result;
    of.set_name(name);
    if (!server_.results->GetResult(server_.AsOperator().get(), of, &result).ok()) return nullptr;
    v1::CreateSanctionRequest request;
    v1::Sanction sanction;
    request.set_parent(result.athlete());
    request.set_sanction_id(absl::StrCat("adr-", ++sanctions_));
    *request.mutable_sanction()->mutable_period()->mutable_start_date() = DateOf(2020, 1, 1);
    *request.mutable_sanction()->mutable_period()->mutable_end_date() = DateOf(2022, 12, 31);
    request.mutable_sanction()->set_rule("ADR 2.1");
    request.mutable_sanction()->set_reason("presence of a prohibited substance");
    if (!server_.results->CreateSanction(server_.AsOperator().get(), request, &sanction).ok()) return nullptr;
    return [this, sanction_name = sanction.name()] {
      v1::LiftSanctionRequest lift;
      v1::Sanction lifted;
      lift.set_name(sanction_name);
      lift.set_reason("appeal upheld");
      return server_.results->LiftSanction(server_.AsOperator().get(), lift, &lifted);
    };
  }
  Inverse SetState(const std::string& race) {
    constexpr v1::SheetState kStates[] = {v1::SHEET_STATE_PROVISIONAL, v1::SHEET_STATE_PROTESTED,
                                          v1::SHEET_STATE_ANNULLED, v1::SHEET_STATE_OFFICIAL};
    v1::SetSheetStateRequest request;
    v1::ChangeSheetResponse changed;
    request.set_name(absl::StrCat(race, "/sheet"));
    request.set_state(kStates[random_.Below(4)]);
    request.set_reason("jury");
    const grpc::Status status = server_.sheets->SetSheetState(server_.AsOperator().get(), request, &changed);
    if (!status.ok() || changed.revision().name().empty()) return nullptr;
    return [this, revision = changed.revision().name()] {
      v1::UndoSheetRevisionRequest undo;
      v1::ChangeSheetResponse undone;
      undo.set_name(revision);
      undo.set_reason("it was right before");
      return server_.sheets->UndoSheetRevision(server_.AsOperator().get(), undo, &undone);
    };
  }

  // Does one change at random; what takes it back, or nothing where the rules refuse it.
  Inverse Step() {
    const std::string& name = results_[static_cast<size_t>(random_.Below(static_cast<int64_t>(results_.size())))];
    switch (random_.Below(7)) {
      case 0:
        return Withdraw(name);
      case 1:
        return Move(name);
      case 2:
        return DisqualifyResult(name);
      case 3:
        return Sanction(name);
      case 4:
        return SetState(random_.Below(2) == 0 ? first_ : second_);
      default:
        return Correct(name);
    }
  }

  Random random_{GetParam()};
  int sanctions_ = 0;
  std::string earlier_;
  std::vector<std::string> results_;  // the names that they were published under
  std::vector<v1::Portfolio> made_;
};

TEST_P(PortfolioInverseTest, ChangesReachRecordsVerdictsAndPortfoliosAndTheirInversesGiveThemBack) {
  // That of the fastest, whose record, place and way in are then the next one's.
  const Derived at_first = Everything();
  const Inverse reinstate = DisqualifyResult(server_.ByBib(second_, "12").name());
  ASSERT_TRUE(reinstate);
  const Derived without = Everything();
  EXPECT_NE(without.records, at_first.records);
  EXPECT_NE(without.verdicts, at_first.verdicts);
  EXPECT_NE(without.portfolios, at_first.portfolios);
  ASSERT_CALL(reinstate());
  ASSERT_EQ(Everything(), at_first);

  std::vector<std::pair<Derived, Inverse>> done;
  for (int step = 0; step < 20; ++step) {
    Derived before = Everything();
    if (Inverse inverse = Step()) done.emplace_back(std::move(before), std::move(inverse));
  }
  ASSERT_THAT(done, Not(IsEmpty()));
  for (; !done.empty(); done.pop_back()) {
    ASSERT_CALL(done.back().second());
    const Derived now = Everything();
    ASSERT_EQ(now.records, done.back().first.records) << "seed " << GetParam() << ", step " << done.size();
    ASSERT_EQ(now.verdicts, done.back().first.verdicts) << "seed " << GetParam() << ", step " << done.size();
    ASSERT_EQ(now.portfolios, done.back().first.portfolios) << "seed " << GetParam() << ", step " << done.size();
  }
  EXPECT_EQ(Everything(), at_first);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PortfolioInverseTest, ::testing::Range<uint64_t>(1, 7));

}  // namespace
}  // namespace palmares::testing
