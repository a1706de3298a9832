#include "services/administration/recomputation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace palmares::administration {
namespace {

constexpr int64_t kMostDifferences = 1000;
constexpr int64_t kEntriesAStep = 64;
constexpr int64_t kFewEntries = 16;  // that may be caught up with while others wait

// A set of views on its way along the ledger.
class Recomputed {
 public:
  Recomputed(const LiveViews& live, Jobs::Control& job) : live_(live), job_(job), set_(live.make()) {}

  // Applies the entries up to `position`.
  absl::Status CatchUp(int64_t position) {
    absl::Status status = live_.store->ledger().Read(position_ + 1, position, [this](const storage::Entry& entry) {
      if (absl::Status applied = set_->views().Apply(entry); !applied.ok()) {
        return absl::DataLossError(
            absl::StrCat("entry ", entry.position, " of the ledger cannot be applied: ", applied.message()));
      }
      position_ = entry.position;
      return absl::OkStatus();
    });
    return status;
  }

  // Follows the ledger until it is nearly at its end.
  absl::Status Approach() {
    while (true) {
      // Not the ledger's last: an entry may be durable and not applied yet.
      absl::StatusOr<int64_t> applied = AppliedPosition();
      if (!applied.ok()) return applied.status();
      const int64_t last = *applied;
      if (last - position_ <= kFewEntries) return absl::OkStatus();
      const int64_t next = std::min(last, position_ + kEntriesAStep);
      if (absl::Status status = CatchUp(next); !status.ok()) return status;
      if (absl::Status status = job_.Progress("recomputing", position_, last, "entries"); !status.ok()) return status;
    }
  }

  // Brings it to where the serving views are, and keeps those still.
  absl::StatusOr<storage::Store::Reader> Join() {
    while (true) {
      if (absl::Status status = Approach(); !status.ok()) return status;
      absl::StatusOr<storage::Store::Reader> reader = live_.store->Read();
      if (!reader.ok()) return reader.status();
      if (reader->position() - position_ > 4 * kFewEntries) continue;
      if (absl::Status status = CatchUp(reader->position()); !status.ok()) return status;
      return reader;
    }
  }

  ViewSet& set() { return *set_; }

 private:
  absl::StatusOr<int64_t> AppliedPosition() const {
    absl::StatusOr<storage::Store::Reader> reader = live_.store->Read();
    if (!reader.ok()) return reader.status();
    return reader->position();
  }

  const LiveViews& live_;
  Jobs::Control& job_;
  const std::unique_ptr<ViewSet> set_;
  int64_t position_ = 0;
};

bool Wanted(const std::vector<std::string>& names, const std::string& view) {
  return names.empty() || std::find(names.begin(), names.end(), view) != names.end();
}

// Compares part `part` of the view at `at` in both sets, at one position. Whether there was such a part.
absl::StatusOr<bool> CompareNextPart(const LiveViews& live, Recomputed& recomputed, size_t at, int64_t part,
                                     Jobs::Control& job) {
  absl::StatusOr<storage::Store::Reader> reader = recomputed.Join();
  if (!reader.ok()) return reader.status();
  const ViewContent expected = recomputed.set().Contents()[at];
  const ViewContent found = live.serving->Contents()[at];
  const int64_t parts = std::max(expected.parts(), found.parts());
  if (part >= parts) return false;
  std::vector<v1::Difference> differences;
  const int64_t count = ComparePart(expected, found, part, kMostDifferences, differences);
  const int64_t position = reader->position();
  job.Update([&](v1::AdministrationJob& message) {
    message.set_position(position);
    message.set_difference_count(message.difference_count() + count);
    for (v1::Difference& difference : differences) {
      if (message.differences_size() < kMostDifferences) *message.add_differences() = std::move(difference);
    }
  });
  if (absl::Status status = job.Progress(absl::StrCat("comparing ", expected.view), part + 1, parts, "parts");
      !status.ok()) {
    return status;
  }
  return true;
}

}  // namespace

absl::Status VerifyViews(const LiveViews& live, const std::vector<std::string>& names, Jobs::Control& job) {
  Recomputed recomputed(live, job);
  const std::vector<ViewContent> contents = recomputed.set().Contents();
  for (size_t at = 0; at < contents.size(); ++at) {
    if (!Wanted(names, contents[at].view)) continue;
    for (int64_t part = 0;; ++part) {
      absl::StatusOr<bool> compared = CompareNextPart(live, recomputed, at, part, job);
      if (!compared.ok()) return compared.status();
      if (!*compared) break;
    }
  }
  return absl::OkStatus();
}

absl::Status RebuildViews(const LiveViews& live, Jobs::Control& job) {
  Recomputed recomputed(live, job);
  if (absl::Status status = recomputed.Approach(); !status.ok()) return status;
  int64_t at = 0;
  absl::Status status = live.store->Replace([&](int64_t position) -> absl::Status {
    if (absl::Status caught_up = recomputed.CatchUp(position); !caught_up.ok()) return caught_up;
    live.exchange(recomputed.set());
    at = position;
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  job.Update([at](v1::AdministrationJob& message) { message.set_position(at); });
  return job.Progress("exchanged", at, at, "entries");
}

}  // namespace palmares::administration
