#include "services/identity/visibility.h"

namespace palmares::identity {

bool IsVisible(const Athletes& athletes, const results::Results& results, const access::Caller& caller,
               int64_t number) {
  if (caller.role == access::Role::kOperator || athletes.registered(number)) return true;
  for (int64_t member : athletes.Members(number)) {
    for (const results::RowRef& ref : results.OfAthlete(member)) {
      if (results::Counts(results.sheet(ref.race).state)) return true;
    }
  }
  return false;
}

int64_t FindVisible(const Athletes& athletes, const results::Results& results, const access::Caller& caller,
                    absl::string_view name) {
  const int64_t number = athletes.Resolve(athletes.Find(name));
  return number != 0 && IsVisible(athletes, results, caller, number) ? number : 0;
}

}  // namespace palmares::identity
