// The numbers by which a rendering refers to results: those it shows first, in their order, then the others as they
// are referred to.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_REFERENCES_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_REFERENCES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "palmares/v1/histories.pb.h"

namespace palmares::portfolio {

// Not for use by several threads at once; `entries` must outlive it.
class References {
 public:
  explicit References(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& entries);

  // Number of a result, from 1; a new one for a result that was not met yet.
  int Number(absl::string_view result);
  // The entry of a result; null where the portfolio does not show it.
  const v1::HistoryEntry* Find(absl::string_view result) const;
  // Results that were referred to and are not shown, with their numbers from `first_other()` on.
  const std::vector<std::string>& others() const { return others_; }
  int first_other() const { return static_cast<int>(entries_.size()) + 1; }

 private:
  const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& entries_;
  absl::flat_hash_map<std::string, int> numbers_;
  std::vector<std::string> others_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_REFERENCES_H_
