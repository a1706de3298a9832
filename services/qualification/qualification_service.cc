#include "services/qualification/qualification_service.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/identity/visibility.h"
#include "services/qualification/explain.h"
#include "services/qualification/field.h"
#include "services/qualification/verdict.h"
#include "services/qualification/verdict_messages.h"
#include "services/qualification/what_if.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kPageSize = 50;
constexpr int32_t kLargestPage = 500;
constexpr int kOthersTold = 20;
constexpr int kMostHypothetical = 20;

absl::string_view IdOf(absl::string_view name) {
  absl::ConsumePrefix(&name, "standards/");
  return name.substr(0, name.find('/'));
}

bool Concerns(const Standard& standard, const Athlete& athlete) {
  if (!standard.paths.empty()) return true;
  return std::any_of(standard.entries.begin(), standard.entries.end(), [&](const Entry& entry) {
    return entry.sex == athlete.sex || athlete.sex == athletics::Sex::kUnknown;
  });
}

// A mark as text or as a number in the discipline's unit.
absl::StatusOr<int64_t> ReadMark(const v1::Mark& mark, const athletics::Discipline& discipline,
                                 absl::string_view field) {
  if (mark.value() > 0) return mark.value();
  absl::StatusOr<athletics::ParsedMark> parsed = athletics::ParseMark(mark.text(), discipline);
  if (!parsed.ok()) return rpc::InvalidField(field, mark.text(), absl::StrCat("a mark of the ", discipline.name));
  return parsed->mark;
}

}  // namespace

absl::StatusOr<athletics::Date> QualificationService::AsOf(const v1::Date& date) const {
  auto day = rpc::FromProto(date, "as_of_date");
  if (!day.ok()) return day.status();
  return day->value_or(absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone()));
}

absl::StatusOr<std::vector<const LoadedStandard*>> QualificationService::Chosen(
    const google::protobuf::RepeatedPtrField<std::string>& names, const Athlete& athlete) const {
  std::vector<const LoadedStandard*> chosen;
  for (const std::string& name : names) {
    const LoadedStandard* standard = standards_.Find(IdOf(name));
    if (standard == nullptr) return rpc::NotFound("standard", name);
    chosen.push_back(standard);
  }
  if (!names.empty()) return chosen;
  for (const auto& [id, loaded] : standards_.standards()) {
    if (Concerns(*loaded.standard, athlete)) chosen.push_back(&loaded);
  }
  return chosen;
}

absl::StatusOr<std::vector<Performance>> QualificationService::Hypothetical(
    const google::protobuf::RepeatedPtrField<v1::HypotheticalMark>& marks, athletics::Date as_of) const {
  if (marks.size() > kMostHypothetical) {
    return rpc::InvalidField("hypothetical_marks", absl::StrCat(marks.size(), " marks"), "at most 20");
  }
  std::vector<Performance> performances;
  for (int i = 0; i < marks.size(); ++i) {
    const v1::HypotheticalMark& mark = marks[i];
    const std::string field = absl::StrCat("hypothetical_marks[", i, "]");
    const std::string wanted = mark.discipline().empty() ? "marathon" : mark.discipline();
    absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(wanted);
    if (!discipline.ok()) return rpc::InvalidField(absl::StrCat(field, ".discipline"), wanted, "a discipline");
    absl::StatusOr<int64_t> value = ReadMark(mark.mark(), **discipline, absl::StrCat(field, ".mark"));
    if (!value.ok()) return value.status();
    auto date = rpc::FromProto(mark.date(), absl::StrCat(field, ".date"));
    if (!date.ok()) return date.status();
    Performance& performance = performances.emplace_back(HypotheticalMark(**discipline, *value, date->value_or(as_of)));
    performance.race_name = "what if";
    if (!mark.race().empty()) {
      const events::Race* race = results_.calendar().FindRace(mark.race());
      if (race == nullptr) return rpc::NotFound("race", mark.race());
      performance.race = race->name;
      performance.course = CourseOf(race->data.course(), **discipline);
    }
    if (mark.has_course_facts()) {
      const v1::CourseFacts& facts = mark.course_facts();
      if (facts.has_certified()) performance.course.certified = facts.certified();
      if (facts.has_net_drop_mm()) performance.course.net_drop_mm = facts.net_drop_mm();
      if (facts.has_separation_permille()) performance.course.separation_pct = (facts.separation_permille() + 9) / 10;
    }
  }
  return performances;
}

template <typename Request>
absl::Status QualificationService::Answer(const rpc::Call& call, const Request& request,
                                          const std::vector<const LoadedStandard*>& standards,
                                          const AthleteFacts& facts, athletics::Date as_of,
                                          const std::string& athlete_name, int others,
                                          v1::QualifyResponse* response) const {
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), kPageSize, kLargestPage);
  if (!size.ok()) return size.status();
  absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  bool started = last->empty();
  std::string shown;
  for (const LoadedStandard* loaded : standards) {
    if (!started) {
      started = loaded->standard->id == *last;
      continue;
    }
    if (response->verdicts_size() == *size) {
      response->set_next_page_token(call.calls->page_tokens->Make(request, shown));
      break;
    }
    const Verdict verdict = Evaluate(*loaded->standard, facts.athlete, facts.performances, as_of);
    v1::Verdict* out = response->add_verdicts();
    *out = ToProto(verdict, *loaded, facts.athlete, facts.performances, others);
    out->set_athlete(athlete_name);
    shown = loaded->standard->id;
  }
  return absl::OkStatus();
}

grpc::Status QualificationService::Qualify(grpc::ServerContext* context, const v1::QualifyRequest* request,
                                           v1::QualifyResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.Qualify", *request, [&](const rpc::Call& call) -> absl::Status {
        if (!request->filter().empty()) return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
        absl::StatusOr<athletics::Date> as_of = AsOf(request->as_of_date());
        if (!as_of.ok()) return as_of.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const int64_t number = identity::FindVisible(athletes_, results_, call.caller, request->athlete());
        if (number == 0) return rpc::NotFound("athlete", request->athlete());
        AthleteFacts facts = GatherFacts(athletes_, results_, number);
        absl::StatusOr<std::vector<Performance>> hypothetical = Hypothetical(request->hypothetical_marks(), *as_of);
        if (!hypothetical.ok()) return hypothetical.status();
        for (Performance& performance : *hypothetical) facts.performances.push_back(std::move(performance));
        absl::StatusOr<std::vector<const LoadedStandard*>> standards = Chosen(request->standards(), facts.athlete);
        if (!standards.ok()) return standards.status();
        response->set_position(reader->position());
        return Answer(call, *request, *standards, facts, *as_of, athletes_.Name(number),
                      request->all_results() ? std::numeric_limits<int>::max() : kOthersTold, response);
      });
}

grpc::Status QualificationService::WhatIf(grpc::ServerContext* context, const v1::WhatIfRequest* request,
                                          v1::QualifyResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.WhatIf", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<athletics::Date> as_of = AsOf(request->as_of_date());
        if (!as_of.ok()) return as_of.status();
        if (request->sex() == v1::SEX_UNSPECIFIED) return rpc::MissingField("sex", "men, women or X");
        if (request->marks().empty()) return rpc::MissingField("marks", "at least one mark");
        if (request->age() < 0 || request->age() > 120)
          return rpc::InvalidField("age", absl::StrCat(request->age()), "0 to 120");
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        AthleteFacts facts;
        absl::StatusOr<std::vector<Performance>> hypothetical = Hypothetical(request->marks(), *as_of);
        if (!hypothetical.ok()) return hypothetical.status();
        facts.performances = *std::move(hypothetical);
        absl::StatusOr<athletics::PartialDate> birth = rpc::PartialFromProto(request->birth_date(), "birth_date");
        if (!birth.ok()) return birth.status();
        if (request->age() > 0) {
          facts.athlete =
              AnonymousRunner(rpc::FromProto(request->sex()), request->age(), facts.performances.front().date);
        }
        facts.athlete.sex = rpc::FromProto(request->sex());
        facts.athlete.birth = *birth;
        facts.athlete.country = request->country();
        for (Performance& performance : facts.performances) {
          performance.sex = facts.athlete.sex;
          performance.division = rpc::FromProto(request->division());
        }
        absl::StatusOr<std::vector<const LoadedStandard*>> standards = Chosen(request->standards(), facts.athlete);
        if (!standards.ok()) return standards.status();
        response->set_position(reader->position());
        return Answer(call, *request, *standards, facts, *as_of, "", kOthersTold, response);
      });
}

grpc::Status QualificationService::ListQualifiers(grpc::ServerContext* context,
                                                  const v1::ListQualifiersRequest* request,
                                                  v1::ListQualifiersResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ListQualifiers", *request, [&](const rpc::Call& call) -> absl::Status {
        if (!request->filter().empty()) return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), 100, 1000);
        if (!size.ok()) return size.status();
        absl::StatusOr<athletics::Date> as_of = AsOf(request->as_of_date());
        if (!as_of.ok()) return as_of.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const LoadedStandard* loaded = standards_.Find(IdOf(request->parent()));
        if (loaded == nullptr) return rpc::NotFound("standard", request->parent());
        const Standard& standard = *loaded->standard;
        absl::flat_hash_set<std::string> withdrawn(request->withdrawn_athletes().begin(),
                                                   request->withdrawn_athletes().end());
        std::vector<Candidate> candidates;
        std::vector<AthleteFacts> facts;
        for (int64_t number = 1; number <= athletes_.count(); ++number) {
          if (athletes_.Resolve(number) != number) continue;
          AthleteFacts of_athlete = GatherFacts(athletes_, results_, number);
          if (of_athlete.performances.empty() || withdrawn.contains(athletes_.Name(number))) continue;
          Verdict verdict = Evaluate(standard, of_athlete.athlete, of_athlete.performances, *as_of);
          if (verdict.counting < 0) continue;
          candidates.push_back({athletes_.Name(number), of_athlete.athlete.country, std::move(verdict)});
          facts.push_back(std::move(of_athlete));
        }
        const Field field = BuildField(standard, 0, candidates);
        int64_t skip = 0;
        if (!last->empty() && !absl::SimpleAtoi(*last, &skip))
          return rpc::InvalidField("page_token", *last, "a page token");
        response->set_total_size(static_cast<int32_t>(field.entries.size()));
        response->mutable_line()->set_qualified_count(static_cast<int32_t>(field.entries.size()));
        response->mutable_line()->set_admitted_count(field.in);
        response->mutable_line()->set_quota(field.size.value_or(0));
        for (const auto& [country, count] : field.countries) {
          v1::CountryCount* out = response->add_countries();
          out->set_country(country);
          out->set_admitted_count(count);
        }
        response->set_position(reader->position());
        for (auto i = static_cast<size_t>(skip); i < field.entries.size(); ++i) {
          if (response->qualifiers_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(i)));
            break;
          }
          const FieldEntry& entry = field.entries[i];
          const auto at = static_cast<size_t>(entry.candidate);
          const Candidate& candidate = candidates[at];
          const v1::Verdict verdict = ToProto(candidate.verdict, *loaded, facts[at].athlete, facts[at].performances, 0);
          v1::Qualifier* out = response->add_qualifiers();
          out->set_order(entry.order);
          out->set_athlete(candidate.athlete);
          out->set_athlete_display_name(athletes_.athlete(athletes_.Find(candidate.athlete)).display_name);
          out->set_country(candidate.country);
          out->set_sex(rpc::ToProto(facts[at].athlete.sex));
          out->set_state(verdict.state());
          out->set_path(PathOf(entry.path));
          *out->mutable_mark() = verdict.counting().mark();
          *out->mutable_margin() = verdict.margin();
          out->set_result(verdict.counting().result());
          out->set_reason(std::string(StandingCode(entry.standing)));
          out->set_status(entry.standing == Standing::kIn        ? v1::Qualifier::STATUS_IN
                          : entry.standing == Standing::kReserve ? v1::Qualifier::STATUS_RESERVE
                                                                 : v1::Qualifier::STATUS_BLOCKED);
          if (verdict.has_age_band()) *out->mutable_age_band() = verdict.age_band();
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::qualification
