#include "services/rankings/past.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::rankings {
namespace {

constexpr int64_t kEntriesInASlice = 256;  // between two looks at the deadline

}  // namespace

absl::Status Past::At(int64_t position, absl::Time deadline, const storage::Store::Clock& clock,
                      absl::FunctionRef<absl::Status(const PastViews&)> body) {
  if (position < 0 || position > ledger_->LastPosition()) {
    return absl::OutOfRangeError(
        absl::StrCat("position ", position, " was not given out yet; the newest is ", ledger_->LastPosition()));
  }
  absl::MutexLock lock(&mutex_);
  DropForgotten();
  if (absl::Status status = Replay(position, deadline, clock); !status.ok()) {
    views_ = {};  // half way: of no use to anybody
    position_ = 0;
    return status;
  }
  absl::Status status = body(views_);
  DropForgotten();
  return status;
}

void Past::ForgetBefore(int64_t position) {
  int64_t before = forget_before_;
  if (position <= before) return;
  while (before < position && !forget_before_.compare_exchange_weak(before, position)) {
  }
  if (!mutex_.TryLock()) return;  // whoever holds it drops them
  DropForgotten();
  mutex_.Unlock();
}

void Past::DropForgotten() {
  if (views_.view == nullptr || made_at_ >= forget_before_) return;
  views_ = {};
  position_ = 0;
}

absl::Status Past::Replay(int64_t position, absl::Time deadline, const storage::Store::Clock& clock) {
  if (views_.view == nullptr || position < position_) {
    views_ = {};  // first, so that two do not take memory at once
    made_at_ = ledger_->LastPosition();
    views_ = make_();
    position_ = 0;
  }
  while (position_ < position) {
    const int64_t last = std::min(position, position_ + kEntriesInASlice);
    absl::Status status =
        ledger_->Read(position_ + 1, last, [this](const storage::Entry& entry) { return views_.view->Apply(entry); });
    if (!status.ok()) return status;
    position_ = last;
    if (views_.results->total_rows() > kMostRowsReplayed) {
      return absl::ResourceExhaustedError(
          absl::StrCat("as_of: what was known then is made by replaying the ledger, and for more than ",
                       kMostRowsReplayed, " results that takes too long; ask with KNOWLEDGE_NOW"));
    }
    if (clock() > deadline) return absl::DeadlineExceededError("as_of: the ledger could not be replayed in time");
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
