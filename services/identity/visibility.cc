#include "services/identity/visibility.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace palmares::identity {

namespace {

bool IsThemselves(const Athletes& athletes, const access::Caller& caller, int64_t number) {
  const std::vector<int64_t> members = athletes.Members(number);
  return std::any_of(members.begin(), members.end(), [&](int64_t member) {
    return std::find(caller.resources.begin(), caller.resources.end(), athletes.Name(member)) != caller.resources.end();
  });
}

}  // namespace

bool IsVisible(const Athletes& athletes, const results::Results& results, const access::Caller& caller,
               int64_t number) {
  if (caller.role == access::Role::kOperator) return true;
  if (athletes.athlete(number).state != AthleteState::kActive) {
    return athletes.athlete(number).state == AthleteState::kHidden && IsThemselves(athletes, caller, number);
  }
  if (athletes.athlete(number).registered) return true;
  for (int64_t member : athletes.Members(number)) {
    for (const results::RowRef& ref : results.OfAthlete(member)) {
      if (results::Counts(results.sheet(ref.race).state)) return true;
    }
  }
  return false;
}

bool MayBeNamed(const Athletes& athletes, int64_t number) {
  return athletes.athlete(number).state == AthleteState::kActive &&
         athletes.athlete(athletes.Resolve(number)).state == AthleteState::kActive;
}

bool MayName(const PeopleNow& now, const results::Results& results, results::RowRef row, int64_t athlete) {
  const auto may_be_named = [&now](int64_t number) {
    return number == 0 || !now.athletes->Exists(number) || MayBeNamed(*now.athletes, number);
  };
  if (!may_be_named(athlete)) return false;
  if (&results == now.results) return true;
  // Whose the row was then, and whose it is now.
  const results::RaceSheet& then = results.sheet(row.race);
  if (!may_be_named(then.LinkOf(row.row).athlete)) return false;
  const int64_t number = then.Number(row.row);
  if (const std::optional<results::RowRef> moved = now.results->MovedTo(row.race, number)) {
    return may_be_named(now.results->sheet(moved->race).LastLink(moved->row).athlete);
  }
  const results::RaceSheet& sheet = now.results->sheet(row.race);
  const std::optional<int64_t> stands = sheet.RowOfNumber(number);
  return !stands.has_value() || may_be_named(sheet.LastLink(*stands).athlete);
}

int64_t FindVisible(const Athletes& athletes, const results::Results& results, const access::Caller& caller,
                    absl::string_view name) {
  const int64_t number = athletes.Resolve(athletes.Find(name));
  return number != 0 && IsVisible(athletes, results, caller, number) ? number : 0;
}

}  // namespace palmares::identity
