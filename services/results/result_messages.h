// Between results and the API's messages.
#ifndef PALMARES_SERVICES_RESULTS_RESULT_MESSAGES_H_
#define PALMARES_SERVICES_RESULTS_RESULT_MESSAGES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/repeated_field.h"
#include "palmares/v1/results.pb.h"
#include "services/results/bests.h"
#include "services/results/field_sizes.h"
#include "services/results/results.h"

namespace palmares::results {

// Name of an athlete by number, after merges; empty for nobody. The results lie below the athletes and know numbers
// only: whoever assembles the server supplies this.
using AthleteNames = std::function<std::string(int64_t number)>;

// `trusted`: the caller manages the race and sees everything; others see no birth date but its year, and neither town
// nor the source's id of the person.
v1::Result ToProto(const Results& results, RowRef ref, const Result& row, const AthleteNames& athlete_names,
                   bool trusted);

// The same of a sheet as it was at another time; without the number of the revision.
v1::Result ToProto(const events::Race& race, const RaceSheet& sheet, int64_t at, const Result& row,
                   const AthleteNames& athlete_names, bool trusted);

// The legs of a relay's team. INVALID_ARGUMENT, with the field's path below `field`, for more than kMostRelayLegs, an
// empty leg at the end, one that names an athlete, a negative time or a text over 1,000 bytes (a bib over 64).
absl::StatusOr<std::vector<RelayLeg>> RelayLegsFromProto(const google::protobuf::RepeatedPtrField<v1::RelayLeg>& legs,
                                                         absl::string_view field);

// What differs, as paths of ResultRow with the values as text; splits as times with "-" for one that is missing, legs
// of a relay as FormatRelayLegs has them.
std::vector<v1::FieldChange> Differences(const Result& before, const Result& after,
                                         const athletics::Discipline& discipline);

// Whether a field of a row is shown to nobody but those who manage the race, as ToProto leaves it out.
bool IsPersonal(absl::string_view path);

// Whether a mark may be used, for each purpose, with the first rule that refuses it or cannot be decided.
void DescribeLegality(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                      athletics::Timing of_row, google::protobuf::RepeatedPtrField<v1::Legality>* out);

// Fills points, age grade and the size of the field.
void DescribeScores(const Results& results, const FieldSizes& field_sizes, RowRef ref, const Result& row,
                    v1::Result* out);

// Adds bests that a result was when it was made.
void DescribeBests(const Results& results, const std::vector<BestThen>& bests,
                   google::protobuf::RepeatedPtrField<v1::BestMark>* out);

// Fills the counts and the sheet's state of a race.
void DescribeSheet(const RaceSheet& sheet, v1::Race* out);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULT_MESSAGES_H_
