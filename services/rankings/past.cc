#include "services/rankings/past.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::rankings {
namespace {

constexpr int64_t kEntriesInASlice = 256;  // between two looks at the deadline

}  // namespace

// Who has it alone uses the views. A mutex could not be waited for until a deadline.
class Past::Turn {
 public:
  Turn(Past& past, absl::Time deadline) : past_(past) {
    absl::MutexLock lock(&past_.mutex_);
    const auto is_free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(past_.mutex_) { return !past_.busy_; };
    taken_ = past_.mutex_.AwaitWithDeadline(absl::Condition(&is_free), deadline);
    if (taken_) past_.busy_ = true;
  }
  ~Turn() {
    if (!taken_) return;
    absl::MutexLock lock(&past_.mutex_);
    while (past_.MustForget()) {
      past_.mutex_.Unlock();  // it takes a while
      past_.Drop();
      past_.mutex_.Lock();
    }
    past_.busy_ = false;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool taken() const { return taken_; }

 private:
  Past& past_;
  bool taken_ = false;
};

absl::Status Past::AtEach(const std::vector<int64_t>& positions, absl::Time deadline,
                          const storage::Store::Clock& clock, Body body) {
  for (int64_t position : positions) {
    if (absl::Status status = CheckGivenOut(position); !status.ok()) return status;
  }
  const Turn turn(*this, deadline);
  if (!turn.taken()) return absl::DeadlineExceededError("as_of: another list of the past is being made");
  for (int64_t position : positions) {
    if (position != positions.front() && clock() > deadline) {
      return absl::DeadlineExceededError("as_of: not all of the lists could be made in time");
    }
    if (absl::Status status = Replay(position, deadline, clock); !status.ok()) return status;
    if (absl::Status status = body(views_, position); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Past::CheckGivenOut(int64_t position) const {
  if (position >= 0 && position <= ledger_->LastPosition()) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("position ", position, " was not given out yet; the newest is ", ledger_->LastPosition()));
}

absl::Status Past::Refusal(const results::Results& now, int64_t position) const {
  if (absl::Status status = CheckGivenOut(position); !status.ok()) return status;
  const std::optional<int64_t> beyond = now.PositionBeyond(most_rows_);
  return beyond.has_value() && *beyond <= position ? TooMuch() : absl::OkStatus();
}

absl::Status Past::TooMuch() const {
  return absl::ResourceExhaustedError(
      absl::StrCat("as_of: what was known then is made by replaying the ledger, and for more than ", most_rows_,
                   " results that takes too long; ask for an earlier moment, or with KNOWLEDGE_NOW"));
}

void Past::ForgetBefore(int64_t position) {
  {
    absl::MutexLock lock(&mutex_);
    if (position <= forget_before_) return;
    forget_before_ = position;
  }
  const Turn turn(*this, absl::InfinitePast());  // drops them when it ends; whoever has it else does
}

bool Past::MustForget() const { return views_.view != nullptr && made_at_ < forget_before_; }

void Past::Drop() {
  views_ = {};
  position_ = 0;
}

absl::Status Past::Replay(int64_t position, absl::Time deadline, const storage::Store::Clock& clock) {
  if (views_.view == nullptr || position < position_) {
    Drop();  // first, so that two do not take memory at once
    made_at_ = ledger_->LastPosition();
    views_ = make_();
  }
  while (position_ < position) {
    const int64_t last = std::min(position, position_ + kEntriesInASlice);
    absl::Status status =
        ledger_->Read(position_ + 1, last, [this](const storage::Entry& entry) { return views_.view->Apply(entry); });
    if (!status.ok()) {
      Drop();  // somewhere between two positions: of no use to anybody
      return status;
    }
    position_ = last;
    if (views_.results->total_rows() > most_rows_) {
      Drop();
      return TooMuch();
    }
    if (position_ < position && clock() > deadline) {
      return absl::DeadlineExceededError(
          "as_of: the ledger could not be replayed in time; what was is kept, so that "
          "asking again goes on from there");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<athletics::Date> Past::DayOf(int64_t position) const {
  int64_t time_us = 0;
  absl::Status status = ledger_->Read(position, position, [&time_us](const storage::Entry& entry) {
    time_us = entry.time_us;
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return athletics::Date(absl::ToCivilDay(absl::FromUnixMicros(time_us), absl::UTCTimeZone()));
}

absl::StatusOr<int64_t> Past::LastPositionOf(athletics::Date day) const {
  return LastPositionBefore(absl::FromCivil(day + 1, absl::UTCTimeZone()));
}

absl::StatusOr<int64_t> Past::LastPositionBefore(absl::Time time) const {
  const int64_t time_us = absl::ToUnixMicros(time);
  int64_t before = 0, after = ledger_->LastPosition() + 1;  // entries up to `before` are earlier, from `after` on not
  while (after - before > 1) {
    const int64_t middle = before + (after - before) / 2;
    int64_t middle_us = 0;
    absl::Status status = ledger_->Read(middle, middle, [&middle_us](const storage::Entry& entry) {
      middle_us = entry.time_us;
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    (middle_us < time_us ? before : after) = middle;
  }
  return before;
}

}  // namespace palmares::rankings
