// Rankings of clubs: the best so many members of each in one list, their marks, points or age grades added up.
#ifndef PALMARES_SERVICES_SERIES_CLUB_RANKING_H_
#define PALMARES_SERVICES_SERIES_CLUB_RANKING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "palmares/v1/rankings.pb.h"
#include "services/athletics/discipline.h"
#include "services/results/results.h"
#include "services/rpc/call.h"
#include "services/series/clubs_view.h"

namespace palmares::series {

// Lines of a list that a ranking of clubs is made of, at the most: some 75 ms on one core of the reference machine.
inline constexpr int64_t kMostMemberLines = 500'000;

// One line of the list that members are ranked in. Lower orders are better.
struct MemberLine {
  results::RowRef row;
  int64_t athlete = 0;  // 0 for somebody without an identity, who is a person of their own in every row
  int64_t order = 0;    // the mark, negated where higher is better; or points or the grade, negated
};

// What a list is ordered by.
enum class MemberScore : uint8_t {
  kMark,
  kPoints,
  kAgeGrade,  // hundredths of a per cent
};

// That list, at one position: at most one line of an athlete, best first.
struct MemberList {
  const results::Results* results = nullptr;
  const athletics::Discipline* discipline = nullptr;
  MemberScore score = MemberScore::kMark;
  std::vector<MemberLine> lines;
  std::function<std::string(const MemberLine&)> athlete_name;  // "athletes/7"; empty of who may not be named
};

// Opens the list that the query asks for and calls the last argument with it and its position; INVALID_ARGUMENT,
// RESOURCE_EXHAUSTED and the like as rankings answer, and for a list of more than kMostMemberLines. Given by whoever
// assembles the server, for rankings are made of series.
using OpenMemberList =
    std::function<absl::Status(const rpc::Call&, const v1::RankingQuery&, int64_t min_position,
                               absl::FunctionRef<absl::Status(const MemberList& list, int64_t position)>)>;

// A club with enough members in the list.
struct ClubLine {
  int64_t rank = 0;   // clubs of equal sums share it and the next is skipped
  int64_t order = 0;  // sum of the members' orders
  std::string key;    // ClubsView::KeyOf
  std::string text;   // the club as the best member's sheet prints it
  struct Member {
    MemberLine line;
    int64_t rank = 0;  // in the list
  };
  std::vector<Member> members;  // that count, best first
};

// Clubs in the order of their ranks, within one in that of their keys. Clubs with fewer than `members` are left out.
std::vector<ClubLine> RankClubs(const MemberList& list, int32_t members, const ClubsView& clubs);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_CLUB_RANKING_H_
