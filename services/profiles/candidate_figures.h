// Candidates side by side: one row a figure, one column a candidate.
#ifndef PALMARES_SERVICES_PROFILES_CANDIDATE_FIGURES_H_
#define PALMARES_SERVICES_PROFILES_CANDIDATE_FIGURES_H_

#include <optional>
#include <string>
#include <vector>

#include "palmares/v1/profiles.pb.h"
#include "services/profiles/candidate.h"
#include "services/qualification/verdict.h"

namespace palmares::profiles {

// One column. Figures are computed as candidate.h says.
struct Column {
  CandidateFacts facts;
  std::vector<std::string> result_names;               // of facts.results, in the same order
  std::optional<v1::Profile> profile;                  // where its followers may be told
  std::vector<qualification::Status> asked_standards;  // of the criteria, in their order
  int standards_met = 0;                               // of all in use
};

inline constexpr size_t kMostDisciplines = 20;  // where none is asked for: those that most candidates have marks in

// In this order, rows that nobody has a value for left out:
//   "best marathon", "best marathon wheelchair"   of each discipline asked for, else of those they have marks in
//   "points", "age", "races a season", "finish rate", "improvement"
//   "standards met"                               how many of all in use
//   "standards/boston-2013"                       of each asked for: the verdict, "qualified", "not-yet"
//   "followers"                                   in all
//   "followers on instagram"                      "12300 on 2026-05-01, by Instagram"
// Each value names the results it is from, but for "standards met" and followers.
// All but followers are verified; an age is where official results confirm it for everybody who has one.
std::vector<v1::ComparedFigure> FiguresOf(const std::vector<Column>& columns, const Criteria& criteria,
                                          athletics::Date today);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_CANDIDATE_FIGURES_H_
