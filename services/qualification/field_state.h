// Everybody who meets a standard, or may: found by going through all athletes in slices, then kept current by looking
// again at those who were touched.
#ifndef PALMARES_SERVICES_QUALIFICATION_FIELD_STATE_H_
#define PALMARES_SERVICES_QUALIFICATION_FIELD_STATE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "services/identity/athletes.h"
#include "services/qualification/athlete_facts.h"
#include "services/qualification/athletes_to_look_at.h"
#include "services/qualification/field.h"
#include "services/qualification/standards_view.h"
#include "services/qualification/touched_athletes.h"
#include "services/results/results.h"

namespace palmares::qualification {

// What evaluations read; all of it under a storage::Store::Reader, and all of it outlives them.
struct QualificationViews {
  const StandardsView* standards = nullptr;
  const identity::Athletes* athletes = nullptr;
  const results::Results* results = nullptr;
  TouchLog* touches = nullptr;
};

// An athlete in one event of a standard, by one way in.
struct Entrant {
  int64_t athlete = 0;  // their number, after merges
  athletics::Sex sex = athletics::Sex::kUnknown;
  bool has_result = false;  // a place in a ranking has none
  results::RowRef row;      // of the result that counts or decides
  athletics::Date date;     // of it
  const athletics::Discipline* discipline = nullptr;
  Candidate candidate;  // its verdict holds the deciding result alone, and no indexes into performances
};

using Entrants = absl::flat_hash_map<int64_t, std::vector<Entrant>>;  // by athlete

// The state of a field at one position. Immutable.
struct FieldSnapshot {
  int64_t position = 0;
  athletics::Date as_of;  // in the standard's time zone
  std::shared_ptr<const Standard> standard;
  int64_t revision = 0;  // of the standard, from 1
  std::shared_ptr<const Entrants> entrants;
};

// How the athlete stands: one entry for each event in which they meet the standard (with or without its cut-off) or
// might, as it is uncertain; it is followed by one for each later way in (LaterWays). Under a Reader.
std::vector<Entrant> EntrantsOf(const Standard& standard, const QualificationViews& views, int64_t athlete,
                                const AnswerDay& as_of);
std::vector<Entrant> EntrantsOf(const Standard& standard, const QualificationViews& views, int64_t athlete,
                                athletics::Date as_of);

// Used by one thread at a time.
class FieldState {
 public:
  FieldState(const QualificationViews& views, std::shared_ptr<const Standard> standard, int64_t revision,
             const AnswerDay& as_of)
      : views_(views),
        standard_(std::move(standard)),
        revision_(revision),
        as_of_(as_of),
        athletes_(views.athletes, views.touches) {}

  // Evaluates at most `most` athletes on the views as they stand. Called under a Reader of that position. Whether
  // everything is now as of that position.
  bool Work(int64_t position, int64_t most);

  // Athletes looked at in the first pass, and how many there are.
  int64_t done() const { return athletes_.done(); }
  int64_t total() const { return views_.athletes->count(); }  // under a Reader

  // After Work said that it is complete.
  std::shared_ptr<const FieldSnapshot> Snapshot();

 private:
  void Look(int64_t athlete);

  const QualificationViews views_;
  const std::shared_ptr<const Standard> standard_;
  const int64_t revision_;
  const AnswerDay as_of_;
  std::shared_ptr<Entrants> entrants_ = std::make_shared<Entrants>();
  std::shared_ptr<const FieldSnapshot> snapshot_;
  AthletesToLookAt athletes_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_FIELD_STATE_H_
