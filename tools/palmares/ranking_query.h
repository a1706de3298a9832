// Options that name a ranking, shared by all commands about one.
#ifndef PALMARES_TOOLS_PALMARES_RANKING_QUERY_H_
#define PALMARES_TOOLS_PALMARES_RANKING_QUERY_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "palmares/v1/rankings.pb.h"
#include "tools/palmares/connection.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

struct RankingOptions {
  std::string discipline;
  std::string sex;
  std::string division;
  int season = 0;
  std::string from;
  std::string to;
  int months = 0;
  std::string area;
  std::string country;
  std::string region;
  std::string age_group;
  std::string club;
  std::string series;
  std::string event;
  std::string race;
  bool legal_only = false;
  bool all_performances = false;
  std::string by = "time";
  std::string as_of;
  int64_t as_of_position = 0;
  bool known_then = false;
  std::string clock;
};

void AddRankingOptions(CLI::App* command, RankingOptions& options, bool sex_required);

// INVALID_ARGUMENT names the option, its value and what is wanted. The server is asked for a race that is named by its
// end.
absl::StatusOr<v1::RankingQuery> RankingQueryOf(const Connection& connection, const RankingOptions& options);

// Columns rank, mark, name, sex, country, date, race, athlete, result, place, wind, club, legal, records, movement and
// position, and score in lists that are not by mark. A table shows wind and movement where a row has them.
Table RankingTable(const google::protobuf::RepeatedPtrField<v1::RankingRow>& rows, v1::RankingOrder order);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_RANKING_QUERY_H_
