// The order of a field, and what it makes of a verdict: used by several calls.
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "services/qualification/places.h"
#include "services/qualification/qualification_service.h"

namespace palmares::qualification {

absl::StatusOr<std::shared_ptr<const OrderedField>> QualificationService::Order(
    const rpc::Call& call, std::shared_ptr<const FieldSnapshot> snapshot, const std::vector<int64_t>& withdrawn) const {
  const std::string& id = snapshot->standard->id;
  // Entrants that somebody holds are never changed (field_state.h), so the same ones give the same order.
  const auto same = [&](const OrderedField& kept, int64_t applications_position) {
    return kept.snapshot->entrants == snapshot->entrants && kept.snapshot->standard == snapshot->standard &&
           kept.snapshot->as_of == snapshot->as_of && kept.applications_position == applications_position;
  };
  absl::flat_hash_map<int64_t, Application> applications;
  int64_t applications_position = 0;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    applications_position = applications_.LastChange(id);
    if (withdrawn.empty()) {
      const absl::MutexLock lock(&order_mutex_);
      const auto kept = orders_.find(id);
      if (kept != orders_.end() && same(*kept->second, applications_position)) return kept->second;
    }
    applications = ApplicationsFor(id);
  }
  auto ordered = std::make_shared<OrderedField>(OrderField(std::move(snapshot), applications, withdrawn));
  ordered->applications_position = applications_position;
  if (!withdrawn.empty()) return ordered;
  const absl::MutexLock lock(&order_mutex_);
  if (orders_.size() >= Fields::kMost) orders_.clear();
  orders_[ordered->snapshot->standard->id] = ordered;
  return ordered;
}

absl::StatusOr<bool> QualificationService::NeedsField(const rpc::Call& call, const Verdict& verdict) const {
  if (verdict.counting < 0) return false;
  const Standard& standard = *verdict.standard;
  if (LimitsPlaces(standard, verdict.event)) return true;
  if (standard.field.selection != Selection::kFirstCome) return false;
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  return applications_.LastChange(standard.id) > 0;
}

absl::Status QualificationService::GivePlace(const rpc::Call& call, const AppliedStandard& applied,
                                             const AnswerDay& as_of, const Person& person, Seen seen,
                                             Verdict& verdict) const {
  absl::StatusOr<bool> needed = NeedsField(call, verdict);
  if (!needed.ok()) return needed.status();
  if (!*needed) return absl::OkStatus();
  absl::StatusOr<std::shared_ptr<const FieldSnapshot>> snapshot =
      fields_.Current(applied, as_of, seen.position, call.deadline);
  if (!snapshot.ok()) return snapshot.status();
  absl::StatusOr<std::shared_ptr<const OrderedField>> field = Order(call, *std::move(snapshot), {});
  if (!field.ok()) return field.status();
  const std::optional<Place> place = seen.hypothetical ? PlaceAsIf(**field, person.number, person.facts, verdict)
                                                       : FindPlace(**field, verdict.event, person.number);
  if (place.has_value()) ApplyPlace(*place, verdict);
  return absl::OkStatus();
}

}  // namespace palmares::qualification
