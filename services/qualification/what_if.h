// What if: a mark that nobody has run yet, against any number of standards; and which standards somebody is nearest to.
#ifndef PALMARES_SERVICES_QUALIFICATION_WHAT_IF_H_
#define PALMARES_SERVICES_QUALIFICATION_WHAT_IF_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// A runner of whom only the category and an age are known, for a what-if without a record.
Athlete AnonymousRunner(athletics::Sex sex, int age, athletics::Date on);

// A mark taken as run: on every clock, with an official sheet, on a certified course without drop unless `course` says
// otherwise.
Performance HypotheticalMark(const athletics::Discipline& discipline, int64_t mark, athletics::Date date);

// The verdicts with and without the hypothetical performance. Its index among the performances of `with` is the number
// of the athlete's own.
struct WhatIf {
  Verdict without;
  Verdict with;
};

// One for each standard, in their order. The verdicts are as of `as_of`, or as of the day of the mark where that is
// later. The standards must outlive the answer.
std::vector<WhatIf> EvaluateWhatIf(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                   absl::Span<const Performance> performances, const Performance& hypothetical,
                                   athletics::Date as_of);

// How far somebody is from one event of a standard.
struct Nearness {
  Verdict verdict;
  int64_t gap_basis_points =
      0;  // what is missing, in hundredths of a per cent of the limit; below 0: met, with that to spare
};

// The order in which standards are told of, by which a list can be taken up again: whether it is met, the size of the
// gap, the standard's id, the event.
using NearnessKey = std::tuple<bool, int64_t, std::string, int>;
NearnessKey KeyOf(const Nearness& near);

// The standards whose window is open on the day and for which the athlete has a mark, the smallest gap first; those
// already met come after those not yet met, the smallest margin first. At most `most`.
std::vector<Nearness> NearestStandards(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                       absl::Span<const Performance> performances, athletics::Date as_of, size_t most);
// The same as of now, in the time zone of each standard.
std::vector<Nearness> NearestStandards(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                       absl::Span<const Performance> performances, absl::Time now, size_t most);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_WHAT_IF_H_
