// Standards and verdicts as the API tells them.
#ifndef PALMARES_SERVICES_QUALIFICATION_VERDICT_MESSAGES_H_
#define PALMARES_SERVICES_QUALIFICATION_VERDICT_MESSAGES_H_

#include "absl/types/span.h"
#include "palmares/v1/standards.pb.h"
#include "palmares/v1/verdicts.pb.h"
#include "services/qualification/needed.h"
#include "services/qualification/standards_view.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

v1::Standard ToProto(const LoadedStandard& loaded, bool with_rules);
// One of its revisions, with its rules.
v1::Standard ToProto(const LoadedStandard& loaded, const AppliedStandard& applied);

// The whole verdict. `others`: how many of the results that do not count are told, nearest first.
v1::Verdict ToProto(const Verdict& verdict, int64_t revision, const Athlete& athlete,
                    absl::Span<const Performance> performances, int others);
// State, counting result and margin alone, without words.
v1::Verdict ToBriefProto(const Verdict& verdict, int64_t revision, absl::Span<const Performance> performances);

v1::AgeBand ToProto(const athletics::AgeBand& band);
v1::VerdictState StateOf(Status status);
v1::QualificationPath PathOf(PathKind kind);

// The mark less the limit, as the API tells margins: negative is under it. `better_by` is positive where the mark is
// better.
v1::MarkGap MarginOf(int64_t better_by, int64_t limit, const athletics::Discipline& discipline);

// What would do, with even splits for a race on foot.
v1::NeededMark ToProto(const NeededMark& needed, const Standard& standard);

// The age band whose mark the verdict's result was held against; not set where it is for all ages or for none.
v1::AgeBand AgeBandOf(const Verdict& verdict, const Considered& considered, const athletics::Discipline& discipline);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_VERDICT_MESSAGES_H_
