// What was known at a position is what a recomputation gave then; nobody waits for it longer than they said.
#include "services/rankings/past.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "services/rankings/snapshots.h"
#include "tests/services/rankings/history.h"

namespace palmares::rankings {
namespace {

constexpr int64_t kAnyRows = 1'000'000;

absl::Time Zero() { return absl::UnixEpoch(); }

class PastTest : public ::testing::Test {
 protected:
  PastTest() : history_(77) {}

  void Step(int times) {
    for (int i = 0; i < times; ++i) history_.Step();
  }
  // Until something was written.
  void StepAhead() {
    const int64_t before = history_.position();
    while (history_.position() == before) history_.Step();
  }
  MakePastViews Maker() {
    return [this] {
      ++made_;
      auto state = std::make_shared<server::State>(&history_.ledger());
      return PastViews{state, &state->results, &state->athletes, &state->clubs, &state->series};
    };
  }

  History history_;
  int made_ = 0;
};

TEST_F(PastTest, AListKnownThenIsWhatARecomputationGaveThen) {
  struct Then {
    int64_t position;
    Query query;
    std::vector<PlainLine> lines;
  };
  std::vector<Then> moments;
  for (int i = 0; i < 60; ++i) {
    Step(3);
    const Query query = history_.RandomQuery();
    moments.push_back({history_.position(), query, history_.Naive(query)});
  }
  Past past(&history_.ledger(), Maker(), kAnyRows);
  // Forwards, and then in an order that goes back too.
  for (size_t i = 0; i < moments.size() + 20; ++i) {
    const Then& then = moments[i < moments.size() ? i : i * 7 % moments.size()];
    ASSERT_OK(past.At(then.position, absl::InfiniteFuture(), Zero, [&](const PastViews& views, int64_t at) {
      EXPECT_EQ(at, then.position);
      const Board board(&views.results->calendar(), Board::Index::kNone,
                        Select(then.query, RacesOf(then.query, *views.results), *views.results, *views.athletes));
      EXPECT_EQ(board.size(), static_cast<int64_t>(then.lines.size()));
      for (size_t line = 0; line < then.lines.size(); ++line) {
        EXPECT_TRUE(board.At(static_cast<int64_t>(line)).row == then.lines[line].row) << i << ", line " << line;
      }
      return absl::OkStatus();
    }));
  }
}

TEST_F(PastTest, AReplayThatADeadlineEndedGoesOnFromThere) {
  Step(900);
  Past past(&history_.ledger(), Maker(), kAnyRows);
  const auto nothing = [](const PastViews&, int64_t) { return absl::OkStatus(); };
  const storage::Store::Clock late = [] { return absl::UnixEpoch() + absl::Seconds(2); };
  const absl::Time deadline = absl::Now() + absl::Hours(1);
  int calls = 1;
  absl::Status status = past.At(
      history_.position(), deadline, [&] { return deadline + absl::Seconds(1); }, nothing);
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  for (; !status.ok() && calls < 100; ++calls) {
    status = past.At(
        history_.position(), deadline, [&] { return deadline + absl::Seconds(1); }, nothing);
  }
  ASSERT_OK(status);
  EXPECT_GT(calls, 2);
  EXPECT_EQ(made_, 1) << "nothing was thrown away";
  ASSERT_OK(past.At(history_.position(), deadline, late, nothing));
}

TEST_F(PastTest, TooMuchIsRefusedBeforeAnythingIsReplayed) {
  Step(200);
  const int64_t rows = history_.state().results.total_rows();
  ASSERT_GT(rows, 50);
  Past past(&history_.ledger(), Maker(), 50);
  EXPECT_TRUE(absl::IsResourceExhausted(past.Refusal(history_.state().results, history_.position())));
  EXPECT_OK(past.Refusal(history_.state().results, 5));
  EXPECT_TRUE(absl::IsOutOfRange(past.Refusal(history_.state().results, history_.position() + 1)));
  EXPECT_EQ(made_, 0);
  // The position from which on it is refused is the first one with so many rows.
  const std::optional<int64_t> beyond = history_.state().results.PositionBeyond(50);
  ASSERT_TRUE(beyond.has_value());
  int64_t before = 0, after = 0;
  Past any(&history_.ledger(), Maker(), kAnyRows);
  ASSERT_OK(any.AtEach({*beyond - 1, *beyond}, absl::InfiniteFuture(), Zero, [&](const PastViews& views, int64_t at) {
    (at == *beyond ? after : before) = views.results->total_rows();
    return absl::OkStatus();
  }));
  EXPECT_LE(before, 50);
  EXPECT_GT(after, 50);
  EXPECT_FALSE(history_.state().results.PositionBeyond(kAnyRows).has_value());
}

TEST_F(PastTest, WhoWaitsForAnothersReplayWaitsUntilTheirDeadlineOnly) {
  Step(20);
  Past past(&history_.ledger(), Maker(), kAnyRows);
  absl::Notification begun, may_end;
  std::thread other([&] {
    EXPECT_OK(past.At(5, absl::InfiniteFuture(), Zero, [&](const PastViews&, int64_t) {
      begun.Notify();
      may_end.WaitForNotification();
      return absl::OkStatus();
    }));
  });
  begun.WaitForNotification();
  const auto nothing = [](const PastViews&, int64_t) { return absl::OkStatus(); };
  EXPECT_TRUE(absl::IsDeadlineExceeded(past.At(6, absl::Now() + absl::Milliseconds(20), Zero, nothing)));
  may_end.Notify();
  other.join();
  EXPECT_OK(past.At(6, absl::InfiniteFuture(), Zero, nothing));
}

TEST_F(PastTest, WhatWasMadeBeforeAnErasureIsForgottenAtOnceOrWhenTheCallThatUsesItEnds) {
  Step(20);
  const auto nothing = [](const PastViews&, int64_t) { return absl::OkStatus(); };
  Past past(&history_.ledger(), Maker(), kAnyRows);
  ASSERT_OK(past.At(5, absl::InfiniteFuture(), Zero, nothing));
  ASSERT_OK(past.At(6, absl::InfiniteFuture(), Zero, nothing));
  EXPECT_EQ(made_, 1);
  past.ForgetBefore(history_.position());
  ASSERT_OK(past.At(6, absl::InfiniteFuture(), Zero, nothing));
  EXPECT_EQ(made_, 1) << "it was made when the entry at that position stood";
  StepAhead();
  past.ForgetBefore(history_.position());
  ASSERT_OK(past.At(6, absl::InfiniteFuture(), Zero, nothing));
  EXPECT_EQ(made_, 2);
  StepAhead();
  ASSERT_OK(past.At(7, absl::InfiniteFuture(), Zero, [&](const PastViews& views, int64_t) {
    past.ForgetBefore(history_.position());  // does not wait for this call
    EXPECT_NE(views.view, nullptr);
    return absl::OkStatus();
  }));
  ASSERT_OK(past.At(7, absl::InfiniteFuture(), Zero, nothing));
  EXPECT_EQ(made_, 3);
}

// Until they are made rows have no movement; nobody waits.
TEST_F(PastTest, RanksOfTheWeekComeLaterAndKeepNobodyWaiting) {
  Step(150);
  StandingKey key = history_.RandomStanding();
  for (int i = 0; i < 100 && history_.Naive(QueryOf(key)).empty(); ++i) key = history_.RandomStanding();
  const std::vector<PlainLine> naive = history_.Naive(QueryOf(key));
  absl::Notification may_begin;
  const MakePastViews make = Maker();
  Past past(
      &history_.ledger(),
      [&] {
        may_begin.WaitForNotification();
        return make();
      },
      kAnyRows);
  Snapshots snapshots(&past);
  const absl::Time now = absl::FromCivil(absl::CivilDay(1970, 1, 7), absl::UTCTimeZone());
  EXPECT_EQ(snapshots.Newest(key, now, history_.state().results), nullptr);
  EXPECT_EQ(snapshots.Newest(key, now, history_.state().results), nullptr);
  may_begin.Notify();
  std::shared_ptr<const SnapshotRanks> ranks;
  for (int i = 0; i < 2000 && ranks == nullptr; ++i) {
    absl::SleepFor(absl::Milliseconds(5));
    ranks = snapshots.Newest(key, now, history_.state().results);
  }
  ASSERT_NE(ranks, nullptr);
  EXPECT_EQ(ranks->snapshot.day, athletics::Date(1970, 1, 5));
  for (const PlainLine& line : naive) {
    if (line.athlete != 0) {
      EXPECT_EQ(ranks->ranks.at(line.athlete), line.rank);
    }
  }
}

TEST_F(PastTest, AboveTheBoundNothingIsComparedAndNothingReplayed) {
  Step(200);
  Past past(&history_.ledger(), Maker(), 50);
  const absl::Time now = absl::FromCivil(absl::CivilDay(1970, 1, 7), absl::UTCTimeZone());
  {
    Snapshots snapshots(&past);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(snapshots.Newest(history_.RandomStanding(), now, history_.state().results), nullptr);
      absl::SleepFor(absl::Milliseconds(5));
    }
  }
  EXPECT_EQ(made_, 0);
}

}  // namespace
}  // namespace palmares::rankings
