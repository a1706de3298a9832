// The part of SeriesService that ranks clubs.
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/series/series_messages.h"
#include "services/series/series_service.h"

namespace palmares::series {
namespace {

constexpr int32_t kClubRankingPage = 100;
constexpr int32_t kLargestClubRankingPage = 1000;
constexpr int32_t kMostMembersCounted = 100;
constexpr int32_t kMostMembersOfAPage = 10'000;

absl::Status CheckClubRanking(const v1::ListClubRankingRequest& request) {
  if (request.members() < 1 || request.members() > kMostMembersCounted) {
    return rpc::InvalidField("members", absl::StrCat(request.members()), "1 to 100");
  }
  if (request.query().all_performances()) {
    return rpc::InvalidField("query.all_performances", "true", "false: each member counts once");
  }
  if (request.query().order() == v1::RANKING_ORDER_WORLD_RANKING) {
    return rpc::InvalidField("query.order", "WORLD_RANKING", "MARK, POINTS or AGE_GRADE");
  }
  return absl::OkStatus();
}

// A sum of orders, or one, as the score of a standing.
int64_t ScoreOf(const MemberList& list, int64_t order) {
  switch (list.score) {
    case MemberScore::kMark:
      return list.discipline->lower_is_better ? order : -order;
    case MemberScore::kPoints:
      return -order * 1000;
    case MemberScore::kAgeGrade:
      return -order * 10;
  }
  return order;
}

std::string SumText(const MemberList& list, int64_t score) {
  switch (list.score) {
    case MemberScore::kMark:
      return rpc::ToProto(score, *list.discipline).text();
    case MemberScore::kPoints:
      return ScoreText(score, Scoring::kWorldAthletics);
    case MemberScore::kAgeGrade:
      return ScoreText(score, Scoring::kAgeGrade);
  }
  return "";
}

v1::Standing ClubStanding(const MemberList& list, const ClubLine& club, const ClubsView& clubs) {
  v1::Standing out;
  out.set_rank(static_cast<int32_t>(club.rank));
  out.set_display_name(ClubDisplayName(club.key, club.text, clubs));
  out.set_club(clubs.Find(club.key) == nullptr ? club.text : club.key);
  out.set_score(ScoreOf(list, club.order));
  out.set_score_text(SumText(list, out.score()));
  for (const ClubLine::Member& member : club.members) {
    v1::StandingResult& result = *out.add_results();
    const results::RowRef row = member.line.row;
    const events::Race& race = list.results->calendar().race(row.race);
    result.set_result(results::ResultName(race, list.results->sheet(row.race).Number(row.row)));
    result.set_athlete(list.athlete_name(member.line));
    result.set_score(ScoreOf(list, member.line.order));
    result.set_place(static_cast<int32_t>(member.rank));
    result.set_counts(true);
  }
  return out;
}

std::string PageKey(const ClubLine& club) { return absl::StrCat(club.order, "\n", club.key); }

// The first club after the one that a page ended with, whether that is still there or not.
absl::StatusOr<size_t> ClubAfter(const std::vector<ClubLine>& clubs, const std::string& key) {
  const size_t cut = key.find('\n');
  int64_t order = 0;
  if (cut == std::string::npos || !absl::SimpleAtoi(key.substr(0, cut), &order)) {
    return rpc::InvalidField("page_token", key, "a page token");
  }
  const std::string club = key.substr(cut + 1);
  const auto after = std::partition_point(clubs.begin(), clubs.end(), [&](const ClubLine& line) {
    return std::tie(line.order, line.key) <= std::tie(order, club);
  });
  return static_cast<size_t>(after - clubs.begin());
}

}  // namespace

grpc::Status SeriesService::ListClubRanking(grpc::ServerContext* context, const v1::ListClubRankingRequest* request,
                                            v1::ListClubRankingResponse* response) {
  return rpc::Serve(
      calls_, *context, "SeriesService.ListClubRanking", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckClubRanking(*request); !status.ok()) return status;
        const auto asked = rpc::PageSize(request->page_size(), kClubRankingPage, kLargestClubRankingPage);
        if (!asked.ok()) return asked.status();
        const int32_t size = std::min(*asked, kMostMembersOfAPage / request->members());
        const auto last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        v1::RankingQuery query = request->query();
        query.mutable_scope()->clear_club();
        return open_members_(
            call, query, request->min_position(), [&](const MemberList& list, int64_t position) -> absl::Status {
              const std::vector<ClubLine> clubs = RankClubs(list, request->members(), *views_.clubs);
              size_t at = 0;
              if (!last->empty()) {
                const auto after = ClubAfter(clubs, *last);
                if (!after.ok()) return after.status();
                at = *after;
              }
              for (; at < clubs.size(); ++at) {
                if (response->standings_size() == size) {
                  response->set_next_page_token(call.calls->page_tokens->Make(*request, PageKey(clubs[at - 1])));
                  break;
                }
                *response->add_standings() = ClubStanding(list, clubs[at], *views_.clubs);
              }
              response->set_total_size(static_cast<int32_t>(clubs.size()));
              response->set_position(position);
              return absl::OkStatus();
            });
      });
}

}  // namespace palmares::series
