// The view of athletes: who exists, under which id, and who was merged into whom.
//
// An athlete has a number, 1, 2, 3 … in the order they became known, which rows of sheets refer to. A merge is a
// redirect and moves nothing, so taking it back restores everything exactly. Who is hidden has no name here, so that no
// list or search can show it; their own names are kept apart. Written by the store's writer thread, read under a
// storage::Store::Reader.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETES_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/identity/athlete_ids.h"
#include "services/identity/search.h"
#include "storage/entry.h"

namespace palmares::identity {

enum class AthleteState : uint8_t { kActive, kHidden, kErased };

struct Athlete {
  std::string display_name;  // empty of who is hidden or erased
  std::string family_name;   // where a source tells them apart
  std::string given_name;
  std::string country;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::PartialDate birth;
  int64_t position = 0;     // of the entry that made or last changed them
  bool registered = false;  // made by themselves, not through a row of a sheet
  AthleteState state = AthleteState::kActive;
};

// What was said of an athlete beyond what sheets state.
struct AthleteDetails {
  struct Dated {
    std::string value;
    std::optional<athletics::Date> first, last;  // an absent end is open
  };
  struct ExternalId {
    std::string scheme, value;
    bool confidential = false;
  };
  std::string city, region;
  std::vector<std::string> other_names;
  std::vector<Dated> nationalities;  // newest first
  std::vector<Dated> clubs;
  std::vector<ExternalId> external_ids;

  bool empty() const {
    return city.empty() && region.empty() && other_names.empty() && nationalities.empty() && clubs.empty() &&
           external_ids.empty();
  }
};

struct Names {
  std::string display, family, given;
};

struct Merge {
  int64_t position = 0;  // of the entry
  std::string id;        // the position, where none was given
  int64_t from = 0;
  int64_t into = 0;
  std::string reason;
  std::string actor;
  int64_t time_us = 0;
  int64_t undone = 0;  // position of the entry that took it back; 0 while it stands
  int64_t undone_time_us = 0;
};

class Athletes {
 public:
  absl::Status Apply(const storage::Entry& entry);

  int64_t count() const { return static_cast<int64_t>(athletes_.size()) - 1; }
  bool Exists(int64_t number) const { return number >= 1 && number <= count(); }
  const Athlete& athlete(int64_t number) const { return athletes_[static_cast<size_t>(number)]; }

  // Empty where nothing was said.
  const AthleteDetails& details(int64_t number) const;
  // The names of somebody whether hidden or not.
  Names NamesOf(int64_t number) const;
  // The athlete with an id elsewhere; 0 if there is none.
  int64_t FindExternalId(absl::string_view scheme, absl::string_view value) const;

  // The athlete that this one was merged into, and so on; itself if it was not.
  int64_t Resolve(int64_t number) const;
  // The athlete and everybody merged into them, in ascending order.
  std::vector<int64_t> Members(int64_t number) const;
  bool has_merges() const { return !redirects_.empty(); }
  // Position of the newest entry that merged athletes or took a merge back; 0 where there is none.
  int64_t merged_at() const { return merged_at_; }
  // Position of the newest entry that erased somebody; 0 where there is none.
  int64_t erased_at() const { return erased_at_; }

  // "athletes/1042", or "athletes/<id>" where one was given.
  std::string Name(int64_t number) const;
  // By "athletes/1042", "1042" or a given id; 0 if there is none. Does not follow merges.
  int64_t Find(absl::string_view name) const;

  // By position, those undone too.
  const absl::btree_map<int64_t, Merge>& merges() const { return merges_; }

  // By "merges/31", or only its id; nullptr if there is none.
  const Merge* FindMerge(absl::string_view name) const;

  // Finds athletes by what somebody types; see search.h. Does not follow merges.
  const NameIndex& names() const { return *names_; }

  int64_t memory_bytes() const;

 private:
  absl::Status TakeRows(const storage::Entry& entry);
  absl::Status SetAthlete(const storage::Entry& entry);
  template <typename Body>
  absl::Status MakeAthlete(const storage::Entry& entry);
  absl::Status MergeAthletes(const storage::Entry& entry);
  absl::Status UnmergeAthletes(const storage::Entry& entry);
  absl::Status SetHidden(const storage::Entry& entry);
  absl::Status Erase(const storage::Entry& entry);
  void Index(int64_t number);
  void Unindex(int64_t number);
  void SetNames(int64_t number, Names names);

  std::vector<Athlete> athletes_ = std::vector<Athlete>(1);  // by number; 0 is nobody
  AthleteIds ids_;
  absl::flat_hash_map<int64_t, int64_t> redirects_;                 // from → into, of merges in force
  absl::flat_hash_map<int64_t, std::vector<int64_t>> merged_into_;  // the reverse
  absl::btree_map<int64_t, Merge> merges_;
  int64_t merged_at_ = 0;
  int64_t erased_at_ = 0;
  absl::flat_hash_map<int64_t, std::unique_ptr<const AthleteDetails>> details_;  // of whom there are any
  absl::flat_hash_map<int64_t, Names> hidden_names_;
  absl::flat_hash_map<std::string, int64_t> number_of_external_id_;   // "scheme\nvalue"
  absl::flat_hash_map<std::string, int64_t> merge_of_id_;             // position by id
  std::unique_ptr<NameIndex> names_ = std::make_unique<NameIndex>();  // which stays where it is
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETES_H_
