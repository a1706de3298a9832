// Options that name a ranking, shared by all commands about one.
#ifndef PALMARES_TOOLS_PALMARES_RANKING_QUERY_H_
#define PALMARES_TOOLS_PALMARES_RANKING_QUERY_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "palmares/v1/rankings.pb.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

struct RankingOptions {
  std::string discipline;
  std::string sex;
  int season = 0;
  std::string from;
  std::string to;
  std::string country;
  std::string age_group;
  std::string club;
  std::string event;
  bool legal_only = false;
  bool all_performances = false;
  std::string by = "time";
  std::string as_of;
  bool known_then = false;
  std::string clock;
};

void AddRankingOptions(CLI::App* command, RankingOptions& options, bool sex_required);

// INVALID_ARGUMENT names the option, its value and what is wanted.
absl::StatusOr<v1::RankingQuery> RankingQueryOf(const RankingOptions& options);

// Columns rank, mark, name, sex, country, date, race, athlete, result, and score in lists that are not by mark.
Table RankingTable(const google::protobuf::RepeatedPtrField<v1::RankingRow>& rows, v1::RankingOrder order);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_RANKING_QUERY_H_
