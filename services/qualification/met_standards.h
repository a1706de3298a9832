// Which standards an athlete has met, and by which result first.
#ifndef PALMARES_SERVICES_QUALIFICATION_MET_STANDARDS_H_
#define PALMARES_SERVICES_QUALIFICATION_MET_STANDARDS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/qualification/field_state.h"

namespace palmares::qualification {

struct MetStandard {
  std::shared_ptr<const Standard> standard;
  results::RowRef row;  // of the earliest result that counts
};

// All standards in use that a result of the athlete (a number after merges) counts for, as they are known now: cut-offs
// that were decided since are applied, results of sheets that are not official do not count yet. By id. Some
// microseconds for each standard. Under a Reader.
std::vector<MetStandard> MetStandards(const QualificationViews& views, int64_t athlete);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_MET_STANDARDS_H_
