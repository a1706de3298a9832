#include "services/athletics/discipline.h"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "services/athletics/discipline_aliases.h"
#include "services/athletics/discipline_form.h"
#include "services/athletics/fold.h"
#include "services/athletics/implement.h"

namespace palmares::athletics {
namespace {

struct Row {
  absl::string_view code;
  absl::string_view name;
  Surface surface = Surface::kTrack;
  MarkUnit unit = MarkUnit::kMilliseconds;
  int64_t distance_mm = 0;
  int64_t duration_s = 0;
  int hurdles = 0;
  bool steeplechase = false;
  bool walk = false;
  int relay_legs = 0;
  bool wind_matters = false;
  absl::string_view world_athletics = {};
  absl::string_view aliases = {};
};

const std::vector<Row>& DisciplineRows() {
  static const auto* rows = new std::vector<Row>{
#include "services/athletics/data/disciplines.inc"
  };
  return *rows;
}

using Index = absl::flat_hash_map<std::string, const Discipline*>;

// Everything that is compiled in, built once and never changed.
struct Known {
  std::vector<const Discipline*> in_order;
  Index by_code;
  Index by_key;              // aliases, names and codes as FoldKey makes them
  Index by_world_athletics;  // its own codes, upper case
};

Discipline FromRow(const Row& row) {
  Discipline discipline{std::string(row.code), std::string(row.name), row.surface, row.unit};
  discipline.distance_mm = row.distance_mm;
  discipline.duration_s = row.duration_s;
  discipline.hurdles = row.hurdles;
  discipline.steeplechase = row.steeplechase;
  discipline.walk = row.walk;
  discipline.relay_legs = row.relay_legs;
  discipline.wind_matters = row.wind_matters;
  discipline.lower_is_better = row.unit == MarkUnit::kMilliseconds;
  return discipline;
}

const Known* BuildKnown() {
  auto* known = new Known;
  for (const Row& row : DisciplineRows()) {
    const auto* discipline = new Discipline(FromRow(row));
    known->in_order.push_back(discipline);
    known->by_code.emplace(row.code, discipline);
    for (absl::string_view key : absl::StrSplit(row.aliases, '|', absl::SkipEmpty()))
      known->by_key.emplace(key, discipline);
    for (absl::string_view code : absl::StrSplit(row.world_athletics, '|', absl::SkipEmpty())) {
      known->by_world_athletics.emplace(absl::AsciiStrToUpper(code), discipline);
    }
  }
  for (const Discipline* discipline : known->in_order) {
    known->by_key.emplace(FoldKey(discipline->code), discipline);
    known->by_key.emplace(FoldKey(discipline->name), discipline);
  }
  return known;
}

const Known& AllKnown() {
  static const Known* known = BuildKnown();
  return *known;
}

const Discipline* FindIn(const Index& index, absl::string_view key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

// Disciplines that the table does not name, made when they are first asked for and kept as long as the program. Their
// number is limited, so that a file full of nonsense cannot fill the memory.
class MadeOnDemand {
 public:
  const Discipline* Find(absl::string_view code) {
    absl::ReaderMutexLock lock(&mutex_);
    return FindIn(by_code_, code);
  }

  absl::StatusOr<const Discipline*> FindOrAdd(Discipline discipline) {
    absl::MutexLock lock(&mutex_);
    if (const Discipline* found = FindIn(by_code_, discipline.code)) return found;
    if (by_code_.size() >= kMost) {
      return absl::ResourceExhaustedError(absl::StrCat("discipline \"", discipline.code, "\", want one of the ", kMost,
                                                       " that were used before: this process can make no more"));
    }
    disciplines_.push_back(std::move(discipline));
    const Discipline* made = &disciplines_.back();
    by_code_.emplace(made->code, made);
    return made;
  }

 private:
  static constexpr size_t kMost = 20'000;
  absl::Mutex mutex_;
  std::deque<Discipline> disciplines_ ABSL_GUARDED_BY(mutex_);  // addresses stay
  Index by_code_ ABSL_GUARDED_BY(mutex_);
};

MadeOnDemand& Made() {
  static auto* made = new MadeOnDemand;
  return *made;
}

// What may be made: distances from 30 m to 5,000 km run or walked without hurdles, races of 10 minutes to 240 hours
// (in less a walker covers less than a kilometre, and marks could be read as kilometres), relays of such legs.
bool CanBeMade(const Discipline& discipline, const DisciplineForm& form) {
  if (form.sprint_medley || form.distance_medley || form.shuttle) return false;
  constexpr int64_t kShortestS = 600, kLongestS = int64_t{240} * 3600;
  if (discipline.duration_s > 0) return discipline.duration_s >= kShortestS && discipline.duration_s <= kLongestS;
  constexpr int64_t kShortestMm = 30'000, kLongestMm = 5'000'000'000, kLongestHurdlesMm = 600'000;
  const bool in_range = discipline.distance_mm >= kShortestMm && discipline.distance_mm <= kLongestMm;
  const bool hurdles = !form.hurdles || form.legs > 0 || discipline.distance_mm <= kLongestHurdlesMm;
  return in_range && hurdles;
}

int EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// "leg 2 of 4x400": a part of a race, and no race.
bool NamesLeg(absl::string_view text) {
  for (const absl::string_view word : absl::StrSplit(Fold(text), absl::ByAnyChar(" -_/(),"), absl::SkipEmpty())) {
    if (word == "leg" || word == "legs" || word == "split" || word == "splits") return true;
  }
  return false;
}

absl::Status NotFound(absl::string_view text) {
  constexpr size_t kLongest = 60, kNearest = 3;
  const absl::string_view shown = text.substr(0, kLongest);
  if (NamesLeg(shown)) {
    return absl::NotFoundError(
        absl::StrCat("discipline \"", shown,
                     "\", want the whole race, as 4x400m or 6x5km-road: the times of legs belong to the row of "
                     "their team, splits to the row of the runner"));
  }
  const std::string key = FoldKey(shown);
  std::vector<std::pair<int, absl::string_view>> near;
  for (const Discipline* discipline : AllKnown().in_order) {
    const int distance =
        std::min(EditDistance(key, FoldKey(discipline->code)), EditDistance(key, FoldKey(discipline->name)));
    near.emplace_back(distance, discipline->code);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  near.resize(kNearest);
  return absl::NotFoundError(absl::StrCat(
      "discipline \"", shown, "\", want a distance with its unit or a name, the nearest known are ",
      absl::StrJoin(near, ", ", [](std::string* out, const auto& item) { absl::StrAppend(out, item.second); })));
}

// Tried last: "10K" is World Athletics' on the track, and everybody else's on the road.
absl::StatusOr<const Discipline*> ByWorldAthleticsCode(absl::string_view text) {
  const std::string code = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(text));
  if (const Discipline* found = FindIn(AllKnown().by_world_athletics, code)) return found;
  return NotFound(text);
}

// "Marathon W", "100m H": a lone letter behind a space that says who competes. "20km W" is World Athletics' road walk.
absl::string_view WithoutLoneSex(absl::string_view folded) {
  for (absl::string_view walk : {"20km w", "20 km w", "30km w", "30 km w", "35km w", "35 km w", "50km w", "50 km w"}) {
    if (folded == walk) return folded;
  }
  if (absl::EndsWith(folded, " w")) folded.remove_suffix(2);
  return folded;
}

// "SP7.26K", "Stone Throw (2.1kg)": a throw with the implement of that weight, as a discipline of its own. Null where
// the text names none.
absl::StatusOr<const Discipline*> FindWeighed(absl::string_view text) {
  const std::string key = FoldKey(text);
  const std::optional<WeighedEvent> weighed = SplitWeighedEvent(key);
  if (!weighed.has_value()) return nullptr;
  const Discipline* event = FindIn(AllKnown().by_key, weighed->event);
  if (event == nullptr || !IsThrowingEvent(event->code)) return nullptr;
  const std::string weight = FormatWeight(weighed->grams);
  Discipline discipline = *event;
  discipline.code = absl::StrCat(event->code, "-", weight);
  discipline.name = absl::StrCat(event->name, " (", weight, ")");
  if (const Discipline* found = FindIn(AllKnown().by_code, discipline.code)) return found;
  return Made().FindOrAdd(std::move(discipline));
}

}  // namespace

absl::StatusOr<const Discipline*> FindDiscipline(absl::string_view text) {
  const Known& known = AllKnown();
  if (const Discipline* found = FindIn(known.by_code, text)) return found;
  if (const Discipline* used = Made().Find(text)) return used;
  const std::string folded = Fold(text.substr(0, 200));
  const absl::string_view plain = WithoutLoneSex(folded);
  if (const Discipline* found = FindIn(known.by_key, FoldKey(plain))) return found;
  const std::string competitors_left_out = WithoutCompetitors(plain);
  if (const Discipline* found = FindIn(known.by_key, FoldKey(competitors_left_out))) return found;
  absl::StatusOr<const Discipline*> weighed = FindWeighed(competitors_left_out);
  if (!weighed.ok() || *weighed != nullptr) return weighed;
  const bool negative = !plain.empty() && plain[0] == '-';
  const std::optional<DisciplineForm> form = negative ? std::nullopt : ReadDisciplineForm(plain);
  if (!form.has_value()) return ByWorldAthleticsCode(text);
  const std::string code = CodeOf(*form);
  if (code.empty()) return ByWorldAthleticsCode(text);
  if (const Discipline* found = FindIn(known.by_code, code)) return found;
  Discipline made = MakeDiscipline(*form, code);
  if (!CanBeMade(made, *form)) return ByWorldAthleticsCode(text);
  return Made().FindOrAdd(std::move(made));
}

std::optional<Discipline> ReadDiscipline(absl::string_view text) {
  const Known& known = AllKnown();
  const std::string folded = Fold(text.substr(0, 200));
  const absl::string_view plain = WithoutLoneSex(folded);
  for (const std::string& key : {FoldKey(plain), FoldKey(WithoutCompetitors(plain))}) {
    if (const Discipline* found = FindIn(known.by_key, key)) return *found;
  }
  const bool negative = !plain.empty() && plain[0] == '-';
  const std::optional<DisciplineForm> form = negative ? std::nullopt : ReadDisciplineForm(plain);
  const std::string code = form.has_value() ? CodeOf(*form) : "";
  if (code.empty()) return std::nullopt;
  if (const Discipline* found = FindIn(known.by_code, code)) return *found;
  Discipline made = MakeDiscipline(*form, code);
  if (!CanBeMade(made, *form)) return std::nullopt;
  return made;
}

absl::StatusOr<const Discipline*> FindDisciplineByWorldAthleticsCode(absl::string_view code) {
  if (const Discipline* found = FindIn(AllKnown().by_world_athletics, absl::AsciiStrToUpper(code))) return found;
  return absl::NotFoundError(
      absl::StrCat("discipline code \"", code.substr(0, 40), "\", want one of World Athletics, as 10K or 5RR"));
}

const std::vector<const Discipline*>& AllDisciplines() { return AllKnown().in_order; }

std::vector<std::string> AliasesOf(const Discipline& discipline) {
  std::vector<std::string> aliases;
  for (const Row& row : DisciplineRows()) {
    if (row.code != discipline.code) continue;
    for (absl::string_view key : absl::StrSplit(row.aliases, '|', absl::SkipEmpty())) aliases.emplace_back(key);
  }
  return aliases;
}

}  // namespace palmares::athletics
