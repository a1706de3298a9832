#include "services/rankings/world_ranking_messages.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/athletics/country.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_query.h"
#include "services/rankings/ranking_rows.h"
#include "services/rpc/as_of.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rules/rule_editions.h"

namespace palmares::rankings {
namespace {

using athletics::Exclusion;
using athletics::RankedResult;
using results::RaceSheet;
using results::RowRef;

constexpr int32_t kWorldRankingPageSize = 100;
constexpr int32_t kLargestWorldRankingPage = 1000;
constexpr absl::string_view kOwnWindow = "none: the ranking's rules have their own window; as_of is its day";

absl::string_view ReasonCode(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::kNone:
      return "";
    case Exclusion::kOtherEvent:
      return "OTHER_EVENT";
    case Exclusion::kNoMark:
    case Exclusion::kSplitTime:
      return "NO_MARK";
    case Exclusion::kNoCategory:
      return "NO_CATEGORY";
    case Exclusion::kNoPoints:
      return "NO_POINTS";
    case Exclusion::kOutsideWindow:
      return "OUT_OF_WINDOW";
    case Exclusion::kLaterEdition:
      return "LATER_EDITION_COUNTS";
    case Exclusion::kRepeatedRound:
      return "REPEATED_ROUND";
    case Exclusion::kTooManySimilar:
      return "TOO_MANY_SIMILAR_EVENTS";
    case Exclusion::kBeyondBest:
      return "BEYOND_BEST_N";
  }
  return "";
}

absl::StatusOr<const athletics::WorldRankingRules*> RulesOf(absl::string_view day_field, const std::string& name,
                                                            athletics::Date as_of) {
  if (name.empty()) {
    auto rules = athletics::BuiltInWorldRankingRules(as_of);
    if (rules.ok()) return rules;
    return rpc::InvalidField(day_field, athletics::FormatDate(as_of), std::string(rules.status().message()));
  }
  const auto edition = rules::FindRuleEdition("world-ranking", name);
  if (!edition.ok()) return edition.status();
  return athletics::BuiltInWorldRankingRules((*edition)->from.value_or(as_of));
}

// Discipline, category and edition of a ranking, checked. `prefix`: "query." where the fields lie in a query;
// `day_field` is the one that gives the ranking's day.
absl::Status ReadGroup(absl::string_view prefix, absl::string_view day_field, const std::string& discipline,
                       athletics::Sex sex, const std::string& rules, WorldRankingQuery& out) {
  const std::string field = absl::StrCat(prefix, "discipline");
  if (discipline.empty()) return rpc::MissingField(field, "a discipline such as 1500m");
  const auto found = athletics::FindDiscipline(discipline);
  if (!found.ok()) {
    return rpc::InvalidField(field, discipline, absl::StrCat("a discipline (", found.status().message(), ")"));
  }
  out.discipline = *found;
  const auto edition = RulesOf(day_field, rules, out.as_of);
  if (!edition.ok()) return edition.status();
  out.rules = *edition;
  if (out.rules->FindGroup(out.discipline->code) == nullptr) {
    const std::string groups =
        absl::StrJoin(out.rules->groups, ", ",
                      [](std::string* text, const athletics::EventGroup& group) { text->append(group.main); });
    return rpc::InvalidField(field, discipline,
                             absl::StrCat("the main event of a group of ", out.rules->edition, ": ", groups));
  }
  if (sex != athletics::Sex::kMen && sex != athletics::Sex::kWomen) {
    return rpc::InvalidField(absl::StrCat(prefix, "sex"), athletics::SexCode(sex), "men or women");
  }
  out.sex = sex;
  return absl::OkStatus();
}

absl::Status CheckNothingElse(const v1::RankingQuery& query) {
  switch (query.period_case()) {
    case v1::RankingQuery::kSeason:
      return rpc::InvalidField("query.season", absl::StrCat(query.season()), kOwnWindow);
    case v1::RankingQuery::kRange:
      return rpc::InvalidField("query.range", query.range().ShortDebugString(), kOwnWindow);
    case v1::RankingQuery::kRollingMonths:
      return rpc::InvalidField("query.rolling_months", absl::StrCat(query.rolling_months()), kOwnWindow);
    case v1::RankingQuery::PERIOD_NOT_SET:
      break;
  }
  if (query.division() != v1::DIVISION_UNSPECIFIED && query.division() != v1::DIVISION_RUNNING) {
    return rpc::InvalidField("query.division", v1::Division_Name(query.division()), "running");
  }
  if (query.clock() != v1::CLOCK_UNSPECIFIED && query.clock() != v1::CLOCK_OFFICIAL) {
    return rpc::InvalidField("query.clock", v1::Clock_Name(query.clock()), "the official clock");
  }
  if (query.all_performances()) {
    return rpc::InvalidField("query.all_performances", "true", "false: a world ranking has one row for an athlete");
  }
  if (query.legal_only()) {
    return rpc::InvalidField("query.legal_only", "true", "false: a world ranking lowers the score of marks instead");
  }
  if (!query.sheet_states().empty()) {
    return rpc::InvalidField("query.sheet_states", absl::StrCat(query.sheet_states_size(), " states"),
                             "none: every public sheet counts");
  }
  v1::RankingScope scope = query.scope();
  scope.clear_country();
  scope.clear_area();
  if (scope.ByteSizeLong() == 0) return absl::OkStatus();
  return rpc::InvalidField("query.scope", scope.ShortDebugString(), "a country or an area");
}

absl::Status ReadScope(const v1::RankingScope& scope, WorldRankingQuery& out) {
  if (!scope.country().empty()) {
    const auto country = athletics::FindCountry(scope.country());
    if (!country.has_value()) {
      return rpc::InvalidField("query.scope.country", scope.country(), "a country's code or name");
    }
    out.country = std::string(country->code);
  }
  if (scope.area().empty()) return absl::OkStatus();
  out.area = absl::AsciiStrToUpper(scope.area());
  const auto& countries = athletics::AllCountries();
  const bool known = std::any_of(countries.begin(), countries.end(),
                                 [&](const athletics::Country& country) { return country.area == out.area; });
  if (!known) return rpc::InvalidField("query.scope.area", scope.area(), "AFR, ASI, EUR, NAC, OCE or SAM");
  return absl::OkStatus();
}

std::string RaceDisplayName(const events::Race& race) {
  return absl::StrCat(race.event->data.display_name(), " ", race.edition->data.display_name());
}

// What a line is ordered by: the score, then the performance scores that count, highest first; then the athlete.
std::vector<int64_t> KeyOf(const WorldRankingLine& line) {
  std::vector<int64_t> key = {-line.ranking.score.score};
  for (const RankedResult& result : line.ranking.score.results) {
    if (result.counts) key.push_back(-result.performance_score);
  }
  key.push_back(line.ranking.athlete);
  return key;
}

// Where a page goes on: after the place of the line it ended with, which need not be there any more.
absl::StatusOr<size_t> IndexAfter(const WorldRankingLines& lines, absl::string_view token) {
  std::vector<int64_t> key;
  for (absl::string_view part : absl::StrSplit(token, ',')) {
    if (!absl::SimpleAtoi(part, &key.emplace_back())) return rpc::InvalidField("page_token", token, "a page token");
  }
  const auto after = std::upper_bound(
      lines.begin(), lines.end(), key,
      [](const std::vector<int64_t>& last, const WorldRankingLine& line) { return last < KeyOf(line); });
  return static_cast<size_t>(after - lines.begin());
}

void SetGap(const WorldRankingLine& own, const WorldRankingLine& goal, v1::MarkGap* gap) {
  const int points = goal.ranking.score.score - own.ranking.score.score;  // that are missing
  gap->set_value(points);
  gap->set_unit(v1::UNIT_POINTS);
  gap->set_text(rpc::PointsText(points));
}

// How many of the list are behind the line and how many share its rank, without it.
void SetStanding(const WorldRankingLines& lines, const WorldRankingLine& line, v1::Rank* out) {
  const auto total = static_cast<int64_t>(lines.size());
  const auto tied = std::upper_bound(lines.begin(), lines.end(), line.rank,
                                     [](int64_t rank, const WorldRankingLine& other) { return rank < other.rank; }) -
                    (lines.begin() + (line.rank - 1));
  const int64_t behind = total - (line.rank - 1) - tied;
  out->set_listed(true);
  out->set_rank(static_cast<int32_t>(line.rank));
  out->set_tied(static_cast<int32_t>(tied) - 1);
  out->set_percentile(100.0 * static_cast<double>(behind) / static_cast<double>(total));
}

v1::WorldRankingResult ToProto(const WorldRankings& rankings, const AthleteWorldRanking& ranking,
                               const RankedResult& ranked) {
  const athletics::RankingResult& result = ranking.results[ranked.input];
  const RowRef ref = ranking.rows[ranked.input];
  const events::Race& race = rankings.results().calendar().race(ref.race);
  v1::WorldRankingResult out;
  out.set_result(results::ResultName(race, rankings.results().sheet(ref.race).Number(ref.row)));
  *out.mutable_date() = rpc::ToProto(result.date);
  out.set_discipline(result.discipline);
  *out.mutable_mark() = rpc::ToProto(result.mark, *race.discipline);
  out.set_race_display_name(RaceDisplayName(race));
  out.set_competition_category(CompetitionCategory(race));
  out.set_round(result.round);
  out.set_place(result.place);
  out.set_table_points(ranked.table_points);
  out.set_wind_adjustment(ranked.wind_adjustment);
  out.set_downhill_adjustment(ranked.downhill_adjustment);
  out.set_result_score(ranked.result_score);
  out.set_placing_score(ranked.placing_score);
  out.set_record_bonus(ranked.record_bonus);
  out.set_performance_score(ranked.performance_score);
  out.set_counts(ranked.counts);
  out.set_excluded_reason(std::string(ReasonCode(ranked.exclusion)));
  out.set_explanation(ranked.counts && ranked.reason.empty() ? "counts" : ranked.reason);
  return out;
}

std::string Explain(const athletics::WorldRankingScore& score, const athletics::EventGroup& group) {
  std::string text = absl::StrCat("average of the ", group.counted, " best, at least ", group.min_main,
                                  " of them in the ", group.main, ", rounded down");
  if (score.record_bonus > 0) absl::StrAppend(&text, ", and ", score.record_bonus, " for world records");
  if (!group.edition.empty()) absl::StrAppend(&text, "; by ", group.edition, ", as later rules do not rank it");
  if (!score.ranked) absl::StrAppend(&text, ": not ranked, ", score.why_not);
  return text;
}

athletics::Date TodayOf(const rpc::Call& call) { return absl::ToCivilDay(call.calls->clock(), absl::UTCTimeZone()); }

// The category of the athlete; that of their rows where the record does not tell.
athletics::Sex SexOf(const WorldRankings& rankings, int64_t athlete) {
  const athletics::Sex known = rankings.athletes().athlete(athlete).sex;
  if (known != athletics::Sex::kUnknown) return known;
  for (const RowRef& ref : rankings.results().OfAthlete(athlete)) {
    const athletics::Sex sex = rankings.results().sheet(ref.race).Facts(ref.row).sex;
    if (sex != athletics::Sex::kUnknown) return sex;
  }
  return athletics::Sex::kUnknown;
}

}  // namespace

absl::StatusOr<AskedWorldRanking> ReadWorldRankingQuery(const v1::RankingQuery& query, athletics::Date today) {
  if (absl::Status status = CheckEnums(query); !status.ok()) return status;
  AskedWorldRanking asked;
  WorldRankingQuery& out = asked.query;
  const absl::StatusOr<rpc::AsOf> as_of = rpc::ReadAsOf(query.as_of(), "query.as_of");
  if (!as_of.ok()) return as_of.status();
  asked.known_on = as_of->known_on;
  asked.known_at = as_of->known_at;
  out.as_of = as_of->day.value_or(today);
  if (query.sex() == v1::SEX_UNSPECIFIED) return rpc::MissingField("query.sex", "men or women");
  absl::Status status =
      ReadGroup("query.", "query.as_of.date", query.discipline(), rpc::FromProto(query.sex()), query.rules(), out);
  if (status.ok()) status = CheckNothingElse(query);
  if (status.ok()) status = ReadScope(query.scope(), out);
  if (!status.ok()) return status;
  return asked;
}

v1::RankingQuery Understood(const v1::RankingQuery& message, const WorldRankingQuery& query) {
  v1::RankingQuery understood = message;
  understood.set_discipline(query.discipline->code);
  if (message.as_of().moment_case() != v1::AsOf::kLedgerPosition) {
    *understood.mutable_as_of()->mutable_date() = rpc::ToProto(query.as_of);
  }
  FillAsOf(*understood.mutable_as_of());
  if (!query.country.empty()) understood.mutable_scope()->set_country(query.country);
  if (!query.area.empty()) understood.mutable_scope()->set_area(query.area);
  understood.set_rules(rules::WorldRankingEditionName(query.rules->edition));
  return understood;
}

v1::RankingRow RowOf(const OpenWorldRanking& open, const WorldRankingLine& line) {
  const AthleteWorldRanking& ranking = line.ranking;
  const RankedResult& best = ranking.score.results.front();
  const athletics::RankingResult& result = ranking.results[best.input];
  const RowRef ref = ranking.rows[best.input];
  const events::Race& race = open.results->calendar().race(ref.race);
  const RaceSheet& sheet = open.results->sheet(ref.race);
  const RaceSheet::Address address = sheet.Find(ref.row);
  v1::RankingRow row;
  row.set_rank(static_cast<int32_t>(line.rank));
  *row.mutable_mark() = rpc::ToProto(result.mark, *race.discipline);
  if (identity::MayName(open.now, *open.results, ref, ranking.athlete)) {
    row.set_athlete(open.athletes->Name(ranking.athlete));
    row.set_athlete_display_name(open.athletes->athlete(ranking.athlete).display_name);
  }
  row.set_sex(rpc::ToProto(open.query.sex));
  row.set_country(std::string(address.facts->country(address.row)));
  row.set_club(std::string(address.facts->club(address.row)));
  row.set_result(results::ResultName(race, sheet.Number(ref.row)));
  row.set_race(race.name);
  row.set_race_display_name(RaceDisplayName(race));
  *row.mutable_date() = rpc::ToProto(race.date);
  row.set_place(result.place);
  if (result.wind_cm_s.has_value()) row.set_wind_cm_s(static_cast<int32_t>(*result.wind_cm_s));
  row.set_score(ranking.score.score);
  DescribeResult(*open.results, *open.athletes, open.records, open.query.sex, ranking.athlete, ref, row);
  row.set_sheet_state(rpc::ToProto(sheet.state));
  return row;
}

absl::Status ListWorldRanking(const rpc::Call& call, const OpenWorldRanking& open,
                              const v1::ListRankingRequest& request, v1::ListRankingResponse* response) {
  const auto size = rpc::PageSize(request.page_size(), kWorldRankingPageSize, kLargestWorldRankingPage);
  if (!size.ok()) return size.status();
  for (const auto& [field, rank] : {std::pair("start_rank", request.start_rank()), {"max_rank", request.max_rank()}}) {
    if (rank < 0) return rpc::InvalidField(field, absl::StrCat(rank), "1 or more");
  }
  const auto last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  const WorldRankingLines& lines = open.list->lines;
  size_t at = 0;
  if (!last->empty()) {
    const auto after = IndexAfter(lines, *last);
    if (!after.ok()) return after.status();
    at = *after;
  } else {
    while (at < lines.size() && lines[at].rank < request.start_rank()) ++at;
  }
  for (; at < lines.size(); ++at) {
    if (request.max_rank() > 0 && lines[at].rank > request.max_rank()) break;
    if (response->rows_size() == *size) {
      const std::string key = absl::StrJoin(KeyOf(lines[at - 1]), ",");
      response->set_next_page_token(call.calls->page_tokens->Make(request, key));
      break;
    }
    *response->add_rows() = RowOf(open, lines[at]);
  }
  response->set_total_size(static_cast<int32_t>(lines.size()));
  *response->mutable_query() = Understood(request.query(), open.query);
  if (open.list->without_table > 0) {
    response->add_notes(absl::StrCat(open.list->without_table,
                                     " results are left out: the scoring tables have no points for the event"));
  }
  return absl::OkStatus();
}

absl::Status RankInWorldRanking(const OpenWorldRanking& open, int64_t athlete, const RankWishes& wishes,
                                v1::Rank* out) {
  const WorldRankingLines& lines = open.list->lines;
  const auto total = static_cast<int64_t>(lines.size());
  out->set_athlete(open.athletes->Name(athlete));
  out->set_total_size(static_cast<int32_t>(total));
  const WorldRankingLine* line = open.list->Find(athlete);
  if (line == nullptr) {
    const auto ranking = ScoreAthlete(open.query, *open.results, *open.athletes, athlete);
    if (!ranking.ok()) return ranking.status();
    out->set_unlisted_reason(ranking->score.ranked ? "OUT_OF_SCOPE" : "TOO_FEW_RESULTS");
    return absl::OkStatus();
  }
  SetStanding(lines, *line, out);
  if (wishes.row) *out->mutable_row() = RowOf(open, *line);
  const int64_t index = line - lines.data();
  for (int64_t i = std::max<int64_t>(0, index - wishes.neighbours); i < index; ++i) {
    *out->add_above() = RowOf(open, lines[static_cast<size_t>(i)]);
  }
  for (int64_t i = index + 1; i < std::min(total, index + 1 + wishes.neighbours); ++i) {
    *out->add_below() = RowOf(open, lines[static_cast<size_t>(i)]);
  }
  if (line->rank > 1) SetGap(*line, lines[static_cast<size_t>(line->rank) - 2], out->mutable_gap_to_next());
  if (wishes.target_rank > 0 && wishes.target_rank <= total) {
    SetGap(*line, lines[static_cast<size_t>(wishes.target_rank) - 1], out->mutable_gap_to_target());
  }
  return absl::OkStatus();
}

absl::Status OpenWorldRankingScore(const rpc::Call& call, WorldRankings& rankings, int64_t position,
                                   const v1::GetWorldRankingScoreRequest& request, v1::WorldRankingScore* response) {
  WorldRankingQuery query;
  const auto as_of = rpc::FromProto(request.as_of_date(), "as_of_date");
  if (!as_of.ok()) return as_of.status();
  query.as_of = as_of->value_or(TodayOf(call));
  if (request.athlete().empty()) return rpc::MissingField("athlete", "athletes/{athlete}");
  const int64_t athlete =
      identity::FindVisible(rankings.athletes(), rankings.results(), call.caller, request.athlete());
  if (athlete == 0) return rpc::NotFound("athlete", request.athlete());
  const athletics::Sex sex = SexOf(rankings, athlete);
  if (absl::Status status = ReadGroup("", "as_of_date", request.discipline(), sex, request.rules(), query);
      !status.ok()) {
    return status;
  }
  const auto ranking = ScoreAthlete(query, rankings.results(), rankings.athletes(), athlete);
  if (!ranking.ok()) return ranking.status();
  const auto open = rankings.Open(query, position);
  if (!open.ok() && !absl::IsResourceExhausted(open.status())) return open.status();
  const athletics::EventGroup& group = *query.rules->FindGroup(query.discipline->code);
  response->set_athlete(rankings.athletes().Name(athlete));
  response->set_discipline(query.discipline->code);
  if (ranking->score.ranked) response->set_score(ranking->score.score);
  const WorldRankingLine* line = open.ok() ? open->list->Find(athlete) : nullptr;
  if (line != nullptr) response->set_rank(static_cast<int32_t>(line->rank));
  response->set_results_needed(group.counted);
  response->set_main_event_minimum(group.min_main);
  *response->mutable_window()->mutable_start_date() = rpc::ToProto(ranking->score.window_first);
  *response->mutable_window()->mutable_end_date() = rpc::ToProto(ranking->score.window_last);
  response->set_rules(rules::WorldRankingEditionName(query.rules->edition));
  response->set_explanation(Explain(ranking->score, group));
  response->set_average(ranking->score.average);
  response->set_record_bonus(ranking->score.record_bonus);
  std::optional<athletics::Date> expiry;
  for (const RankedResult& ranked : ranking->score.results) {
    *response->add_results() = ToProto(rankings, *ranking, ranked);
    if (ranked.next) *response->mutable_next_result() = ToProto(rankings, *ranking, ranked);
    if (!ranked.counts) continue;
    const athletics::Date last = LastDayThatCounts(ranking->results[ranked.input], group, *query.rules);
    if (!expiry.has_value() || last < *expiry) expiry = last;
  }
  if (expiry.has_value()) *response->mutable_next_expiry_date() = rpc::ToProto(*expiry);
  return absl::OkStatus();
}

}  // namespace palmares::rankings
