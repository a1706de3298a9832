// The `filter` of lists of athletes.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETE_FILTER_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETE_FILTER_H_

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "palmares/v1/athletes.pb.h"
#include "services/identity/athletes.h"
#include "services/rpc/filter.h"

namespace palmares::identity {

// Of the fields country, sex, clubs.club (or club), birth_date.year, external_ids ("scheme:value") and state.
class AthleteFilter {
 public:
  // INVALID_ARGUMENT for a field that is not among `fields`, and for a value that nothing can have.
  static absl::StatusOr<AthleteFilter> Parse(absl::string_view filter, absl::Span<const absl::string_view> fields);
  static absl::StatusOr<AthleteFilter> Of(std::vector<rpc::Condition> conditions);

  // What can be told without looking at rows: most athletes of a long list are passed over by it.
  bool MayMeet(const Athlete& athlete) const;
  // Of an athlete as the caller may see them.
  bool Meets(const v1::Athlete& athlete) const;
  bool empty() const { return conditions_.empty(); }

 private:
  explicit AthleteFilter(std::vector<rpc::Condition> conditions) : conditions_(std::move(conditions)) {}

  std::vector<rpc::Condition> conditions_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETE_FILTER_H_
