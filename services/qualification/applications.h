// The view of applications: who entered for what a standard admits to, and who withdrew. Written by the store's writer
// thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_QUALIFICATION_APPLICATIONS_H_
#define PALMARES_SERVICES_QUALIFICATION_APPLICATIONS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "storage/entry.h"

namespace palmares::qualification {

// The numbers are on disk and the API's: never change or reuse one.
enum class ApplicationState : uint8_t { kApplied = 1, kAdmitted = 2, kRefused = 3, kWithdrawn = 4 };

struct Application {
  ApplicationState state = ApplicationState::kApplied;
  int64_t apply_time_us = 0;
  std::string reason;
  int32_t path = 0;  // the API's QualificationPath; 0: any
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change
};

class Applications {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // By athlete; empty for a standard without any. Athletes are as they were named, before merges.
  const absl::btree_map<int64_t, Application>& Of(absl::string_view standard) const;
  const Application* Find(absl::string_view standard, int64_t athlete) const;

  // By standard, each by athlete.
  struct OfStandard {
    absl::btree_map<int64_t, Application> by_athlete;
    int64_t position = 0;  // of the last change
  };
  const absl::btree_map<std::string, OfStandard>& all() const { return by_standard_; }
  // Of the standard's last change; 0 without any.
  int64_t LastChange(absl::string_view standard) const;

 private:
  absl::btree_map<std::string, OfStandard> by_standard_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_APPLICATIONS_H_
