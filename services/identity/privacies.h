// The view of privacy: who may see what of an athlete, as the athlete said. Written by the store's writer thread, read
// under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_IDENTITY_PRIVACIES_H_
#define PALMARES_SERVICES_IDENTITY_PRIVACIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/access/authorization.h"
#include "services/access/grants.h"
#include "services/athletics/date.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "storage/entry.h"

namespace palmares::identity {

// The numbers are on disk and the API's: never change or reuse one.
enum class Audience : uint8_t {
  kDefault = 0,  // adults are found by everybody; nothing else is shown
  kNobody = 1,   // the athlete, who acts for them, and operators
  kGranted = 2,  // those to whom the athlete granted it
  kEverybody = 3,
};

struct Privacy {
  Audience search = Audience::kDefault;
  Audience birth_date = Audience::kDefault;
  Audience profile = Audience::kDefault;
  Audience discovery = Audience::kDefault;
  std::vector<std::string> discovery_criteria;  // empty: all
  std::string reason;                           // of the last hiding or showing
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change; 0 where nothing was ever said
};

class Privacies {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // What an athlete of this number said (not those merged into them); the defaults where nothing.
  const Privacy& Of(int64_t athlete) const;
  const absl::btree_map<int64_t, Privacy>& all() const { return all_; }

 private:
  absl::btree_map<int64_t, Privacy> all_;
};

// Where privacy is decided. All must outlive it; read under a Reader.
struct PrivacyViews {
  const Athletes* athletes = nullptr;
  const results::Results* results = nullptr;
  const Privacies* privacies = nullptr;
  const access::Grants* grants = nullptr;
};

// Under 18 today, or possibly so, by the birth date, or by the ages that sheets give where none is known.
bool IsMinor(const PrivacyViews& views, int64_t athlete, athletics::Date today);

// Whether the caller is the athlete, acts for them with this right, or is an operator.
bool ActsFor(const PrivacyViews& views, const access::Caller& caller, access::Right right, int64_t athlete,
             int64_t now_us);

// Whether the caller does so by a grant, and not as the athlete themselves.
bool ActsByGrant(const PrivacyViews& views, const access::Caller& caller, access::Right right, int64_t athlete,
                 int64_t now_us);

// Whether others may see what was opened to them: of an adult always, of a minor while a guardian's grant is in force.
bool MayBeOpen(const PrivacyViews& views, int64_t athlete, int64_t now_us);

// The athlete of that name after merges of whom the caller may know: by sight, or as somebody who acts for them with
// this right, but for those who were erased. 0 where there is none, and callers answer alike for both.
int64_t FindKnown(const PrivacyViews& views, const access::Caller& caller, absl::string_view name, access::Right right,
                  int64_t now_us);

// The athlete of that name after merges whose history the caller may read: everybody's who is shown, and of who is
// hidden those to whom it is granted. 0 where there is none.
int64_t FindReadable(const PrivacyViews& views, const access::Caller& caller, absl::string_view name, int64_t now_us);

// Whether the caller finds the athlete (after merges) by search and in lists of athletes. Minors are found by nobody
// unless it was said so for them.
bool IsFindable(const PrivacyViews& views, const access::Caller& caller, int64_t athlete, int64_t now_us);

// Whether the caller sees the athlete's date of birth; others see the year, of minors an age band.
bool SeesBirthDate(const PrivacyViews& views, const access::Caller& caller, int64_t athlete, int64_t now_us);

// Whether the caller sees the profile that the athlete wrote: nobody does by default, and nobody of a minor who has no
// guardian here.
bool SeesProfile(const PrivacyViews& views, const access::Caller& caller, int64_t athlete, int64_t now_us);

// Whether sponsors may find the athlete by all of these criteria ("levels", "age-band"; none: by any): by consent only,
// of minors by a guardian's.
bool IsDiscoverable(const PrivacyViews& views, const access::Caller& caller, int64_t athlete,
                    absl::Span<const absl::string_view> criteria, int64_t now_us);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_PRIVACIES_H_
