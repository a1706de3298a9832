// WatchQualifications: verdicts that change, deadlines that near, from a position on.
#include <atomic>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
#include "services/qualification/deadlines.h"
#include "services/qualification/past_views.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/verdict_states.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr int kMostNamed = 1000;
constexpr int kMostWatchers = 64;
constexpr int64_t kWatchSlice = 500;  // athletes looked at under one Reader
constexpr absl::Duration kTurn = absl::Seconds(1);
constexpr absl::Duration kQuiet = absl::Seconds(25);  // an empty message is sent after this long

// Counts those who watch; too many are turned away.
class Watcher {
 public:
  explicit Watcher(std::atomic<int>* count) : count_(count), ok_(++*count <= kMostWatchers) {}
  ~Watcher() { --*count_; }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  bool ok() const { return ok_; }

 private:
  std::atomic<int>* count_;
  bool ok_;
};

}  // namespace

// One stream: what it watches, and how far it has come.
class QualificationService::Watch {
 public:
  Watch(const QualificationService& service, const rpc::Call& call, const v1::WatchQualificationsRequest& request,
        grpc::ServerContext* context, grpc::ServerWriter<v1::WatchQualificationsResponse>* writer)
      : service_(service), call_(call), request_(request), context_(*context), writer_(*writer) {}

  absl::Status Run() {
    if (absl::Status status = Begin(); !status.ok()) return status;
    if (absl::Status status = request_.start_position() > 0 ? CatchUpFromThePast() : Baseline(); !status.ok()) {
      return status;
    }
    if (absl::Status status = Tell(); !status.ok()) return status;
    for (;;) {
      if (absl::Status status = Turn(); !status.ok()) return status;
      const bool quiet = service_.calls_.clock() - last_told_ >= kQuiet;
      if (flips_.empty() && deadlines_.empty() && !quiet) continue;
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
    today_ = service_.Today();
    last_told_ = service_.calls_.clock();
    return absl::OkStatus();
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
    return Work(nullptr);
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
    if (!since.has_value() || since->standards) {
      states_->TakeStandards(*service_.views_.standards);
      next_ = 1;
    }
    if (!since.has_value()) return;
    for (const int64_t athlete : since->athletes) {
      for (const int64_t number : {athlete, service_.views_.athletes->Resolve(athlete)}) {
        if (states_->Watches(number)) pending_.insert(number);
      }
    }
  }

  // Works until everything is as of position_; changes go to `flips`.
  absl::Status Work(std::vector<VerdictFlip>* flips) {
    for (;;) {
      if (context_.IsCancelled()) return absl::CancelledError("the client left");
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();
      if (!reader.ok()) return reader.status();
      TakeTouched(reader->position());
      for (const int64_t athlete : NextSlice()) states_->Look(service_.views_, athlete, today_, "", flips);
      for (int64_t most = kWatchSlice; most > 0 && !pending_.empty(); --most) {
        const int64_t athlete = *pending_.begin();
        pending_.erase(pending_.begin());
        states_->Look(service_.views_, athlete, today_, "", flips);
      }
      const bool all = pending_.empty() && (!states_->athletes().empty() || next_ > service_.views_.athletes->count());
      if (all) return absl::OkStatus();
    }
  }

  // Replays the ledger to the start, then tells every entry's changes up to now.
  absl::Status CatchUpFromThePast() {
    if (absl::Status status = Baseline(); !status.ok()) return status;
    if (request_.start_position() == position_) return absl::OkStatus();
    const absl::MutexLock lock(&service_.past_mutex_);  // one at a time: each is as large as the live views
    PastViews past(&service_.calls_.store->ledger());
    if (absl::Status status = past.Replay(request_.start_position()); !status.ok()) return status;
    VerdictStates states({states_->athletes().begin(), states_->athletes().end()}, standard_ids_);
    const QualificationViews views{&past.standards, &past.athletes, &past.results, nullptr};
    states.TakeStandards(past.standards);
    return service_.calls_.store->ledger().Read(
        request_.start_position() + 1, position_,
        [&](const storage::Entry& entry) { return Step(entry, views, past, states); });
  }

  // What one entry changes, told at its own position.
  absl::Status Step(const storage::Entry& entry, const QualificationViews& views, PastViews& past,
                    VerdictStates& states) {
    absl::StatusOr<Touched> touched = past.Touches(entry);
    if (!touched.ok()) return touched.status();
    std::set<int64_t> athletes(touched->athletes.begin(), touched->athletes.end());
    for (const int64_t athlete : touched->athletes) athletes.insert(past.athletes.Resolve(athlete));
    const bool standard = entry.change.kind == storage::EntryKind::kStandardSet ||
                          entry.change.kind == storage::EntryKind::kStandardRetired;
    if (touched->everybody || standard) {
      for (int64_t athlete = 1; athlete <= past.athletes.count(); ++athlete) athletes.insert(athlete);
    }
    std::erase_if(athletes, [&](int64_t athlete) { return !states.Watches(athlete); });
    for (const int64_t athlete : athletes) states.Look(views, athlete, today_, "", nullptr);
    if (absl::Status status = past.Apply(entry); !status.ok()) return status;
    if (standard) states.TakeStandards(past.standards);
    for (const int64_t athlete : std::vector<int64_t>(athletes.begin(), athletes.end())) {
      if (past.athletes.Exists(athlete)) athletes.insert(past.athletes.Resolve(athlete));
    }
    std::vector<VerdictFlip> flips;
    for (const int64_t athlete : athletes) {
      if (states.Watches(athlete)) states.Look(views, athlete, today_, touched->cause, &flips);
    }
    if (flips.empty()) return absl::OkStatus();
    if (context_.IsCancelled()) return absl::CancelledError("the client left");
    return Send(flips, entry.position, entry.time_us);
  }

  // Waits for something new, for a moment, and works on it.
  absl::Status Turn() {
    if (context_.IsCancelled()) return absl::CancelledError("the client left");
    const absl::Time now = service_.calls_.clock();
    const athletics::Date today = absl::ToCivilDay(now, absl::UTCTimeZone());
    if (today != today_) {  // a day has passed: windows close and cut-offs are decided
      today_ = today;
      next_ = 1;
      if (absl::Status status = Work(&flips_); !status.ok()) return status;
    }
    if (request_.has_deadline_notice_duration()) TakeDeadlines(now);
    {
      absl::StatusOr<storage::Store::Reader> reader = service_.calls_.store->Read(position_ + 1, absl::Now() + kTurn);
      if (absl::IsDeadlineExceeded(reader.status())) return absl::OkStatus();
      if (!reader.ok()) return reader.status();
    }
    return Work(&flips_);
  }

  void TakeDeadlines(absl::Time now) {
    const absl::Duration notice = absl::Seconds(request_.deadline_notice_duration().seconds());
    for (const AppliedStandard& applied : states_->standards()) {
      for (const StandardDeadline& deadline : DeadlinesOf(*applied.standard)) {
        const bool near = deadline.time > now && deadline.time - notice <= now;
        if (!near || !told_.insert({applied.standard->id, deadline.kind}).second) continue;
        v1::Deadline& out = deadlines_.emplace_back();
        out.set_standard(absl::StrCat("standards/", applied.standard->id));
        out.set_kind(deadline.kind);
        *out.mutable_deadline_time() = rpc::ToTimestamp(absl::ToUnixMicros(deadline.time));
      }
    }
  }

  absl::Status Tell() {
    absl::Status status = Send(flips_, position_, absl::ToUnixMicros(service_.calls_.clock()));
    flips_.clear();
    deadlines_.clear();
    return status;
  }

  absl::Status Send(const std::vector<VerdictFlip>& flips, int64_t position, int64_t time_us) {
    v1::WatchQualificationsResponse message;
    {
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();  // for who may be seen
      if (!reader.ok()) return reader.status();
      for (const VerdictFlip& flip : flips) {
        const int64_t athlete = service_.views_.athletes->Resolve(flip.athlete);
        if (identity::IsVisible(*service_.views_.athletes, *service_.views_.results, call_.caller, athlete)) {
          *message.add_changes() = flip.change;
        }
      }
    }
    for (const v1::Deadline& deadline : deadlines_) *message.add_deadlines() = deadline;
    *message.mutable_change_time() = rpc::ToTimestamp(time_us);
    message.set_position(position);
    last_told_ = service_.calls_.clock();
    return writer_.Write(message) ? absl::OkStatus() : absl::CancelledError("the client left");
  }

  const QualificationService& service_;
  const rpc::Call& call_;
  const v1::WatchQualificationsRequest& request_;
  grpc::ServerContext& context_;
  grpc::ServerWriter<v1::WatchQualificationsResponse>& writer_;
  std::vector<std::string> standard_ids_;
  std::optional<VerdictStates> states_;
  athletics::Date today_;
  absl::Time last_told_;
  int64_t position_ = 0;
  int64_t next_ = 1;
  std::set<int64_t> pending_;
  std::vector<VerdictFlip> flips_;
  std::vector<v1::Deadline> deadlines_;
  std::set<std::pair<std::string, v1::Deadline::Kind>> told_;
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
