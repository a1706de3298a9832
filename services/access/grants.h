// The view of grants: by which athletes let others act or read for them. Written by the store's writer thread, read
// under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_ACCESS_GRANTS_H_
#define PALMARES_SERVICES_ACCESS_GRANTS_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/access/authorization.h"
#include "services/access/rights.h"
#include "storage/entry.h"

namespace palmares::access {

// What the holder is to the athlete. The numbers are on disk and the API's: never change or reuse one.
enum class Relation : uint8_t {
  kUnspecified = 0,
  kCoach = 1,
  kClubManager = 2,
  kSponsor = 3,
  kGuardian = 4,
  kManager = 5,
};

// The rights that a relation has by itself.
Rights RightsOf(Relation relation);

struct Grant {
  std::string id;
  int64_t athlete = 0;  // number in the view of athletes
  std::string holder;   // "tokens/4f…", "clubs/lions"
  Relation relation = Relation::kUnspecified;
  Rights rights;  // given; empty: those of the relation
  int64_t create_time_us = 0;
  int64_t expire_time_us = 0;  // 0: never
  int64_t revoke_time_us = 0;  // 0: not revoked
  bool waiting = false;        // for an operator to confirm it
  int64_t position = 0;        // of the last change

  Rights Effective() const { return rights.empty() ? RightsOf(relation) : rights; }
  bool InForce(int64_t now_us) const {
    return !waiting && revoke_time_us == 0 && (expire_time_us == 0 || expire_time_us > now_us);
  }
};

// Whether the caller is the athlete (by their token's resources), an operator, or holds the right over the athlete of
// that name by one of `grants`, those on the athlete, in force. A coach whose token names the athlete has the rights
// that coaches have by themselves.
bool MayActFor(const Caller& caller, absl::string_view athlete, Right right, const std::vector<const Grant*>& grants,
               int64_t now_us);

class Grants {
 public:
  using Key = std::pair<int64_t, std::string>;  // athlete, id

  absl::Status Apply(const storage::Entry& entry);

  // nullptr if there is none.
  const Grant* Find(int64_t athlete, absl::string_view id) const;
  // By athlete and id.
  const absl::btree_map<Key, Grant>& all() const { return grants_; }
  // Those on an athlete of this number (not those merged into them), in force or not.
  std::vector<const Grant*> Of(int64_t athlete) const;
  // Those of a holder, in force or not.
  std::vector<const Grant*> HeldBy(absl::string_view holder) const;

 private:
  absl::btree_map<Key, Grant> grants_;
  absl::btree_map<std::string, std::set<Key>> of_holder_;
};

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_GRANTS_H_
