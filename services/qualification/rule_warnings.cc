#include "services/qualification/rule_warnings.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/qualification/assess.h"

namespace palmares::qualification {
namespace {

// The calendar's races as rules see them.
std::vector<Performance> RacesOnFile(const events::Calendar& calendar) {
  std::vector<Performance> races;
  races.reserve(calendar.races().size());
  for (const auto& [name, race] : calendar.races()) {
    Performance& each = races.emplace_back();
    each.race = name;
    each.race_name = absl::StrCat(race->event->data.display_name(), " ", race->edition->data.display_name());
    each.level = race->data.level();
  }
  return races;
}

class Looking {
 public:
  explicit Looking(const events::Calendar& calendar) : races_(RacesOnFile(calendar)) {}

  void ForRaces(const std::string& field, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto named = [&](const Performance& race) { return RaceIsNamed({text}, race); };
      if (std::any_of(races_.begin(), races_.end(), named)) continue;
      found_.push_back(
          {"RACE_NOT_ON_FILE", field, text,
           "the id of a race, edition or event on file, or the name of an edition, unless it is still to come"});
    }
  }

  void ForLevels(const std::string& field, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto has = [&](const Performance& race) { return race.level == text; };
      if (std::any_of(races_.begin(), races_.end(), has)) continue;
      found_.push_back(
          {"LEVEL_NOT_ON_FILE", field, text, "a level that a race on file has, unless one is still to come"});
    }
  }

  std::vector<RuleWarning> Take() { return std::move(found_); }

 private:
  const std::vector<Performance> races_;
  std::vector<RuleWarning> found_;
};

// Where a window before the event begins nowhere, marks of any age count.
bool BeginsNowhere(const Standard& standard) {
  if (standard.window.opens || standard.certain_from || !standard.event_day || standard.entries.empty()) return false;
  const bool own = std::all_of(standard.entries.begin(), standard.entries.end(),
                               [&](const Entry& entry) { return WindowAt(standard, entry.window).opens.has_value(); });
  return !own && standard.opens_unknown == WhenUnknown::kAccept;
}

}  // namespace

std::vector<RuleWarning> WarningsOf(const Standard& standard, const events::Calendar& calendar) {
  Looking looking(calendar);
  looking.ForLevels("race.levels", standard.race.levels);
  looking.ForRaces("race.races", standard.race.races);
  looking.ForRaces("race.excluded_races", standard.race.excluded_races);
  for (size_t i = 0; i < standard.paths.size(); ++i) {
    const std::string path = absl::StrCat("path[", i + 1, "]");
    looking.ForRaces(absl::StrCat(path, ".races"), standard.paths[i].races);
    looking.ForLevels(absl::StrCat(path, ".levels"), standard.paths[i].levels);
  }
  std::vector<RuleWarning> warnings = looking.Take();
  if (BeginsNowhere(standard)) {
    warnings.insert(warnings.begin(),
                    RuleWarning{"WINDOW_WITHOUT_START", "window.opens", "nothing",
                                "the first day on which marks count, or opens_unknown = \"uncertain\"; marks of any "
                                "day before the event count as it stands"});
  }
  return warnings;
}

}  // namespace palmares::qualification
