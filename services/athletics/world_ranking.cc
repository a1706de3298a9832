#include "services/athletics/world_ranking.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/competition_round.h"
#include "services/athletics/result_score.h"

namespace palmares::athletics {
namespace {

constexpr absl::string_view kAreaChampionship = "GL";
constexpr absl::string_view kWorldChampionship = "OW";
constexpr absl::string_view kDiamondFinal = "DF";
constexpr int kYearMonths = 12;
constexpr int kCompetitionDays = 31;     // rounds of one competition lie no further apart
constexpr int64_t kRecordWindCmS = 200;  // a record may have at most this tail wind
constexpr int64_t kCentipointsOfPoint = 100;

int WholePoints(int64_t centipoints) { return static_cast<int>(centipoints / kCentipointsOfPoint); }

// The athlete's results of one discipline at one competition.
bool SameContest(const RankingResult& a, const RankingResult& b) {
  return a.discipline == b.discipline && a.competition == b.competition && a.date - b.date <= kCompetitionDays &&
         b.date - a.date <= kCompetitionDays;
}

bool IsAreaChampionship(const RankingResult& result) {
  return result.area_championship.value_or(result.category == kAreaChampionship);
}

// The work of one ranking: the inputs, and one entry for each result.
class Ranker {
 public:
  Ranker(const std::vector<RankingResult>& results, const EventGroup& group, Sex sex, Date as_of,
         const WorldRankingRules& rules, const ScoringTables& tables)
      : results_(results), group_(group), sex_(sex), as_of_(as_of), rules_(rules), tables_(tables) {
    answer_.edition = rules.edition;
    if (!group.edition.empty()) absl::StrAppend(&answer_.edition, "; ", group.name, " by ", group.edition);
    answer_.window_last = as_of;
    answer_.window_first = AddMonths(as_of, -group.window_months);
    answer_.needed = group.counted;
    answer_.needed_main = group.min_main;
  }

  absl::StatusOr<WorldRankingScore> Run() {
    for (size_t i = 0; i < results_.size(); ++i) {
      if (absl::Status status = Enter(i); !status.ok()) return status;
    }
    DropRepeatedRounds();
    Choose();
    AddRecordBonuses();
    Finish();
    return std::move(answer_);
  }

 private:
  struct Entry {
    RankedResult ranked;
    bool candidate = false;
    bool in_group = false;
  };

  // Whether the discipline belongs to the group, and the placing table of its final.
  bool FindEvent(absl::string_view code, bool& main_event, std::string& final_table) const {
    main_event = code == group_.main;
    final_table = group_.final_table;
    if (main_event) return true;
    for (const SimilarEvent& similar : group_.similar) {
      if (similar.code != code) continue;
      if (!similar.final_table.empty()) final_table = similar.final_table;
      return true;
    }
    return false;
  }

  absl::Status Enter(size_t index) {
    const RankingResult& result = results_[index];
    Entry& entry = entries_.emplace_back();
    entry.ranked.input = index;
    std::string final_table;
    entry.in_group = FindEvent(result.discipline, entry.ranked.main_event, final_table);
    if (!entry.in_group) {
      Exclude(entry, Exclusion::kOtherEvent,
              absl::StrCat("another event: ", group_.name, " does not take ", result.discipline));
      return absl::OkStatus();
    }
    if (result.mark == 0 && result.result_score.value_or(0) == 0) {
      Exclude(entry, Exclusion::kNoMark, "no mark");
      return absl::OkStatus();
    }
    if (result.split_time) {
      Exclude(entry, Exclusion::kSplitTime, "a split time is no result");
      return absl::OkStatus();
    }
    if (result.category.empty()) {
      Exclude(entry, Exclusion::kNoCategory, "the competition has no category: only those of the calendar count");
      return absl::OkStatus();
    }
    if (!rules_.KnowsCategory(result.category)) {
      return absl::InvalidArgumentError(
          absl::StrCat("results[", index, "].category: \"", result.category, "\", want OW, DF, GW, GL or A to F"));
    }
    if (absl::Status status = Score(result, entry.ranked); !status.ok()) return status;
    entry.ranked.placing_score = PlacingScore(result, final_table, entry.ranked.reason);
    entry.ranked.performance_score = entry.ranked.result_score + entry.ranked.placing_score;
    const auto [exclusion, why_not] = OutsideWindow(result);
    if (exclusion != Exclusion::kNone) {
      Exclude(entry, exclusion, why_not);
    } else if (entry.ranked.result_score == 0) {
      Exclude(entry, Exclusion::kNoPoints,
              tables_.Find(result.discipline, sex_) == nullptr
                  ? absl::StrCat("no points: ", tables_.edition(), " has no table for ", result.discipline)
                  : "no points for the mark");
    } else {
      entry.candidate = true;
    }
    return absl::OkStatus();
  }

  static void Exclude(Entry& entry, Exclusion exclusion, std::string reason) {
    entry.candidate = false;
    entry.ranked.exclusion = exclusion;
    entry.ranked.reason = std::move(reason);
  }

  absl::Status Score(const RankingResult& result, RankedResult& ranked) const {
    if (result.result_score.has_value()) {
      ranked.result_score = *result.result_score;
      return absl::OkStatus();
    }
    const ScoringTable* table = tables_.Find(result.discipline, sex_);
    if (table == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("results[", ranked.input, "].result_score: missing, and ",
                                                     tables_.edition(), " has no table for ", result.discipline));
    }
    ScoreConditions conditions;
    conditions.wind_cm_s = result.wind_cm_s;
    conditions.wind_was_not_measured = result.wind_was_not_measured;
    conditions.timing = result.hand_timed ? Timing::kHand : Timing::kUnknown;
    const ResultScore wind_only = ScoreResult(*table, result.mark, conditions);
    conditions.drop_mm_per_km = result.drop_mm_per_km;
    const ResultScore score = ScoreResult(*table, result.mark, conditions);
    ranked.table_points = score.table_points;
    ranked.wind_adjustment = WholePoints(wind_only.adjustment_centipoints);
    ranked.downhill_adjustment = WholePoints(score.adjustment_centipoints) - ranked.wind_adjustment;
    ranked.result_score = score.points;
    return absl::OkStatus();
  }

  // The category that decides the placing score: an earlier edition of OW counts as a lower one.
  std::string PlacingCategory(const RankingResult& result) const {
    return result.category == kWorldChampionship && IsSuperseded(result) ? rules_.demoted_category : result.category;
  }

  const PlacingScores* FindScores(const std::string& table, const std::string& category) const {
    const auto by_category = rules_.placing.find(table);
    if (by_category == rules_.placing.end()) return nullptr;
    const auto scores = by_category->second.find(category);
    return scores == by_category->second.end() ? nullptr : &scores->second;
  }

  // Notes in `reason` how the place was read where that is not plain.
  int PlacingScore(const RankingResult& result, const std::string& final_table, std::string& reason) const {
    const Round round = RoundOf(result.round);
    const std::string category = PlacingCategory(result);
    if (round.kind == RoundKind::kFinal) {
      const PlacingScores* scores = FindScores(final_table, category);
      return scores == nullptr ? 0 : ScoreOfPlace(*scores, result.place);
    }
    if (round.kind == RoundKind::kOther || !IsRoundBeforeFinal(result, round.kind)) return 0;
    const bool championship = category == kWorldChampionship && !group_.before_final_table_championship.empty();
    const PlacingScores* scores =
        FindScores(championship ? group_.before_final_table_championship : group_.before_final_table, category);
    if (scores == nullptr) return 0;
    if (result.got_through || RanFinal(result)) return scores->got_through;
    if (round.numbered) {
      reason = absl::StrCat("no placing score: place ", result.place, " in ", result.round,
                            " is not the place over the round");
      return 0;
    }
    return ScoreOfPlace(*scores, result.place);
  }

  static int ScoreOfPlace(const PlacingScores& scores, int place) {
    const auto found = scores.by_place.find(place);
    return found == scores.by_place.end() ? 0 : found->second;
  }

  bool RanFinal(const RankingResult& result) const {
    return std::any_of(results_.begin(), results_.end(), [&](const RankingResult& other) {
      return SameContest(result, other) && RoundOf(other.round).kind == RoundKind::kFinal;
    });
  }

  // Only the last round before the final has a placing score: with a semi-final, the heats have none.
  bool IsRoundBeforeFinal(const RankingResult& result, RoundKind kind) const {
    return std::none_of(results_.begin(), results_.end(), [&](const RankingResult& other) {
      const RoundKind other_kind = RoundOf(other.round).kind;
      return SameContest(result, other) && other_kind != RoundKind::kFinal && other_kind > kind;
    });
  }

  // Whether the list has a later edition of the result's championship, in its discipline, by the ranking's day.
  // (Cross-country and road championships of an area are others than those of the track.)
  bool IsSuperseded(const RankingResult& result) const {
    const bool area = IsAreaChampionship(result);
    return std::any_of(results_.begin(), results_.end(), [&](const RankingResult& other) {
      const bool same_kind = area ? IsAreaChampionship(other) : other.category == result.category;
      return same_kind && other.discipline == result.discipline && other.date <= as_of_ &&
             other.date.year() > result.date.year();
    });
  }

  // Why the date keeps the result out; kNone where it does not.
  std::pair<Exclusion, std::string> OutsideWindow(const RankingResult& result) const {
    std::pair<Exclusion, std::string> inside = {Exclusion::kNone, ""};
    if (result.date > as_of_) return {Exclusion::kOutsideWindow, absl::StrCat("after ", FormatDate(as_of_))};
    if (result.date < answer_.window_first) {
      if (!IsAreaChampionship(result)) {
        return {Exclusion::kOutsideWindow,
                absl::StrCat("before the window, which begins ", FormatDate(answer_.window_first))};
      }
      if (result.date.year() <= as_of_.year() - rules_.area_years) {
        return {Exclusion::kOutsideWindow,
                absl::StrCat("an area championship counts for ", rules_.area_years, " calendar years")};
      }
      if (!IsSuperseded(result)) return inside;
      return {Exclusion::kLaterEdition, "a later edition of the area championship counts"};
    }
    const bool one_edition = result.category == kWorldChampionship || result.category == kDiamondFinal;
    if (!one_edition || !IsSuperseded(result)) return inside;
    const bool demoted =
        result.category == kWorldChampionship && group_.window_months > kYearMonths && !rules_.demoted_category.empty();
    if (demoted) return inside;
    return {Exclusion::kLaterEdition, absl::StrCat("a later edition of category ", result.category, " counts")};
  }

  // Lists sometimes give one round twice, with the legal and with the wind-assisted mark: the better one stands.
  void DropRepeatedRounds() {
    std::map<std::tuple<std::string, std::string, Date, std::string>, Entry*> best;
    for (Entry& entry : entries_) {
      if (!entry.candidate) continue;
      const RankingResult& result = results_[entry.ranked.input];
      Entry*& kept = best[{result.competition, result.discipline, result.date, result.round}];
      Entry* worse = kept;
      if (kept == nullptr) {
        kept = &entry;
        continue;
      }
      if (Before(entry, *kept)) {
        kept = &entry;
      } else {
        worse = &entry;
      }
      Exclude(*worse, Exclusion::kRepeatedRound, "the same round is listed with a better score");
    }
  }

  bool Before(const Entry& a, const Entry& b) const {
    const RankingResult& first = results_[a.ranked.input];
    const RankingResult& second = results_[b.ranked.input];
    return std::tie(b.ranked.performance_score, b.ranked.result_score, second.date) <
           std::tie(a.ranked.performance_score, a.ranked.result_score, first.date);
  }

  // Takes the best results, leaving room for the minimum in the main event.
  void Choose() {
    std::stable_sort(entries_.begin(), entries_.end(), [this](const Entry& a, const Entry& b) {
      if (a.candidate != b.candidate) return a.candidate;
      if (a.in_group != b.in_group) return a.in_group;
      return Before(a, b);
    });
    int counted = 0;
    int similar = 0;
    const int most_similar = group_.counted - group_.min_main;
    bool next_found = false;
    for (Entry& entry : entries_) {
      if (!entry.candidate) continue;
      const bool too_many_similar = !entry.ranked.main_event && similar == most_similar;
      if (counted < group_.counted && !too_many_similar) {
        entry.ranked.counts = true;
        ++counted;
        if (!entry.ranked.main_event) ++similar;
        continue;
      }
      entry.ranked.exclusion = too_many_similar ? Exclusion::kTooManySimilar : Exclusion::kBeyondBest;
      entry.ranked.reason = too_many_similar ? absl::StrCat("only ", most_similar, " results of similar events count")
                                             : absl::StrCat(group_.counted, " better results count");
    }
    for (Entry& entry : entries_) {
      if (!entry.candidate || entry.ranked.counts || next_found) continue;
      entry.ranked.next = next_found = entry.ranked.main_event || similar < most_similar;
    }
    if (!next_found) MarkNextSimilar();
    Average(counted, similar);
  }

  // With the similar events' places all taken, one of them follows only when another of them falls away.
  void MarkNextSimilar() {
    const auto next = std::find_if(entries_.begin(), entries_.end(),
                                   [](const Entry& entry) { return entry.candidate && !entry.ranked.counts; });
    if (next != entries_.end()) next->ranked.next = true;
  }

  void Average(int counted, int similar) {
    if (counted < group_.counted) {
      answer_.why_not = absl::StrCat(counted, " of ", group_.counted, " results");
      if (counted - similar < group_.min_main) {
        absl::StrAppend(&answer_.why_not, ", ", counted - similar, " of at least ", group_.min_main, " in ",
                        group_.main);
      }
      return;
    }
    int sum = 0;
    for (const Entry& entry : entries_) {
      if (entry.ranked.counts) sum += entry.ranked.performance_score;
    }
    answer_.ranked = true;
    answer_.average = sum / group_.counted;
  }

  // Whether the result broke or equalled the record as it stood: by the records known and the athlete's own earlier
  // results.
  RecordClaim RecordOf(const RankingResult& result) const {
    if (result.record != RecordClaim::kFromRecords) return result.record;
    const ScoringTable* table = tables_.Find(result.discipline, sex_);
    if (table == nullptr || result.mark == 0 || result.hand_timed || result.wind_cm_s.value_or(0) > kRecordWindCmS) {
      return RecordClaim::kNone;
    }
    std::optional<int64_t> standing;
    const bool lower = table->lower_is_better();
    const auto take = [&](int64_t mark) {
      if (mark != 0 && (!standing.has_value() || (lower ? mark < *standing : mark > *standing))) standing = mark;
    };
    for (const DatedRecord& record : WorldRecordProgression(result.discipline, sex_)) {
      if (record.date < result.date) take(record.mark);
    }
    if (!standing.has_value()) return RecordClaim::kNone;
    for (const RankingResult& other : results_) {
      if (other.discipline == result.discipline && other.date < result.date && !other.hand_timed &&
          other.wind_cm_s.value_or(0) <= kRecordWindCmS) {
        take(other.mark);
      }
    }
    if (result.mark == *standing) return RecordClaim::kEqualled;
    return (lower ? result.mark < *standing : result.mark > *standing) ? RecordClaim::kBroken : RecordClaim::kNone;
  }

  void AddRecordBonuses() {
    std::set<std::tuple<std::string, Date, int64_t>> seen;
    for (Entry& entry : entries_) {
      const RankingResult& result = results_[entry.ranked.input];
      if (!entry.in_group || result.date < answer_.window_first || result.date > as_of_ || result.split_time ||
          result.category.empty()) {
        continue;
      }
      const RecordClaim claim = RecordOf(result);
      if (claim == RecordClaim::kNone || !seen.emplace(result.discipline, result.date, result.mark).second) continue;
      const RecordBonus& bonus = entry.ranked.main_event ? rules_.main_bonus : rules_.similar_bonus;
      entry.ranked.record_bonus = claim == RecordClaim::kBroken ? bonus.broken : bonus.equalled;
      answer_.record_bonus += entry.ranked.record_bonus;
    }
  }

  void Finish() {
    if (answer_.ranked) answer_.score = answer_.average + answer_.record_bonus;
    std::stable_partition(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.ranked.counts; });
    for (Entry& entry : entries_) answer_.results.push_back(std::move(entry.ranked));
  }

  const std::vector<RankingResult>& results_;
  const EventGroup& group_;
  const Sex sex_;
  const Date as_of_;
  const WorldRankingRules& rules_;
  const ScoringTables& tables_;
  std::vector<Entry> entries_;
  WorldRankingScore answer_;
};

}  // namespace

absl::StatusOr<WorldRankingScore> ScoreWorldRanking(const std::vector<RankingResult>& results,
                                                    absl::string_view main_code, Sex sex, Date as_of,
                                                    const WorldRankingRules& rules, const ScoringTables& tables) {
  const EventGroup* group = rules.FindGroup(main_code);
  if (group == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("discipline: \"", main_code, "\" is ranked by no event group of ", rules.edition));
  }
  return Ranker(results, *group, sex, as_of, rules, tables).Run();
}

int CompareWorldRanking(const WorldRankingScore& a, const WorldRankingScore& b) {
  if (a.score != b.score) return a.score > b.score ? -1 : 1;
  for (size_t i = 0; i < std::min(a.results.size(), b.results.size()); ++i) {
    const RankedResult& first = a.results[i];
    const RankedResult& second = b.results[i];
    if (!first.counts || !second.counts) break;
    if (first.performance_score != second.performance_score) {
      return first.performance_score > second.performance_score ? -1 : 1;
    }
  }
  return 0;
}

}  // namespace palmares::athletics
