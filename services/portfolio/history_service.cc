#include "services/portfolio/history_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr int32_t kPageSize = 200;
constexpr int32_t kLargestPage = 2000;
constexpr int kLargestBatch = 1000;
constexpr size_t kLargestAnswer = size_t{3} << 20;  // under the 4 MiB that clients accept by default

}  // namespace

template <typename Request>
absl::StatusOr<std::vector<HistoryLine>> HistoryService::Chosen(const Request& request, int64_t athlete) const {
  std::set<const athletics::Discipline*> disciplines;
  for (const std::string& text : request.disciplines()) {
    absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(text);
    if (!discipline.ok()) return rpc::InvalidField("disciplines", text, "a discipline such as marathon or 5000m");
    disciplines.insert(*discipline);
  }
  auto from = rpc::FromProto(request.period().start_date(), "period.start_date");
  auto to = rpc::FromProto(request.period().end_date(), "period.end_date");
  if (!from.ok()) return from.status();
  if (!to.ok()) return to.status();
  std::vector<HistoryLine> lines = History(athletes_, results_, athlete);
  const auto unwanted = [&](const HistoryLine& line) {
    const events::Race& race = results_.calendar().race(line.row.race);
    return (!disciplines.empty() && !disciplines.contains(race.discipline)) ||
           (from->has_value() && race.date < **from) || (to->has_value() && race.date > **to);
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), unwanted), lines.end());
  return lines;
}

template <typename Request>
absl::Status HistoryService::Fill(const Request& request, int64_t athlete, v1::History* out) const {
  absl::StatusOr<std::vector<HistoryLine>> lines = Chosen(request, athlete);
  if (!lines.ok()) return lines.status();
  out->set_athlete(athletes_.Name(athlete));
  for (auto line = lines->rbegin(); line != lines->rend(); ++line) {
    *out->add_entries() = messages_.Entry(*line, request.view() == v1::HISTORY_VIEW_FULL);
  }
  if (request.summary()) *out->mutable_summary() = messages_.Summary(athlete, *lines);
  return absl::OkStatus();
}

grpc::Status HistoryService::GetHistory(grpc::ServerContext* context, const v1::GetHistoryRequest* request,
                                        v1::GetHistoryResponse* response) {
  return rpc::Serve(
      calls_, *context, "HistoryService.GetHistory", *request, [&](const rpc::Call& call) -> absl::Status {
        if (!request->filter().empty()) return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const int64_t athlete = identity::FindVisible(athletes_, results_, call.caller, request->athlete());
        if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
        absl::StatusOr<std::vector<HistoryLine>> lines = Chosen(*request, athlete);
        if (!lines.ok()) return lines.status();
        v1::History* history = response->mutable_history();
        history->set_athlete(athletes_.Name(athlete));
        history->set_position(reader->position());
        const identity::Athlete& record = athletes_.athlete(athlete);
        history->mutable_athlete_summary()->set_name(athletes_.Name(athlete));
        history->mutable_athlete_summary()->set_display_name(record.display_name);
        history->mutable_athlete_summary()->set_sex(rpc::ToProto(record.sex));
        history->mutable_athlete_summary()->set_country(record.country);
        response->set_total_size(static_cast<int32_t>(lines->size()));
        bool started = last->empty();
        std::string shown;
        for (auto line = lines->rbegin(); line != lines->rend(); ++line) {
          const std::string key = absl::StrCat(line->row.race, ",", line->row.row);
          if (!started) {
            started = key == *last;
            continue;
          }
          if (history->entries_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
            break;
          }
          *history->add_entries() = messages_.Entry(*line, request->view() != v1::HISTORY_VIEW_BASIC);
          shown = key;
        }
        if (request->summary() && last->empty()) *history->mutable_summary() = messages_.Summary(athlete, *lines);
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status HistoryService::BatchGetHistories(grpc::ServerContext* context,
                                               const v1::BatchGetHistoriesRequest* request,
                                               v1::BatchGetHistoriesResponse* response) {
  return rpc::Serve(
      calls_, *context, "HistoryService.BatchGetHistories", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->athletes_size() > kLargestBatch) {
          return rpc::InvalidField("athletes", absl::StrCat(request->athletes_size(), " athletes"), "at most 1000");
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        for (const std::string& name : request->athletes()) {
          const int64_t athlete = identity::FindVisible(athletes_, results_, call.caller, name);
          if (athlete == 0) {
            response->add_missing_athletes(name);
            continue;
          }
          if (absl::Status status = Fill(*request, athlete, response->add_histories()); !status.ok()) return status;
        }
        response->set_position(reader->position());
        if (response->ByteSizeLong() > kLargestAnswer) {
          return rpc::WithReason(
              absl::ResourceExhaustedError("athletes: the answer is over 3 MiB, want StreamHistories"),
              "ANSWER_TOO_LARGE");
        }
        return absl::OkStatus();
      });
}

grpc::Status HistoryService::StreamHistories(grpc::ServerContext* context, const v1::StreamHistoriesRequest* request,
                                             grpc::ServerWriter<v1::History>* writer) {
  return rpc::Serve(calls_, *context, "HistoryService.StreamHistories", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (!request->filter().empty())
                        return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
                      if (request->athletes().empty()) return rpc::MissingField("athletes", "at least one athlete");
                      for (const std::string& name : request->athletes()) {
                        v1::History history;
                        {  // read one athlete at a time, so that a slow client holds up nobody
                          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                          if (!reader.ok()) return reader.status();
                          const int64_t athlete = identity::FindVisible(athletes_, results_, call.caller, name);
                          if (athlete == 0) return rpc::NotFound("athlete", name);
                          if (absl::Status status = Fill(*request, athlete, &history); !status.ok()) return status;
                          history.set_position(reader->position());
                        }
                        if (!writer->Write(history)) return absl::CancelledError("the client went away");
                      }
                      return absl::OkStatus();
                    });
}

grpc::Status HistoryService::GetHistorySummary(grpc::ServerContext* context,
                                               const v1::GetHistorySummaryRequest* request,
                                               v1::HistorySummary* response) {
  return rpc::Serve(
      calls_, *context, "HistoryService.GetHistorySummary", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const int64_t athlete = identity::FindVisible(athletes_, results_, call.caller, request->athlete());
        if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
        absl::StatusOr<std::vector<HistoryLine>> lines = Chosen(*request, athlete);
        if (!lines.ok()) return lines.status();
        *response = messages_.Summary(athlete, *lines);
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
