// Finds the athlete that a row belongs to: an index of what is known of every athlete, and a decision by weighing the
// evidence.
//
// Invariants
// - The state is a pure function of the set of (athlete, appearance) pairs that were added and not removed again,
// whatever the
//   order: Remove is the exact inverse of Add, and every answer depends on that set, the row and the policy only. Ties
//   are broken by the athlete's number. (Only capacity, and so MemoryBytes, depends on the order.)
// - Two rows of one race (Appearance::race) are never one person's.
// - Of two races of one day that one person hardly runs both (same_day.h), at two places, the second is not linked by
//   itself unless an external id or the full date of birth is the same; of two long ones never. What is known of races
//   beside their day is asked for when it is wanted (RaceSettings): it may change without a word to the linker. A row
//   is decided against what is known then: of two such rows the one that was published first has the athlete, and the
//   other is proposed, whichever is right. The day before and the day after speak neither for nor against.
// - Rows that name nobody (PersonName::placeholder) never link: they are not found again, even by an external id.
//
// Merging `from` into `into` is, for the caller, removing each of `from`'s appearances and adding it to `into`; an
// unmerge is the reverse. A correction removes the appearance as it was and adds it as it is.
//
// Cost, of a million athletes with one appearance each, by linker_benchmark: about 215 bytes an athlete; in processor
// time about 4 microseconds a decision where the name is known, 15 where it is not. Const methods may run on many
// threads while nobody calls the others.
#ifndef PALMARES_SERVICES_IDENTITY_LINKER_H_
#define PALMARES_SERVICES_IDENTITY_LINKER_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "services/identity/birth.h"
#include "services/identity/block_index.h"
#include "services/identity/evidence.h"
#include "services/identity/name_comparison.h"
#include "services/identity/same_day.h"
#include "services/identity/text_pool.h"
#include "services/identity/weights.h"

namespace palmares::identity {

class Linker {
 public:
  // Without `settings` races of one day tell nothing.
  explicit Linker(RaceSettings settings = {}, const Weights& weights = kWeights2026);
  Linker(const Linker&) = delete;
  Linker& operator=(const Linker&) = delete;

  // The row is the athlete's. The same appearance may be added several times, and is then removed as often.
  void Add(int64_t athlete, const Appearance& appearance);
  // Takes back an Add with equal arguments. False, and nothing changed, where there was none.
  bool Remove(int64_t athlete, const Appearance& appearance);

  Decision Decide(const Appearance& appearance, const Policy& policy = {}) const;

  // Decides the rows of a sheet together, as before any of them is added. Rows of one race compete: of several that
  // would link to one athlete the best gets it when it leads by the policy's margin, else all of them go to review, and
  // so do the others. Does not depend on the order of the rows.
  std::vector<Decision> DecideSheet(absl::Span<const Appearance> rows, const Policy& policy = {}) const;

  // What speaks for and against the row being the athlete's, by what is known of them from other races than the row's.
  // Nothing where nothing else is known, or where the row names nobody.
  std::optional<Candidate> Weigh(const Appearance& appearance, int64_t athlete) const;

  size_t athletes() const { return by_athlete_.size(); }
  size_t MemoryBytes() const;

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  static constexpr int32_t kNoDay = std::numeric_limits<int32_t>::min();

  // What one appearance tells, 48 bytes. A list by `next`.
  struct Observation {
    uint32_t name;  // in names_; likewise the places in texts_
    BirthDays birth;
    int32_t race;
    int32_t day;  // of the race, since 1970; kNoDay where it is not known, or they did not start
    uint32_t country, region, city, club;
    uint32_t bib;  // fingerprint; 0: none
    uint32_t next;
    athletics::Sex sex;
    uint16_t level;  // of the mark; 0: none that compares
    friend bool operator==(const Observation&, const Observation&) = default;
  };
  struct Athlete {
    int64_t id;
    uint32_t first;  // observation
  };
  struct ExternalId {
    uint64_t source;  // fingerprint of the namespace
    uint64_t id;      // fingerprint of namespace and id
    uint32_t slot;
    uint32_t uses;
  };
  // A row made ready for comparison.
  struct Row {
    std::string name;
    NameText parts;
    uint64_t key = 0;
    uint32_t name_id = kNone;
    NameComparison same_name;  // what it tells when the names are equal
    BirthDays birth;
    athletics::Sex sex = athletics::Sex::kUnknown;
    int32_t race = kNoRace;
    int32_t day = kNoDay;
    uint16_t level = 0;
    std::string country, region, city, club;  // as in texts_, with their prefix
    uint32_t country_id = kNone, region_id = kNone, city_id = kNone, club_id = kNone;
    uint32_t bib = 0;
    uint64_t source = 0, external_id = 0;
    bool placeholder = false;
  };
  struct Line {
    Agreement agreement = Agreement::kNotGiven;
    int32_t weight = 0;
  };
  struct Scored {
    uint32_t slot = kNone;
    int64_t athlete = 0;
    int32_t weight = 0;
    Obstacle obstacle = Obstacle::kNone;
    SameDay same_day = SameDay::kPossible;  // the worst of all their races
    int32_t same_day_race = kNoRace;        // the first such
    int32_t mark_race = kNoRace;            // of the nearest of their marks
    Line lines[kFieldCount];
  };
  using Slots = absl::InlinedVector<uint32_t, 32>;

  // linker.cc
  Row Prepare(const Appearance& appearance) const;
  uint32_t SlotOf(int64_t athlete);
  bool HasName(uint32_t slot, uint32_t name) const;
  Observation Observe(const Row& row);
  void Forget(const Observation& observation);
  template <typename Visit>
  void ForEachKey(const Observation& observation, const Visit& visit) const;
  void AddExternalId(uint32_t slot, const Row& row);
  void RemoveExternalId(uint32_t slot, const Row& row);

  // decide.cc
  Slots PlainCandidates(const Row& row) const;
  Slots FuzzyCandidates(const Row& row) const;
  // With `skip_race` what the athlete did in the row's own race is not looked at; else it excludes them.
  bool Score(const Row& row, uint32_t slot, Scored& scored, bool skip_race = false) const;
  static bool Agrees(const Scored& scored, Field field);
  static bool MoreThanName(const Scored& scored);
  static Obstacle FindObstacle(const Row& row, const Scored& scored);
  // Of two appearances, neither of them in the other's race.
  SameDay CompareDays(int32_t day, int32_t race, const Observation& known) const;
  void ScoreSameDay(Scored& scored) const;
  static Obstacle FindSameDayObstacle(const Scored& scored);
  void ScoreMark(const Row& row, const Athlete& athlete, bool skip_race, Scored& scored) const;
  void ScoreExternalId(const Row& row, Scored& scored) const;
  void ScorePlaces(const Row& row, const Athlete& athlete, bool skip_race, Scored& scored) const;
  void ScoreAll(const Row& row, const Slots& slots, std::vector<Scored>& scored) const;
  std::vector<Scored> Candidates(const Row& row, const Policy& policy) const;
  Decision Conclude(const Row& row, std::vector<Scored> scored, const Policy& policy) const;
  bool Compatible(uint32_t a, uint32_t b) const;
  Candidate Describe(const Scored& scored) const;

  RaceSettings settings_;
  Weights weights_;
  TextPool names_;
  TextPool texts_;  // countries, regions, cities and clubs, each with a letter in front
  WordCounts words_;
  std::vector<Athlete> athletes_;
  std::vector<uint32_t> free_athletes_;
  std::vector<Observation> observations_;
  std::vector<uint32_t> free_observations_;
  absl::flat_hash_map<int64_t, uint32_t> by_athlete_;
  BlockIndex blocks_;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<ExternalId, 1>> external_ids_;    // by ExternalId::id
  absl::flat_hash_map<uint32_t, absl::InlinedVector<ExternalId, 1>> ids_of_athlete_;  // by slot
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_LINKER_H_
