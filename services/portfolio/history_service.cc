// Histories and summaries in one answer: GetHistory, BatchGetHistories, GetHistorySummary.
#include "services/portfolio/history_service.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/identity/athlete_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr int32_t kHistoryPageSize = 200;
constexpr int32_t kLargestHistoryPage = 2000;
constexpr int kLargestBatch = 1000;
constexpr size_t kLargestAnswer = size_t{3} << 20;  // under the 4 MiB that clients accept by default

// Where a line stands in its history, which it keeps while others come and go.
using LineKey = std::tuple<int32_t, int32_t, int32_t>;  // day, race, row

LineKey KeyOf(const results::Results& results, const HistoryLine& line) {
  return {athletics::DaysSince1970(results.calendar().race(line.row.race).date), line.row.race, line.row.row};
}

std::string Encode(const LineKey& key) {
  return absl::StrCat(std::get<0>(key), ",", std::get<1>(key), ",", std::get<2>(key));
}

absl::StatusOr<LineKey> Decode(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  int32_t day = 0, race = 0, row = 0;
  const bool read = parts.size() == 3 && absl::SimpleAtoi(parts[0], &day) && absl::SimpleAtoi(parts[1], &race) &&
                    absl::SimpleAtoi(parts[2], &row);
  if (!read) return absl::InternalError("a page token of no line");
  return LineKey{day, race, row};
}

}  // namespace

void HistoryService::Fill(const rpc::Call& call, const Wanted& wanted, int64_t athlete, v1::History* out) const {
  const std::vector<HistoryLine> history = messages_.Lines(athlete);
  std::vector<HistoryLine> chosen;
  if (!wanted.selection.wants_all()) chosen = wanted.selection.From(*views_.results, history);
  const std::vector<HistoryLine>& lines = wanted.selection.wants_all() ? history : chosen;
  out->set_athlete(views_.athletes->Name(athlete));
  out->mutable_entries()->Reserve(static_cast<int>(lines.size()));
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    messages_.FillEntry(*line, wanted.full, out->add_entries());
  }
  if (wanted.summary) {
    *out->mutable_summary() = messages_.Summary(athlete, lines, {&history, wanted.selection.last()});
  }
  if (wanted.full) *out->mutable_athlete_summary() = identity::ToProto(views_, athlete, call.caller, NowUs());
}

grpc::Status HistoryService::GetHistory(grpc::ServerContext* context, const v1::GetHistoryRequest* request,
                                        v1::GetHistoryResponse* response) {
  return rpc::Serve(
      calls_, *context, "HistoryService.GetHistory", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<HistorySelection> selection = HistorySelection::Of(request->disciplines(), request->period());
        if (!selection.ok()) return selection.status();
        absl::StatusOr<HistoryFilter> filter = HistoryFilter::Parse(request->filter());
        if (!filter.ok()) return filter.status();
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kHistoryPageSize, kLargestHistoryPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<LineKey> after = last->empty() ? LineKey() : Decode(*last);
        if (!after.ok()) return after.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const int64_t athlete = Find(call, request->athlete());
        if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
        const results::Results& results = *views_.results;
        const bool full = request->view() == v1::HISTORY_VIEW_FULL;
        const std::vector<HistoryLine> all = messages_.Lines(athlete);
        const std::vector<HistoryLine> lines = selection->From(results, all);
        v1::History* history = response->mutable_history();
        history->set_athlete(views_.athletes->Name(athlete));
        history->set_position(reader->position());
        if (full) *history->mutable_athlete_summary() = identity::ToProto(views_, athlete, call.caller, NowUs());
        int32_t matching = 0;
        LineKey shown;
        for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
          if (!filter->Meets(results, *line)) continue;
          ++matching;
          const LineKey key = KeyOf(results, *line);
          if ((!last->empty() && !(key < *after)) || !response->next_page_token().empty()) continue;
          if (history->entries_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, Encode(shown)));
            continue;
          }
          messages_.FillEntry(*line, full, history->add_entries());
          shown = key;
        }
        response->set_total_size(matching);
        if (request->summary() && last->empty()) {
          *history->mutable_summary() = messages_.Summary(athlete, lines, {&all, selection->last()});
        }
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
        absl::StatusOr<HistorySelection> selection = HistorySelection::Of(request->disciplines(), request->period());
        if (!selection.ok()) return selection.status();
        const Wanted wanted{*std::move(selection), request->view() == v1::HISTORY_VIEW_FULL, request->summary()};
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->mutable_histories()->Reserve(request->athletes_size());
        size_t size = 0;
        for (const std::string& name : request->athletes()) {
          const int64_t athlete = Find(call, name);
          if (athlete == 0) {
            response->add_missing_athletes(name);
            continue;
          }
          v1::History* history = response->add_histories();
          Fill(call, wanted, athlete, history);
          size += history->ByteSizeLong();
          if (size > kLargestAnswer) {
            response->Clear();
            return rpc::WithReason(
                absl::ResourceExhaustedError("athletes: the answer is over 3 MiB, want fewer, or StreamHistories"),
                "ANSWER_TOO_LARGE");
          }
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status HistoryService::GetHistorySummary(grpc::ServerContext* context,
                                               const v1::GetHistorySummaryRequest* request,
                                               v1::HistorySummary* response) {
  return rpc::Serve(
      calls_, *context, "HistoryService.GetHistorySummary", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<HistorySelection> selection = HistorySelection::Of(request->disciplines(), request->period());
        if (!selection.ok()) return selection.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const int64_t athlete = Find(call, request->athlete());
        if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
        const std::vector<HistoryLine> history = messages_.Lines(athlete);
        const std::vector<HistoryLine> lines = selection->From(*views_.results, history);
        *response = messages_.Summary(athlete, lines, {&history, selection->last()});
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
