#include "services/portfolio/shares_view.h"

#include <algorithm>

#include "storage/stored_portfolio.pb.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::portfolio {

using storage::EntryKind;

absl::Status SharesView::Set(const storage::Entry& entry) {
  stored::v1::Share body;
  stored::v1::ShareText text;
  if (!body.ParseFromString(entry.change.body) || entry.change.personal.size() != 1 ||
      !text.ParseFromString(entry.change.personal[0])) {
    return absl::DataLossError("not a share");
  }
  Share& share = shares_[body.id()];
  if (share.create_position == 0) {
    share.create_position = entry.position;
    share.create_time_us = entry.time_us;
  }
  share.id = body.id();
  share.display_name = text.display_name();
  share.athlete = body.athlete();
  share.portfolio = body.portfolio();
  share.selection = body.selection();
  share.expire_time_us = body.expire_time_us();
  share.view_limit = body.view_limit();
  share.holder = body.holder();
  share.secret_sha256 = body.secret_sha256();
  share.prefix = body.prefix();
  share.update_time_us = entry.time_us;
  share.position = entry.position;
  id_of_secret_[share.secret_sha256] = share.id;
  if (!share.holder.empty()) of_holder_[share.holder].insert(share.id);
  return absl::OkStatus();
}

absl::Status SharesView::Apply(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kShareSet:
      return Set(entry);
    case EntryKind::kShareRevoked: {
      stored::v1::ShareRevoked body;
      const bool known = body.ParseFromString(entry.change.body) && shares_.contains(body.id());
      if (!known) return absl::DataLossError("no share is revoked");
      Share& share = shares_[body.id()];
      share.revoke_time_us = entry.time_us;
      share.update_time_us = entry.time_us;
      share.position = entry.position;
      return absl::OkStatus();
    }
    case EntryKind::kShareViewed: {
      stored::v1::ShareViewed body;
      const bool known = body.ParseFromString(entry.change.body) && shares_.contains(body.id());
      if (!known) return absl::DataLossError("no share is viewed");
      Share& share = shares_[body.id()];
      share.views.push_back({entry.time_us, body.viewer(), body.method(), body.network(), body.refused()});
      if (!body.refused()) ++share.view_count;
      return absl::OkStatus();
    }
    case EntryKind::kAthleteErased: {
      stored::v1::AthleteErased body;
      if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an erasure");
      for (auto& [id, share] : shares_) {
        const auto& members = body.members();
        if (std::find(members.begin(), members.end(), share.athlete) == members.end()) continue;
        share.display_name.clear();
        share.erased = true;
      }
      return absl::OkStatus();
    }
    default:
      return absl::OkStatus();
  }
}

const Share* SharesView::Find(absl::string_view id) const {
  const auto found = shares_.find(id);
  return found == shares_.end() ? nullptr : &found->second;
}

const Share* SharesView::FindBySecret(absl::string_view secret_sha256) const {
  const auto found = id_of_secret_.find(secret_sha256);
  return found == id_of_secret_.end() ? nullptr : Find(found->second);
}

std::vector<const Share*> SharesView::OfHolder(absl::string_view token) const {
  std::vector<const Share*> held;
  const auto found = of_holder_.find(token);
  if (found == of_holder_.end()) return held;
  for (const std::string& id : found->second) {
    const Share* share = Find(id);
    if (share->holder == token) held.push_back(share);
  }
  return held;
}

}  // namespace palmares::portfolio
