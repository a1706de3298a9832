// WatchQualifications: verdicts that change, deadlines that near, from a position on.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/identity/visibility.h"
#include "services/qualification/deadline_notices.h"
#include "services/qualification/missed_changes.h"
#include "services/qualification/place_states.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/verdict_states.h"
#include "services/qualification/watcher.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/watch.h"

namespace palmares::qualification {
namespace {

constexpr int kMostNamed = 1000;
constexpr int64_t kWatchSlice = 500;  // athletes looked at under one Reader
constexpr absl::Duration kTurn = absl::Seconds(1);
constexpr absl::Duration kQuiet = absl::Seconds(25);  // an empty message is sent after this long

// Why everybody is looked at again.
struct SweepCause {
  std::set<std::string> standards;  // that were loaded or retired: "standards/boston-2027"
  std::string entry;                // what an entry changed of which it is not known whom it concerns
  // A verdict that changed by none of them did so by the passing of a day.
  const std::string& Of(const v1::VerdictChange& change) const {
    const auto own = standards.find(change.verdict().standard());
    return own == standards.end() ? entry : *own;
  }
};

}  // namespace

// One stream: what it watches, and how far it has come.
class QualificationService::Watch {
 public:
  Watch(const QualificationService& service, const rpc::Call& call, const v1::WatchQualificationsRequest& request,
        grpc::ServerContext* context, grpc::ServerWriter<v1::WatchQualificationsResponse>* writer)
      : service_(service),
        call_(call),
        request_(request),
        context_(*context),
        writer_(*writer),
        notices_(absl::Seconds(request.deadline_notice_duration().seconds())) {}

  absl::Status Run() {
    if (absl::Status status = Begin(); !status.ok()) return status;
    if (absl::Status status = request_.start_position() > 0 ? CatchUpFromThePast() : Baseline(); !status.ok()) {
      return status;
    }
    if (absl::Status status = Tell(); !status.ok()) return status;
    for (;;) {
      if (absl::Status status = Turn(); !status.ok()) return status;
      if (flips_.empty() && deadlines_.empty() && !IsQuiet()) continue;
      if (absl::Status status = Tell(); !status.ok()) return status;
    }
  }

 private:
  // Reads the request.
  absl::Status Begin() {
    if (request_.start_position() < 0) {
      return rpc::InvalidField("start_position", absl::StrCat(request_.start_position()), "0 or a position");
    }
    if (request_.athletes_size() > kMostNamed || request_.standards_size() > kMostNamed) {
      return rpc::InvalidField("athletes", absl::StrCat(request_.athletes_size()),
                               "at most 1000 athletes and standards");
    }
    absl::StatusOr<storage::Store::Reader> reader = call_.Read();
    if (!reader.ok()) return reader.status();
    if (request_.start_position() > reader->position()) {
      return rpc::WithReason(
          absl::OutOfRangeError(absl::StrCat("start_position: ", request_.start_position(),
                                             " was never given out; the ledger is at ", reader->position())),
          "POSITION_UNKNOWN");
    }
    std::vector<int64_t> athletes;
    for (const std::string& name : request_.athletes()) {
      const int64_t number =
          identity::FindVisible(*service_.views_.athletes, *service_.views_.results, call_.caller, name);
      if (number == 0) return rpc::NotFound("athlete", name);
      athletes.push_back(number);
    }
    for (const std::string& name : request_.standards()) {
      absl::StatusOr<AppliedStandard> applied = service_.views_.standards->Resolve(name);
      if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", name);
      if (!applied.ok()) return applied.status();
      standard_ids_.push_back(applied->standard->id);
    }
    states_.emplace(std::move(athletes), standard_ids_);
    states_->TakeStandards(*service_.views_.standards);
    now_ = service_.calls_.clock();
    last_told_ = service_.calls_.clock();
    reported_ = request_.start_position();
    return absl::OkStatus();
  }

  bool IsQuiet() const { return service_.calls_.clock() - last_told_ >= kQuiet; }

  // Whether to go on; tells the caller now and then that it is heard, where they could go on from.
  absl::Status StillHere() {
    if (context_.IsCancelled()) return absl::CancelledError("the client left");
    if (absl::Status status = rpc::CheckServing(service_.calls_); !status.ok()) return status;
    if (absl::Now() >= call_.deadline) return absl::DeadlineExceededError("the call's deadline has come");
    return IsQuiet() ? Send({}, {}, reported_, reported_us_) : absl::OkStatus();
  }

  // Looks at everybody watched once, in slices, so that later changes can be told. Complete at position_.
  absl::Status Baseline() {
    {
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();
      if (!reader.ok()) return reader.status();
      service_.views_.touches->Activate();
      position_ = reader->position();
    }
    next_ = 1;
    return WorkAndPlace(nullptr);
  }

  // Everybody is to be looked at again.
  void SweepFor(const std::string& cause) {
    next_ = 1;
    if (!cause.empty()) sweep_.entry = cause;
  }

  // The athletes named, or all there are.
  std::vector<int64_t> NextSlice() {
    std::vector<int64_t> slice;
    if (!states_->athletes().empty()) {
      if (next_ == 1) slice.assign(states_->athletes().begin(), states_->athletes().end());
      next_ = INT64_MAX;
      return slice;
    }
    const int64_t count = service_.views_.athletes->count();
    while (next_ <= count && static_cast<int64_t>(slice.size()) < kWatchSlice) slice.push_back(next_++);
    return slice;
  }

  // Takes up who was touched since position_. Under a Reader.
  void TakeTouched(int64_t position) {
    if (position <= position_) return;
    const std::optional<TouchLog::Since> since = service_.views_.touches->After(position_);
    position_ = position;
    if (!since.has_value() || !since->standards.empty()) states_->TakeStandards(*service_.views_.standards);
    if (!since.has_value()) return SweepFor("");
    if (since->everybody.has_value()) SweepFor(*since->everybody);
    if (!since->standards.empty()) SweepFor("");
    if (!since->causes.empty()) newest_cause_ = since->causes.front();
    sweep_.standards.insert(since->standards.begin(), since->standards.end());
    for (size_t i = 0; i < since->athletes.size(); ++i) {
      const int64_t athlete = since->athletes[i];
      for (const int64_t number : {athlete, service_.views_.athletes->Resolve(athlete)}) {
        if (states_->Watches(number)) pending_.emplace(number, since->causes[static_cast<size_t>(since->causes_of[i])]);
      }
    }
  }

  // The next ones of those who were touched, then of everybody. Under a Reader.
  void LookAtSome(std::vector<VerdictFlip>* flips) {
    int64_t most = kWatchSlice;
    for (; most > 0 && !pending_.empty(); --most) {
      const auto [athlete, cause] = *pending_.begin();
      pending_.erase(pending_.begin());
      states_->Look(service_.views_, athlete, now_, cause, flips);
    }
    if (most < kWatchSlice) return;
    const size_t before = flips == nullptr ? 0 : flips->size();
    for (const int64_t athlete : NextSlice()) states_->Look(service_.views_, athlete, now_, "", flips);
    for (size_t i = before; flips != nullptr && i < flips->size(); ++i) {
      v1::VerdictChange& change = (*flips)[i].change;
      change.set_cause(sweep_.Of(change));
    }
  }

  // Works until everything is as of position_; changes go to `flips`.
  absl::Status Work(std::vector<VerdictFlip>* flips) {
    for (;;) {
      if (absl::Status status = StillHere(); !status.ok()) return status;
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();
      if (!reader.ok()) return reader.status();
      TakeTouched(reader->position());
      LookAtSome(flips);
      const bool swept = states_->athletes().empty() ? next_ > service_.views_.athletes->count() : next_ == INT64_MAX;
      if (!swept || !pending_.empty()) continue;
      sweep_ = {};
      return absl::OkStatus();
    }
  }

  // Tells what changed since the start position, by entries and by days.
  absl::Status CatchUpFromThePast() {
    if (absl::Status status = Baseline(); !status.ok()) return status;
    if (absl::Status status = ReadStartTime(); !status.ok()) return status;
    const absl::Time start = absl::FromUnixMicros(reported_us_);
    const bool nothing_missed =
        request_.start_position() == position_ && TurningTimesBetween(states_->standards(), start, now_).empty();
    if (nothing_missed) return TakeDeadlinesAsTold(states_->standards());
    // One at a time: each is as large as the live views.
    while (service_.past_in_use_.exchange(true)) {
      if (absl::Status status = StillHere(); !status.ok()) return status;
      absl::SleepFor(kTurn / 10);
    }
    const absl::Cleanup release = [this] { service_.past_in_use_ = false; };
    MissedChanges missed(
        &service_.calls_.store->ledger(), {states_->athletes().begin(), states_->athletes().end()}, standard_ids_,
        [this] { return StillHere(); },
        [this](const std::vector<VerdictFlip>& flips, int64_t position, int64_t time_us) {
          return Send(flips, {}, position, time_us);
        });
    if (absl::Status status = missed.StartFrom(request_.start_position(), start); !status.ok()) return status;
    if (absl::Status status = TakeDeadlinesAsTold(missed.standards()); !status.ok()) return status;
    return missed.TellUpTo(position_, now_);
  }

  // Those that had neared by the start were told then.
  absl::Status TakeDeadlinesAsTold(const std::vector<AppliedStandard>& standards) {
    const absl::Time start = absl::FromUnixMicros(reported_us_);
    notices_.TakeAsTold(AllDeadlines(standards), start);
    absl::StatusOr<storage::Store::Reader> reader = call_.Read();
    if (!reader.ok()) return reader.status();
    notices_.TakeAsTold(GoalsSetBy(reported_us_), start);
    return absl::OkStatus();
  }

  // Up to when the caller knows all: when the start position was reached, or later if they say so.
  absl::Status ReadStartTime() {
    const int64_t start = request_.start_position();
    absl::Status status = service_.calls_.store->ledger().Read(start, start, [this](const storage::Entry& entry) {
      reported_us_ = entry.time_us;
      return absl::OkStatus();
    });
    const int64_t said = request_.start_time().seconds() * int64_t{1'000'000} + request_.start_time().nanos() / 1000;
    const int64_t now = absl::ToUnixMicros(service_.calls_.clock());
    reported_us_ = std::max(reported_us_, std::min(said, now));
    return status;
  }

  // Waits for something new, for a moment, and works on it.
  absl::Status Turn() {
    if (absl::Status status = StillHere(); !status.ok()) return status;
    if (PassTime()) {
      if (absl::Status status = WorkAndPlace(&flips_); !status.ok()) return status;
      if (!flips_.empty()) return absl::OkStatus();  // they are told first
    }
    if (absl::Status status = TakeDeadlines(now_); !status.ok()) return status;
    {
      absl::StatusOr<storage::Store::Reader> reader = service_.calls_.store->Read(position_ + 1, absl::Now() + kTurn);
      if (absl::IsDeadlineExceeded(reader.status())) return absl::OkStatus();
      if (!reader.ok()) return reader.status();
    }
    PassTime();  // it may have gone by while nothing was new
    return WorkAndPlace(&flips_);
  }

  // Goes on to the time that it is. Whether everybody is to be looked at again: windows closed, cut-offs were decided,
  // or another day began, whose results count.
  bool PassTime() {
    const absl::Time now = service_.calls_.clock();
    const bool turned =
        !TurningTimesBetween(states_->standards(), now_, now).empty() || NewestDay(now) != NewestDay(now_);
    now_ = now;
    if (turned) SweepFor("");
    return turned;
  }

  // What the athletes' own results changed, then whom the places moved.
  absl::Status WorkAndPlace(std::vector<VerdictFlip>* flips) {
    if (absl::Status status = Work(flips); !status.ok()) return status;
    for (const AppliedStandard& applied : PlaceStates::Limited(states_->standards())) {
      if (absl::Status status = StillHere(); !status.ok()) return status;
      auto snapshot = service_.fields_.Current(applied, AtInstant(*applied.standard, now_), position_, call_.deadline);
      if (!snapshot.ok()) return snapshot.status();
      auto field = service_.Order(call_, *std::move(snapshot), {});
      if (!field.ok()) return field.status();
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();
      if (!reader.ok()) return reader.status();
      places_.Take(applied, *std::move(field), service_.views_, *states_, {now_, newest_cause_, flips});
    }
    newest_cause_.clear();
    return absl::OkStatus();
  }

  absl::Status TakeDeadlines(absl::Time now) {
    if (!request_.has_deadline_notice_duration()) return absl::OkStatus();
    if (position_ != known_position_) {
      known_ = AllDeadlines(states_->standards());
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();
      if (!reader.ok()) return reader.status();
      for (v1::Deadline& goal : GoalsSetBy(INT64_MAX)) known_.push_back(std::move(goal));
      known_position_ = position_;
    }
    for (v1::Deadline& deadline : notices_.Near(known_, now)) deadlines_.push_back(std::move(deadline));
    return absl::OkStatus();
  }

  // The days of the goals of the athletes named, of those that were last set by then. Under a Reader.
  std::vector<v1::Deadline> GoalsSetBy(int64_t time_us) const {
    std::vector<v1::Deadline> all;
    if (service_.goal_deadlines_ == nullptr) return all;
    std::vector<int64_t> athletes(states_->athletes().begin(), states_->athletes().end());
    std::sort(athletes.begin(), athletes.end());
    for (const int64_t athlete : athletes) {
      const std::string name = service_.views_.athletes->Name(service_.views_.athletes->Resolve(athlete));
      for (const GoalDeadline& goal : service_.goal_deadlines_(call_.caller, name)) {
        if (absl::ToUnixMicros(goal.changed) > time_us) continue;
        v1::Deadline& out = all.emplace_back();
        out.set_kind(v1::Deadline::KIND_GOAL_DUE);
        out.set_athlete(name);
        out.set_goal(goal.name);
        out.set_standard(goal.standard);
        *out.mutable_deadline_time() = rpc::ToTimestamp(absl::ToUnixMicros(goal.end));
      }
    }
    return all;
  }

  absl::Status Tell() {
    absl::Status status = Send(flips_, deadlines_, position_, absl::ToUnixMicros(now_));
    flips_.clear();
    deadlines_.clear();
    return status;
  }

  absl::Status Send(const std::vector<VerdictFlip>& flips, const std::vector<v1::Deadline>& deadlines, int64_t position,
                    int64_t time_us) {
    v1::WatchQualificationsResponse message;
    if (!flips.empty()) {
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();  // for who may be seen
      if (!reader.ok()) return reader.status();
      for (const VerdictFlip& flip : flips) {
        const int64_t athlete = service_.views_.athletes->Resolve(flip.athlete);
        if (identity::IsVisible(*service_.views_.athletes, *service_.views_.results, call_.caller, athlete)) {
          *message.add_changes() = flip.change;
        }
      }
    }
    for (const v1::Deadline& deadline : deadlines) *message.add_deadlines() = deadline;
    if (time_us > 0) *message.mutable_change_time() = rpc::ToTimestamp(time_us);
    message.set_position(position);
    last_told_ = service_.calls_.clock();
    reported_ = position;
    reported_us_ = time_us;
    return writer_.Write(message) ? absl::OkStatus() : absl::CancelledError("the client left");
  }

  const QualificationService& service_;
  const rpc::Call& call_;
  const v1::WatchQualificationsRequest& request_;
  grpc::ServerContext& context_;
  grpc::ServerWriter<v1::WatchQualificationsResponse>& writer_;
  std::vector<std::string> standard_ids_;
  std::optional<VerdictStates> states_;
  PlaceStates places_;
  std::string newest_cause_;  // since places were looked at
  absl::Time now_;            // that the states are of
  absl::Time last_told_;
  int64_t position_ = 0;
  int64_t reported_ = 0;     // the caller knows all up to this position
  int64_t reported_us_ = 0;  // and this time; 0: not known yet
  int64_t next_ = 1;
  SweepCause sweep_;                        // of the look at everybody that is under way
  std::map<int64_t, std::string> pending_;  // athletes who were touched, by what
  std::vector<VerdictFlip> flips_;
  std::vector<v1::Deadline> deadlines_;
  DeadlineNotices notices_;
  std::vector<v1::Deadline> known_;  // as of known_position_
  int64_t known_position_ = -1;
};

grpc::Status QualificationService::WatchQualifications(grpc::ServerContext* context,
                                                       const v1::WatchQualificationsRequest* request,
                                                       grpc::ServerWriter<v1::WatchQualificationsResponse>* writer) {
  return rpc::Serve(calls_, *context, "QualificationService.WatchQualifications", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      const Watcher watcher(&watchers_);
                      if (!watcher.ok()) {
                        return absl::ResourceExhaustedError("too many watch qualifications already; try again later");
                      }
                      return Watch(*this, call, *request, context, writer).Run();
                    });
}

}  // namespace palmares::qualification
