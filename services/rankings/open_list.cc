#include "services/rankings/open_list.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "services/rankings/row_order.h"
#include "services/rpc/convert.h"

namespace palmares::rankings {
namespace {

// From the line of another to one's own, in what orders the list: positive is slower, or points more.
v1::MarkGap GapOf(const Query& query, int64_t own_order, int64_t other_order) {
  const int64_t own = query.by == Order::kMark ? OrderOfMark(*query.discipline, own_order) : -own_order;
  const int64_t other = query.by == Order::kMark ? OrderOfMark(*query.discipline, other_order) : -other_order;
  if (query.by == Order::kMark) return rpc::ToGap(own - other, *query.discipline);
  v1::MarkGap gap;
  gap.set_value(own - other);
  gap.set_unit(v1::UNIT_POINTS);
  gap.set_text(query.by == Order::kAgeGrade ? absl::StrFormat("%+.2f %%", static_cast<double>(own - other) / 100)
                                            : rpc::PointsText(own - other));
  return gap;
}

void SetGaps(const OpenList& list, int64_t order, int64_t better, int32_t target, v1::Rank& out) {
  if (better > 0) *out.mutable_gap_to_next() = GapOf(list.query, order, list.board->At(better - 1).order);
  if (target > 0 && target <= list.board->size()) {
    *out.mutable_gap_to_target() = GapOf(list.query, order, list.board->At(target - 1).order);
  }
}

// Rows from a position on, `count` of them or as many as there are.
absl::Status AddRows(const OpenList& list, RowWriter& rows, int64_t position, int64_t count,
                     google::protobuf::RepeatedPtrField<v1::RankingRow>& out) {
  for (const Line& line : list.board->Slice(position, count)) {
    if (absl::Status status = rows.Write(list.query, line, list.RankOf(line), *out.Add()); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// `own` are the lines that are the asker's: one, or none for a mark that nobody need have.
absl::Status AddNeighbours(const OpenList& list, RowWriter& rows, int64_t position, int64_t own, int32_t neighbours,
                           v1::Rank& out) {
  if (neighbours <= 0) return absl::OkStatus();
  const int64_t first = std::max<int64_t>(0, position - neighbours);
  absl::Status status = AddRows(list, rows, first, position - first, *out.mutable_above());
  return status.ok() ? AddRows(list, rows, position + own, neighbours, *out.mutable_below()) : status;
}

double Percent(int64_t part, int64_t whole) {
  return whole <= 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

absl::Status RankOfAthlete(const OpenList& list, int64_t athlete, const RankWishes& wishes, v1::Rank& out) {
  return RankAt(list, athlete, list.board->OrderOf(athlete), wishes, out);
}

absl::Status RankAt(const OpenList& list, int64_t athlete, std::optional<int64_t> order, const RankWishes& wishes,
                    v1::Rank& out) {
  const Board& board = *list.board;
  out.set_athlete(list.athletes->Name(athlete));
  out.set_total_size(static_cast<int32_t>(board.size()));
  if (!order.has_value()) {
    const absl::string_view reason = UnlistedReason(list, athlete);
    out.set_unlisted_reason(reason.data(), reason.size());
    return absl::OkStatus();
  }
  const int64_t better = board.CountBetter(*order), up_to = board.CountUpTo(*order);
  out.set_listed(true);
  out.set_rank(static_cast<int32_t>(better) + 1);
  out.set_tied(static_cast<int32_t>(up_to - better) - 1);
  out.set_percentile(Percent(board.size() - up_to, board.size()));
  SetGaps(list, *order, better, wishes.target_rank, out);
  if (!wishes.row && wishes.neighbours == 0) return absl::OkStatus();
  const std::optional<Line> line = board.FindAt(*order, athlete);
  RowWriter rows = list.Rows();
  if (absl::Status status = rows.Write(list.query, *line, better + 1, *out.mutable_row()); !status.ok()) return status;
  return AddNeighbours(list, rows, board.CountBefore(*line), 1, wishes.neighbours, out);
}

absl::Status RankOfMark(const OpenList& list, int64_t mark, const RankWishes& wishes, v1::Rank& out) {
  const Board& board = *list.board;
  const int64_t order = OrderOfMark(*list.query.discipline, mark);
  const int64_t better = board.CountBetter(order), up_to = board.CountUpTo(order);
  out.set_listed(true);
  out.set_total_size(static_cast<int32_t>(board.size()));
  out.set_rank(static_cast<int32_t>(better) + 1);
  out.set_tied(static_cast<int32_t>(up_to - better));
  out.set_percentile(Percent(board.size() - up_to, board.size()));
  SetGaps(list, order, better, wishes.target_rank, out);
  RowWriter rows = list.Rows();
  return AddNeighbours(list, rows, better, 0, wishes.neighbours, out);
}

absl::string_view UnlistedReason(const OpenList& list, int64_t athlete) {
  enum Step { kNothing, kInDiscipline, kInPeriod, kInScope, kLegal };
  Query whenever, anywhere = list.query, by_mark = list.query, any_course = list.query;
  whenever.discipline = list.query.discipline;
  whenever.sex = list.query.sex;
  whenever.division = list.query.division;
  whenever.clock = list.query.clock;
  anywhere = whenever;
  anywhere.from = list.query.from;
  anywhere.to = list.query.to;
  by_mark.by = Order::kMark;
  any_course.by = Order::kMark;
  any_course.legal_only = false;
  int furthest = kNothing;
  for (int64_t member : list.athletes->Members(athlete)) {
    for (const results::RowRef& row : list.results->OfAthlete(member)) {
      const events::Race& race = list.results->calendar().race(row.race);
      const results::RaceSheet& sheet = list.results->sheet(row.race);
      const results::RowFacts facts = sheet.Facts(row.row);
      const auto belongs = [&](const Query& query) {
        return SheetBelongs(sheet, query) && RaceBelongs(race, query) &&
               RowOrders(query, race, sheet, *list.athletes).Of(row.row, facts).has_value();
      };
      int step = kNothing;
      for (const Query* query : {&whenever, &anywhere, &any_course, &by_mark}) {
        if (!belongs(*query)) break;
        ++step;
      }
      furthest = std::max(furthest, step);
    }
  }
  switch (furthest) {
    case kNothing:
      return "NO_RESULT";
    case kInDiscipline:
      return "OUT_OF_PERIOD";
    case kInPeriod:
      return "OUT_OF_SCOPE";
    case kInScope:
      return "NOT_LEGAL";
    default:
      return "NO_SCORE";
  }
}

std::string EncodeLine(const Line& line) { return absl::StrCat(line.order, ",", line.row.race, ",", line.row.row); }

std::optional<Line> DecodeLine(absl::string_view text) {
  Line line;
  line.athlete = kAfterAnyAthlete;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &line.order) || !absl::SimpleAtoi(parts[1], &line.row.race) ||
      !absl::SimpleAtoi(parts[2], &line.row.row)) {
    return std::nullopt;
  }
  return line;
}

}  // namespace palmares::rankings
