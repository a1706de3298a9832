// Between series, their standings and the API's messages.
#ifndef PALMARES_SERVICES_SERIES_SERIES_MESSAGES_H_
#define PALMARES_SERVICES_SERIES_SERIES_MESSAGES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/series.pb.h"
#include "services/identity/visibility.h"
#include "services/series/series_view.h"
#include "services/series/standings.h"

namespace palmares::series {

v1::Series ToProto(const Series& series, int64_t position);

// The stored form, with its rules checked. INVALID_ARGUMENT names the field, the value and what is wanted; of the rules
// each problem with its line (reason RULES_INVALID).
absl::StatusOr<stored::v1::Series> ToStored(const v1::Series& series, absl::string_view id);

// What only the views can tell: that the races exist, that what is carried over does and does not lead back to the
// series itself.
absl::Status CheckAgainstViews(const stored::v1::Series& series, const Views& views);

// `views`: those that the standings are made of. Whoever is hidden or erased by `now` is not named.
v1::Standing ToProto(const StandingRow& row, const SeriesRules& rules, const Views& views,
                     const identity::PeopleNow& now);

// "165.5", "7:04:12", "247.32", "9": as the kind of score is printed.
std::string ScoreText(int64_t score, Scoring scoring);

// The name that a club goes by: of the kept one, else the text of the sheet.
std::string ClubDisplayName(const std::string& key, const std::string& text, const ClubsView& clubs);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_SERIES_MESSAGES_H_
