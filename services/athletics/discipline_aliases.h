// Other names of a discipline, to show. FindDiscipline accepts many more: it reads them by a grammar.
#ifndef PALMARES_SERVICES_ATHLETICS_DISCIPLINE_ALIASES_H_
#define PALMARES_SERVICES_ATHLETICS_DISCIPLINE_ALIASES_H_

#include <string>
#include <vector>

#include "services/athletics/discipline.h"

namespace palmares::athletics {

// Each is a text that FindDiscipline takes for this discipline, in the table's order. Empty for one that the table does
// not name. Implemented in discipline.cc.
std::vector<std::string> AliasesOf(const Discipline& discipline);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_DISCIPLINE_ALIASES_H_
