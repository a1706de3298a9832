// What all results of a race have in common in a history, made once for each state of the race and its sheet.
#ifndef PALMARES_SERVICES_PORTFOLIO_RACE_FACTS_H_
#define PALMARES_SERVICES_PORTFOLIO_RACE_FACTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/histories.pb.h"
#include "services/results/mark_scores.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// It refers to nothing that could go: the race is given to what needs more of it.
class RaceFacts {
 public:
  RaceFacts(const events::Race& race, const results::RaceSheet& sheet);

  // An entry with what all entries of the race say alike; the basic fields alone, or all.
  const v1::HistoryEntry& entry(bool full) const { return full ? full_ : basic_; }

  // Whether a mark is legal for World Athletics' lists, and what it is legal for. `of_row`: how the row says that it
  // was timed; unknown: as the race.
  bool IsListLegal(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                   athletics::Timing of_row) const;
  void DescribeLegality(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                        athletics::Timing of_row, v1::HistoryEntry* out) const;

  // On foot; the other divisions have no points or age grades.
  const results::MarkScores& scores(athletics::Sex sex) const { return of_sex(sex).scores; }

  // Indexes of the sheet's split points, by distance; those without one last.
  const std::vector<size_t>& splits_in_order() const { return splits_in_order_; }
  // Whether a place in the race is one in the competition: neither a heat's nor one of several finals'.
  bool is_final() const { return is_final_; }

 private:
  struct OfSex {
    results::MarkScores scores;
    bool list_legal = false;
    google::protobuf::RepeatedPtrField<v1::Legality> legality;
  };
  static constexpr size_t kSexes = 4;
  const OfSex& of_sex(athletics::Sex sex) const { return of_sex_[static_cast<size_t>(sex)]; }

  v1::HistoryEntry basic_, full_;
  std::vector<OfSex> of_sex_;  // without a wind, and as the race was timed
  std::vector<size_t> splits_in_order_;
  bool is_final_ = true;
};

// Keeps them. Called under a storage::Store::Reader from any number of threads.
class RaceFactsCache {
 public:
  explicit RaceFactsCache(const results::Results* results) : results_(*results) {}
  std::shared_ptr<const RaceFacts> Of(int32_t race) const;

 private:
  using Version = std::tuple<int64_t, int64_t, int64_t>;  // of race and sheet, of edition and of event
  const results::Results& results_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<int32_t, std::pair<Version, std::shared_ptr<const RaceFacts>>> kept_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RACE_FACTS_H_
