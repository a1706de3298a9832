#include "services/qualification/verdict.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/qualification/assess.h"

namespace palmares::qualification {
namespace {

constexpr int64_t kBasisPoints = 10000;

// Margins of different disciplines compare as parts of their limits.
double Relative(const Considered& considered) {
  return considered.limit == 0 ? 0.0 : static_cast<double>(considered.margin) / static_cast<double>(considered.limit);
}

// How far up a result takes its athlete among those who come in the same way, the smaller the further: by the place or
// position, or by how many finishes there are.
int64_t StandingInWay(const Standard& standard, const Considered& considered) {
  if (considered.path < 0) return 0;
  const bool finishes = standard.paths[static_cast<size_t>(considered.path)].kind == PathKind::kFinishes;
  return finishes ? -considered.value : considered.value;
}

// Of two results that let the athlete in the one counts that fills the quota first, as the field is made: a champion
// whose mark is modest does not stand behind the marks.
bool Better(const Standard& standard, const Considered& a, const Considered& b) {
  if (a.answer != b.answer) return a.answer > b.answer;
  if (a.answer != Answer::kFails && (a.path >= 0 || b.path >= 0)) {
    const auto way_a = OrderOfWay(standard, a.path), way_b = OrderOfWay(standard, b.path);
    if (way_a != way_b) return way_a < way_b;
    return StandingInWay(standard, a) < StandingInWay(standard, b);
  }
  if (a.tier != b.tier && a.tier >= 0 && b.tier >= 0) return a.tier < b.tier;
  return Relative(a) > Relative(b);
}

std::vector<Considered> AssessAll(const Context& context, absl::Span<const Performance> performances) {
  std::vector<Considered> considered;
  considered.reserve(performances.size());
  for (size_t i = 0; i < performances.size(); ++i) {
    considered.push_back(AssessMark(context, performances[i], static_cast<int>(i)));
  }
  for (size_t path = 0; path < context.standard.paths.size(); ++path) {
    for (size_t i = 0; i < performances.size(); ++i) {
      auto place = AssessPlace(context, performances[i], static_cast<int>(i), static_cast<int>(path));
      if (place) considered.push_back(*place);
    }
    if (auto finishes = AssessFinishes(context, performances, static_cast<int>(path))) considered.push_back(*finishes);
    for (const RankingPosition& position : context.athlete.rankings) {
      if (auto ranked = AssessRanking(context, position, static_cast<int>(path))) considered.push_back(*ranked);
    }
  }
  return considered;
}

bool HasCategory(const Standard& standard, athletics::Sex sex, int event) {
  if (sex == athletics::Sex::kUnknown) return true;
  const auto fits = [&](const Entry& entry) { return entry.sex == sex && (event < 0 || entry.event == event); };
  const auto leads = [&](const PlacePath& path) { return (event < 0 || path.event == event) && IsFor(path, sex); };
  return std::any_of(standard.entries.begin(), standard.entries.end(), fits) ||
         std::any_of(standard.paths.begin(), standard.paths.end(), leads);
}

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// A sheet says "MA" where the rule says "US-MA".
bool ContainsRegion(const std::vector<std::string>& list, const std::string& region) {
  const auto same = [&](const std::string& text) {
    return text == region || absl::EndsWith(text, absl::StrCat("-", region));
  };
  return std::any_of(list.begin(), list.end(), same);
}

// True where no age possible on the day of the event has a mark. Standards that count the age by the performance never
// say so.
bool WrongAge(const Context& context) {
  if (!context.event_age) return false;
  const Eligibility& allowed = context.standard.eligibility;
  if (allowed.min_age && context.event_age->max < *allowed.min_age) return true;
  if (allowed.max_age && context.event_age->min > *allowed.max_age) return true;
  const auto open = [&](const PlacePath& path) { return IsFor(path, context.athlete.sex); };
  if (std::any_of(context.standard.paths.begin(), context.standard.paths.end(), open)) return false;
  return std::none_of(context.standard.entries.begin(), context.standard.entries.end(), [&](const Entry& entry) {
    return entry.band.min <= context.event_age->max && entry.band.max >= context.event_age->min;
  });
}

// Why no result of the athlete can count; kNone where one can.
Rule WhyIneligible(const Context& context) {
  const Athlete& athlete = context.athlete;
  const Eligibility& allowed = context.standard.eligibility;
  if (!HasCategory(context.standard, athlete.sex, -1)) return Rule::kSex;
  if (!allowed.countries.empty() && !athlete.country.empty() && !Contains(allowed.countries, athlete.country)) {
    return Rule::kCountry;
  }
  if (!allowed.regions.empty() && !athlete.region.empty() && !ContainsRegion(allowed.regions, athlete.region)) {
    return Rule::kResidence;
  }
  return WrongAge(context) ? Rule::kAge : Rule::kNone;
}

// True where every window through which the event can be reached has closed.
bool Closed(const Context& context, int event) {
  const Standard& standard = context.standard;
  const auto over = [&](int window) {
    const auto last = LastDay(standard, window);
    if (last && context.as_of > *last) return true;
    const auto& closes = WindowAt(standard, window).closes;
    return context.time && closes && *context.time > *closes;
  };
  for (const Entry& entry : standard.entries) {
    const bool own = context.athlete.sex == athletics::Sex::kUnknown || entry.sex == context.athlete.sex;
    if (entry.event == event && own && !over(entry.window)) return false;
  }
  return std::all_of(standard.paths.begin(), standard.paths.end(), [&](const PlacePath& path) {
    return path.event != event || !IsFor(path, context.athlete.sex) || over(path.window);
  });
}

// How far a result came that fails: the rules are applied in the order of their numbers, except that a place and a
// number of finishes are no near miss.
int StageOf(Rule rule) {
  if (rule == Rule::kWindowUnknown) return static_cast<int>(Rule::kBeforeWindow);
  return rule == Rule::kPlace || rule == Rule::kFinishes ? 0 : static_cast<int>(rule);
}

// True where a says more about the athlete's standing than b. Of those that fail, one that failed later came nearer;
// those that miss the mark are compared by how far.
bool SaysMore(const Standard& standard, const Considered& a, const Considered& b) {
  const bool both_fail = a.answer == Answer::kFails && b.answer == Answer::kFails;
  if (both_fail && a.rule != b.rule) return StageOf(a.rule) > StageOf(b.rule);
  return Better(standard, a, b);
}

// The index of the best of the considered that concern the event; -1 where none does.
int BestFor(const Standard& standard, const std::vector<Considered>& considered, int event) {
  int best = -1;
  for (size_t i = 0; i < considered.size(); ++i) {
    if (considered[i].event != event) continue;
    if (best < 0 || SaysMore(standard, considered[i], considered[static_cast<size_t>(best)])) {
      best = static_cast<int>(i);
    }
  }
  return best;
}

// How far a result that fails is from the standard, where only its mark or place is looked at: 0 where these would do.
double Shortfall(const Context& context, absl::Span<const Performance> performances, const Considered& considered) {
  if (considered.rule == Rule::kPlace && considered.value > 0) {
    return static_cast<double>(considered.value - considered.want);
  }
  if (considered.rule != Rule::kPlace) {
    if (considered.limit != 0) return std::max(0.0, -Relative(considered));
    const auto margin = MarginBut(context, performances[static_cast<size_t>(considered.performance)]);
    if (margin.has_value()) return std::max(0.0, -*margin);
  }
  return std::numeric_limits<double>::infinity();
}

// Of the results that the same rule keeps out as the one given, the nearest to the standard; of equal ones the newest.
int NearestLike(const Context& context, absl::Span<const Performance> performances,
                const std::vector<Considered>& considered, int like) {
  const Considered& first = considered[static_cast<size_t>(like)];
  if (first.answer != Answer::kFails || first.performance < 0) return like;
  int nearest = -1;
  std::pair<double, athletics::Date> least;
  for (size_t i = 0; i < considered.size(); ++i) {
    const Considered& each = considered[i];
    const bool alike = each.event == first.event && each.answer == first.answer && each.rule == first.rule &&
                       each.path == first.path && each.performance >= 0;
    if (!alike) continue;
    const athletics::Date date = performances[static_cast<size_t>(each.performance)].date;
    const double shortfall = Shortfall(context, performances, each);
    const bool nearer = nearest < 0 || shortfall < least.first || (shortfall == least.first && date > least.second);
    if (!nearer) continue;
    nearest = static_cast<int>(i);
    least = {shortfall, date};
  }
  return nearest;
}

// True where a ranking gives entry into the event of which nothing is known of the athlete.
bool RankingIsOpen(const Context& context, int event) {
  const Standard& standard = context.standard;
  return std::any_of(standard.paths.begin(), standard.paths.end(), [&](const PlacePath& path) {
    return path.event == event && RankingIsUnknown(standard, path, context.athlete);
  });
}

void SetStatus(const Context& context, absl::Span<const Performance> performances, Verdict& verdict) {
  int best = BestFor(context.standard, verdict.considered, verdict.event);
  if (best >= 0) best = NearestLike(context, performances, verdict.considered, best);
  const Answer answer = best < 0 ? Answer::kFails : verdict.considered[static_cast<size_t>(best)].answer;
  verdict.rule = best < 0 ? Rule::kNone : verdict.considered[static_cast<size_t>(best)].rule;
  switch (answer) {
    case Answer::kCounts:
      verdict.status = Status::kQualified;
      break;
    case Answer::kProvisional:
      verdict.status = Status::kProvisional;
      break;
    case Answer::kUncertain:
      verdict.status = Status::kUncertain;
      break;
    case Answer::kOutsideCutoff:
      verdict.status = Status::kOutsideCutoff;
      break;
    case Answer::kFails:
      verdict.status = Closed(context, verdict.event) ? Status::kExpired : Status::kNotYet;
      break;
  }
  const bool counts = answer == Answer::kCounts || answer == Answer::kProvisional;
  (counts ? verdict.counting : verdict.nearest) = best;
  verdict.ranking_open = !counts && RankingIsOpen(context, verdict.event);
  verdict.cutoff_open = counts && context.standard.field.selection == Selection::kLargestMargin &&
                        !CutoffAsOf(context.standard, context.as_of);
}

// `considered` may hold other events' as well; only those of `event` decide.
Verdict Conclude(const Context& context, absl::Span<const Performance> performances, std::vector<Considered> considered,
                 int event) {
  Verdict verdict;
  verdict.standard = &context.standard;
  verdict.event = event;
  verdict.age_basis = context.birth.basis;
  verdict.as_of = context.as_of;
  verdict.considered = std::move(considered);
  const Rule ineligible = WhyIneligible(context);
  if (ineligible == Rule::kNone) {
    SetStatus(context, performances, verdict);
  } else {
    verdict.status = Status::kIneligible;
    verdict.rule = ineligible;
    for (Considered& each : verdict.considered) Fail(each, ineligible);
  }
  return verdict;
}

// The event in which the athlete stands best; the first that is open to them where no result concerns any.
int BestEvent(const Context& context, const std::vector<Considered>& considered) {
  const Considered* best = nullptr;
  for (const Considered& each : considered) {
    if (each.event >= 0 && (best == nullptr || SaysMore(context.standard, each, *best))) best = &each;
  }
  if (best != nullptr) return best->event;
  for (size_t event = 0; event < context.standard.events.size(); ++event) {
    if (HasCategory(context.standard, context.athlete.sex, static_cast<int>(event))) return static_cast<int>(event);
  }
  return 0;
}

}  // namespace

const Considered* Verdict::Best() const {
  const int index = counting >= 0 ? counting : nearest;
  return index < 0 ? nullptr : &considered[static_cast<size_t>(index)];
}

int64_t Verdict::Margin() const {
  const Considered* best = Best();
  return best == nullptr ? 0 : best->margin;
}

int64_t Verdict::MarginBasisPoints() const {
  const Considered* best = Best();
  if (best == nullptr || best->limit == 0) return 0;
  const int64_t parts = best->margin * kBasisPoints, whole = parts / best->limit;
  return whole - (parts % best->limit < 0 ? 1 : 0);
}

void CountBy(int path, Verdict& verdict) {
  int best = -1;
  for (size_t i = 0; i < verdict.considered.size(); ++i) {
    const Considered& each = verdict.considered[i];
    if (each.event != verdict.event || each.path != path || each.answer < Answer::kProvisional) continue;
    if (best < 0 || Better(*verdict.standard, each, verdict.considered[static_cast<size_t>(best)])) {
      best = static_cast<int>(i);
    }
  }
  if (best < 0) return;
  const Considered& counts = verdict.considered[static_cast<size_t>(best)];
  verdict.counting = best;
  verdict.nearest = -1;
  verdict.rule = counts.rule;
  verdict.status = counts.answer == Answer::kProvisional ? Status::kProvisional : Status::kQualified;
}

std::vector<Verdict> LaterWays(const Verdict& verdict) {
  std::vector<Verdict> later;
  const Considered* best = verdict.Best();
  if (verdict.counting < 0 || best->path >= 0 || best->tier < 0) return later;
  const Standard& standard = *verdict.standard;
  if (!standard.tiers[static_cast<size_t>(best->tier)].country_cap) return later;
  std::vector<int> paths;
  for (const Considered& each : verdict.considered) {
    const bool opens = each.event == verdict.event && each.path >= 0 && each.answer >= Answer::kProvisional &&
                       OrderOfWay(standard, each.path) > OrderOfWay(standard, -1);
    if (opens && std::find(paths.begin(), paths.end(), each.path) == paths.end()) paths.push_back(each.path);
  }
  std::sort(paths.begin(), paths.end(),
            [&](int a, int b) { return OrderOfWay(standard, a) < OrderOfWay(standard, b); });
  later.reserve(paths.size());
  for (const int path : paths) {
    Verdict by_path = verdict;
    CountBy(path, by_path);
    by_path.considered = {*by_path.Best()};
    by_path.counting = 0;
    later.push_back(std::move(by_path));
  }
  return later;
}

Verdict Evaluate(const Standard& standard, const Athlete& athlete, absl::Span<const Performance> performances,
                 const AnswerDay& as_of) {
  const Context context = MakeContext(standard, athlete, as_of);
  std::vector<Considered> considered = AssessAll(context, performances);
  const int event = standard.events.size() == 1 ? 0 : BestEvent(context, considered);
  return Conclude(context, performances, std::move(considered), event);
}

Verdict Evaluate(const Standard& standard, const Athlete& athlete, absl::Span<const Performance> performances,
                 athletics::Date as_of) {
  return Evaluate(standard, athlete, performances, OnDay(as_of));
}

std::vector<Verdict> EvaluateEvents(const Standard& standard, const Athlete& athlete,
                                    absl::Span<const Performance> performances, athletics::Date as_of) {
  return EvaluateEvents(standard, athlete, performances, OnDay(as_of));
}

std::vector<Verdict> EvaluateEvents(const Standard& standard, const Athlete& athlete,
                                    absl::Span<const Performance> performances, const AnswerDay& as_of) {
  const Context context = MakeContext(standard, athlete, as_of);
  const std::vector<Considered> all = AssessAll(context, performances);
  std::vector<Verdict> verdicts;
  for (size_t event = 0; event < standard.events.size(); ++event) {
    if (!HasCategory(standard, athlete.sex, static_cast<int>(event))) continue;
    std::vector<Considered> own;
    std::copy_if(all.begin(), all.end(), std::back_inserter(own),
                 [&](const Considered& each) { return each.event == static_cast<int>(event); });
    verdicts.push_back(Conclude(context, performances, std::move(own), static_cast<int>(event)));
  }
  return verdicts;
}

}  // namespace palmares::qualification
