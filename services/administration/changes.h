// The change feed: what each entry of the ledger changed, told to one caller.
//
// A change is a function of the ledger alone, read again for each watcher: nobody queues, and a slow watcher costs
// nothing but its place. It is told to who could see it when it happened; of what has been withdrawn since, only that
// it is gone.
#ifndef PALMARES_SERVICES_ADMINISTRATION_CHANGES_H_
#define PALMARES_SERVICES_ADMINISTRATION_CHANGES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "palmares/v1/ledger.pb.h"
#include "services/access/authorization.h"
#include "services/identity/athletes.h"
#include "services/results/sheet_difference.h"
#include "storage/store.h"

namespace palmares::administration {

// A portfolio that shows results of a race, or rests on them.
struct ConcernedPortfolio {
  std::string name;
  std::string athlete;
  std::vector<int64_t> results;           // numbers in the race
  std::vector<int64_t> withheld_results;  // of which the caller is not to be told by name
  int64_t ledger_position = 0;            // that it shows: what came before is in it
  std::string state;                      // "valid", "superseded" …, as it is now
  bool rests_on_race = false;             // whichever of the race's results change may decide a record that it shows
};

// What changes of portfolios are told with; both are called under a Reader, and tell of what the caller may see. Not
// set: none are told.
struct PortfolioFeed {
  std::function<absl::StatusOr<std::vector<ConcernedPortfolio>>(const access::Caller& caller, int32_t race)> of_race;
  // The portfolio that an entry signs or revokes.
  std::function<absl::StatusOr<std::vector<v1::Change>>(const access::Caller& caller, const storage::Entry& entry)>
      changes;
};

// The views that changes are told with; they outlive all readers.
struct FeedViews {
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  PortfolioFeed portfolios = {};
};

// What a caller wants to be told.
struct ChangeFilter {
  std::vector<v1::ChangeKind> kinds;  // empty: all
  std::vector<std::string> parents;   // below these, or concerning them; empty: all
};

// INVALID_ARGUMENT for too many parents, or a kind that a stream of its own tells of.
absl::StatusOr<ChangeFilter> MakeChangeFilter(const google::protobuf::RepeatedField<int>& kinds,
                                              const google::protobuf::RepeatedPtrField<std::string>& parents);

// Reads entries in order, for one caller.
class ChangeReader {
 public:
  // How a Reader of the store is had.
  using TakeReader = std::function<absl::StatusOr<storage::Store::Reader>()>;

  ChangeReader(FeedViews views, access::Caller caller, ChangeFilter filter, TakeReader take_reader)
      : views_(std::move(views)),
        caller_(std::move(caller)),
        filter_(std::move(filter)),
        take_reader_(std::move(take_reader)),
        follower_(views.results) {}

  // The changes of the entry that the caller may see and asked for, in order. Holds Readers for moments only; the
  // caller of this holds none.
  absl::StatusOr<std::vector<v1::Change>> Read(const storage::Entry& entry);

 private:
  absl::Status AddSheets(const storage::Entry& entry, std::vector<v1::Change>& changes);
  absl::Status AddRows(const results::SheetStep& step, bool shown_before, bool shown_after,
                       std::vector<v1::Change>& changes);
  absl::Status AddPortfolios(const results::SheetStep& step, int64_t position, std::vector<v1::Change>& changes);
  bool Sees(const results::SheetStep& step, const results::RaceSheet& sheet) const;
  bool Wants(v1::ChangeKind kind) const;
  bool Wants(const v1::Change& change) const;

  const FeedViews views_;
  const access::Caller caller_;
  const ChangeFilter filter_;
  const TakeReader take_reader_;
  results::SheetFollower follower_;
};

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_CHANGES_H_
