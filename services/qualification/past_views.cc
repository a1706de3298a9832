#include "services/qualification/past_views.h"

#include <utility>

namespace palmares::qualification {

absl::Status PastViews::Apply(const storage::Entry& entry) {
  // In the order of the server's state.
  if (absl::Status status = standards.Apply(entry); !status.ok()) return status;
  if (absl::Status status = calendar.Apply(entry); !status.ok()) return status;
  if (absl::Status status = athletes.Apply(entry); !status.ok()) return status;
  if (absl::Status status = results.Apply(entry); !status.ok()) return status;
  if (absl::Status status = sanctions.Apply(entry); !status.ok()) return status;
  position_ = entry.position;
  return absl::OkStatus();
}

absl::Status PastViews::Replay(int64_t position, absl::FunctionRef<absl::Status()> between) {
  return ledger_.Read(position_ + 1, position, [&](const storage::Entry& entry) {
    absl::Status status = between();
    return status.ok() ? Apply(entry) : status;
  });
}

}  // namespace palmares::qualification
