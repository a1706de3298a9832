// Between the API's values and the sport's. One conversion for each, used by every service.
#ifndef PALMARES_SERVICES_RPC_CONVERT_H_
#define PALMARES_SERVICES_RPC_CONVERT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "palmares/v1/common.pb.h"
#include "palmares/v1/races.pb.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/outcome.h"
#include "services/athletics/qualification_mark.h"
#include "services/results/race_sheet.h"

namespace palmares::rpc {

v1::Date ToProto(athletics::Date date);
v1::Date ToProto(athletics::PartialDate date);
google::protobuf::Timestamp ToTimestamp(int64_t time_us);
v1::Sex ToProto(athletics::Sex sex);
v1::Division ToProto(athletics::Division division);
v1::Outcome ToProto(athletics::Outcome outcome);
v1::SheetState ToProto(results::SheetState state);
v1::Clock ToProto(results::Clock clock);

// The mark with the text that the sport prints; a message without a value where the mark is 0, that is, not given.
v1::Mark ToProto(int64_t mark, const athletics::Discipline& discipline);
// "+12 points", "-1 point".
std::string PointsText(int64_t points);
// A difference in the discipline's unit: "+1:02", "-0.35 s", "+0.12 m".
v1::MarkGap ToGap(int64_t gap, const athletics::Discipline& discipline);

// A full date; INVALID_ARGUMENT names the field. A message without a year is no date.
absl::StatusOr<std::optional<athletics::Date>> FromProto(const v1::Date& date, absl::string_view field);
absl::StatusOr<athletics::PartialDate> PartialFromProto(const v1::Date& date, absl::string_view field);
athletics::Sex FromProto(v1::Sex sex);
athletics::Division FromProto(v1::Division division);  // unspecified: running
athletics::Outcome FromProto(v1::Outcome outcome);     // unspecified: finished
// Each text is one mark. INVALID_ARGUMENT names one that is none.
absl::StatusOr<athletics::QualificationMarks> QualificationMarksFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& marks);
results::SheetState FromProto(v1::SheetState state);
results::Clock FromProto(v1::Clock clock);  // unspecified: official

// A short text that changes whenever the resource does: AIP-154.
std::string Etag(int64_t position);

// Ids: ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$. INVALID_ARGUMENT names the field.
absl::Status CheckId(absl::string_view field, absl::string_view id);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_CONVERT_H_
