// The view of portfolios: what was signed, of which results, and what was revoked. The signed text stays in the ledger
// and is read when asked for. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIOS_VIEW_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIOS_VIEW_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/entry.h"

namespace palmares::portfolio {

// A result that a portfolio shows or rests on; it may be there for more than one reason.
struct SignedResult {
  int32_t race = 0;    // number in the calendar
  int64_t number = 0;  // of the result in its race
  std::string digest;  // of what the portfolio asserts of it
};

// A portfolio as it was signed one time.
struct PortfolioVersion {
  int32_t version = 0;          // from 1
  int64_t position = 0;         // of the entry, which holds the signed text
  int64_t ledger_position = 0;  // that it shows
  int64_t sign_time_us = 0;
  int64_t expire_time_us = 0;
  std::string signing_key;
  std::string content_sha256;
  int64_t status_index = 0;
  std::vector<SignedResult> results;
};

struct Portfolio {
  int64_t athlete = 0;  // number in the view of athletes
  std::string id;
  std::string display_name;                // empty of who was erased
  std::string selection;                   // palmares.v1.PortfolioSelection
  std::vector<PortfolioVersion> versions;  // oldest first, never empty
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t revoke_time_us = 0;  // 0: not revoked
  std::string revoke_reason;
  bool erased = false;   // its text is gone
  int64_t position = 0;  // of the last change

  const PortfolioVersion& newest() const { return versions.back(); }
};

class PortfoliosView {
 public:
  using Key = std::pair<int64_t, std::string>;  // athlete, id

  absl::Status Apply(const storage::Entry& entry);

  // nullptr if there is none.
  const Portfolio* Find(int64_t athlete, absl::string_view id) const;
  // Those of an athlete of this number, not of who was merged into them, by id.
  std::vector<const Portfolio*> Of(int64_t athlete) const;
  const absl::btree_map<Key, Portfolio>& all() const { return portfolios_; }
  // The portfolio and version with this index in the status lists; nullptr if there is none.
  const Portfolio* WithStatusIndex(int64_t index) const;
  // The index for the next version that is signed.
  int64_t next_status_index() const { return static_cast<int64_t>(by_status_index_.size()); }
  // Those whose newest version shows results of this race.
  std::vector<const Portfolio*> OfRace(int32_t race) const;
  // Races of whose results it is signed, or was, which records they set.
  const std::set<int32_t>& record_races() const { return record_races_; }

 private:
  absl::Status Publish(const storage::Entry& entry);
  absl::Status Revoke(const storage::Entry& entry);
  absl::Status Erase(const storage::Entry& entry);

  absl::btree_map<Key, Portfolio> portfolios_;
  std::vector<Key> by_status_index_;
  absl::btree_map<std::pair<int32_t, Key>, int> by_race_;  // a set, of all versions
  std::set<int32_t> record_races_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIOS_VIEW_H_
