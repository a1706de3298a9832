// Records of races, courses and events: those that stand, and those that fell.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_rows.h"
#include "services/rankings/ranking_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kRecordPageSize = 50;
constexpr int32_t kLargestRecordPage = 1000;

using Races = std::vector<const events::Race*>;

// Races whose bests are compared with each other, by discipline, in order of their days.
struct Scope {
  std::string kind;  // "race", "course" or "event"
  std::map<std::string, Races> by_discipline;
};

absl::StatusOr<Scope> ScopeOf(const results::Results& results, const results::Bests& bests, const std::string& parent) {
  const events::Calendar& calendar = results.calendar();
  if (const events::Race* race = calendar.FindRaceByEnd(parent)) {
    return Scope{"race", {{race->discipline->code, bests.EditionsOf(*race)}}};
  }
  if (const events::Course* course = calendar.FindCourse(parent)) {
    return Scope{"course", {{course->data.discipline(), bests.RacesOn(course->name)}}};
  }
  const events::Event* event = calendar.FindEvent(parent);
  if (event == nullptr) return rpc::NotFound("race, course or event", parent);
  Scope scope{"event", {}};
  for (int32_t number = 0; number < calendar.race_count(); ++number) {
    const events::Race& race = calendar.race(number);
    if (race.event == event) scope.by_discipline[race.discipline->code].push_back(&race);
  }
  for (auto& [code, races] : scope.by_discipline) {
    std::stable_sort(races.begin(), races.end(),
                     [](const events::Race* a, const events::Race* b) { return a->date < b->date; });
  }
  return scope;
}

// A record in the order of the list: by discipline, newest first, then by race and row.
struct Listed {
  std::string discipline;
  athletics::Date day;
  results::RecordLine line;

  auto Key() const {
    return std::make_tuple(discipline, -athletics::DaysSince1970(day), line.best.row.race, line.best.row.row);
  }
};
using ListedKey = decltype(std::declval<Listed>().Key());

std::string TokenOf(const ListedKey& key) {
  return absl::StrCat(std::get<0>(key), ",", std::get<1>(key), ",", std::get<2>(key), ",", std::get<3>(key));
}

absl::StatusOr<ListedKey> KeyOfToken(absl::string_view token) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, ',');
  ListedKey key;
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[1], &std::get<1>(key)) ||
      !absl::SimpleAtoi(parts[2], &std::get<2>(key)) || !absl::SimpleAtoi(parts[3], &std::get<3>(key))) {
    return rpc::InvalidField("page_token", token, "a page token");
  }
  std::get<0>(key) = std::string(parts[0]);
  return key;
}

// What the request asks for, in order.
std::vector<Listed> Wanted(const Scope& scope, const v1::ListRecordsRequest& request, absl::string_view code,
                           const results::Results& results, const results::Bests& bests) {
  std::vector<Listed> wanted;
  for (const auto& [discipline, races] : scope.by_discipline) {
    if (!code.empty() && discipline != code) continue;
    for (const results::RecordLine& line : bests.Progression(races, request.legal_only())) {
      if (line.fallen.has_value() && !request.progression()) continue;
      if (request.sex() != v1::SEX_UNSPECIFIED && rpc::FromProto(request.sex()) != line.sex) continue;
      const athletics::Date day = results.calendar().race(line.best.row.race).date;
      wanted.push_back({discipline, day, line});
    }
  }
  std::sort(wanted.begin(), wanted.end(), [](const Listed& a, const Listed& b) { return a.Key() < b.Key(); });
  return wanted;
}

}  // namespace

v1::Record RankingService::ToProto(const results::RecordLine& line, const std::string& kind,
                                   const access::Caller& caller) const {
  const results::Results& results = *opener_.sources().results;
  const identity::Athletes& athletes = *opener_.sources().athletes;
  const events::Race& race = results.calendar().race(line.best.row.race);
  const results::RaceSheet& sheet = results.sheet(line.best.row.race);
  v1::Record record;
  record.set_discipline(race.discipline->code);
  record.set_sex(rpc::ToProto(line.sex));
  record.set_division(rpc::ToProto(line.division));
  record.set_kind(kind);
  record.set_result(results::ResultName(race, sheet.Number(line.best.row.row)));
  const int64_t athlete = athletes.Resolve(sheet.Standing(line.best.row.row).link.athlete);
  if (athlete != 0 && identity::IsVisible(athletes, results, caller, athlete)) {
    record.set_athlete(athletes.Name(athlete));
    record.set_athlete_display_name(athletes.athlete(athlete).display_name);
  }
  *record.mutable_mark() = rpc::ToProto(line.best.mark, *race.discipline);
  *record.mutable_date() = rpc::ToProto(race.date);
  if (line.fallen.has_value()) *record.mutable_fallen_date() = rpc::ToProto(*line.fallen);
  RaceLegality::Verdict verdict = LegalityOfRow(results, line.sex, line.best.row);
  record.set_legal(verdict.legality == athletics::Legality::kLegal);
  record.set_legality_rule(std::move(verdict.rule));
  return record;
}

grpc::Status RankingService::ListRecords(grpc::ServerContext* context, const v1::ListRecordsRequest* request,
                                         v1::ListRecordsResponse* response) {
  return rpc::Serve(
      calls_, *context, "RankingService.ListRecords", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->parent().empty()) return rpc::MissingField("parent", "a race, a course or an event");
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kRecordPageSize, kLargestRecordPage);
        if (!size.ok()) return size.status();
        if (!v1::Sex_IsValid(request->sex())) {
          return rpc::InvalidField("sex", absl::StrCat(request->sex()), "one of the values that the API names");
        }
        std::string code;
        if (!request->discipline().empty()) {
          absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(request->discipline());
          if (!discipline.ok()) return rpc::InvalidField("discipline", request->discipline(), "a discipline");
          code = (*discipline)->code;
        }
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const results::Results& results = *opener_.sources().results;
        absl::StatusOr<Scope> scope = ScopeOf(results, bests_, request->parent());
        if (!scope.ok()) return scope.status();
        const std::vector<Listed> listed = Wanted(*scope, *request, code, results, bests_);
        auto at = listed.begin();
        if (!last->empty()) {
          const absl::StatusOr<ListedKey> key = KeyOfToken(*last);
          if (!key.ok()) return key.status();
          at = std::upper_bound(listed.begin(), listed.end(), *key,
                                [](const ListedKey& shown, const Listed& one) { return shown < one.Key(); });
        }
        for (; at != listed.end(); ++at) {
          if (response->records_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, TokenOf(std::prev(at)->Key())));
            break;
          }
          *response->add_records() = ToProto(at->line, scope->kind, call.caller);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::rankings
