// Between clubs and the API's messages, and who belongs to them.
#ifndef PALMARES_SERVICES_SERIES_CLUB_MESSAGES_H_
#define PALMARES_SERVICES_SERIES_CLUB_MESSAGES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "palmares/v1/clubs.pb.h"
#include "services/series/clubs_view.h"
#include "services/series/standing_entries.h"

namespace palmares::series {

// How many athletes belong to each club today, by ClubsView::KeyOf: those whose latest result that names a club names
// it. One pass over all rows.
using MemberCounts = std::map<std::string, int32_t>;
MemberCounts CountMembers(const Views& views);

v1::Club ToProto(const Club& club, const MemberCounts& members, int64_t position);

// INVALID_ARGUMENT names the field, the value and what is wanted.
absl::StatusOr<stored::v1::Club> ToStored(const v1::Club& club, absl::string_view id);

// INVALID_ARGUMENT for a path of the mask that only the server writes.
absl::Status CheckWritable(const google::protobuf::FieldMask& mask);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_CLUB_MESSAGES_H_
