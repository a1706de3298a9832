#include "services/qualification/field.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace palmares::qualification {
namespace {

bool MeetsStandard(const Verdict& verdict) {
  return verdict.status == Status::kQualified || verdict.status == Status::kProvisional ||
         verdict.status == Status::kOutsideCutoff;
}

PathKind PathOf(const Standard& standard, const Considered& considered) {
  if (considered.path < 0) return PathKind::kMark;
  return standard.paths[static_cast<size_t>(considered.path)].kind;
}

// What the order is made of, the smaller the better: the way in, whether a cut-off keeps them out, the tier, and what
// counts among those.
using Key = std::tuple<std::pair<int, int>, bool, int, int64_t>;

// How good a mark is, the smaller the better. Margins under the own mark are compared in time, as Boston does; marks as
// parts of their limits where the disciplines that lead to the event differ, so the exact order inside one discipline
// is that of the marks.
int64_t Goodness(const Standard& standard, const Considered& considered) {
  if (standard.field.selection == Selection::kLargestMargin) return -considered.margin;
  constexpr int64_t kParts = 1000000;
  return considered.limit == 0 ? 0 : -considered.margin * kParts / considered.limit;
}

// Places go by the order of application where the rules say so and any application is on file; before that nothing is
// known of the order, and marks have to do.
bool GoesByApplication(const Standard& standard, absl::Span<const Candidate> candidates) {
  return standard.field.selection == Selection::kFirstCome &&
         std::any_of(candidates.begin(), candidates.end(),
                     [](const Candidate& candidate) { return candidate.applied_us.has_value(); });
}

Key KeyOf(const Standard& standard, const Candidate& candidate, bool by_application) {
  const Considered& best = *candidate.verdict.Best();
  const PathKind path = PathOf(standard, best);
  const bool outside = candidate.verdict.status == Status::kOutsideCutoff;
  constexpr std::pair<int, int> kLast = {9, 0};
  if (candidate.withdrawn) return {kLast, false, 0, Goodness(standard, best)};
  const std::pair<int, int> way = OrderOfWay(standard, best.path);
  // More finishes go before fewer; of places and positions the lower goes first.
  if (path == PathKind::kFinishes) return {way, outside, 0, -best.value};
  if (path != PathKind::kMark) return {way, outside, 0, best.value};
  if (by_application) {
    return candidate.applied_us.has_value() ? Key{way, false, 0, *candidate.applied_us}
                                            : Key{way, true, 0, Goodness(standard, best)};
  }
  return {way, outside, best.tier, Goodness(standard, best)};
}

struct Ranked {
  Key key;
  int candidate;
};

std::vector<Ranked> Rank(const Standard& standard, absl::Span<const Candidate> candidates) {
  std::vector<Ranked> ranked;
  const bool by_application = GoesByApplication(standard, candidates);
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!MeetsStandard(candidates[i].verdict)) continue;
    ranked.push_back({KeyOf(standard, candidates[i], by_application), static_cast<int>(i)});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) { return a.key < b.key; });
  return ranked;
}

}  // namespace

std::optional<int> CountryCap(const Standard& standard, int tier) {
  std::optional<int> cap = standard.field.country_cap;
  if (tier >= 0) {
    const std::optional<int> own = standard.tiers[static_cast<size_t>(tier)].country_cap;
    if (own && (!cap || *own < *cap)) cap = own;
  }
  return cap;
}

std::optional<int> PlacesOf(const Standard& standard, int event) {
  const std::optional<int> own = standard.events[static_cast<size_t>(event)].field_size;
  return own ? own : standard.field.size;
}

namespace {

class Filling {
 public:
  Filling(const Standard& standard, absl::Span<const Candidate> candidates, Field& field)
      : standard_(standard),
        candidates_(candidates),
        by_application_(GoesByApplication(standard, candidates)),
        field_(field) {}

  // Takes the next in the order. `same` says that its key equals that of the one before. Where it stands.
  Standing Take(const Ranked& ranked, bool same) {
    const bool shares_last_place = last_in_.has_value() && *last_in_ == ranked.key;
    const Candidate& candidate = candidates_[static_cast<size_t>(ranked.candidate)];
    FieldEntry entry;
    entry.candidate = ranked.candidate;
    entry.order = same ? field_.entries.back().order : static_cast<int>(field_.entries.size()) + 1;
    entry.path = PathOf(standard_, *candidate.verdict.Best());
    entry.provisional = candidate.verdict.status == Status::kProvisional;
    entry.in_country = candidate.withdrawn ? 0 : ++seen_[candidate.country];
    entry.standing = Place(candidate, shares_last_place);
    if (entry.standing == Standing::kIn) last_in_ = ranked.key;
    Count(candidate, entry.standing);
    field_.entries.push_back(entry);
    return entry.standing;
  }

 private:
  // `shares_last_place`: equals the last one in, whoever stands between them for another reason.
  Standing Place(const Candidate& candidate, bool shares_last_place) {
    if (candidate.withdrawn) return Standing::kWithdrawn;
    if (candidate.verdict.status == Status::kOutsideCutoff) return Standing::kOutsideCutoff;
    const bool by_mark = PathOf(standard_, *candidate.verdict.Best()) == PathKind::kMark;
    if (by_application_ && by_mark && !candidate.applied_us.has_value()) {
      return Standing::kNotApplied;
    }
    const std::optional<int> cap = CountryCap(standard_, candidate.verdict.Best()->tier);
    const auto counted = field_.countries.find(candidate.country);
    const int of_country = counted == field_.countries.end() ? 0 : counted->second;
    if (cap && !candidate.country.empty() && of_country >= *cap) return Standing::kCountryFull;
    if (!field_.size || field_.in < *field_.size || shares_last_place) return Standing::kIn;
    return reserves_ < standard_.field.reserves ? Standing::kReserve : Standing::kFieldFull;
  }

  void Count(const Candidate& candidate, Standing standing) {
    const int index = static_cast<int>(field_.entries.size());
    if (standing == Standing::kIn) {
      ++field_.in;
      field_.last_in = index;
      if (!candidate.country.empty()) ++field_.countries[candidate.country];
    } else if (standing != Standing::kCountryFull && standing != Standing::kWithdrawn &&
               standing != Standing::kNotApplied && field_.first_out < 0) {
      field_.first_out = index;
    }
    if (standing == Standing::kReserve) ++reserves_;
  }

  const Standard& standard_;
  absl::Span<const Candidate> candidates_;
  const bool by_application_;
  Field& field_;
  std::map<std::string, int> seen_;
  std::optional<Key> last_in_;
  int reserves_ = 0;
};

// The first candidate of the athlete of each.
std::vector<size_t> AthletesOf(absl::Span<const Candidate> candidates) {
  std::vector<size_t> athletes(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    const bool same = i > 0 && candidates[i].later_way && candidates[i].athlete == candidates[i - 1].athlete;
    athletes[i] = same ? athletes[i - 1] : i;
  }
  return athletes;
}

// Leaves one way in of each athlete: the first that no country cap keeps out, else the first. Who is kept out takes
// nobody's place, so the field fills as it does when they are left out.
void LeaveOneWayEach(const Standard& standard, absl::Span<const Candidate> candidates, std::optional<int> size,
                     std::vector<Ranked>& ranked) {
  const auto is_later = [](const Candidate& candidate) { return candidate.later_way; };
  if (std::none_of(candidates.begin(), candidates.end(), is_later)) return;
  const std::vector<size_t> athletes = AthletesOf(candidates);
  std::vector<int> ways(candidates.size(), -1);  // by athlete: the candidate that is in the list
  std::vector<bool> kept_out(candidates.size());
  Field trial;
  trial.size = size;
  Filling filling(standard, candidates, trial);
  for (const Ranked& each : ranked) {
    const size_t athlete = athletes[static_cast<size_t>(each.candidate)];
    const bool first = ways[athlete] < 0;
    if (!first && !kept_out[athlete]) continue;
    kept_out[athlete] = filling.Take(each, false) == Standing::kCountryFull;
    if (first || !kept_out[athlete]) ways[athlete] = each.candidate;
  }
  std::erase_if(ranked, [&](const Ranked& each) {
    return ways[athletes[static_cast<size_t>(each.candidate)]] != each.candidate;
  });
}

}  // namespace

Field BuildField(const Standard& standard, int event, absl::Span<const Candidate> candidates) {
  Field field;
  field.size = PlacesOf(standard, event);
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].verdict.status == Status::kUncertain) field.uncertain.push_back(static_cast<int>(i));
  }
  std::vector<Ranked> ranked = Rank(standard, candidates);
  LeaveOneWayEach(standard, candidates, field.size, ranked);
  Filling filling(standard, candidates, field);
  for (size_t i = 0; i < ranked.size(); ++i) {
    filling.Take(ranked[i], i > 0 && ranked[i].key == ranked[i - 1].key);
  }
  return field;
}

std::vector<FieldEntry> Bubble(const Field& field, int each) {
  std::vector<FieldEntry> inside, outside;
  for (auto entry = field.entries.rbegin(); entry != field.entries.rend(); ++entry) {
    if (entry->standing == Standing::kIn && static_cast<int>(inside.size()) < each) inside.push_back(*entry);
  }
  std::reverse(inside.begin(), inside.end());
  for (const FieldEntry& entry : field.entries) {
    if (entry.standing != Standing::kIn && static_cast<int>(outside.size()) < each) outside.push_back(entry);
  }
  inside.insert(inside.end(), outside.begin(), outside.end());
  return inside;
}

std::vector<int> WhoComesIn(const Standard& standard, int event, absl::Span<const Candidate> candidates,
                            int withdrawn) {
  const auto in = [](const Field& field, std::vector<bool>& flags) {
    for (const FieldEntry& entry : field.entries) {
      flags[static_cast<size_t>(entry.candidate)] = entry.standing == Standing::kIn;
    }
  };
  std::vector<bool> before(candidates.size()), after(candidates.size());
  in(BuildField(standard, event, candidates), before);
  std::vector<Candidate> rest(candidates.begin(), candidates.end());
  const std::vector<size_t> athletes = AthletesOf(candidates);
  for (size_t i = 0; i < rest.size(); ++i) {
    if (athletes[i] == athletes[static_cast<size_t>(withdrawn)]) rest[i].withdrawn = true;
  }
  in(BuildField(standard, event, rest), after);
  std::vector<int> entering;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (after[i] && !before[i]) entering.push_back(static_cast<int>(i));
  }
  return entering;
}

absl::string_view StandingCode(Standing standing) {
  switch (standing) {
    case Standing::kIn:
      return "in";
    case Standing::kReserve:
      return "reserve";
    case Standing::kFieldFull:
      return "field-full";
    case Standing::kCountryFull:
      return "country-full";
    case Standing::kOutsideCutoff:
      return "outside-cutoff";
    case Standing::kWithdrawn:
      return "withdrawn";
    case Standing::kNotApplied:
      return "not-applied";
    case Standing::kUncertain:
      return "uncertain";
  }
  return "";
}

}  // namespace palmares::qualification
