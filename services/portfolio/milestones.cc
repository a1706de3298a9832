#include "services/portfolio/milestones.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::portfolio {

bool IsRoundNumber(int finishes) {
  return finishes == 5 || (finishes > 0 && (finishes % 10 == 0 || finishes % 25 == 0));
}

std::string Ordinal(int number) {
  static const auto* const kWords = new std::map<int, std::string>{
      {1, "first"}, {2, "second"}, {3, "third"}, {4, "fourth"}, {5, "fifth"}, {10, "tenth"}, {20, "twentieth"}};
  const auto word = kWords->find(number);
  if (word != kWords->end()) return word->second;
  const int ten = number / 10 % 10, one = number % 10;
  const char* ending = ten == 1 ? "th" : one == 1 ? "st" : one == 2 ? "nd" : one == 3 ? "rd" : "th";
  return absl::StrCat(number, ending);
}

std::vector<OwnMilestone> OwnMilestones(PastResults history) {
  std::vector<OwnMilestone> milestones;
  std::set<std::pair<std::string, athletics::Division>> disciplines;
  using Contest = std::tuple<absl::string_view, std::string, athletics::Division>;
  std::set<Contest> editions;
  std::map<Contest, int> finishes;
  for (size_t i = 0; i < history.size(); ++i) {
    const PastResult& result = history[i];
    if (!IsFinish(result)) continue;
    if (disciplines.emplace(result.discipline->code, result.division).second) {
      milestones.push_back({OwnMilestone::Kind::kFirst, i, 0});
    }
    if (IsWin(result)) milestones.push_back({OwnMilestone::Kind::kWin, i, 0});
    if (!editions.emplace(result.edition, result.discipline->code, result.division).second) continue;
    const int count = ++finishes[{result.event, result.discipline->code, result.division}];
    if (IsRoundNumber(count)) milestones.push_back({OwnMilestone::Kind::kFinishes, i, count});
  }
  return milestones;
}

}  // namespace palmares::portfolio
