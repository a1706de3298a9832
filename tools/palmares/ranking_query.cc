#include "tools/palmares/ranking_query.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

absl::Status SetPeriod(const RankingOptions& options, v1::RankingQuery& query) {
  if (options.season != 0) query.set_season(options.season);
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

absl::Status SetScope(const RankingOptions& options, v1::RankingQuery& query) {
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
  if (options.clock.empty()) return absl::OkStatus();
  const absl::StatusOr<v1::Clock> clock = ParseEnumCode<v1::Clock>(options.clock);
  if (!clock.ok()) return absl::InvalidArgumentError(absl::StrCat("--clock: ", clock.status().message()));
  query.set_clock(*clock);
  return absl::OkStatus();
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
  CLI::Option* season = command->add_option("--season", options.season, "Only results of this year")
                            ->check(WholeNumber(1, 9999))
                            ->type_name("YEAR");
  command->add_option("--from", options.from, "Only results from this day on")->excludes(season)->type_name("DATE");
  command->add_option("--to", options.to, "Only results up to this day")->excludes(season)->type_name("DATE");
  command->add_option("--country", options.country, "Only athletes of this country: KEN")->type_name("C");
  command->add_option("--age-group", options.age_group, "Only athletes in this group on the day: U20, M40, 35-39, 80+")
      ->type_name("G");
  command->add_option("--club", options.club, "Only members of this club: baa")->type_name("CLUB");
  command->add_option("--event", options.event, "Only results of this event: boston-marathon")->type_name("EVENT");
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
}

absl::StatusOr<v1::RankingQuery> RankingQueryOf(const RankingOptions& options) {
  v1::RankingQuery query;
  query.set_discipline(options.discipline);
  if (!options.sex.empty()) {
    const absl::StatusOr<v1::Sex> sex = ParseSex(options.sex);
    if (!sex.ok()) return sex.status();
    query.set_sex(*sex);
  }
  for (const absl::Status& status : {SetPeriod(options, query), SetScope(options, query), SetOrder(options, query)}) {
    if (!status.ok()) return status;
  }
  query.set_legal_only(options.legal_only);
  query.set_all_performances(options.all_performances);
  if (!options.as_of.empty()) {
    const absl::StatusOr<v1::Date> as_of = ParseDay(options.as_of, "--as-of");
    if (!as_of.ok()) return as_of.status();
    *query.mutable_as_of()->mutable_date() = *as_of;
    query.mutable_as_of()->set_knowledge(options.known_then ? v1::KNOWLEDGE_THEN : v1::KNOWLEDGE_NOW);
  }
  return query;
}

Table RankingTable(const google::protobuf::RepeatedPtrField<v1::RankingRow>& rows, v1::RankingOrder order) {
  const bool by_mark = order == v1::RANKING_ORDER_UNSPECIFIED || order == v1::RANKING_ORDER_MARK;
  Table table{{{"rank", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber},
               {"name"},
               {"sex", ColumnKind::kCode},
               {"country", ColumnKind::kCode},
               {"date", ColumnKind::kCode},
               {"race", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"race", ColumnKind::kText, ColumnUse::kTableOnly},  // as printed; programs get the name
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"place", ColumnKind::kNumber, ColumnUse::kCsvOnly}},
              {}};
  if (!by_mark) table.columns.insert(table.columns.begin() + 1, {"score", ColumnKind::kNumber});
  for (const v1::RankingRow& row : rows) {
    table.rows.push_back({NumberOrEmpty(row.rank()), row.mark().text(), row.athlete_display_name(), SexCode(row.sex()),
                          row.country(), FormatDate(row.date()),
                          row.race().empty() ? RaceOfResult(row.result()) : row.race(), row.race_display_name(),
                          row.athlete(), row.result(), NumberOrEmpty(row.place())});
    if (!by_mark) table.rows.back().insert(table.rows.back().begin() + 1, ScoreText(row.score(), order));
  }
  return table;
}

}  // namespace palmares::tools
