// How a row is weighed against the athletes that share a key with it, and what follows from the weights.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

#include "services/identity/blocking.h"
#include "services/identity/linker.h"
#include "services/identity/similarity.h"

namespace palmares::identity {
namespace {

// A key that more athletes share than this tells too little to be worth the comparisons. (The commonest full names of a
// million have about a thousand bearers.)
constexpr size_t kMostUnderPlainKey = 4096;
constexpr size_t kMostUnderFuzzyKey = 64;

// Marks further apart in time tell nothing; and how far apart their levels must be, see Weights::mark_far.
constexpr int32_t kMarksCompareForDays = 3 * 366;
constexpr int32_t kFarMarks = 600;
constexpr int32_t kFurtherMarks = 800;
constexpr int32_t kTwiceAsSlow = 1'000;

constexpr int Index(Field field) { return static_cast<int>(field); }

bool BetterName(const NameComparison& a, const NameComparison& b) { return a.total() > b.total(); }

}  // namespace

Linker::Slots Linker::PlainCandidates(const Row& row) const {
  Slots slots;
  const absl::Span<const uint32_t> plain = blocks_.Find(PlainKey(row.parts));
  if (plain.size() <= kMostUnderPlainKey) slots.assign(plain.begin(), plain.end());
  if (row.external_id == 0) return slots;
  const auto known = external_ids_.find(row.external_id);
  if (known == external_ids_.end()) return slots;
  for (const ExternalId& id : known->second) {
    if (std::find(slots.begin(), slots.end(), id.slot) == slots.end()) slots.push_back(id.slot);
  }
  return slots;
}

Linker::Slots Linker::FuzzyCandidates(const Row& row) const {
  Slots slots;
  const absl::string_view city = row.city.empty() ? absl::string_view() : absl::string_view(row.city).substr(1);
  for (uint32_t key : FuzzyKeys(row.parts, row.birth, city)) {
    const absl::Span<const uint32_t> found = blocks_.Find(key);
    if (found.size() <= kMostUnderFuzzyKey) slots.insert(slots.end(), found.begin(), found.end());
  }
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return slots;
}

void Linker::ScoreExternalId(const Row& row, Scored& scored) const {
  if (row.external_id == 0) return;
  const auto ids = ids_of_athlete_.find(scored.slot);
  if (ids == ids_of_athlete_.end()) return;
  bool same = false, other = false;
  for (const ExternalId& id : ids->second) {
    same = same || id.id == row.external_id;
    other = other || (id.source == row.source && id.id != row.external_id);
  }
  if (same) {
    scored.lines[Index(Field::kExternalId)] = {Agreement::kSame, weights_.external_id};
  } else if (other) {
    scored.lines[Index(Field::kExternalId)] = {Agreement::kDifferent, 0};
    scored.obstacle = Obstacle::kOtherExternalId;
  }
}

// The best agreement of each place over all that is known of the athlete: people move and change clubs.
void Linker::ScorePlaces(const Row& row, const Athlete& athlete, bool skip_race, Scored& scored) const {
  struct Kind {
    Field field;
    uint32_t Observation::*known;
    const std::string& text;
    uint32_t id;
    int32_t max;
    int32_t typing_error;  // 0: not looked for
    int32_t different;
  };
  const Kind kinds[] = {
      {Field::kCountry, &Observation::country, row.country, row.country_id, 60'000, 0, weights_.country_different},
      {Field::kRegion, &Observation::region, row.region, row.region_id, weights_.max_region, 0,
       weights_.region_different},
      {Field::kCity, &Observation::city, row.city, row.city_id, weights_.max_city, weights_.city_typing_error,
       weights_.city_different},
      {Field::kClub, &Observation::club, row.club, row.club_id, weights_.max_club, weights_.city_typing_error,
       weights_.club_different},
  };
  const int32_t all = Log2Thousandths(observations_.size() + 1 - free_observations_.size());
  for (const Kind& kind : kinds) {
    if (kind.text.empty()) continue;
    Line& best = scored.lines[Index(kind.field)];
    for (uint32_t i = athlete.first; i != kNone; i = observations_[i].next) {
      const uint32_t known = observations_[i].*kind.known;
      if (known == kNone || (skip_race && row.race != kNoRace && observations_[i].race == row.race)) continue;
      const int32_t rarity = std::clamp(all - Log2Thousandths(texts_.Uses(known)), 0, kind.max);
      Line line{Agreement::kDifferent, kind.different};
      if (known == kind.id) {
        line = {Agreement::kSame, rarity};
      } else if (kind.typing_error != 0 && TypingErrors(kind.text, texts_.Text(known)) > 0) {
        line = {Agreement::kSimilar, std::max(0, std::min(rarity, kind.max) + kind.typing_error)};
      }
      if (best.agreement == Agreement::kNotGiven || line.weight > best.weight) best = line;
    }
  }
  const auto scale = [](Line& line, int32_t share, int32_t max) {
    if (line.weight > 0) line.weight = std::min(line.weight * share / 1000, max);
  };
  scale(scored.lines[Index(Field::kCountry)], weights_.country_share, weights_.max_country);
  scale(scored.lines[Index(Field::kClub)], weights_.club_share, weights_.max_club);
  const Agreement city = scored.lines[Index(Field::kCity)].agreement;
  if (city == Agreement::kSame || city == Agreement::kSimilar) {
    scale(scored.lines[Index(Field::kRegion)], weights_.region_share_in_city, weights_.max_region);
  }
}

SameDay Linker::CompareDays(int32_t day, int32_t race, const Observation& known) const {
  if (known.day != day || day == kNoDay || race == kNoRace || known.race == kNoRace || settings_ == nullptr) {
    return SameDay::kPossible;
  }
  return CompareSettings(settings_(race), settings_(known.race));
}

void Linker::ScoreSameDay(Scored& scored) const {
  if (scored.same_day == SameDay::kPossible) return;
  const bool elsewhere = scored.same_day == SameDay::kElsewhere;
  scored.lines[Index(Field::kSameDay)] = {elsewhere ? Agreement::kElsewhere : Agreement::kBothLong,
                                          weights_.same_day_conflict};
}

Obstacle Linker::FindSameDayObstacle(const Scored& scored) {
  if (scored.same_day == SameDay::kBothLong) return Obstacle::kTwoLongRaces;
  const auto same = [&scored](Field field) { return scored.lines[Index(field)].agreement == Agreement::kSame; };
  const bool known_as_one = same(Field::kExternalId) || same(Field::kBirth);
  return scored.same_day == SameDay::kElsewhere && !known_as_one ? Obstacle::kElsewhereThatDay : Obstacle::kNone;
}

// By the nearest of their marks within three years of the row's day: people get older, and children faster.
void Linker::ScoreMark(const Row& row, const Athlete& athlete, bool skip_race, Scored& scored) const {
  if (!weights_.compare_marks || row.level == 0 || row.day == kNoDay) return;
  int32_t nearest = std::numeric_limits<int32_t>::max();
  for (uint32_t i = athlete.first; i != kNone; i = observations_[i].next) {
    const Observation& known = observations_[i];
    if (known.level == 0 || known.day == kNoDay || std::abs(row.day - known.day) > kMarksCompareForDays) continue;
    if (skip_race && row.race != kNoRace && known.race == row.race) continue;
    const int32_t apart = std::abs(int32_t{row.level} - int32_t{known.level});
    if (apart > nearest || (apart == nearest && known.race >= scored.mark_race)) continue;
    nearest = apart;
    scored.mark_race = known.race;
  }
  if (scored.mark_race == kNoRace || nearest < kFarMarks) return;
  const int32_t weight = nearest < kFurtherMarks  ? weights_.mark_far
                         : nearest < kTwiceAsSlow ? weights_.mark_further
                                                  : weights_.mark_twice;
  scored.lines[Index(Field::kMark)] = {Agreement::kDifferent, weight};
}

bool Linker::Agrees(const Scored& scored, Field field) {
  const Agreement agreement = scored.lines[Index(field)].agreement;
  return agreement == Agreement::kSame || agreement == Agreement::kSimilar;
}

bool Linker::MoreThanName(const Scored& scored) {
  return Agrees(scored, Field::kBirth) || Agrees(scored, Field::kCity) || Agrees(scored, Field::kClub);
}

Obstacle Linker::FindObstacle(const Row& row, const Scored& scored) {
  const auto agreement = [&scored](Field field) { return scored.lines[Index(field)].agreement; };
  // In a list of people that is not a race, one person entered twice, once wrongly, is likelier than two with one name
  // or one birthday in one place: there the weights decide. Races have twins, and fathers and sons of one name.
  const bool list_of_people = row.race == kNoRace && (Agrees(scored, Field::kCity) || Agrees(scored, Field::kRegion));
  if (agreement(Field::kGivenName) == Agreement::kDifferent && agreement(Field::kFamilyName) != Agreement::kDifferent &&
      !list_of_people) {
    return Obstacle::kTwinOrSibling;
  }
  if (agreement(Field::kBirth) == Agreement::kDifferent && !list_of_people) return Obstacle::kAgeContradiction;
  if (agreement(Field::kFamilyName) == Agreement::kDifferent && !list_of_people) {
    const bool same_place = Agrees(scored, Field::kCity) || Agrees(scored, Field::kClub);
    if (!same_place || agreement(Field::kBirth) != Agreement::kSame) return Obstacle::kOtherFamilyName;
  }
  if (agreement(Field::kSex) == Agreement::kDifferent) return Obstacle::kOtherSex;
  const bool same_name =
      agreement(Field::kGivenName) == Agreement::kSame && agreement(Field::kFamilyName) == Agreement::kSame;
  return same_name || MoreThanName(scored) ? Obstacle::kNone : Obstacle::kNameVariant;
}

// False where the athlete cannot be the row's person.
bool Linker::Score(const Row& row, uint32_t slot, Scored& scored, bool skip_race) const {
  const Athlete& athlete = athletes_[slot];
  scored.slot = slot;
  scored.athlete = athlete.id;
  ScoreExternalId(row, scored);
  const bool certain = scored.lines[Index(Field::kExternalId)].agreement == Agreement::kSame;
  NameComparison name;
  BirthComparison birth;
  int32_t worst_birth = 0;
  uint32_t last_name = kNone;
  Line& sex = scored.lines[Index(Field::kSex)];
  Line& bib = scored.lines[Index(Field::kBib)];
  for (uint32_t i = athlete.first; i != kNone; i = observations_[i].next) {
    const Observation& known = observations_[i];
    const bool same_race = row.race != kNoRace && known.race == row.race;
    if (same_race && skip_race) continue;
    if (same_race) return false;
    const BirthComparison born = CompareBirths(row.birth, known.birth, weights_);
    if (born.contradiction && !certain && !skip_race) return false;
    if (known.name != last_name) {
      const NameComparison compared =
          known.name == row.name_id ? row.same_name
                                    : CompareNames(row.parts, UnpackName(names_.Text(known.name)), words_, weights_);
      if (last_name == kNone || BetterName(compared, name)) name = compared;
      last_name = known.name;
    }
    if (born.contradiction) scored.obstacle = Obstacle::kAgeContradiction;
    const bool two_dates = row.birth.exact() && known.birth.exact();
    if (!two_dates) worst_birth = std::min(worst_birth, born.weight);
    if (born.agreement != Agreement::kNotGiven &&
        (birth.agreement == Agreement::kNotGiven || born.weight > birth.weight)) {
      birth = born;
    }
    if (row.sex != athletics::Sex::kUnknown && known.sex != athletics::Sex::kUnknown) {
      const bool same = row.sex == known.sex;
      const bool open = row.sex == athletics::Sex::kX || known.sex == athletics::Sex::kX;
      const Line line{same ? Agreement::kSame : Agreement::kDifferent,
                      same ? weights_.sex_same : (open ? 0 : weights_.sex_different)};
      if (sex.agreement == Agreement::kNotGiven || line.weight < sex.weight) sex = line;
    }
    const SameDay same_day = CompareDays(row.day, row.race, known);
    if (same_day > scored.same_day ||
        (same_day != SameDay::kPossible && same_day == scored.same_day && known.race < scored.same_day_race)) {
      scored.same_day = same_day;
      scored.same_day_race = known.race;
    }
    if (row.bib != 0 && row.bib == known.bib) bib = {Agreement::kSame, weights_.bib_same};
  }
  scored.lines[Index(Field::kGivenName)] = {name.given, name.given_weight};
  scored.lines[Index(Field::kFamilyName)] = {name.family, name.family_weight};
  scored.lines[Index(Field::kSuffix)] = {name.suffix, name.suffix_weight};
  // One age that does not fit speaks against the athlete even where another fits.
  scored.lines[Index(Field::kBirth)] = {birth.agreement, birth.weight > 0 ? birth.weight + worst_birth : birth.weight};
  ScorePlaces(row, athlete, skip_race, scored);
  ScoreSameDay(scored);
  ScoreMark(row, athlete, skip_race, scored);
  scored.lines[Index(Field::kPopulation)] = {
      Agreement::kSame, weights_.returning + (MoreThanName(scored) ? 0 : weights_.name_alone) -
                            Log2Thousandths(by_athlete_.size() + static_cast<uint64_t>(weights_.least_population))};
  for (const Line& line : scored.lines) scored.weight += line.weight;
  if (last_name == kNone) return false;  // nothing is known of them
  if (!certain) scored.obstacle = std::max(scored.obstacle, FindObstacle(row, scored));
  if (scored.obstacle == Obstacle::kNone) scored.obstacle = FindSameDayObstacle(scored);
  return true;
}

void Linker::ScoreAll(const Row& row, const Slots& slots, std::vector<Scored>& scored) const {
  for (uint32_t slot : slots) {
    const bool known =
        std::any_of(scored.begin(), scored.end(), [slot](const Scored& other) { return other.slot == slot; });
    Scored candidate;
    if (!known && Score(row, slot, candidate)) scored.push_back(candidate);
  }
}

std::vector<Linker::Scored> Linker::Candidates(const Row& row, const Policy& policy) const {
  std::vector<Scored> scored;
  ScoreAll(row, PlainCandidates(row), scored);
  const bool certain = std::any_of(scored.begin(), scored.end(), [&policy](const Scored& candidate) {
    return candidate.weight >= policy.link_weight && candidate.obstacle == Obstacle::kNone;
  });
  if (!certain) ScoreAll(row, FuzzyCandidates(row), scored);
  scored.erase(std::remove_if(scored.begin(), scored.end(),
                              [&policy](const Scored& candidate) { return candidate.weight < policy.review_weight; }),
               scored.end());
  std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.athlete < b.athlete;
  });
  return scored;
}

bool Linker::Compatible(uint32_t a, uint32_t b) const {
  for (uint32_t i = athletes_[a].first; i != kNone; i = observations_[i].next) {
    const Observation& one = observations_[i];
    for (uint32_t j = athletes_[b].first; j != kNone; j = observations_[j].next) {
      const Observation& other = observations_[j];
      if (one.race != kNoRace && one.race == other.race) return false;
      const BirthComparison born = CompareBirths(one.birth, other.birth, weights_);
      if (born.contradiction) return false;
      const SameDay same_day = CompareDays(one.day, one.race, other);
      const bool elsewhere = same_day == SameDay::kElsewhere && born.agreement != Agreement::kSame;
      if (elsewhere || same_day == SameDay::kBothLong) return false;
      if (one.sex != other.sex && one.sex != athletics::Sex::kUnknown && other.sex != athletics::Sex::kUnknown)
        return false;
    }
  }
  return true;
}

Candidate Linker::Describe(const Scored& scored) const {
  Candidate candidate;
  candidate.athlete = scored.athlete;
  candidate.weight = scored.weight;
  candidate.obstacle = scored.obstacle;
  for (int i = 0; i < kFieldCount; ++i) {
    const Line& line = scored.lines[i];
    if (line.agreement == Agreement::kNotGiven) continue;
    const auto field = static_cast<Field>(i);
    const int32_t race = field == Field::kSameDay ? scored.same_day_race
                         : field == Field::kMark  ? scored.mark_race
                                                  : kNoRace;
    candidate.evidence.push_back({field, line.agreement, line.weight, race});
  }
  return candidate;
}

Decision Linker::Conclude(const Row& row, std::vector<Scored> scored, const Policy& policy) const {
  Decision decision;
  decision.placeholder = row.placeholder;
  if (scored.empty()) return decision;
  const Scored& best = scored.front();
  const auto certain = [&policy](const Scored& candidate) {
    return candidate.weight >= policy.link_weight && candidate.obstacle == Obstacle::kNone;
  };
  bool linked = certain(best);
  for (size_t i = 1; linked && i < scored.size(); ++i) {
    const bool close = best.weight - scored[i].weight < policy.margin;
    if (certain(scored[i]) && Compatible(best.slot, scored[i].slot)) {
      decision.same_person.push_back(Describe(scored[i]));
    } else if (close) {
      linked = false;
    }
  }
  if (linked) {
    decision.verdict = Verdict::kLinked;
    decision.candidates.push_back(Describe(best));
    return decision;
  }
  decision.same_person.clear();
  decision.verdict = Verdict::kReview;
  const size_t count = std::min(scored.size(), static_cast<size_t>(std::max(1, policy.max_candidates)));
  for (size_t i = 0; i < count; ++i) {
    decision.candidates.push_back(Describe(scored[i]));
    if (certain(scored[i])) decision.candidates.back().obstacle = Obstacle::kCloseCompetitor;
  }
  return decision;
}

Decision Linker::Decide(const Appearance& appearance, const Policy& policy) const {
  Row row = Prepare(appearance);
  if (row.placeholder) return Conclude(row, {}, policy);
  row.parts = UnpackName(row.name);
  if (row.name_id != kNone) row.same_name = CompareNames(row.parts, row.parts, words_, weights_);
  return Conclude(row, Candidates(row, policy), policy);
}

std::optional<Candidate> Linker::Weigh(const Appearance& appearance, int64_t athlete) const {
  Row row = Prepare(appearance);
  const auto entry = by_athlete_.find(athlete);
  if (row.placeholder || entry == by_athlete_.end()) return std::nullopt;
  row.parts = UnpackName(row.name);
  if (row.name_id != kNone) row.same_name = CompareNames(row.parts, row.parts, words_, weights_);
  Scored scored;
  if (!Score(row, entry->second, scored, /*skip_race=*/true)) return std::nullopt;
  return Describe(scored);
}

}  // namespace palmares::identity
