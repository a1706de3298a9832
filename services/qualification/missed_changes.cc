#include "services/qualification/missed_changes.h"

#include <algorithm>
#include <utility>

#include "services/qualification/deadlines.h"

namespace palmares::qualification {
namespace {

constexpr int64_t kAskAfter = 500;  // athletes

}  // namespace

std::set<absl::Time> TurningTimesBetween(const std::vector<AppliedStandard>& standards, absl::Time after,
                                         absl::Time until) {
  std::set<absl::Time> times;
  for (const AppliedStandard& applied : standards) {
    for (const absl::Time time : TurningTimes(*applied.standard)) {
      if (time > after && time <= until) times.insert(time);
    }
  }
  return times;
}

MissedChanges::MissedChanges(const storage::Ledger* ledger, std::vector<int64_t> athletes,
                             std::vector<std::string> standards, GoOn go_on, Tell tell)
    : ledger_(*ledger),
      go_on_(std::move(go_on)),
      tell_(std::move(tell)),
      past_(ledger),
      views_{&past_.standards, &past_.athletes, &past_.results, nullptr},
      states_(std::move(athletes), std::move(standards)) {}

absl::Status MissedChanges::StartFrom(int64_t position, absl::Time time) {
  if (absl::Status status = past_.Replay(position, go_on_); !status.ok()) return status;
  states_.TakeStandards(past_.standards);
  time_ = time;
  return absl::OkStatus();
}

absl::Status MissedChanges::TellUpTo(int64_t position, absl::Time time) {
  absl::Status status = ledger_.Read(past_.position() + 1, position, [this](const storage::Entry& entry) {
    absl::Status passed = PassTime(absl::FromUnixMicros(entry.time_us));
    return passed.ok() ? Step(entry) : passed;
  });
  return status.ok() ? PassTime(time) : status;
}

// Looks at everybody watched as they were then.
absl::Status MissedChanges::LookAtAll(absl::Time time, std::vector<VerdictFlip>* flips) {
  std::vector<int64_t> named(states_.athletes().begin(), states_.athletes().end());
  std::sort(named.begin(), named.end());
  const int64_t count = named.empty() ? past_.athletes.count() : static_cast<int64_t>(named.size());
  for (int64_t i = 0; i < count; ++i) {
    if (i % kAskAfter == 0) {
      if (absl::Status status = go_on_(); !status.ok()) return status;
    }
    states_.Look(views_, named.empty() ? i + 1 : named[static_cast<size_t>(i)], time, "", flips);
  }
  return absl::OkStatus();
}

// Tells what the passing of time changed, from that of the states up to that one, each change as of its own moment.
absl::Status MissedChanges::PassTime(absl::Time until) {
  if (until <= time_) return absl::OkStatus();
  for (const absl::Time time : TurningTimesBetween(states_.standards(), time_, until)) {
    if (!knows_everybody_) {
      if (absl::Status status = LookAtAll(time_, nullptr); !status.ok()) return status;
      knows_everybody_ = true;
    }
    std::vector<VerdictFlip> flips;
    if (absl::Status status = LookAtAll(time, &flips); !status.ok()) return status;
    time_ = time;
    if (flips.empty()) continue;
    if (absl::Status status = tell_(flips, past_.position(), absl::ToUnixMicros(time)); !status.ok()) return status;
  }
  time_ = until;
  return absl::OkStatus();
}

// What one entry changes, told at its own position.
absl::Status MissedChanges::Step(const storage::Entry& entry) {
  if (absl::Status status = go_on_(); !status.ok()) return status;
  absl::StatusOr<Touched> touched = past_.Touches(entry);
  if (!touched.ok()) return touched.status();
  std::set<int64_t> athletes(touched->athletes.begin(), touched->athletes.end());
  for (const int64_t athlete : touched->athletes) athletes.insert(past_.athletes.Resolve(athlete));
  const bool standard = entry.change.kind == storage::EntryKind::kStandardSet ||
                        entry.change.kind == storage::EntryKind::kStandardRetired;
  if (touched->everybody || standard) {
    for (int64_t athlete = 1; athlete <= past_.athletes.count(); ++athlete) athletes.insert(athlete);
  }
  std::erase_if(athletes, [&](int64_t athlete) { return !states_.Watches(athlete); });
  for (const int64_t athlete : athletes) states_.Look(views_, athlete, time_, "", nullptr);
  if (absl::Status status = past_.Apply(entry); !status.ok()) return status;
  if (standard) states_.TakeStandards(past_.standards);
  for (const int64_t athlete : std::vector<int64_t>(athletes.begin(), athletes.end())) {
    if (past_.athletes.Exists(athlete)) athletes.insert(past_.athletes.Resolve(athlete));
  }
  std::vector<VerdictFlip> flips;
  for (const int64_t athlete : athletes) {
    if (states_.Watches(athlete)) states_.Look(views_, athlete, time_, touched->cause, &flips);
  }
  return flips.empty() ? absl::OkStatus() : tell_(flips, entry.position, entry.time_us);
}

}  // namespace palmares::qualification
