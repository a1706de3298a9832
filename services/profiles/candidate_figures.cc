#include "services/profiles/candidate_figures.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/mark.h"
#include "services/profiles/profile_check.h"
#include "services/rpc/convert.h"

namespace palmares::profiles {
namespace {

// A value as printed, and the results it is from.
struct Figure {
  std::string text;
  std::vector<int> results;  // oldest first
};

using Groups = std::vector<std::pair<const athletics::Discipline*, athletics::Division>>;

// Adds the row of what `value` gives for each column, unless it is empty everywhere.
class Rows {
 public:
  explicit Rows(const std::vector<Column>& columns) : columns_(columns) {}

  template <typename Value>
  void Add(std::string label, v1::Verification verification, Value value) {
    v1::ComparedFigure row;
    row.set_label(std::move(label));
    row.set_verification(verification);
    for (const Column& column : columns_) {
      Figure figure = value(column);
      row.add_values(std::move(figure.text));
      v1::ResultNames* source = row.add_sources();
      for (auto result = figure.results.rbegin(); result != figure.results.rend(); ++result) {
        source->add_results(column.result_names[static_cast<size_t>(*result)]);
      }
    }
    const bool known =
        std::any_of(row.values().begin(), row.values().end(), [](const std::string& text) { return !text.empty(); });
    if (known) rows_.push_back(std::move(row));
  }

  std::vector<v1::ComparedFigure> Take() { return std::move(rows_); }

 private:
  const std::vector<Column>& columns_;
  std::vector<v1::ComparedFigure> rows_;
};

// The index of a result, unless it is none.
std::vector<int> Known(int result) { return result < 0 ? std::vector<int>() : std::vector<int>{result}; }

// Disciplines and divisions to show bests of.
Groups GroupsOf(const std::vector<Column>& columns, const Criteria& criteria) {
  std::map<std::tuple<std::string, athletics::Division>, std::pair<const athletics::Discipline*, int>> counts;
  for (const Column& column : columns) {
    std::set<std::tuple<std::string, athletics::Division>> seen;
    for (const CandidateResult& result : column.facts.results) {
      if (result.mark <= 0 || !Concerns(criteria, result)) continue;
      const std::tuple key(result.discipline->code, result.division);
      if (!seen.insert(key).second) continue;
      auto& [discipline, count] = counts[key];
      discipline = result.discipline;
      ++count;
    }
  }
  std::vector<std::tuple<int, std::string, athletics::Division, const athletics::Discipline*>> ordered;
  ordered.reserve(counts.size());
  for (const auto& [key, counted] : counts) {
    const int rank = criteria.disciplines.empty() ? -counted.second : 0;
    ordered.emplace_back(rank, std::get<0>(key), std::get<1>(key), counted.first);
  }
  std::sort(ordered.begin(), ordered.end());
  if (criteria.disciplines.empty() && ordered.size() > kMostDisciplines) ordered.resize(kMostDisciplines);
  Groups groups;
  groups.reserve(ordered.size());
  for (const auto& [rank, code, division, discipline] : ordered) groups.emplace_back(discipline, division);
  return groups;
}

bool AgesAreConfirmed(const std::vector<Column>& columns) {
  return std::all_of(columns.begin(), columns.end(), [](const Column& column) {
    return !column.facts.age.has_value() || column.facts.age_result >= 0;
  });
}

void AddBests(const std::vector<Column>& columns, const Criteria& criteria, Rows& rows) {
  for (const auto& [discipline, division] : GroupsOf(columns, criteria)) {
    std::string label = absl::StrCat("best ", discipline->code);
    if (division != athletics::Division::kRunning) absl::StrAppend(&label, " ", DivisionCode(division));
    rows.Add(label, v1::VERIFICATION_VERIFIED, [&, discipline = discipline, division = division](const Column& column) {
      const int best = BestMarkIn(column.facts, *discipline, division);
      if (best < 0) return Figure();
      return Figure{athletics::FormatMark(column.facts.results[static_cast<size_t>(best)].mark, *discipline), {best}};
    });
  }
}

void AddSeasons(const std::vector<Column>& columns, const Criteria& criteria, athletics::Date today, Rows& rows) {
  rows.Add("points", v1::VERIFICATION_VERIFIED, [&](const Column& column) {
    const int best = BestByPoints(column.facts, criteria, today);
    return best < 0 ? Figure() : Figure{absl::StrCat(column.facts.results[static_cast<size_t>(best)].points), {best}};
  });
  rows.Add("age", AgesAreConfirmed(columns) ? v1::VERIFICATION_VERIFIED : v1::VERIFICATION_SELF_REPORTED,
           [](const Column& column) {
             const CandidateFacts& facts = column.facts;
             if (!facts.age.has_value()) return Figure();
             return Figure{AgeLabel(*facts.age), Known(facts.age_result)};
           });
  rows.Add("races a season", v1::VERIFICATION_VERIFIED, [&](const Column& column) {
    return Figure{absl::StrFormat("%.1f", RacesPerSeason(column.facts, criteria, today)),
                  StartsInTwoYears(column.facts, criteria, today)};
  });
  rows.Add("finish rate", v1::VERIFICATION_VERIFIED, [&](const Column& column) {
    const auto percent = FinishRatePercent(column.facts, criteria, today);
    if (!percent.has_value()) return Figure();
    return Figure{absl::StrFormat("%.1f %%", *percent), StartsInTwoYears(column.facts, criteria, today)};
  });
  rows.Add("improvement", v1::VERIFICATION_VERIFIED, [&](const Column& column) {
    const auto improvement = ImprovementOf(column.facts, criteria, today);
    if (!improvement.has_value()) return Figure();
    return Figure{absl::StrFormat("%+.1f %%", improvement->percent), {improvement->earlier, improvement->later}};
  });
}

void AddStandards(const Criteria& criteria, Rows& rows) {
  rows.Add("standards met", v1::VERIFICATION_VERIFIED, [](const Column& column) {
    return Figure{absl::StrCat(column.standards_met), {}};
  });
  for (size_t i = 0; i < criteria.standards.size(); ++i) {
    rows.Add(criteria.standards[i], v1::VERIFICATION_VERIFIED, [i](const Column& column) {
      if (i >= column.asked_standards.size()) return Figure();
      const std::vector<StandardMet>& met = column.facts.standards;
      return Figure{std::string(qualification::StatusCode(column.asked_standards[i])),
                    i < met.size() ? Known(met[i].result) : std::vector<int>()};
    });
  }
}

// The newest count on a network, as FollowersOf takes it.
const v1::SocialReach* NewestOn(const v1::Profile& profile, const std::string& network) {
  const auto key = [](const v1::SocialReach& reach) {
    return std::make_tuple(reach.date().year(), reach.date().month(), reach.date().day(), reach.followers());
  };
  const v1::SocialReach* newest = nullptr;
  for (const v1::SocialReach& reach : profile.social_reach()) {
    if (reach.network() == network && (newest == nullptr || key(reach) > key(*newest))) newest = &reach;
  }
  return newest;
}

std::string ReachText(const v1::SocialReach& reach) {
  const auto date = rpc::PartialFromProto(reach.date(), "date");
  std::string text = absl::StrCat(reach.followers());
  if (date.ok()) absl::StrAppend(&text, " on ", athletics::FormatPartialDate(*date));
  if (!reach.source().empty()) absl::StrAppend(&text, ", by ", reach.source());
  return text;
}

void AddFollowers(const std::vector<Column>& columns, Rows& rows) {
  std::set<std::string> networks;
  for (const Column& column : columns) {
    if (!column.profile.has_value()) continue;
    for (const v1::SocialReach& reach : column.profile->social_reach()) networks.insert(reach.network());
  }
  rows.Add("followers", v1::VERIFICATION_SELF_REPORTED, [](const Column& column) {
    const bool told = column.profile.has_value() && !column.profile->social_reach().empty();
    return told ? Figure{absl::StrCat(FollowersOf(*column.profile)), {}} : Figure();
  });
  for (const std::string& network : networks) {
    rows.Add(absl::StrCat("followers on ", network), v1::VERIFICATION_SELF_REPORTED, [&](const Column& column) {
      const v1::SocialReach* reach = column.profile.has_value() ? NewestOn(*column.profile, network) : nullptr;
      return reach == nullptr ? Figure() : Figure{ReachText(*reach), {}};
    });
  }
}

}  // namespace

std::vector<v1::ComparedFigure> FiguresOf(const std::vector<Column>& columns, const Criteria& criteria,
                                          athletics::Date today) {
  Rows rows(columns);
  AddBests(columns, criteria, rows);
  AddSeasons(columns, criteria, today, rows);
  AddStandards(criteria, rows);
  AddFollowers(columns, rows);
  return rows.Take();
}

}  // namespace palmares::profiles
