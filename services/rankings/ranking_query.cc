#include "services/rankings/ranking_query.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/country.h"
#include "services/rankings/age_group.h"
#include "services/rpc/as_of.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr absl::string_view kScoringRules = "rules/world-athletics-scoring-2025";

absl::Status SetPeriod(const v1::RankingQuery& message, athletics::Date today, Query& query) {
  switch (message.period_case()) {
    case v1::RankingQuery::kSeason:
      if (message.season() < 1800 || message.season() > 9999) {
        return rpc::InvalidField("query.season", absl::StrCat(message.season()), "a year, 1800 to 9999");
      }
      query.from = athletics::Date(message.season(), 1, 1);
      query.to = athletics::Date(message.season(), 12, 31);
      return absl::OkStatus();
    case v1::RankingQuery::kRange: {
      auto from = rpc::FromProto(message.range().start_date(), "query.range.start_date");
      auto to = rpc::FromProto(message.range().end_date(), "query.range.end_date");
      if (!from.ok()) return from.status();
      if (!to.ok()) return to.status();
      if (from->has_value() && to->has_value() && **to < **from) {
        return rpc::InvalidField("query.range.end_date", athletics::FormatDate(**to),
                                 "a day not before the start_date");
      }
      query.from = *from;
      query.to = *to;
      return absl::OkStatus();
    }
    case v1::RankingQuery::kRollingMonths:
      if (message.rolling_months() < 1 || message.rolling_months() > 12 * 200) {
        return rpc::InvalidField("query.rolling_months", absl::StrCat(message.rolling_months()), "1 to 2400");
      }
      SetRollingPeriod(message.rolling_months(), today, query);
      return absl::OkStatus();
    case v1::RankingQuery::PERIOD_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status UnknownNumber(absl::string_view field, int number) {
  return rpc::InvalidField(field, absl::StrCat(number), "one of the values that the API names");
}

absl::Status SetCountry(absl::string_view field, const std::string& text, std::string& code) {
  if (text.empty()) return absl::OkStatus();
  const auto country = athletics::FindCountry(text);
  if (!country.has_value()) return rpc::InvalidField(field, text, "a country's code or name");
  code = std::string(country->code);
  return absl::OkStatus();
}

absl::Status SetArea(const std::string& text, Query& query) {
  if (text.empty()) return absl::OkStatus();
  static constexpr absl::string_view kAreas[] = {"AFR", "ASI", "EUR", "NAC", "OCE", "SAM"};
  query.area = absl::AsciiStrToUpper(text);
  if (absl::c_linear_search(kAreas, query.area)) return absl::OkStatus();
  return rpc::InvalidField("query.scope.area", text, absl::StrCat("one of ", absl::StrJoin(kAreas, ", ")));
}

// A name of so many parts, every second one of which is given: "events/*/editions/*".
bool HasForm(absl::string_view name, const std::vector<absl::string_view>& collections) {
  for (const absl::string_view& collection : collections) {
    if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return false;
    const size_t end = std::min(name.find('/'), name.size());
    if (end == 0) return false;
    name.remove_prefix(end);
    if (name.empty()) return &collection == &collections.back();
    name.remove_prefix(1);
  }
  return false;
}

absl::Status SetPlace(const v1::RankingScope& scope, Query& query) {
  query.event = scope.event();
  if (!scope.event().empty() && !HasForm(scope.event(), {"events"}) &&
      !HasForm(scope.event(), {"events", "editions"})) {
    return rpc::InvalidField("query.scope.event", scope.event(), "events/* or events/*/editions/*");
  }
  if (!scope.race().empty()) {
    if (!HasForm(scope.race(), {"events", "editions", "races"})) {
      return rpc::InvalidField("query.scope.race", scope.race(), "events/*/editions/*/races/*");
    }
    if (!query.event.empty() && scope.race().compare(0, query.event.size() + 1, query.event + "/") != 0) {
      return rpc::InvalidField("query.scope.race", scope.race(), absl::StrCat("a race of ", query.event));
    }
    query.event = scope.race();
  }
  if (!scope.series().empty() && !HasForm(scope.series(), {"series"})) {
    return rpc::InvalidField("query.scope.series", scope.series(), "series/*");
  }
  query.series = scope.series();
  return SetCountry("query.scope.venue_country", scope.venue_country(), query.venue_country);
}

absl::Status SetScope(const v1::RankingScope& scope, Query& query) {
  if (absl::Status status = SetArea(scope.area(), query); !status.ok()) return status;
  if (absl::Status status = SetCountry("query.scope.country", scope.country(), query.country); !status.ok()) {
    return status;
  }
  if (!scope.region_code().empty() && query.country.empty()) {
    return rpc::MissingField("query.scope.country", "the country of the region");
  }
  query.region = scope.region_code();
  query.club = std::string(absl::StripPrefix(scope.club(), "clubs/"));
  if (absl::Status status = SetAgeGroup(scope.age_group(), query); !status.ok()) return status;
  return SetPlace(scope, query);
}

std::string AgeGradePrefix(const athletics::Discipline& discipline) {
  return absl::StrCat("rules/age-grading-", discipline.surface == athletics::Surface::kRoad ? "road-" : "track-");
}

std::vector<std::string> AgeGradeEditionsOf(const athletics::Discipline& discipline) {
  return athletics::AgeGradeEditions(discipline.surface == athletics::Surface::kRoad
                                         ? athletics::AgeGradeSurface::kRoad
                                         : athletics::AgeGradeSurface::kTrack);
}

// The edition that a list is scored by where none was asked for; empty in a list by mark.
std::string RulesUsed(const Query& query) {
  if (query.by == Order::kPoints) return std::string(kScoringRules);
  if (query.by == Order::kMark) return "";
  const std::vector<std::string> editions = AgeGradeEditionsOf(*query.discipline);
  return editions.empty() ? "" : absl::StrCat(AgeGradePrefix(*query.discipline), editions.back());
}

absl::Status SetAgeGradeRules(absl::string_view rules, Query& query) {
  const std::string prefix = AgeGradePrefix(*query.discipline);
  const std::vector<std::string> editions = AgeGradeEditionsOf(*query.discipline);
  absl::string_view edition = rules;
  if (absl::ConsumePrefix(&edition, prefix) && absl::c_linear_search(editions, edition)) {
    query.age_grade_edition = std::string(edition);
    return absl::OkStatus();
  }
  return rpc::InvalidField("query.rules", rules, absl::StrCat(prefix, "*, one of ", absl::StrJoin(editions, ", ")));
}

absl::Status SetOrder(const v1::RankingQuery& message, Query& query) {
  switch (message.order()) {
    case v1::RANKING_ORDER_UNSPECIFIED:
    case v1::RANKING_ORDER_MARK:
      query.by = Order::kMark;
      break;
    case v1::RANKING_ORDER_POINTS:
      query.by = Order::kPoints;
      if (message.rules().empty() || message.rules() == kScoringRules) return absl::OkStatus();
      return rpc::InvalidField("query.rules", message.rules(), absl::StrCat("nothing or ", kScoringRules));
    case v1::RANKING_ORDER_AGE_GRADE:
      query.by = Order::kAgeGrade;
      return message.rules().empty() ? absl::OkStatus() : SetAgeGradeRules(message.rules(), query);
    default:
      return rpc::InvalidField("query.order", absl::StrCat(message.order()), "MARK, POINTS or AGE_GRADE");
  }
  if (message.rules().empty()) return absl::OkStatus();
  return rpc::InvalidField("query.rules", message.rules(), "nothing in a list by mark");
}

absl::Status SetStates(const v1::RankingQuery& message, Query& query) {
  for (int state : message.sheet_states()) {
    const results::SheetState stored = rpc::FromProto(static_cast<v1::SheetState>(state));
    if (!results::Counts(stored)) {
      return rpc::InvalidField("query.sheet_states", v1::SheetState_Name(static_cast<v1::SheetState>(state)),
                               "PROVISIONAL, OFFICIAL or PROTESTED");
    }
    query.states.push_back(stored);
  }
  return absl::OkStatus();
}

}  // namespace

void SetRollingPeriod(int32_t months, athletics::Date last_day, Query& query) {
  query.to = last_day;
  query.from = athletics::AddMonths(last_day, -months);
}

absl::Status CheckEnums(const v1::RankingQuery& message) {
  if (!v1::Sex_IsValid(message.sex())) return UnknownNumber("query.sex", message.sex());
  if (!v1::Division_IsValid(message.division())) return UnknownNumber("query.division", message.division());
  if (!v1::Clock_IsValid(message.clock())) return UnknownNumber("query.clock", message.clock());
  if (!v1::RankingOrder_IsValid(message.order())) return UnknownNumber("query.order", message.order());
  if (!v1::Knowledge_IsValid(message.as_of().knowledge())) {
    return UnknownNumber("query.as_of.knowledge", message.as_of().knowledge());
  }
  for (int state : message.sheet_states()) {
    if (!v1::SheetState_IsValid(state)) return UnknownNumber("query.sheet_states", state);
  }
  return absl::OkStatus();
}

absl::StatusOr<AskedList> FromProto(const v1::RankingQuery& message, athletics::Date today) {
  if (absl::Status status = CheckEnums(message); !status.ok()) return status;
  AskedList asked;
  asked.rolling_months = message.rolling_months();
  Query& query = asked.query;
  if (message.discipline().empty()) {
    return rpc::MissingField("query.discipline", "a discipline such as marathon or 5000m");
  }
  absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(message.discipline());
  if (!discipline.ok()) {
    return rpc::InvalidField("query.discipline", message.discipline(),
                             absl::StrCat("a discipline (", discipline.status().message(), ")"));
  }
  query.discipline = *discipline;
  if (message.sex() == v1::SEX_UNSPECIFIED) return rpc::MissingField("query.sex", "men, women or X");
  query.sex = rpc::FromProto(message.sex());
  query.division = rpc::FromProto(message.division());
  query.clock = rpc::FromProto(message.clock());
  query.all_performances = message.all_performances();
  query.legal_only = message.legal_only();
  // What was known then is another list; what is known now of the races until a day is a narrower period.
  const absl::StatusOr<rpc::AsOf> as_of = rpc::ReadAsOf(message.as_of(), "query.as_of");
  if (!as_of.ok()) return as_of.status();
  asked.known_on = as_of->known_on;
  asked.known_at = as_of->known_at;
  const std::optional<athletics::Date> until = as_of->day;
  for (const absl::Status& status : {SetPeriod(message, until.value_or(today), query), SetScope(message.scope(), query),
                                     SetOrder(message, query), SetStates(message, query)}) {
    if (!status.ok()) return status;
  }
  if (until.has_value()) query.to = query.to.has_value() ? std::min(*query.to, *until) : *until;
  if (query.from.has_value() && query.to.has_value() && *query.to < *query.from) {
    return rpc::InvalidField("query.as_of.date", athletics::FormatDate(*query.to), "a day in the period or after it");
  }
  return asked;
}

bool IsOfNow(const v1::RankingQuery& message) { return message.as_of().moment_case() == v1::AsOf::MOMENT_NOT_SET; }

void FillAsOf(v1::AsOf& as_of) {
  if (as_of.knowledge() != v1::KNOWLEDGE_UNSPECIFIED) return;
  as_of.set_knowledge(as_of.moment_case() == v1::AsOf::kLedgerPosition ? v1::KNOWLEDGE_THEN : v1::KNOWLEDGE_NOW);
}

v1::RankingQuery Understood(const v1::RankingQuery& message, const Query& query) {
  v1::RankingQuery understood = message;
  understood.set_discipline(query.discipline->code);
  understood.set_division(rpc::ToProto(query.division));
  understood.set_clock(rpc::ToProto(query.clock));
  if (message.order() == v1::RANKING_ORDER_UNSPECIFIED) understood.set_order(v1::RANKING_ORDER_MARK);
  if (!query.country.empty()) understood.mutable_scope()->set_country(query.country);
  if (!query.area.empty()) understood.mutable_scope()->set_area(query.area);
  if (!query.venue_country.empty()) understood.mutable_scope()->set_venue_country(query.venue_country);
  if (message.rules().empty()) understood.set_rules(RulesUsed(query));
  // The months that were taken are those up to a day, whenever the list is asked for again.
  if (message.rolling_months() != 0 && IsOfNow(message)) {
    *understood.mutable_as_of()->mutable_date() = rpc::ToProto(*query.to);
  }
  FillAsOf(*understood.mutable_as_of());
  return understood;
}

}  // namespace palmares::rankings
