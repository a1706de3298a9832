// Histories of many, and of one as a file: StreamHistories, ExportHistory.
#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/identity/athlete_messages.h"
#include "services/identity/visibility.h"
#include "services/portfolio/history_file.h"
#include "services/portfolio/history_service.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr int kMostStreamed = 100'000;
// Read under one Reader, so that writers need not wait for long: some milliseconds.
constexpr size_t kHistoriesAtOnce = 100;
constexpr int kAthletesAtOnce = 10'000;

constexpr absl::string_view kAthleteFilterFields[] = {"country", "sex", "clubs.club", "disciplines"};

}  // namespace

// Whose histories a stream sends, in order, and how far it is.
class HistoryService::Stream {
 public:
  Stream(const HistoryService* service, const rpc::Call* call, const v1::StreamHistoriesRequest* request)
      : service_(*service), call_(*call), request_(*request) {}

  absl::Status ReadRequest() {
    if (request_.athletes_size() > kMostStreamed) {
      return rpc::InvalidField("athletes", absl::StrCat(request_.athletes_size(), " athletes"), "at most 100000");
    }
    absl::StatusOr<HistorySelection> selection = HistorySelection::Of(request_.disciplines(), request_.period());
    if (!selection.ok()) return selection.status();
    wanted_ = {*std::move(selection), request_.view() == v1::HISTORY_VIEW_FULL, request_.summary()};
    absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request_.filter(), kAthleteFilterFields);
    if (!conditions.ok()) return conditions.status();
    std::vector<rpc::Condition> of_athlete;
    for (rpc::Condition& condition : *conditions) {
      if (condition.field != "disciplines") {
        of_athlete.push_back(std::move(condition));
        continue;
      }
      const auto discipline = athletics::FindDiscipline(condition.value);
      if (!discipline.ok()) return rpc::InvalidField("filter", condition.value, "a discipline such as marathon");
      disciplines_.push_back(*discipline);
    }
    absl::StatusOr<identity::AthleteFilter> filter = identity::AthleteFilter::Of(std::move(of_athlete));
    if (!filter.ok()) return filter.status();
    filter_ = *std::move(filter);
    return absl::OkStatus();
  }

  // Finds everybody who is named before anything is sent, and where to begin.
  absl::Status Begin() {
    const int count = request_.athletes_size();
    for (int first = 0; first < count; first += kAthletesAtOnce) {
      absl::StatusOr<storage::Store::Reader> reader = call_.Read(request_.min_position());
      if (!reader.ok()) return reader.status();
      for (int i = first; i < std::min(count, first + kAthletesAtOnce); ++i) {
        const int64_t athlete = service_.Find(call_, request_.athletes(i));
        if (athlete == 0) return rpc::NotFound("athlete", request_.athletes(i));
        named_.push_back(athlete);
      }
    }
    if (request_.start_athlete().empty()) return absl::OkStatus();
    absl::StatusOr<storage::Store::Reader> reader = call_.Read(request_.min_position());
    if (!reader.ok()) return reader.status();
    const int64_t start = service_.Find(call_, request_.start_athlete());
    if (start == 0) return rpc::NotFound("athlete", request_.start_athlete());
    next_ = start;  // of all athletes the number before the next one
    if (named_.empty()) return absl::OkStatus();
    const auto found = std::find(named_.begin(), named_.end(), start);
    if (found == named_.end()) {
      return rpc::InvalidField("start_athlete", request_.start_athlete(), "one of the athletes that are named");
    }
    next_ = found - named_.begin() + 1;
    return absl::OkStatus();
  }

  // The next histories, at one position; none, with `done`, behind the last.
  absl::Status Next(std::vector<v1::History>& histories, bool& done) {
    histories.clear();
    absl::StatusOr<storage::Store::Reader> reader = call_.Read(request_.min_position());
    if (!reader.ok()) return reader.status();
    for (int looked_at = 0; looked_at < kAthletesAtOnce && histories.size() < kHistoriesAtOnce; ++looked_at) {
      const std::optional<int64_t> athlete = Step();
      done = !athlete.has_value();
      if (done) break;
      if (!IsWanted(*athlete)) continue;
      v1::History& history = histories.emplace_back();
      service_.Fill(call_, wanted_, *athlete, &history);
      history.set_position(reader->position());
    }
    return absl::OkStatus();
  }

 private:
  // The athlete to look at next.
  std::optional<int64_t> Step() {
    const identity::Athletes& athletes = *service_.views_.athletes;
    if (!named_.empty()) {
      if (next_ == static_cast<int64_t>(named_.size())) return std::nullopt;
      return athletes.Resolve(named_[static_cast<size_t>(next_++)]);
    }
    return next_ < athletes.count() ? std::optional(++next_) : std::nullopt;
  }

  bool IsWanted(int64_t athlete) const {
    const identity::PrivacyViews& views = service_.views_;
    if (!filter_->MayMeet(views.athletes->athlete(athlete))) return false;
    if (named_.empty()) {
      if (views.athletes->Resolve(athlete) != athlete) return false;
      if (!identity::IsVisible(*views.athletes, *views.results, call_.caller, athlete)) return false;
      if (!identity::IsFindable(views, call_.caller, athlete, service_.NowUs())) return false;
    } else if (service_.Find(call_, views.athletes->Name(athlete)) == 0) {
      return false;  // who was hidden meanwhile
    }
    if (!filter_->empty() && !filter_->Meets(identity::ToProto(views, athlete, call_.caller, service_.NowUs()))) {
      return false;
    }
    return absl::c_all_of(disciplines_, [&](const athletics::Discipline* wanted) {
      return absl::c_any_of(views.athletes->Members(athlete), [&](int64_t member) {
        return absl::c_any_of(views.results->OfAthlete(member), [&](const results::RowRef& row) {
          return views.results->calendar().race(row.race).discipline == wanted &&
                 results::Counts(views.results->sheet(row.race).state);
        });
      });
    });
  }

  const HistoryService& service_;
  const rpc::Call& call_;
  const v1::StreamHistoriesRequest& request_;
  Wanted wanted_;
  std::optional<identity::AthleteFilter> filter_;
  std::vector<const athletics::Discipline*> disciplines_;
  std::vector<int64_t> named_;
  int64_t next_ = 0;  // index into those named, or the last number that was looked at
};

grpc::Status HistoryService::StreamHistories(grpc::ServerContext* context, const v1::StreamHistoriesRequest* request,
                                             grpc::ServerWriter<v1::History>* writer) {
  return rpc::Serve(calls_, *context, "HistoryService.StreamHistories", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      Stream stream(this, &call, request);
                      if (absl::Status status = stream.ReadRequest(); !status.ok()) return status;
                      if (absl::Status status = stream.Begin(); !status.ok()) return status;
                      std::vector<v1::History> histories;
                      for (bool done = false; !done;) {
                        if (context->IsCancelled()) return absl::CancelledError("the client went away");
                        if (calls_.draining != nullptr && *calls_.draining) {
                          return absl::UnavailableError("the server shuts down: go on with start_athlete");
                        }
                        if (absl::Status status = stream.Next(histories, done); !status.ok()) return status;
                        for (const v1::History& history : histories) {
                          if (!writer->Write(history)) return absl::CancelledError("the client went away");
                        }
                      }
                      return absl::OkStatus();
                    });
}

grpc::Status HistoryService::ExportHistory(grpc::ServerContext* context, const v1::ExportHistoryRequest* request,
                                           grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(
      calls_, *context, "HistoryService.ExportHistory", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<HistorySelection> selection = HistorySelection::Of(request->disciplines(), request->period());
        if (!selection.ok()) return selection.status();
        absl::StatusOr<rpc::TableWriter> table = rpc::TableWriter::Make(request->format());
        if (!table.ok()) return table.status();
        rpc::ExportedFile file;
        v1::History history;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          const int64_t athlete = Find(call, request->athlete());
          if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
          Fill(call, {*std::move(selection), /*full=*/true, /*summary=*/false}, athlete, &history);
          file.position = reader->position();
        }
        if (absl::Status status = WriteHistory(history, *std::move(table), file); !status.ok()) return status;
        return rpc::SendFile(file, *writer);
      });
}

}  // namespace palmares::portfolio
