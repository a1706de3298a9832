// Opens lists: the standing ones from their boards, others by a pass that is kept for the position, those of the past
// from what was known then.
#ifndef PALMARES_SERVICES_RANKINGS_LIST_OPENER_H_
#define PALMARES_SERVICES_RANKINGS_LIST_OPENER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/boards.h"
#include "services/rankings/list_bounds.h"
#include "services/rankings/open_list.h"
#include "services/rankings/past.h"
#include "services/rankings/ranking_query.h"
#include "services/rpc/call.h"
#include "services/series/clubs_view.h"
#include "services/series/series_view.h"

namespace palmares::rankings {

// What lists are made of.
struct ListSources {
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  const Boards* boards = nullptr;
  const storage::Ledger* ledger = nullptr;
  MakePastViews make_past_views;
  const series::ClubsView* clubs = nullptr;
  const series::SeriesView* series = nullptr;
  ListBounds bounds = {};
};

class ListOpener {
 public:
  // `records`, of the same results, must outlive it.
  ListOpener(ListSources sources, RowRecords* records)
      : sources_(std::move(sources)),
        records_(records),
        past_(sources_.ledger, sources_.make_past_views, sources_.bounds.rows_replayed) {}

  // INVALID_ARGUMENT names the field, but for a scope that is not there, which opening tells; an order by world
  // ranking, which is served elsewhere, is among what it refuses.
  absl::StatusOr<AskedList> Parse(const rpc::Call& call, const v1::RankingQuery& message) const;

  using Body = absl::FunctionRef<absl::Status(const OpenList& list, int64_t position)>;

  // Opens the list at one position, at least `min_position`, and calls `body`. RESOURCE_EXHAUSTED with reason
  // QUERY_TOO_BROAD where the list would be made of too many rows; what Past::At answers for the past.
  absl::Status With(const rpc::Call& call, const v1::RankingQuery& message, int64_t min_position, Body body);

  // The same in two steps: a list of what is known now, under the caller's Reader …
  absl::StatusOr<OpenList> OpenNow(const AskedList& asked, int64_t position);
  // … and one of what was known then, for which the caller must not hold a Reader: `body` is called under one, for who
  // may be named is what holds now. Clubs and series are as they are now. Of any size, as far as the ledger can be
  // replayed.
  absl::Status WithPast(const rpc::Call& call, const AskedList& asked, Body body);
  // What was known at the moment that `when` names, its query aside, for whatever else is made of it. Without a Reader,
  // which `body` takes where it looks at what is known now.
  absl::Status InPast(const rpc::Call& call, const AskedList& when, Past::Body body);
  // How many lines the list had at each of these positions, which rise.
  absl::StatusOr<std::vector<int64_t>> SizesInPast(const rpc::Call& call, const AskedList& asked,
                                                   const std::vector<int64_t>& positions);

  // The reason QUERY_TOO_BROAD for a refusal that has none yet.
  static absl::Status Explained(absl::Status status, int64_t most_rows);

  // INVALID_ARGUMENT for an event, edition, race or series that there is not. Under a Reader; opening a list checks it.
  absl::Status CheckScope(const AskedList& asked) const;

  // The day, UTC, of the entry at a position that was given out.
  absl::StatusOr<athletics::Date> DayOf(int64_t position) const { return past_.DayOf(position); }

  static bool IsPast(const AskedList& asked) { return asked.known_on.has_value() || asked.known_at.has_value(); }

  const ListSources& sources() const { return sources_; }
  Past& past() { return past_; }

 private:
  Query Settled(Query query) const;
  absl::StatusOr<std::shared_ptr<const Board>> MakeBoard(const Query& query) const;
  absl::StatusOr<int64_t> PositionOf(const AskedList& asked) const;
  // What of a list of the past is as it is now: the settled query, and whether its scope is there.
  struct SettledList {
    Query query;
    absl::Status scope;
  };
  // If what was known at the position can be made.
  absl::StatusOr<SettledList> SettledForPast(const rpc::Call& call, const AskedList& asked, int64_t position);
  // The query at a position of the past, whose day a rolling period of that many months ends on; 0 for none that does.
  absl::StatusOr<Query> QueryAt(const SettledList& settled, int32_t rolling_months, const PastViews& views,
                                int64_t position) const;
  static absl::Status CheckScope(const Query& query, const events::Calendar& calendar,
                                 const series::SeriesView& series);
  absl::StatusOr<std::shared_ptr<const Board>> Cached(const Query& query, int64_t position);

  const ListSources sources_;
  RowRecords* const records_;
  Past past_;
  RaceTexts texts_;
  RaceTexts past_texts_;
  absl::Mutex mutex_;
  // Lists of one position, so that page after page of one costs one pass.
  int64_t cached_position_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t cached_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, std::shared_ptr<const Board>> cached_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_LIST_OPENER_H_
