#include "tools/palmares/ranking_query.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

absl::Status SetPeriod(const RankingOptions& options, v1::RankingQuery& query) {
  if (options.season != 0) query.set_season(options.season);
  if (options.months != 0) query.set_rolling_months(options.months);
  if (!options.from.empty()) {
    const absl::StatusOr<v1::Date> from = ParseDay(options.from, "--from");
    if (!from.ok()) return from.status();
    *query.mutable_range()->mutable_start_date() = *from;
  }
  if (!options.to.empty()) {
    const absl::StatusOr<v1::Date> to = ParseDay(options.to, "--to");
    if (!to.ok()) return to.status();
    *query.mutable_range()->mutable_end_date() = *to;
  }
  return absl::OkStatus();
}

// The names of what is asked for, each in its field of the scope.
absl::Status SetScope(const Connection& connection, const RankingOptions& options, v1::RankingQuery& query) {
  if (!options.area.empty()) query.mutable_scope()->set_area(options.area);
  if (!options.region.empty()) query.mutable_scope()->set_region_code(options.region);
  if (!options.country.empty()) query.mutable_scope()->set_country(options.country);
  if (!options.age_group.empty()) query.mutable_scope()->set_age_group(options.age_group);
  if (!options.club.empty()) {
    const absl::StatusOr<std::string> club = ClubName(options.club);
    if (!club.ok()) return club.status();
    query.mutable_scope()->set_club(*club);
  }
  if (!options.event.empty()) {
    const absl::StatusOr<std::string> event = EventName(options.event);
    if (!event.ok()) return event.status();
    query.mutable_scope()->set_event(*event);
  }
  if (!options.series.empty()) {
    const absl::StatusOr<std::string> series = SeriesName(options.series);
    if (!series.ok()) return series.status();
    query.mutable_scope()->set_series(*series);
  }
  if (!options.race.empty()) {
    const absl::StatusOr<std::string> race = RaceName(connection, options.race);
    if (!race.ok()) return race.status();
    query.mutable_scope()->set_race(*race);
  }
  return absl::OkStatus();
}

absl::Status SetOrder(const RankingOptions& options, v1::RankingQuery& query) {
  static constexpr std::array<std::pair<const char*, v1::RankingOrder>, 4> kOrders = {
      {{"time", v1::RANKING_ORDER_MARK},
       {"points", v1::RANKING_ORDER_POINTS},
       {"age-grade", v1::RANKING_ORDER_AGE_GRADE},
       {"world-ranking", v1::RANKING_ORDER_WORLD_RANKING}}};
  for (const auto& [name, order] : kOrders) {
    if (options.by == name) query.set_order(order);
  }
  if (!options.division.empty()) {
    const absl::StatusOr<v1::Division> division = ParseEnumCode<v1::Division>(options.division);
    if (!division.ok()) return absl::InvalidArgumentError(absl::StrCat("--division: ", division.status().message()));
    query.set_division(*division);
  }
  if (options.clock.empty()) return absl::OkStatus();
  const absl::StatusOr<v1::Clock> clock = ParseEnumCode<v1::Clock>(options.clock);
  if (!clock.ok()) return absl::InvalidArgumentError(absl::StrCat("--clock: ", clock.status().message()));
  query.set_clock(*clock);
  return absl::OkStatus();
}

absl::Status SetAsOf(const RankingOptions& options, v1::RankingQuery& query) {
  if (options.as_of_position != 0) {
    query.mutable_as_of()->set_ledger_position(options.as_of_position);
    query.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN);
  }
  if (options.as_of.empty()) return absl::OkStatus();
  const absl::StatusOr<v1::Date> as_of = ParseDay(options.as_of, "--as-of");
  if (!as_of.ok()) return as_of.status();
  *query.mutable_as_of()->mutable_date() = *as_of;
  query.mutable_as_of()->set_knowledge(options.known_then ? v1::KNOWLEDGE_THEN : v1::KNOWLEDGE_NOW);
  return absl::OkStatus();
}

std::string WindText(const v1::RankingRow& row) {
  if (!row.has_wind_cm_s()) return "";
  const std::string text = FormatUp(row.wind_cm_s() / 100.0, 1);
  return absl::StrCat(absl::StartsWith(text, "-") ? "" : "+", text);
}

std::string LegalText(const v1::RankingRow& row) {
  if (row.legal()) return "yes";
  return row.legality_rule().empty() ? "no" : row.legality_rule();
}

// "+3", "-1", "=", "new"; empty where nothing is compared.
std::string MovementText(const v1::RankingRow& row) {
  if (!row.has_movement()) return "";
  if (row.movement().new_entry()) return "new";
  return row.movement().change() == 0 ? "=" : absl::StrFormat("%+d", row.movement().change());
}

// "PB", "SB" and the records, as the sport abbreviates them.
std::string RecordsText(const v1::RankingRow& row) {
  std::vector<std::string> texts(row.records().begin(), row.records().end());
  if (row.personal_best()) {
    texts.emplace_back("PB");
  } else if (row.season_best()) {
    texts.emplace_back("SB");
  }
  return absl::StrJoin(texts, " ");
}

std::string ScoreText(int32_t score, v1::RankingOrder order) {
  if (order != v1::RANKING_ORDER_AGE_GRADE) return absl::StrCat(score);
  return absl::StrFormat("%d.%02d", score / 100, score % 100);
}

}  // namespace

void AddRankingOptions(CLI::App* command, RankingOptions& options, bool sex_required) {
  command->add_option("--discipline", options.discipline, "What is run: marathon, 5000m, 10km-road")
      ->required()
      ->type_name("D");
  command->add_option("--sex", options.sex, "Category: W, M or X")
      ->required(sex_required)
      ->transform(OneOf({"W", "M", "X"}))
      ->type_name("W|M|X");
  command->add_option("--division", options.division, "Default: running")
      ->transform(OneOf({"running", "wheelchair", "handcycle", "other-para"}))
      ->type_name("running|wheelchair|handcycle|other-para");
  CLI::Option* season = command->add_option("--season", options.season, "Only results of this year")
                            ->check(WholeNumber(1, 9999))
                            ->type_name("YEAR");
  CLI::Option* months = command->add_option("--months", options.months, "Only results of the last so many months")
                            ->check(WholeNumber(1, 2400))
                            ->excludes(season)
                            ->type_name("N");
  command->add_option("--from", options.from, "Only results from this day on")
      ->excludes(season)
      ->excludes(months)
      ->type_name("DATE");
  command->add_option("--to", options.to, "Only results up to this day")
      ->excludes(season)
      ->excludes(months)
      ->type_name("DATE");
  command->add_option("--area", options.area, "Only athletes of this area: AFR, ASI, EUR, NAC, OCE, SAM")
      ->type_name("AREA");
  CLI::Option* country =
      command->add_option("--country", options.country, "Only athletes of this country: KEN")->type_name("C");
  command->add_option("--region", options.region, "Only athletes of this state or region of the country: MA")
      ->needs(country)
      ->type_name("R");
  command->add_option("--age-group", options.age_group, "Only athletes in this group on the day: U20, M40, 35-39, 80+")
      ->type_name("G");
  command->add_option("--club", options.club, "Only members of this club: baa")->type_name("CLUB");
  command->add_option("--event", options.event, "Only results of this event: boston-marathon")->type_name("EVENT");
  command->add_option("--series", options.series, "Only results of this series: winter-league")->type_name("SERIES");
  command->add_option("--race", options.race, "Only results of this race, or the end of its name: 2013/races/open")
      ->type_name("RACE");
  command->add_flag("--legal-only", options.legal_only, "Only marks that are legal for World Athletics' lists");
  command->add_flag("--all-performances", options.all_performances, "Every performance, not the best of each athlete");
  command->add_option("--by", options.by, "What orders the list")
      ->transform(OneOf({"time", "points", "age-grade", "world-ranking"}))
      ->type_name("time|points|age-grade|world-ranking")
      ->capture_default_str();
  command->add_option("--clock", options.clock, "Which time counts; default: official")
      ->transform(OneOf({"chip", "gun", "official"}))
      ->type_name("chip|gun|official");
  CLI::Option* as_of = command->add_option("--as-of", options.as_of, "The list of this day, with all later corrections")
                           ->type_name("DATE");
  command->add_flag("--known-then", options.known_then, "With --as-of: the list as it was seen on that day")
      ->needs(as_of);
  command->add_option("--as-of-position", options.as_of_position, "The list as it was seen at this ledger position")
      ->check(WholeNumber(1))
      ->excludes(as_of)
      ->type_name("POSITION");
}

absl::StatusOr<v1::RankingQuery> RankingQueryOf(const Connection& connection, const RankingOptions& options) {
  v1::RankingQuery query;
  query.set_discipline(options.discipline);
  if (!options.sex.empty()) {
    const absl::StatusOr<v1::Sex> sex = ParseSex(options.sex);
    if (!sex.ok()) return sex.status();
    query.set_sex(*sex);
  }
  for (const absl::Status& status : {SetPeriod(options, query), SetScope(connection, options, query),
                                     SetOrder(options, query), SetAsOf(options, query)}) {
    if (!status.ok()) return status;
  }
  query.set_legal_only(options.legal_only);
  query.set_all_performances(options.all_performances);
  return query;
}

Table RankingTable(const google::protobuf::RepeatedPtrField<v1::RankingRow>& rows, v1::RankingOrder order) {
  const bool by_mark = order == v1::RANKING_ORDER_UNSPECIFIED || order == v1::RANKING_ORDER_MARK;
  const auto used = [&rows](std::string (*text)(const v1::RankingRow&)) {
    const bool any = std::any_of(rows.begin(), rows.end(), [text](const auto& row) { return !text(row).empty(); });
    return any ? ColumnUse::kBoth : ColumnUse::kCsvOnly;
  };
  Table table{{{"rank", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber},
               {"name"},
               {"sex", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"country", ColumnKind::kCode},
               {"date", ColumnKind::kCode},
               {"race", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"race", ColumnKind::kText, ColumnUse::kTableOnly},  // as printed; programs get the name
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"place", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"wind", ColumnKind::kNumber, used(WindText)},
               {"club", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"legal", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"records", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"movement", ColumnKind::kCode, used(MovementText)},
               {"position", ColumnKind::kNumber, ColumnUse::kCsvOnly}},
              {}};
  if (!by_mark) table.columns.insert(table.columns.begin() + 1, {"score", ColumnKind::kNumber});
  for (const v1::RankingRow& row : rows) {
    table.rows.push_back({NumberOrEmpty(row.rank()), MarkText(row.mark()), row.athlete_display_name(),
                          SexCode(row.sex()), row.country(), FormatDate(row.date()),
                          row.race().empty() ? RaceOfResult(row.result()) : row.race(), row.race_display_name(),
                          row.athlete(), row.result(), NumberOrEmpty(row.place()), WindText(row), row.club(),
                          LegalText(row), RecordsText(row), MovementText(row), NumberOrEmpty(row.ledger_position())});
    if (!by_mark) table.rows.back().insert(table.rows.back().begin() + 1, ScoreText(row.score(), order));
  }
  return table;
}

}  // namespace palmares::tools
