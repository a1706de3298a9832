// The view of athletes: who exists, under which id, and who was merged into whom.
//
// An athlete has a number, 1, 2, 3 … in the order they became known, which rows of sheets refer to. A merge is a
// redirect and moves nothing, so taking it back restores everything exactly. Written by the store's writer thread, read
// under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETES_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "services/identity/athlete_store.h"
#include "services/identity/search.h"
#include "services/results/sheet_blocks.h"
#include "storage/entry.h"
#include "storage/ledger.h"

namespace palmares::identity {

struct Merge {
  int64_t position = 0;  // of the entry; the merge's id
  int64_t from = 0;
  int64_t into = 0;
  std::string reason;
  std::string actor;
  int64_t time_us = 0;
  bool undone = false;
};

class Athletes {
 public:
  // The ledger, where personal data is read that an entry does not bring along, must outlive it.
  explicit Athletes(const storage::Ledger* ledger) : ledger_(*ledger) {}

  // `rows` are the entry's, by results::ParseRows.
  absl::Status Apply(const storage::Entry& entry, absl::Span<const results::FactsBlock> rows);

  int64_t count() const { return athletes_.count(); }
  bool Exists(int64_t number) const { return number >= 1 && number <= count(); }
  Athlete athlete(int64_t number) const { return athletes_.Get(number); }
  absl::string_view display_name(int64_t number) const { return athletes_.display_name(number); }
  bool registered(int64_t number) const { return athletes_.registered(number); }

  // The athlete that this one was merged into, and so on; itself if it was not.
  int64_t Resolve(int64_t number) const;
  // The athlete and everybody merged into them, in ascending order.
  std::vector<int64_t> Members(int64_t number) const;
  bool has_merges() const { return !redirects_.empty(); }

  // "athletes/1042", or "athletes/<id>" where one was given.
  std::string Name(int64_t number) const;
  // By "athletes/1042", "1042" or a given id; 0 if there is none. Does not follow merges.
  int64_t Find(absl::string_view name) const;

  // By position, those undone too.
  const absl::btree_map<int64_t, Merge>& merges() const { return merges_; }

  // Finds athletes by what somebody types; see search.h. Does not follow merges. Names are indexed when they are first
  // asked for, so that a server is ready without: IndexNames takes the next `most` and says whether all are in. Whoever
  // calls it until then, each time under a Reader of its own, holds nobody up; Names takes all that are left at once.
  bool IndexNames(int64_t most) const;
  const NameIndex& Names() const;

  int64_t memory_bytes() const;

 private:
  absl::Status TakeRows(const storage::Entry& entry, absl::Span<const results::FactsBlock> rows);
  absl::StatusOr<storage::ColumnBlock> PersonalOf(const storage::Entry& entry, size_t part) const;
  absl::Status SetAthlete(const storage::Entry& entry);
  absl::Status MergeAthletes(const storage::Entry& entry);
  absl::Status UnmergeAthletes(const storage::Entry& entry);
  void Set(int64_t number, const Athlete& athlete);

  const storage::Ledger& ledger_;
  AthleteStore athletes_;
  absl::flat_hash_map<int64_t, int64_t> redirects_;                 // from → into, of merges in force
  absl::flat_hash_map<int64_t, std::vector<int64_t>> merged_into_;  // the reverse
  absl::btree_map<int64_t, Merge> merges_;

  mutable absl::Mutex index_mutex_;  // among readers; nobody reads while an entry is applied
  mutable NameIndex names_ ABSL_GUARDED_BY(index_mutex_);
  mutable int64_t indexed_ ABSL_GUARDED_BY(index_mutex_) = 0;  // athletes up to this number are in the index
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETES_H_
