// A field in the order of admission: what BuildField says of each event, with the applications on file.
#ifndef PALMARES_SERVICES_QUALIFICATION_ORDERED_FIELD_H_
#define PALMARES_SERVICES_QUALIFICATION_ORDERED_FIELD_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/applications.h"
#include "services/qualification/field_state.h"

namespace palmares::qualification {

// One list of those that places are given from.
struct FieldGroup {
  int event = 0;                                  // index into the standard's events
  athletics::Sex sex = athletics::Sex::kUnknown;  // unknown: all together
  // By candidate, in the order of the athletes' numbers; the later ways in of an athlete follow the first.
  std::vector<const Entrant*> entrants;
  std::vector<Candidate> candidates;  // as BuildField took them
  Field field;
  std::vector<int> entry_of;  // by candidate: index into field.entries; -1: in no list
};

// Makes the field of the group's candidates.
void FillGroup(const Standard& standard, FieldGroup& group);

struct OrderedField {
  std::shared_ptr<const FieldSnapshot> snapshot;  // owns the entrants
  int64_t applications_position = 0;              // of the applications that were applied
  std::vector<FieldGroup> groups;                 // by event, then sex; empty ones are left out
};

// Runners of all sexes share one list where places go by the margin to the own standard or by the order of application;
// else each event has a list for each sex.
bool SharedBySexes(const Standard& standard);

// `applications` by athlete, after merges. `withdrawn`: taken as withdrawn too, in ascending order.
OrderedField OrderField(std::shared_ptr<const FieldSnapshot> snapshot,
                        const absl::flat_hash_map<int64_t, Application>& applications,
                        absl::Span<const int64_t> withdrawn);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_ORDERED_FIELD_H_
