// What a search knows of an athlete, gathered from the views.
#ifndef PALMARES_SERVICES_PROFILES_CANDIDATE_FACTS_H_
#define PALMARES_SERVICES_PROFILES_CANDIDATE_FACTS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/identity/athletes.h"
#include "services/profiles/candidate.h"
#include "services/qualification/verdict.h"
#include "services/results/results.h"

namespace palmares::profiles {

// An athlete after merges, and the rows of their results.
struct Candidate {
  CandidateFacts facts;
  std::vector<results::RowRef> rows;  // of facts.results, in the same order
};

// Everything but standards and followers. Under a Reader.
Candidate GatherCandidate(const identity::Athletes& athletes, const results::Results& results, int64_t athlete,
                          athletics::Date today);

using Standards = std::vector<std::shared_ptr<const qualification::Standard>>;

// How the athlete stands against each standard today, by the verdicts of services/qualification: only "qualified" is
// met, so by official results. Fills facts.standards. Under a Reader.
void JudgeStandards(const Standards& standards, const identity::Athletes& athletes, const results::Results& results,
                    athletics::Date today, Candidate& candidate);

// The codes of these verdicts: "qualified", "not-yet". Under a Reader.
std::vector<qualification::Status> StatusesOf(const Standards& standards, const identity::Athletes& athletes,
                                              const results::Results& results, int64_t athlete, athletics::Date today);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_CANDIDATE_FACTS_H_
