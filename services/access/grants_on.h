// Grants on an athlete and on everybody merged into them.
#ifndef PALMARES_SERVICES_ACCESS_GRANTS_ON_H_
#define PALMARES_SERVICES_ACCESS_GRANTS_ON_H_

#include <cstdint>
#include <vector>

#include "services/access/grants.h"
#include "services/identity/athletes.h"

namespace palmares::access {

inline std::vector<const Grant*> GrantsOn(const Grants& grants, const identity::Athletes& athletes, int64_t athlete) {
  std::vector<const Grant*> all;
  for (const int64_t member : athletes.Members(athlete)) {
    const std::vector<const Grant*> own = grants.Of(member);
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_GRANTS_ON_H_
