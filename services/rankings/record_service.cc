// Records of races, courses and events: those that stand, and those that fell.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
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

}  // namespace

v1::Record RankingService::ToProto(const results::RecordLine& line, const std::string& kind, bool legal,
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
  record.set_legal(legal);
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
        std::vector<v1::Record> records;
        for (const auto& [discipline, races] : scope->by_discipline) {
          if (!code.empty() && discipline != code) continue;
          std::vector<results::RecordLine> lines = bests_.Progression(races, request->legal_only());
          std::stable_sort(lines.begin(), lines.end(), [&results](const auto& a, const auto& b) {  // newest first
            return results.calendar().race(a.best.row.race).date > results.calendar().race(b.best.row.race).date;
          });
          for (const results::RecordLine& line : lines) {
            if (line.fallen.has_value() && !request->progression()) continue;
            if (request->sex() != v1::SEX_UNSPECIFIED && rpc::FromProto(request->sex()) != line.sex) continue;
            records.push_back(ToProto(line, scope->kind, request->legal_only(), call.caller));
          }
        }
        size_t at = 0;
        if (!last->empty() && !absl::SimpleAtoi(*last, &at))
          return rpc::InvalidField("page_token", *last, "a page token");
        for (; at < records.size() && response->records_size() < *size; ++at) {
          *response->add_records() = std::move(records[at]);
        }
        if (at < records.size()) {
          response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(at)));
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::rankings
