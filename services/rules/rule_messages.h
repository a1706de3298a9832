// Between the sport's rules and the API's messages.
#ifndef PALMARES_SERVICES_RULES_RULE_MESSAGES_H_
#define PALMARES_SERVICES_RULES_RULE_MESSAGES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/rules.pb.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/rpc/filter.h"
#include "services/rules/rule_editions.h"

namespace palmares::rules {

v1::Discipline ToProto(const athletics::Discipline& discipline);
v1::RuleEdition ToProto(const RuleEdition& edition);

// The discipline that a field names, as a calculator reads it (athletics::ReadDiscipline). INVALID_ARGUMENT names the
// field and the nearest known ones.
absl::StatusOr<athletics::Discipline> DisciplineField(absl::string_view text, absl::string_view field);

// The mark that a field holds: its value, else its text. INVALID_ARGUMENT where there is neither, the text is no mark
// of the discipline, the unit is another one, or nobody can make the mark (athletics::PossibleMarks).
absl::StatusOr<athletics::ParsedMark> MarkField(const v1::Mark& mark, const athletics::Discipline& discipline,
                                                absl::string_view field);
// The same of a text alone; the message says what is wanted instead.
absl::StatusOr<athletics::ParsedMark> ReadMarkField(absl::string_view text, const athletics::Discipline& discipline,
                                                    absl::string_view field);

// A time with as many digits as a calculator prints (tenths at most), rounded up.
v1::Mark ComputedTime(int64_t time_ms);

athletics::Timing FromProto(v1::Timing timing);
v1::Timing ToProto(athletics::Timing timing);

// Whether the discipline meets the conditions on `surface`, `walk` and `relay_legs`. INVALID_ARGUMENT for a value that
// the field cannot have.
absl::StatusOr<bool> Meets(const std::vector<rpc::Condition>& conditions, const athletics::Discipline& discipline);
// The same for `kind` and `validity`.
absl::StatusOr<bool> Meets(const std::vector<rpc::Condition>& conditions, const RuleEdition& edition);

}  // namespace palmares::rules

#endif  // PALMARES_SERVICES_RULES_RULE_MESSAGES_H_
