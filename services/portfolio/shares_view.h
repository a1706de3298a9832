// The view of shares: who was given what to read, until when, and who looked. Written by the store's writer thread,
// read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_PORTFOLIO_SHARES_VIEW_H_
#define PALMARES_SERVICES_PORTFOLIO_SHARES_VIEW_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/entry.h"

namespace palmares::portfolio {

struct ShareView {
  int64_t time_us = 0;
  std::string viewer;   // id of a token; empty for an anonymous holder
  std::string method;   // "open", "export-pdf"
  std::string network;  // "203.0.113.0/24"
  bool refused = false;
};

struct Share {
  // Each view is kept in the ledger, so that even a share without a limit closes some day.
  static constexpr int32_t kMostViews = 100'000;

  std::string id;
  std::string display_name;  // empty of who was erased
  int64_t athlete = 0;       // number in the view of athletes
  std::string portfolio;     // id; empty: the live history
  std::string selection;     // palmares.v1.PortfolioSelection
  int64_t expire_time_us = 0;
  int32_t view_limit = 0;  // 0: kMostViews
  std::string holder;      // id of a token; empty: whoever has the secret
  std::string secret_sha256;
  std::string prefix;  // of the secret
  int64_t create_time_us = 0;
  int64_t create_position = 0;  // of the entry that made it
  int64_t update_time_us = 0;
  int64_t revoke_time_us = 0;    // 0: not revoked
  int32_t view_count = 0;        // those that were not refused
  std::vector<ShareView> views;  // oldest first
  bool erased = false;
  int64_t position = 0;  // of the last change; views are none

  bool IsOpen(int64_t now_us) const {
    const int32_t most = view_limit == 0 ? kMostViews : view_limit;
    return revoke_time_us == 0 && !erased && expire_time_us > now_us && view_count < most;
  }
};

class SharesView {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // nullptr if there is none.
  const Share* Find(absl::string_view id) const;
  const Share* FindBySecret(absl::string_view secret_sha256) const;
  // Those that only this token may open; none for an empty id.
  std::vector<const Share*> OfHolder(absl::string_view token) const;
  const absl::btree_map<std::string, Share>& all() const { return shares_; }

 private:
  absl::Status Set(const storage::Entry& entry);

  absl::btree_map<std::string, Share> shares_;  // by id
  absl::flat_hash_map<std::string, std::string> id_of_secret_;
  absl::btree_map<std::string, std::set<std::string>> of_holder_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SHARES_VIEW_H_
