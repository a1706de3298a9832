// The life of results: moved, withdrawn, sanctioned, undone. Every change reaches whom it must, and its inverse gives
// everything back.
#include "absl/strings/str_cat.h"
#include "tests/services/server/snapshot.h"

namespace palmares::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kLifeSheet[] =
    "place,bib,name,sex,age,country,gun\n"
    "1,11,Ada Quick,W,31,KEN,2:31:00\n"
    "2,12,Bo Steady,M,42,USA,2:32:00\n"
    "3,13,Cy Slow,M,46,USA,2:33:00\n"
    "7,14,Di Later,W,33,USA,2:34:00\n"
    "8,15,Ed Behind,M,43,USA,2:35:00\n";
constexpr char kOther[] = "place,bib,name,sex,age,country,gun\n1,21,Flo Other,W,25,GBR,2:32:30\n";

class LifeTest : public ::testing::Test {
 protected:
  LifeTest()
      : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")),
        other_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon", "elite")) {
    server_.MustImport(race_, kLifeSheet);
    server_.MustImport(other_, kOther);
  }

  std::vector<std::string> Everything() { return Snapshot(server_, {race_, other_}, "marathon", 40); }

  grpc::Status Withdraw(const std::string& result, v1::ChangeResultResponse* response = nullptr) {
    v1::WithdrawResultRequest request;
    v1::ChangeResultResponse unread;
    request.set_name(result);
    request.set_reason("ran under another's bib");
    return server_.results->WithdrawResult(server_.AsOperator().get(), request,
                                           response == nullptr ? &unread : response);
  }
  grpc::Status Move(const std::string& result, const std::string& race, v1::ChangeResultResponse* response) {
    v1::MoveResultRequest request;
    request.set_name(result);
    request.set_destination_race(race);
    request.set_reason("started with the elite");
    return server_.results->MoveResult(server_.AsOperator().get(), request, response);
  }
  v1::Result Get(const std::string& name, int32_t revision = 0) {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(name);
    request.set_revision(revision);
    EXPECT_CALL_OK(server_.results->GetResult(server_.AsOperator().get(), request, &result));
    return result;
  }
  grpc::Status Undo(const std::string& result, int32_t revision = 0) {
    return UndoRevision(absl::StrCat(result, "/revisions/", revision == 0 ? Get(result).revision() : revision));
  }
  grpc::Status UndoRevision(const std::string& revision) {
    v1::UndoResultRevisionRequest request;
    v1::ChangeResultResponse response;
    request.set_name(revision);
    request.set_reason("it was right before");
    return server_.results->UndoResultRevision(server_.AsOperator().get(), request, &response);
  }
  grpc::Status CorrectMark(const std::string& result, int64_t mark, v1::ChangeResultResponse* response = nullptr) {
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse unread;
    request.set_name(result);
    request.set_reason("photo");
    request.mutable_update_mask()->add_paths("official_mark");
    request.mutable_row()->set_official_mark(mark);
    return server_.results->CorrectResult(server_.AsOperator().get(), request,
                                          response == nullptr ? &unread : response);
  }
  grpc::Status Sanction(const std::string& athlete, const std::string& id, v1::Sanction* sanction,
                        bool leave_vacant = false) {
    v1::CreateSanctionRequest request;
    request.set_parent(athlete);
    request.set_sanction_id(id);
    *request.mutable_sanction()->mutable_period()->mutable_start_date() = DateOf(2025, 1, 1);
    *request.mutable_sanction()->mutable_period()->mutable_end_date() = DateOf(2025, 12, 31);
    request.mutable_sanction()->set_rule("ADR 2.1");
    request.mutable_sanction()->set_reason("presence of a prohibited substance");
    request.mutable_sanction()->set_leave_places_vacant(leave_vacant);
    return server_.results->CreateSanction(server_.AsOperator().get(), request, sanction);
  }
  grpc::Status Lift(const std::string& name) {
    v1::LiftSanctionRequest request;
    v1::Sanction sanction;
    request.set_name(name);
    request.set_reason("appeal upheld");
    return server_.results->LiftSanction(server_.AsOperator().get(), request, &sanction);
  }
  std::vector<std::string> Kinds(const std::string& result) {
    v1::ListResultRevisionsRequest request;
    v1::ListResultRevisionsResponse response;
    request.set_parent(result);
    EXPECT_CALL_OK(server_.results->ListResultRevisions(server_.AsOperator().get(), request, &response));
    std::vector<std::string> kinds;
    for (const v1::ResultRevision& revision : response.revisions()) {
      kinds.push_back(v1::ResultRevision::Kind_Name(revision.kind()).substr(5));
    }
    return kinds;
  }

  RunningServer server_{/*catalogue=*/true};
  const std::string race_, other_;
};

TEST_F(LifeTest, AChangeMovesOthersByWhatItDoesAndKeepsTheGapsOfTheSheet) {
  ASSERT_CALL(Withdraw(server_.ByBib(race_, "12").name()));
  EXPECT_THAT(server_.Places(race_), ElementsAre("11:1/1/0", "13:2/1/0", "14:6/2/0", "15:7/2/0"));
}

TEST_F(LifeTest, AWithdrawnRowIsOffTheSheetAndIsNobodysResult) {
  const v1::Result result = server_.ByBib(race_, "12");
  const std::vector<std::string> before = Everything();
  ASSERT_CALL(Withdraw(result.name()));
  EXPECT_EQ(Reason(Withdraw(result.name())), "ALREADY_WITHDRAWN");
  EXPECT_EQ(server_.Results(race_).size(), 4u);
  EXPECT_EQ(Get(result.name()).outcome(), v1::OUTCOME_WITHDRAWN);
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), Not(Contains(::testing::HasSubstr("Bo Steady"))));
  ASSERT_CALL(Undo(result.name()));
  EXPECT_EQ(Everything(), before);
  EXPECT_THAT(Kinds(result.name()), ElementsAre("UNDONE", "WITHDRAWN", "ADDED"));
}

TEST_F(LifeTest, AMovedResultJoinsTheOtherRaceByItsMarkAndIsFoundByItsOldName) {
  const v1::Result result = server_.ByBib(race_, "12");
  const std::vector<std::string> before = Everything();
  v1::ChangeResultResponse moved;
  ASSERT_CALL(Move(result.name(), other_, &moved));
  EXPECT_EQ(moved.result().name(), absl::StrCat(other_, "/results/2"));
  EXPECT_EQ(Get(result.name()).name(), moved.result().name());
  EXPECT_THAT(server_.Places(other_), ElementsAre("12:1/1/0", "21:2/1/0"));
  EXPECT_EQ(server_.Results(race_).size(), 4u);
  EXPECT_EQ(moved.result().athlete(), result.athlete());
  EXPECT_THAT(Kinds(result.name()), ElementsAre("MOVED", "ADDED"));
  ASSERT_CALL(Undo(result.name()));
  EXPECT_EQ(Everything(), before);
  ASSERT_CALL(Undo(result.name()));  // undoing an undoing is doing it again
  EXPECT_EQ(Get(result.name()).name(), moved.result().name());
  ASSERT_CALL(Undo(result.name()));
  EXPECT_EQ(Everything(), before);
}

TEST_F(LifeTest, EveryChangeByTheOldNameOfAMovedResultIsARevisionOfTheNameThatItHas) {
  const std::string old_name = server_.ByBib(race_, "12").name();
  v1::ChangeResultResponse moved, changed;
  ASSERT_CALL(Move(old_name, other_, &moved));
  const std::string name = moved.result().name();
  EXPECT_EQ(moved.revision().name(), absl::StrCat(name, "/revisions/2"));
  ASSERT_CALL(CorrectMark(old_name, 9'300'000, &changed));
  EXPECT_EQ(changed.revision().name(), absl::StrCat(name, "/revisions/3"));
  ASSERT_CALL(UndoRevision(absl::StrCat(old_name, "/revisions/3")));
  EXPECT_EQ(Get(name).mark().value(), 9'120'000);
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_name(old_name);
  disqualify.set_rule("TR17");
  disqualify.set_reason("seen");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_EQ(changed.revision().name(), absl::StrCat(name, "/revisions/5"));
  v1::ReinstateResultRequest reinstate;
  reinstate.set_name(old_name);
  reinstate.set_reason("appeal");
  ASSERT_CALL(server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &changed));
  EXPECT_EQ(changed.revision().name(), absl::StrCat(name, "/revisions/6"));
  ASSERT_CALL(Withdraw(old_name, &changed));
  EXPECT_EQ(changed.revision().name(), absl::StrCat(name, "/revisions/7"));
  EXPECT_EQ(changed.result().name(), name);
  EXPECT_EQ(Get(old_name).name(), name) << "also while it is off the sheet";
  EXPECT_EQ(Get(old_name).outcome(), v1::OUTCOME_WITHDRAWN);
  ASSERT_CALL(UndoRevision(changed.revision().name()));
  EXPECT_EQ(Get(old_name).outcome(), v1::OUTCOME_FINISHED);
  ASSERT_CALL(UndoRevision(absl::StrCat(old_name, "/revisions/2")));
  EXPECT_EQ(Get(old_name).name(), old_name);
  ASSERT_CALL(Withdraw(name, &changed));  // the name from the move that was undone
  EXPECT_EQ(changed.result().name(), old_name);
  EXPECT_EQ(Get(name).name(), old_name);
  ASSERT_CALL(UndoRevision(changed.revision().name()));
}

TEST_F(LifeTest, WhoManagesTheRaceThatAResultLeftDoesNotChangeItByItsOldName) {
  const std::string old_name = server_.ByBib(race_, "12").name();
  v1::ChangeResultResponse response;
  ASSERT_CALL(Move(old_name, other_, &response));
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {race_});
  v1::WithdrawResultRequest request;
  request.set_name(old_name);
  request.set_reason("mine");
  EXPECT_EQ(server_.results->WithdrawResult(RunningServer::As(organizer).get(), request, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Get(old_name).outcome(), v1::OUTCOME_FINISHED);
}

TEST_F(LifeTest, AMoveToATakenBibOrToTheSameRaceIsRefused) {
  v1::ChangeResultResponse response;
  EXPECT_EQ(Move(server_.ByBib(race_, "12").name(), race_, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  server_.MustImport(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon", "masters"),
                     "bib,name,sex,age,gun\n12,Gus Same,M,50,2:50:00\n");
  EXPECT_EQ(Reason(Move(server_.ByBib(race_, "12").name(), "events/town-run/editions/2025/races/masters", &response)),
            "BIB_TAKEN");
}

TEST_F(LifeTest, OnlyTheNewestRevisionIsUndoneAndTheFirstNever) {
  const std::string name = server_.ByBib(race_, "12").name();
  EXPECT_EQ(Reason(Undo(name)), "NOTHING_TO_UNDO");
  const std::vector<std::string> before = Everything();
  ASSERT_CALL(CorrectMark(name, 9'300'000));
  const std::vector<std::string> between = Everything();
  ASSERT_CALL(CorrectMark(name, 9'400'000));
  EXPECT_EQ(Reason(Undo(name, 2)), "NOT_NEWEST");
  EXPECT_EQ(Get(name, 1).mark().value(), 9'120'000);
  EXPECT_EQ(Get(name, 2).mark().value(), 9'300'000);
  ASSERT_CALL(Undo(name));
  EXPECT_EQ(Everything(), between);
  EXPECT_EQ(Reason(Undo(name, 3)), "ALREADY_UNDONE");
  ASSERT_CALL(Undo(name));  // which undoes the undoing
  EXPECT_EQ(Get(name).mark().value(), 9'400'000);
  ASSERT_CALL(Undo(name, 3));
  ASSERT_CALL(Undo(name, 2));  // the newest that stands
  EXPECT_EQ(Everything(), before);
  EXPECT_EQ(Reason(Undo(name, 6)), "NOT_NEWEST") << "what it undid came after what is undone since";
  ASSERT_CALL(CorrectMark(name, 9'400'000));
  ASSERT_CALL(CorrectMark(name, 9'120'000));
  EXPECT_EQ(Everything(), before) << "a correction back to what was published leaves nothing behind";
}

TEST_F(LifeTest, AReinstatementGivesBackTheOutcomeFromBefore) {
  server_.MustImport(server_.MakeRace("town-run", "2024", DateOf(2024, 5, 4), "marathon"),
                     "bib,name,sex,age,gun,status\n12,Bo Steady,M,41,2:50:00,OTL\n13,Cy Slow,M,45,2:30:00,\n");
  const std::string name = server_.ByBib("events/town-run/editions/2024/races/open", "12").name();
  const v1::Outcome before = Get(name).outcome();
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(name);
  request.set_rule("TR17.3.1");
  request.set_reason("short cut");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  v1::ReinstateResultRequest reinstate;
  reinstate.set_name(name);
  reinstate.set_reason("appeal");
  ASSERT_CALL(server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &response));
  EXPECT_EQ(Get(name).outcome(), before);
}

TEST_F(LifeTest, ASanctionDisqualifiesEveryResultOfThePeriodAndLiftingItGivesThemBack) {
  const v1::Result result = server_.ByBib(race_, "12");
  const std::vector<std::string> before = Everything();
  v1::Sanction sanction;
  ASSERT_CALL(Sanction(result.athlete(), "adr-1", &sanction));
  EXPECT_THAT(sanction.results(), ElementsAre(result.name()));
  EXPECT_EQ(Get(result.name()).outcome(), v1::OUTCOME_DISQUALIFIED);
  EXPECT_EQ(Get(result.name()).row().outcome(), v1::OUTCOME_FINISHED) << "the row is as stated";
  EXPECT_EQ(Get(result.name()).sanction(), sanction.name());
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 2);
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), Not(Contains(::testing::HasSubstr("Bo Steady"))));
  EXPECT_EQ(Reason(Undo(result.name())), "SANCTIONED");
  EXPECT_EQ(Sanction(result.athlete(), "adr-1", &sanction).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  ASSERT_CALL(Lift(sanction.name()));
  EXPECT_EQ(Reason(Lift(sanction.name())), "ALREADY_LIFTED");
  EXPECT_EQ(Everything(), before);
  EXPECT_THAT(Kinds(result.name()), ElementsAre("SANCTION_LIFTED", "SANCTIONED", "ADDED"));
}

TEST_F(LifeTest, ASanctionHoldsForResultsThatArePublishedLaterAndLeavesPlacesVacantWhereItSaysSo) {
  const std::string athlete = server_.ByBib(race_, "12").athlete();
  v1::Sanction sanction;
  ASSERT_CALL(Sanction(athlete, "adr-1", &sanction, /*leave_vacant=*/true));
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 3);
  const std::string later = server_.MakeRace("town-run", "2025", DateOf(2025, 6, 1), "marathon", "summer");
  server_.MustImport(later, absl::StrCat("place,bib,name,sex,age,gun,athlete\n1,5,Bo Steady,M,42,2:30:00,", athlete,
                                         "\n2,6,Hal Next,M,33,2:31:00,\n"));
  EXPECT_EQ(server_.ByBib(later, "5").outcome(), v1::OUTCOME_DISQUALIFIED);
  EXPECT_EQ(server_.ByBib(later, "6").place(), 2);
}

TEST_F(LifeTest, OnlyFederationsAndOperatorsSanctionAndOnlyTheOrganizerOfBothRacesMoves) {
  v1::CreateSanctionRequest request;
  v1::Sanction sanction;
  request.set_parent(server_.ByBib(race_, "12").athlete());
  request.set_sanction_id("adr-1");
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {race_});
  EXPECT_EQ(server_.results->CreateSanction(RunningServer::As(organizer).get(), request, &sanction).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::MoveResultRequest move;
  v1::ChangeResultResponse response;
  move.set_name(server_.ByBib(race_, "12").name());
  move.set_destination_race(other_);
  move.set_reason("mine");
  EXPECT_EQ(server_.results->MoveResult(RunningServer::As(organizer).get(), move, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(LifeTest, AnOfficialSheetIsNotCorrectedWithoutAReason) {
  v1::WithdrawResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race_, "12").name());
  const grpc::Status refused = server_.results->WithdrawResult(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(refused), "REASON_REQUIRED");
}

// Any sequence of changes, each with its inverse, undone in the reverse order.
class InverseTest : public LifeTest, public ::testing::WithParamInterface<uint64_t> {
 protected:
  using Inverse = std::function<grpc::Status()>;

  std::string AnyResult() {
    const std::vector<v1::Result> rows = server_.Results(random_.Below(4) == 0 ? other_ : race_);
    return rows.empty() ? "" : rows[static_cast<size_t>(random_.Below(static_cast<int64_t>(rows.size())))].name();
  }

  // Does one change at random; what takes it back, or nothing where the rules refuse it.
  Inverse Step() {
    const std::string name = AnyResult();
    if (name.empty()) return nullptr;
    v1::ChangeResultResponse response;
    const auto undo_last = [this, &response]() -> Inverse {
      if (response.revision().name().empty()) return nullptr;  // it changed nothing
      return [this, revision = response.revision().name()] { return UndoRevision(revision); };
    };
    switch (random_.Below(9)) {
      case 0:
        return CorrectMark(name, 9'000'000 + random_.Below(600) * 1000, &response).ok() ? undo_last() : nullptr;
      case 1:
        return Withdraw(name, &response).ok() ? undo_last() : nullptr;
      case 2:
        return Move(name, name.find("/elite/") == std::string::npos ? other_ : race_, &response).ok() ? undo_last()
                                                                                                      : nullptr;
      case 3: {
        v1::Sanction sanction;
        const std::string id = absl::StrCat("adr-", ++sanctions_);
        const std::string athlete = Get(name).athlete();
        if (!Sanction(athlete, id, &sanction, random_.Below(2) == 0).ok()) return nullptr;
        return [this, sanction] { return Lift(sanction.name()); };
      }
      case 4: {
        v1::DisqualifyResultRequest request;
        request.set_name(name);
        request.set_rule("TR17");
        request.set_reason("seen");
        request.set_leave_place_vacant(random_.Below(2) == 0);
        if (!server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response).ok()) return nullptr;
        return [this, name] {
          v1::ReinstateResultRequest reinstate;
          v1::ChangeResultResponse reinstated;
          reinstate.set_name(name);
          reinstate.set_reason("appeal");
          return server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &reinstated);
        };
      }
      case 5: {
        const v1::SheetState states[] = {v1::SHEET_STATE_PROVISIONAL, v1::SHEET_STATE_PROTESTED,
                                         v1::SHEET_STATE_ANNULLED, v1::SHEET_STATE_DRAFT, v1::SHEET_STATE_OFFICIAL};
        v1::SetSheetStateRequest request;
        v1::ChangeSheetResponse changed;
        request.set_name(absl::StrCat(race_, "/sheet"));
        request.set_state(states[random_.Below(5)]);
        request.set_reason("jury");
        if (!server_.sheets->SetSheetState(server_.AsOperator().get(), request, &changed).ok()) return nullptr;
        if (changed.revision().name().empty()) return nullptr;  // it was in that state
        return UndoOfSheet(changed.revision().name());
      }
      case 6: {
        v1::ImportHeader header;
        v1::ImportSheetResponse imported;
        header.set_race(race_);
        header.set_reason("a better file");
        std::string csv = "bib,name,sex,age,country,gun\n";
        for (int bib = 10; bib < 18; ++bib) {
          if (random_.Below(3) == 0) continue;
          absl::StrAppend(&csv, bib, ",Name", bib, " Family,", bib % 2 == 0 ? "M" : "W", ",33,USA,2:3",
                          random_.Below(10), ":00\n");
        }
        if (!server_.Import(header, csv, &imported, server_.operator_secret).ok() || !imported.report().accepted()) {
          return nullptr;
        }
        if (imported.report().unchanged()) return nullptr;
        return UndoOfSheet(absl::StrCat(race_, "/sheet/revisions/", imported.report().revision()));
      }
      default: {
        v1::CorrectResultRequest request;
        request.set_name(name);
        request.set_reason("clerk");
        for (const char* path : {"sex", "name", "bib", "country"}) request.mutable_update_mask()->add_paths(path);
        request.mutable_row()->set_sex(random_.Below(2) == 0 ? v1::SEX_MEN : v1::SEX_WOMEN);
        request.mutable_row()->set_name(absl::StrCat("Name", random_.Below(9), " Other"));
        request.mutable_row()->set_bib(absl::StrCat(random_.Below(30)));
        request.mutable_row()->set_country("FRA");
        return server_.results->CorrectResult(server_.AsOperator().get(), request, &response).ok() ? undo_last()
                                                                                                   : nullptr;
      }
    }
  }

  Inverse UndoOfSheet(const std::string& revision) {
    return [this, revision] {
      v1::UndoSheetRevisionRequest request;
      v1::ChangeSheetResponse response;
      request.set_name(revision);
      request.set_reason("it was right before");
      return server_.sheets->UndoSheetRevision(server_.AsOperator().get(), request, &response);
    };
  }

  Random random_{GetParam()};
  int sanctions_ = 0;
};

TEST_P(InverseTest, AnySequenceOfChangesAndItsInversesGiveEverythingBack) {
  std::vector<std::pair<std::vector<std::string>, Inverse>> done;
  for (int step = 0; step < 25; ++step) {
    std::vector<std::string> before = Everything();
    if (Inverse inverse = Step()) done.emplace_back(std::move(before), std::move(inverse));
  }
  ASSERT_THAT(done, Not(IsEmpty()));
  const std::vector<std::string> incremental = Everything();
  server_.Restart();
  ASSERT_EQ(Everything(), incremental) << "seed " << GetParam() << ": a rebuild is what was made step by step";
  for (; !done.empty(); done.pop_back()) {
    ASSERT_CALL(done.back().second());
    ASSERT_EQ(Everything(), done.back().first) << "seed " << GetParam() << ", step " << done.size();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, InverseTest, ::testing::Range<uint64_t>(1, 9));

}  // namespace
}  // namespace palmares::testing
