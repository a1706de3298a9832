// A whole list as a file.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_EXPORT_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_EXPORT_H_

#include "absl/status/status.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/open_list.h"
#include "services/rankings/world_ranking_list.h"
#include "services/rpc/export.h"

namespace palmares::rankings {

// Lines of one file, at the most: it is made in memory while the views are held still.
inline constexpr int64_t kMostLinesExported = 200'000;

// Columns of CSV: rank, score (not in lists by mark), mark, name, sex, country, club, date, race, place, wind, legal,
// athlete, result, personal_best, season_best, records, position. RESOURCE_EXHAUSTED with reason EXPORT_TOO_LARGE for a
// longer list: `max_rank` cuts it.
absl::Status WriteFile(const OpenList& list, const v1::ExportRankingRequest& request, rpc::ExportedFile& file);
absl::Status WriteFile(const OpenWorldRanking& open, const v1::ExportRankingRequest& request, rpc::ExportedFile& file);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_EXPORT_H_
