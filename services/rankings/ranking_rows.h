// Lines of a list as the API's rows.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_ROWS_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_ROWS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/rankings.pb.h"
#include "services/identity/athletes.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking.h"
#include "services/rankings/row_order.h"
#include "services/rankings/row_records.h"
#include "services/results/results.h"

namespace palmares::rankings {

// What all rows of a race say alike, made once for each state of the race's record. Thread-safe; called under a Reader.
class RaceTexts {
 public:
  struct Texts {
    int64_t position = 0;      // of the newest entry about the race, its edition or its event
    std::string display_name;  // "Boston Marathon 2013, Open"
    v1::Date date;
    RaceLegality legality;
  };
  std::shared_ptr<const Texts> Of(const events::Race& race, athletics::Sex sex);

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::pair<int32_t, athletics::Sex>, std::shared_ptr<const Texts>> texts_ ABSL_GUARDED_BY(mutex_);
};

// How a result stands among its athlete's own.
struct OwnBests {
  bool personal = false;  // no earlier one in the discipline is better, or as good
  bool season = false;    // none of the same calendar year
};
// Of those in the division on the clock, on sheets that count. Nothing for a row without an athlete (0).
OwnBests OwnBestsOf(const results::Results& results, const identity::Athletes& athletes, int64_t athlete,
                    results::RowRef row, results::Clock clock);

// Position of the entry that wrote the result, or of the newest one that revised it.
int64_t NewestPositionOf(const results::Results& results, results::RowRef row);

// Whether the row's mark is legal for World Athletics' lists, and the rule where it is not.
RaceLegality::Verdict LegalityOfRow(const results::Results& results, athletics::Sex sex, results::RowRef row);

// The names of the records, as RankingRow has them.
void AddRecords(const results::StandingRecords& records, results::RowRef row, v1::RankingRow& out);

// Legality, the athlete's bests, records and ledger position of a result that stands in a list on the official clock.
// Without `records` none are looked for.
void DescribeResult(const results::Results& results, const identity::Athletes& athletes, RowRecords* records,
                    athletics::Sex sex, int64_t athlete, results::RowRef row, v1::RankingRow& out);

// Writes the rows of one answer. Used by one thread, under one Reader, which holds `now` still.
class RowWriter {
 public:
  // Without `records` none are looked for.
  RowWriter(const results::Results& results, const identity::Athletes& athletes, RaceTexts& texts,
            identity::PeopleNow now, RowRecords* records)
      : results_(results), athletes_(athletes), texts_(texts), now_(now), records_(records), reader_(&results) {}

  // DATA_LOSS where the name of somebody without an identity cannot be read.
  absl::Status Write(const Query& query, const Line& line, int64_t rank, v1::RankingRow& out);
  // Whether the line's row may say whose it is.
  bool MayName(const Line& line) const;

 private:
  absl::Status WriteWho(const Line& line, v1::RankingRow& out);
  void WriteRecords(const Query& query, const Line& line, v1::RankingRow& out);

  const results::Results& results_;
  const identity::Athletes& athletes_;
  RaceTexts& texts_;
  const identity::PeopleNow now_;
  RowRecords* const records_;
  bool found_records_ = false;
  std::shared_ptr<const results::StandingRecords> standing_;  // once found; those of the list's discipline
  results::RowReader reader_;
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_ROWS_H_
