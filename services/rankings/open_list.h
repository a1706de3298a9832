// A list that is open to be read: its board at one position, and the answers that are taken from it.
#ifndef PALMARES_SERVICES_RANKINGS_OPEN_LIST_H_
#define PALMARES_SERVICES_RANKINGS_OPEN_LIST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/board.h"
#include "services/rankings/ranking.h"
#include "services/rankings/ranking_rows.h"

namespace palmares::rankings {

// Valid for as long as the Reader, and for the past the call of Past::At, in which it was opened.
struct OpenList {
  Query query;
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  std::shared_ptr<const Board> board;
  RaceTexts* texts = nullptr;
  identity::PeopleNow now;
  RowRecords* records = nullptr;  // of lists of now

  int64_t RankOf(const Line& line) const { return board->CountBetter(line.order) + 1; }
  RowWriter Rows() const { return {*results, *athletes, *texts, now, records}; }
};

// What of a rank's answer is wanted beside the rank.
struct RankWishes {
  bool row = true;
  int32_t neighbours = 0;
  int32_t target_rank = 0;  // 0 for none
};

// An athlete's place in the list; `listed` is false, with the reason, for somebody who is not in it.
absl::Status RankOfAthlete(const OpenList& list, int64_t athlete, const RankWishes& wishes, v1::Rank& out);
// The same where the order of their line is known: nothing for none.
absl::Status RankAt(const OpenList& list, int64_t athlete, std::optional<int64_t> order, const RankWishes& wishes,
                    v1::Rank& out);
// Where a mark would stand. Only in lists by mark.
absl::Status RankOfMark(const OpenList& list, int64_t mark, const RankWishes& wishes, v1::Rank& out);

// Why the athlete is not in the list: NO_RESULT, OUT_OF_PERIOD, OUT_OF_SCOPE, NOT_LEGAL or NO_SCORE.
absl::string_view UnlistedReason(const OpenList& list, int64_t athlete);

// The place of a line as text, for a page token, and back, as one that stands just after it; nothing for a text that is
// none.
std::string EncodeLine(const Line& line);
std::optional<Line> DecodeLine(absl::string_view text);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_OPEN_LIST_H_
