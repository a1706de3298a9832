#include "services/rankings/ranking_export.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/athletics/category.h"
#include "services/rankings/world_ranking_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

using rpc::CsvCell;

std::string Day(const v1::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string ScoreText(const Query& query, int32_t score) {
  if (query.by == Order::kPoints) return absl::StrCat(score);
  return absl::StrFormat("%d.%02d", score / 100, score % 100);
}

std::vector<CsvCell> Header(const Query& query) {
  std::vector<CsvCell> cells = {{"rank"}};
  if (query.by != Order::kMark) cells.push_back({"score"});
  for (const char* name : {"mark", "name", "sex", "country", "club", "date", "race", "place", "wind", "legal",
                           "athlete", "result", "personal_best", "season_best", "records", "position"}) {
    cells.push_back({name});
  }
  return cells;
}

std::vector<CsvCell> Cells(const Query& query, const v1::RankingRow& row) {
  std::vector<CsvCell> cells = {rpc::Number(absl::StrCat(row.rank()))};
  if (query.by != Order::kMark) cells.push_back(rpc::Number(ScoreText(query, row.score())));
  cells.push_back(rpc::Number(row.mark().text()));
  cells.push_back({row.athlete_display_name()});
  cells.push_back({std::string(athletics::SexCode(query.sex))});
  cells.push_back({row.country()});
  cells.push_back({row.club()});
  cells.push_back({Day(row.date())});
  cells.push_back({row.race()});
  cells.push_back(rpc::Number(row.place() == 0 ? "" : absl::StrCat(row.place())));
  cells.push_back(rpc::Number(row.has_wind_cm_s() ? absl::StrFormat("%+.1f", row.wind_cm_s() / 100.0) : ""));
  cells.push_back({row.legal() ? "yes" : row.legality_rule()});
  cells.push_back({row.athlete()});
  cells.push_back({row.result()});
  cells.push_back({row.personal_best() ? "yes" : ""});
  cells.push_back({row.season_best() ? "yes" : ""});
  cells.push_back({absl::StrJoin(row.records(), " ")});
  cells.push_back(rpc::Number(absl::StrCat(row.ledger_position())));
  return cells;
}

std::string FileName(const Query& query, absl::string_view extension) {
  return absl::StrCat("ranking-", query.discipline->code, "-", athletics::SexCode(query.sex), ".", extension);
}

// Writes row after row, as `next` gives them; the query tells what columns there are.
absl::Status WriteRows(const Query& query, int64_t lines, const v1::ExportRankingRequest& request,
                       absl::FunctionRef<absl::Status(v1::RankingRow&)> next, rpc::ExportedFile& file) {
  if (lines > kMostLinesExported) {
    return rpc::WithReason(
        absl::ResourceExhaustedError(absl::StrCat("max_rank: the list has ", lines, " lines and a file ",
                                                  kMostLinesExported, " at the most, want a max_rank")),
        "EXPORT_TOO_LARGE", {{"most_lines", absl::StrCat(kMostLinesExported)}});
  }
  absl::StatusOr<rpc::TableWriter> table = rpc::TableWriter::Make(request.format());
  if (!table.ok()) return table.status();
  table->AddHeader(Header(query));
  for (int64_t i = 0; i < lines; ++i) {
    v1::RankingRow row;
    if (absl::Status status = next(row); !status.ok()) return status;
    if (table->IsJson()) {
      if (absl::Status status = table->AddMessage(row); !status.ok()) return status;
    } else {
      table->AddRow(Cells(query, row));
    }
  }
  file.name = FileName(query, table->extension());
  file.media_type = std::string(table->media_type());
  file.content = std::move(*table).Finish();
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteFile(const OpenList& list, const v1::ExportRankingRequest& request, rpc::ExportedFile& file) {
  const int64_t lines =
      request.max_rank() > 0 ? std::min<int64_t>(list.board->size(), request.max_rank()) : list.board->size();
  RowWriter rows = list.Rows();
  std::vector<Line> sorted;
  if (lines <= kMostLinesExported) sorted = list.board->Slice(0, lines);
  size_t at = 0;
  int64_t rank = 0, order = 0;
  const auto next = [&](v1::RankingRow& row) {
    const Line& line = sorted[at++];
    if (rank == 0 || line.order != order) rank = list.RankOf(line);
    order = line.order;
    return rows.Write(list.query, line, rank, row);
  };
  return WriteRows(list.query, lines, request, next, file);
}

absl::Status WriteFile(const OpenWorldRanking& open, const v1::ExportRankingRequest& request, rpc::ExportedFile& file) {
  const WorldRankingLines& all = open.list->lines;
  const auto end = std::find_if(all.begin(), all.end(), [&request](const WorldRankingLine& line) {
    return request.max_rank() > 0 && line.rank > request.max_rank();
  });
  Query query;
  query.discipline = open.query.discipline;
  query.sex = open.query.sex;
  query.by = Order::kPoints;  // what a score is shown as
  auto line = all.begin();
  const auto next = [&](v1::RankingRow& row) {
    row = RowOf(open, *line++);
    return absl::OkStatus();
  };
  return WriteRows(query, end - all.begin(), request, next, file);
}

}  // namespace palmares::rankings
