// The part of RankingService that tells what changes in a list.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/ranking_watch.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/watch.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kMostWatched = 1000;
// How long a watch waits for a change before it looks whether the caller is still there.
constexpr absl::Duration kLook = absl::Milliseconds(500);
constexpr absl::Duration kLongestSilence = absl::Seconds(25);

bool IsWorldRanking(const v1::RankingQuery& query) { return query.order() == v1::RANKING_ORDER_WORLD_RANKING; }

// Whether the list changes with the day, whatever is written.
bool GoesByDay(const v1::RankingQuery& query) { return query.rolling_months() != 0 || IsWorldRanking(query); }

athletics::Date TodayFor(const rpc::Call& call) { return absl::ToCivilDay(call.calls->clock(), absl::UTCTimeZone()); }

absl::Status CheckWatch(const v1::WatchRankingRequest& request) {
  if (request.top() < 0 || request.top() > kMostWatched) {
    return rpc::InvalidField("top", absl::StrCat(request.top()), "0 to 1000");
  }
  if (request.athletes_size() > kMostWatched) {
    return rpc::InvalidField("athletes", absl::StrCat(request.athletes_size(), " athletes"), "at most 1000");
  }
  if (request.top() == 0 && request.athletes().empty()) return rpc::MissingField("top", "a top or athletes to watch");
  if (request.start_position() < 0) {
    return rpc::InvalidField("start_position", absl::StrCat(request.start_position()), "0 or a position");
  }
  if (!IsOfNow(request.query())) {
    return rpc::InvalidField("query.as_of", "set", "nothing: a list is watched as of now");
  }
  return absl::OkStatus();
}

absl::Status SetChangeTime(const storage::Ledger& ledger, int64_t position, v1::WatchRankingResponse& out) {
  return ledger.Read(position, position, [&out](const storage::Entry& entry) {
    *out.mutable_change_time() = rpc::ToTimestamp(entry.time_us);
    return absl::OkStatus();
  });
}

// What is there once something was written after the position; where nothing is, DEADLINE_EXCEEDED, or what is there
// `anyway`. The wait is one of real time, whatever the clock of the data says.
absl::StatusOr<storage::Store::Reader> Newer(const rpc::Call& call, int64_t position, bool anyway) {
  absl::StatusOr<storage::Store::Reader> reader = call.calls->store->Read(position + 1, absl::Now() + kLook);
  if (anyway && absl::IsDeadlineExceeded(reader.status())) return call.Read();
  return reader;
}

}  // namespace

// The list as it stands, at the position of the caller's Reader; with what changed since a sighting, if there is one.
absl::StatusOr<Sighting> RankingService::SightNow(const rpc::Call& call, const v1::RankingQuery& query,
                                                  const Watched& watched, int64_t position, const Sighting* before,
                                                  v1::WatchRankingResponse& out) {
  if (IsWorldRanking(query)) {
    const absl::StatusOr<AskedWorldRanking> asked = AskWorldRanking(call, query);
    if (!asked.ok()) return asked.status();
    const absl::StatusOr<OpenWorldRanking> open = OpenWorld(asked->query, position);
    if (!open.ok()) return open.status();
    Sighting now = Look(*open, watched, position);
    if (before == nullptr) return now;
    if (absl::Status status = AddChanges(*before, now, *open, out); !status.ok()) return status;
    return now;
  }
  const absl::StatusOr<AskedList> asked = opener_.Parse(call, query);
  if (!asked.ok()) return asked.status();
  const absl::StatusOr<OpenList> open = opener_.OpenNow(*asked, position);
  if (!open.ok()) return open.status();
  absl::StatusOr<Sighting> now = Look(*open, watched, position);
  if (!now.ok() || before == nullptr) return now;
  if (absl::Status status = AddChanges(*before, *now, *open, out); !status.ok()) return status;
  return now;
}

// The list as it was known at an earlier position.
absl::StatusOr<Sighting> RankingService::SightThen(const rpc::Call& call, v1::RankingQuery query,
                                                   const Watched& watched, int64_t position) {
  query.mutable_as_of()->set_ledger_position(position);
  query.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN);
  absl::StatusOr<Sighting> seen;
  const auto look = [&](const auto& list, int64_t at) {
    seen = Look(list, watched, at);
    return seen.status();
  };
  absl::Status status =
      IsWorldRanking(query) ? WithWorldRanking(call, query, 0, look) : opener_.With(call, query, 0, look);
  if (!status.ok()) return status;
  return seen;
}

// Where those who are watched stood at the position that the watch begins after.
absl::Status RankingService::BeginWatch(const rpc::Call& call, const v1::WatchRankingRequest& request, Watch& watch) {
  watch.watched.top = request.top();
  watch.day = TodayFor(call);
  absl::StatusOr<Sighting> seen;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    for (const std::string& name : request.athletes()) {
      const int64_t athlete =
          identity::FindVisible(*opener_.sources().athletes, *opener_.sources().results, call.caller, name);
      if (athlete == 0) return rpc::NotFound("athlete", name);
      watch.watched.athletes.push_back(athlete);
    }
    if (request.start_position() == 0 || request.start_position() == reader->position()) {
      v1::WatchRankingResponse nothing;
      seen = SightNow(call, request.query(), watch.watched, reader->position(), nullptr, nothing);
      if (!seen.ok()) return seen.status();
      watch.seen = *std::move(seen);
      return absl::OkStatus();
    }
  }
  seen = SightThen(call, request.query(), watch.watched, request.start_position());
  if (!seen.ok()) return seen.status();
  watch.seen = *std::move(seen);
  return absl::OkStatus();
}

// What has changed since the list was looked at, if anything has been written since or, where it goes by that, the day
// is another; the watch is brought up to date. True where it was looked at.
absl::StatusOr<bool> RankingService::LookAgain(const rpc::Call& call, const v1::WatchRankingRequest& request,
                                               Watch& watch, v1::WatchRankingResponse& out) {
  const athletics::Date today = TodayFor(call);
  const bool day_ended = today != watch.day && GoesByDay(request.query());
  const absl::StatusOr<storage::Store::Reader> reader = Newer(call, watch.seen.position, day_ended);
  if (absl::IsDeadlineExceeded(reader.status()) && !day_ended) return false;
  if (!reader.ok()) return reader.status();
  absl::StatusOr<Sighting> now = SightNow(call, request.query(), watch.watched, reader->position(), &watch.seen, out);
  if (!now.ok()) return now.status();
  watch.seen = *std::move(now);
  watch.day = today;
  return true;
}

grpc::Status RankingService::WatchRanking(grpc::ServerContext* context, const v1::WatchRankingRequest* request,
                                          grpc::ServerWriter<v1::WatchRankingResponse>* writer) {
  return rpc::Serve(calls_, *context, "RankingService.WatchRanking", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (absl::Status status = CheckWatch(*request); !status.ok()) return status;
                      const rpc::WatchPlace place;
                      if (!place.status().ok()) return place.status();
                      const absl::StatusOr<bool> takes_a_pass = TakesAPass(call, request->query());
                      if (!takes_a_pass.ok()) return takes_a_pass.status();
                      WatchPace pace(*takes_a_pass);
                      Watch watch;
                      if (absl::Status status = BeginWatch(call, *request, watch); !status.ok()) return status;
                      absl::Time sent = absl::InfinitePast();  // the first message says where the watch begins
                      while (!context->IsCancelled() && call.calls->clock() < call.deadline) {
                        if (absl::Status status = rpc::CheckServing(calls_); !status.ok()) return status;
                        if (const absl::Duration wait = pace.Wait(absl::Now()); wait > absl::ZeroDuration()) {
                          absl::SleepFor(std::min(wait, kLook));
                          continue;
                        }
                        v1::WatchRankingResponse message;
                        const int64_t before = watch.seen.position;
                        const absl::StatusOr<bool> looked = LookAgain(call, *request, watch, message);
                        if (!looked.ok()) return looked.status();
                        if (*looked) pace.Looked(absl::Now());
                        if (message.changes().empty() && absl::Now() - sent < kLongestSilence) continue;
                        message.set_position(watch.seen.position);
                        message.set_total_size(static_cast<int32_t>(watch.seen.total));
                        if (!message.changes().empty() && watch.seen.position != before) {
                          absl::Status status = SetChangeTime(calls_.store->ledger(), watch.seen.position, message);
                          if (!status.ok()) return status;
                        }
                        if (!writer->Write(message)) break;
                        sent = absl::Now();
                      }
                      return absl::OkStatus();
                    });
}

absl::StatusOr<bool> RankingService::TakesAPass(const rpc::Call& call, const v1::RankingQuery& query) const {
  if (IsWorldRanking(query)) return true;
  const absl::StatusOr<AskedList> asked = opener_.Parse(call, query);
  if (!asked.ok()) return asked.status();
  return !Standing(asked->query).has_value();
}

}  // namespace palmares::rankings
