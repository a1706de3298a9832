// Standards and verdicts as the API tells them.
#ifndef PALMARES_SERVICES_QUALIFICATION_VERDICT_MESSAGES_H_
#define PALMARES_SERVICES_QUALIFICATION_VERDICT_MESSAGES_H_

#include "absl/types/span.h"
#include "palmares/v1/standards.pb.h"
#include "palmares/v1/verdicts.pb.h"
#include "services/qualification/standards_view.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

v1::Standard ToProto(const LoadedStandard& loaded, bool with_rules);

// `others`: how many of the results that do not count are told, nearest first.
v1::Verdict ToProto(const Verdict& verdict, const LoadedStandard& loaded, const Athlete& athlete,
                    absl::Span<const Performance> performances, int others);

v1::QualificationPath PathOf(PathKind kind);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_VERDICT_MESSAGES_H_
