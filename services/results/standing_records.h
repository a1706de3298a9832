// Records of one discipline that stand: of races over their editions, of courses and of countries, found at once. Of
// one result Bests::StandingOf tells the same; here a page of a list asks for each of its rows.
#ifndef PALMARES_SERVICES_RESULTS_STANDING_RECORDS_H_
#define PALMARES_SERVICES_RESULTS_STANDING_RECORDS_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::results {

// A function of the results as they stand. Made and asked under a Reader, of the same position; then any number of
// threads may ask.
class StandingRecords {
 public:
  // One look at the bests of each race of the discipline, in all conditions and among marks legal for lists.
  StandingRecords(const Bests& bests, const Results& results, const athletics::Discipline& discipline);

  // What the result is: better than a best before, of which there was one, and than everything since, among all marks
  // or among legal ones. An equal mark later takes nothing away.
  struct Kinds {
    bool race = false;
    bool course = false;
    bool national = false;
  };
  Kinds Of(RowRef row) const;

 private:
  enum class Kind : uint8_t { kRace, kCourse, kNational };
  // Of what: the race's name among its editions, the course, or the country.
  using Key = std::tuple<Kind, std::string, athletics::Sex, athletics::Division, bool>;  // the last one: legal marks
  struct Standing {
    int64_t mark = 0;
    athletics::Date date;
    bool beat_another = false;
  };
  void Take(const events::Race& race, bool lower_is_better, Key key, int64_t mark);
  bool Holds(const Key& key, int64_t mark, athletics::Date date) const;

  const Results& results_;
  absl::flat_hash_map<Key, Standing> standing_;
  absl::flat_hash_set<std::pair<athletics::Date, int64_t>>
      marks_;  // of all that stand, for most rows have none of them
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_STANDING_RECORDS_H_
