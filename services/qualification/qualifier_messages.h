// Fields as the API tells them: rows, the line, and how many of each country are in.
#ifndef PALMARES_SERVICES_QUALIFICATION_QUALIFIER_MESSAGES_H_
#define PALMARES_SERVICES_QUALIFICATION_QUALIFIER_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "palmares/v1/qualifiers.pb.h"
#include "services/access/authorization.h"
#include "services/qualification/ordered_field.h"
#include "services/rpc/filter.h"

namespace palmares::qualification {

// Which rows are wanted: by sex, country, path, state, age_group, discipline and level.
class QualifierFilter {
 public:
  // INVALID_ARGUMENT names the field, its value and what is wanted.
  static absl::StatusOr<QualifierFilter> Parse(absl::string_view text, const Standard& standard);

  // Those are asked for of whom it is not known whether they meet the standard, and who are in no list.
  bool wants_uncertain() const;
  // Whether any row of the group can match.
  bool MatchesGroup(const FieldGroup& group) const;
  bool Matches(const FieldGroup& group, const FieldEntry& entry) const;

 private:
  explicit QualifierFilter(const Standard& standard) : standard_(&standard) {}

  const Standard* standard_;
  std::vector<rpc::Condition> conditions_;
};

// Writes what one caller may see. Used under a Reader, for the names.
class QualifierWriter {
 public:
  QualifierWriter(const OrderedField& field, const QualificationViews& views, const access::Caller& caller)
      : field_(field), views_(views), caller_(caller) {}

  // A row of the group.
  void Write(const FieldGroup& group, const FieldEntry& entry, v1::Qualifier* out) const;
  // The line of one group; of several together only the numbers.
  void WriteLine(absl::Span<const FieldGroup* const> groups, v1::QualificationLine* out) const;
  void WriteCountries(absl::Span<const FieldGroup* const> groups, v1::ListQualifiersResponse* out) const;

 private:
  const OrderedField& field_;
  const QualificationViews& views_;
  const access::Caller& caller_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_QUALIFIER_MESSAGES_H_
