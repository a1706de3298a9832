// The world ranking score of one athlete's results in a file.
#ifndef PALMARES_TOOLS_PALMARES_CALC_RANKING_H_
#define PALMARES_TOOLS_PALMARES_CALC_RANKING_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/palmares/calc_table.h"

namespace palmares::tools {

struct CalcRankingRequest {
  std::string discipline;  // the main event of the group
  std::string sex;
  std::string as_of;  // the day of the ranking
};

// `text`: CSV with the columns date, competition, discipline, category, round, place, mark and, where known,
// result_score, wind, area_championship, record (WR, =WR or none). Prints the score and, for each result, whether it
// counts or why not, a table `width` columns wide as PrintRows has it. INVALID_ARGUMENT and NOT_FOUND name the row and
// field.
absl::Status PrintWorldRanking(absl::string_view text, const CalcRankingRequest& request, CalcOutput output, int width,
                               std::ostream& out);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALC_RANKING_H_
