// The part of RankingService that gives a list's lines to whoever adds them up.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/rankings/ranking_service.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

series::MemberScore MemberScoreOf(Order by) {
  switch (by) {
    case Order::kMark:
      break;
    case Order::kPoints:
      return series::MemberScore::kPoints;
    case Order::kAgeGrade:
      return series::MemberScore::kAgeGrade;
  }
  return series::MemberScore::kMark;
}

absl::Status TooManyMembers(int64_t lines) {
  return rpc::WithReason(
      absl::ResourceExhaustedError(absl::StrCat(
          "query: this list has ", lines, " rows, and a ranking of clubs adds up ", series::kMostMemberLines,
          " at the most; ask for a shorter period, a country, an event or a race")),
      "QUERY_TOO_BROAD", {{"rows", absl::StrCat(lines)}, {"most_rows", absl::StrCat(series::kMostMemberLines)}});
}

}  // namespace

absl::Status RankingService::WithMembers(
    const rpc::Call& call, const v1::RankingQuery& query, int64_t min_position,
    absl::FunctionRef<absl::Status(const series::MemberList&, int64_t position)> body) {
  return opener_.With(call, query, min_position, [&](const OpenList& list, int64_t position) -> absl::Status {
    if (list.board->size() > series::kMostMemberLines) return TooManyMembers(list.board->size());
    const RowWriter rows = list.Rows();
    series::MemberList members;
    members.results = list.results;
    members.discipline = list.query.discipline;
    members.score = MemberScoreOf(list.query.by);
    members.lines.reserve(static_cast<size_t>(list.board->size()));
    for (const Line& line : list.board->Slice(0, list.board->size())) {
      members.lines.push_back({line.row, line.athlete, line.order});
    }
    members.athlete_name = [&](const series::MemberLine& line) {
      const bool may_name = line.athlete != 0 && rows.MayName({line.order, line.row, line.athlete});
      return may_name ? list.athletes->Name(line.athlete) : std::string();
    };
    return body(members, position);
  });
}

}  // namespace palmares::rankings
