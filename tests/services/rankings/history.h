// Random histories of races, sheets, revisions, merges, changes of state and of courses, withdrawn sheets and removed
// races: applied to a server's views entry by entry, and kept beside them in the plainest form, from which every list
// can be recomputed naively.
#ifndef PALMARES_TESTS_SERVICES_RANKINGS_HISTORY_H_
#define PALMARES_TESTS_SERVICES_RANKINGS_HISTORY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/rankings/ranking.h"
#include "services/results/result.h"
#include "services/server/state.h"
#include "storage/memory_ledger.h"
#include "tests/testing.h"

namespace palmares::rankings {

// What stands, as somebody with pen and paper would note it.
struct PlainRow {
  results::Result result;
  int64_t athlete = 0;  // as linked, before merges
};
struct PlainRace {
  const athletics::Discipline* discipline = nullptr;
  athletics::Date date;
  std::string venue_country;
  std::vector<std::string> series;
  stored::v1::CourseFacts course;
  results::SheetState state = results::SheetState::kNone;
  std::vector<PlainRow> rows;
};
// A line of a list, naively: what must be equal.
struct PlainLine {
  int64_t rank = 0;
  int64_t order = 0;
  results::RowRef row;
  int64_t athlete = 0;
  friend bool operator==(const PlainLine&, const PlainLine&) = default;
};

class History {
 public:
  explicit History(uint64_t seed);

  // Makes one random change.
  void Step();
  // The list by a full recomputation from what stands.
  std::vector<PlainLine> Naive(const Query& query) const;
  // A query of the kind that a standing list answers, or of any kind.
  StandingKey RandomStanding();
  Query RandomQuery();

  const server::State& state() const { return *state_; }
  int64_t athletes() const { return athletes_; }
  const storage::Ledger& ledger() const { return ledger_; }
  int64_t position() const { return position_; }  // of the last change
  int64_t Resolve(int64_t athlete) const;
  // That of who the athlete was merged into, else their own.
  athletics::PartialDate BirthOf(int64_t athlete) const;

 private:
  using Random = testing::Random;
  void Apply(storage::EntryKind kind, const google::protobuf::MessageLite& body, std::vector<PlainRow> rows = {});
  void SetRace(size_t race);
  void MakeRace();
  void Publish();
  void Append();
  void Revise();
  void SetState();
  void Merge();
  void Unmerge();
  void MoveRace();
  void ChangeCourse();
  void Withdraw();
  void RemoveRace();
  PlainRow RandomRow(const PlainRace& race);
  std::vector<PlainRow> RandomRows(const PlainRace& race, int64_t most);
  size_t AnyRace() { return static_cast<size_t>(random_.Below(static_cast<int64_t>(races_.size()))); }

  Random random_;
  storage::MemoryLedger ledger_;
  std::unique_ptr<server::State> state_;
  int64_t position_ = 0;
  int64_t athletes_ = 0;
  std::vector<PlainRace> races_;
  std::map<int64_t, athletics::PartialDate> births_;       // of athletes, as the row that made them says
  std::map<int64_t, int64_t> merged_;                      // from → into
  std::map<int64_t, std::pair<int64_t, int64_t>> merges_;  // in force, by position
};

}  // namespace palmares::rankings

#endif  // PALMARES_TESTS_SERVICES_RANKINGS_HISTORY_H_
