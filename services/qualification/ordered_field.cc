#include "services/qualification/ordered_field.h"

#include <algorithm>
#include <map>
#include <utility>

namespace palmares::qualification {
namespace {

Candidate CandidateOf(const Entrant& entrant, const absl::flat_hash_map<int64_t, Application>& applications,
                      absl::Span<const int64_t> withdrawn) {
  Candidate candidate = entrant.candidate;
  candidate.withdrawn = std::binary_search(withdrawn.begin(), withdrawn.end(), entrant.athlete);
  const auto found = applications.find(entrant.athlete);
  if (found == applications.end()) return candidate;
  const ApplicationState state = found->second.state;
  candidate.applied_us = found->second.apply_time_us;
  candidate.withdrawn =
      candidate.withdrawn || state == ApplicationState::kWithdrawn || state == ApplicationState::kRefused;
  return candidate;
}

}  // namespace

bool SharedBySexes(const Standard& standard) {
  return standard.field.selection == Selection::kLargestMargin || standard.field.selection == Selection::kFirstCome;
}

void FillGroup(const Standard& standard, FieldGroup& group) {
  group.field = BuildField(standard, group.event, group.candidates);
  group.entry_of.assign(group.candidates.size(), -1);
  for (size_t i = 0; i < group.field.entries.size(); ++i) {
    group.entry_of[static_cast<size_t>(group.field.entries[i].candidate)] = static_cast<int>(i);
  }
}

OrderedField OrderField(std::shared_ptr<const FieldSnapshot> snapshot,
                        const absl::flat_hash_map<int64_t, Application>& applications,
                        absl::Span<const int64_t> withdrawn) {
  OrderedField ordered;
  const Standard& standard = *snapshot->standard;
  std::vector<const Entrant*> all;
  for (const auto& [athlete, entrants] : *snapshot->entrants) {
    for (const Entrant& entrant : entrants) all.push_back(&entrant);
  }
  // By athlete, so that equals are told in an order that does not change.
  std::stable_sort(all.begin(), all.end(), [](const Entrant* a, const Entrant* b) { return a->athlete < b->athlete; });
  std::map<std::pair<int, athletics::Sex>, FieldGroup> groups;
  for (const Entrant* entrant : all) {
    const int event = entrant->candidate.verdict.event;
    const athletics::Sex sex = SharedBySexes(standard) ? athletics::Sex::kUnknown : entrant->sex;
    FieldGroup& group = groups[{event, sex}];
    group.event = event;
    group.sex = sex;
    group.entrants.push_back(entrant);
    group.candidates.push_back(CandidateOf(*entrant, applications, withdrawn));
  }
  for (auto& [key, group] : groups) {
    FillGroup(standard, group);
    ordered.groups.push_back(std::move(group));
  }
  ordered.snapshot = std::move(snapshot);
  return ordered;
}

}  // namespace palmares::qualification
