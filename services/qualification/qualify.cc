// Verdicts of one person or many: Qualify, BatchQualify, WhatIf, ListNearestStandards.
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/identity/visibility.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/qualify_order.h"
#include "services/qualification/verdict_messages.h"
#include "services/qualification/what_if.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kVerdictPageSize = 50;
constexpr int32_t kLargestVerdictPage = 500;
constexpr int32_t kNearestPageSize = 20;
constexpr int32_t kLargestNearestPage = 200;
constexpr int kOthersTold = 20;
constexpr int kMostHypothetical = 20;
constexpr int64_t kMostVerdicts = 10000;  // of a batch
constexpr int32_t kOldest = 120;          // years
constexpr absl::string_view kVerdictFilterFields[] = {"scheme", "edition", "state", "discipline"};

bool Concerns(const Standard& standard, const Athlete& athlete) {
  const auto leads = [&](const PlacePath& path) { return IsFor(path, athlete.sex); };
  if (std::any_of(standard.paths.begin(), standard.paths.end(), leads)) return true;
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

// The one code by which standards name the country that a request names in whatever way.
absl::StatusOr<std::string> CountryCode(const std::string& text) {
  if (text.empty()) return std::string();
  const std::optional<athletics::Country> country = athletics::FindCountry(text);
  if (!country) return rpc::InvalidField("country", text, "a country such as USA");
  return std::string(country->code);
}

bool HasDiscipline(const Standard& standard, absl::string_view code) {
  return std::any_of(standard.entries.begin(), standard.entries.end(),
                     [&](const Entry& entry) { return entry.discipline->code == code; });
}

// Whether verdicts of the standard can be wanted; their states are looked at when they are made.
bool Matches(const std::vector<rpc::Condition>& conditions, const Standard& standard) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "scheme") return standard.scheme == condition.value;
    if (condition.field == "edition") return standard.edition == condition.value;
    return condition.field == "state" || HasDiscipline(standard, condition.value);
  });
}

bool HasState(const std::vector<rpc::Condition>& conditions, Status status) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    return condition.field != "state" || StatusCode(status) == condition.value;
  });
}

}  // namespace

absl::StatusOr<std::vector<v1::Verdict>> VerdictsOf(const QualificationViews& views, int64_t athlete,
                                                    const google::protobuf::RepeatedPtrField<std::string>& standards,
                                                    athletics::Date day) {
  const AthleteFacts facts = GatherFacts(*views.athletes, *views.results, athlete);
  std::vector<v1::Verdict> verdicts;
  for (const std::string& name : standards) {
    const absl::StatusOr<AppliedStandard> applied = views.standards->Resolve(name);
    if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", name);
    if (!applied.ok()) return applied.status();
    const Verdict verdict = Evaluate(*applied->standard, facts.athlete, facts.performances, day);
    v1::Verdict& out = verdicts.emplace_back();
    out = ToProto(verdict, applied->revision, facts.athlete, facts.performances, 0);
    out.set_athlete(views.athletes->Name(athlete));
  }
  return verdicts;
}

absl::StatusOr<QualificationService::Person> QualificationService::Find(const access::Caller& caller,
                                                                        const std::string& name) const {
  const int64_t number = identity::FindVisible(*views_.athletes, *views_.results, caller, name);
  if (number == 0) return rpc::NotFound("athlete", name);
  return Person{views_.athletes->Name(number), number, GatherFacts(*views_.athletes, *views_.results, number)};
}

absl::StatusOr<std::vector<AppliedStandard>> QualificationService::Chosen(
    const google::protobuf::RepeatedPtrField<std::string>& names, const Athlete& athlete) const {
  std::vector<AppliedStandard> chosen;
  for (const std::string& name : names) {
    absl::StatusOr<AppliedStandard> standard = views_.standards->Resolve(name);
    if (absl::IsNotFound(standard.status())) return rpc::NotFound("standard", name);
    if (!standard.ok()) return standard.status();
    chosen.push_back(*std::move(standard));
  }
  if (!names.empty()) return chosen;
  for (const auto& [id, loaded] : views_.standards->standards()) {
    if (loaded.retired || !Concerns(*loaded.standard, athlete)) continue;
    chosen.push_back({loaded.standard, static_cast<int64_t>(loaded.revisions.size())});
  }
  return chosen;
}

absl::Status QualificationService::PutOnCourse(const v1::HypotheticalMark& mark, absl::string_view field,
                                               Performance& performance) const {
  if (!mark.race().empty()) {
    const events::Race* race = views_.results->calendar().FindRace(mark.race());
    if (race == nullptr) return rpc::NotFound("race", mark.race());
    performance.race = race->name;
    performance.level = race->data.level();
    performance.course = CourseOf(race->data.course(), *performance.discipline);
  }
  if (!mark.has_course_facts()) return absl::OkStatus();
  const v1::CourseFacts& facts = mark.course_facts();
  if (facts.has_certified()) performance.course.certified = facts.certified();
  if (facts.has_net_drop_mm()) performance.course.net_drop_mm = facts.net_drop_mm();
  if (facts.has_separation_permille()) {
    if (facts.separation_permille() < 0 || facts.separation_permille() > 1000) {
      return rpc::InvalidField(absl::StrCat(field, ".course_facts.separation_permille"),
                               absl::StrCat(facts.separation_permille()), "0 to 1000");
    }
    performance.course.separation_permille = facts.separation_permille();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Performance>> QualificationService::Hypothetical(
    const google::protobuf::RepeatedPtrField<v1::HypotheticalMark>& marks, absl::string_view field) const {
  if (marks.size() > kMostHypothetical) {
    return rpc::InvalidField(field, absl::StrCat(marks.size(), " marks"), "at most 20");
  }
  std::vector<Performance> performances;
  for (int i = 0; i < marks.size(); ++i) {
    const v1::HypotheticalMark& mark = marks[i];
    const std::string path = absl::StrCat(field, "[", i, "]");
    if (mark.discipline().empty()) {
      return rpc::MissingField(absl::StrCat(path, ".discipline"), "a discipline such as marathon");
    }
    absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(mark.discipline());
    if (!discipline.ok()) {
      return rpc::InvalidField(absl::StrCat(path, ".discipline"), mark.discipline(), "a discipline such as marathon");
    }
    absl::StatusOr<int64_t> value = ReadMark(mark.mark(), **discipline, absl::StrCat(path, ".mark"));
    if (!value.ok()) return value.status();
    auto date = rpc::FromProto(mark.date(), absl::StrCat(path, ".date"));
    if (!date.ok()) return date.status();
    if (!date->has_value()) return rpc::MissingField(absl::StrCat(path, ".date"), "the day of the race");
    performances.push_back(HypotheticalMark(**discipline, *value, **date));
    if (absl::Status status = PutOnCourse(mark, path, performances.back()); !status.ok()) return status;
  }
  return performances;
}

template <typename Request>
absl::Status QualificationService::Answer(const rpc::Call& call, const Request& request, absl::string_view filter,
                                          const std::vector<AppliedStandard>& standards, const Person& person,
                                          const AskedDay& as_of, const Telling& telling,
                                          v1::QualifyResponse* response) const {
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), kVerdictPageSize, kLargestVerdictPage);
  if (!size.ok()) return size.status();
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(filter, kVerdictFilterFields);
  if (!conditions.ok()) return conditions.status();
  absl::StatusOr<std::string> last = calls_.page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  VerdictKey after;
  if (!last->empty()) {
    absl::StatusOr<VerdictKey> key = ParseKey(*last);
    if (!key.ok()) return key.status();
    after = *std::move(key);
  }
  struct Judged {
    VerdictKey key;
    Verdict verdict;
    int64_t revision;
  };
  std::vector<Judged> judged;
  for (const AppliedStandard& applied : standards) {
    if (!Matches(*conditions, *applied.standard)) continue;
    const AnswerDay day = as_of.For(*applied.standard);
    Verdict verdict = Evaluate(*applied.standard, person.facts.athlete, person.facts.performances, day);
    absl::Status placed = GivePlace(call, applied, day, person, {response->position(), telling.hypothetical}, verdict);
    if (!placed.ok()) return placed;
    VerdictKey key = KeyOf(verdict);
    if (!HasState(*conditions, verdict.status) || (!last->empty() && key <= after)) continue;
    judged.push_back({std::move(key), std::move(verdict), applied.revision});
  }
  std::sort(judged.begin(), judged.end(), [](const Judged& a, const Judged& b) { return a.key < b.key; });
  const auto shown = std::min(judged.size(), static_cast<size_t>(*size));
  for (size_t i = 0; i < shown; ++i) {
    v1::Verdict* out = response->add_verdicts();
    *out =
        ToProto(judged[i].verdict, judged[i].revision, person.facts.athlete, person.facts.performances, telling.others);
    out->set_athlete(person.name);
  }
  if (shown < judged.size()) {
    response->set_next_page_token(calls_.page_tokens->Make(request, FormatKey(judged[shown - 1].key)));
  }
  return absl::OkStatus();
}

grpc::Status QualificationService::Qualify(grpc::ServerContext* context, const v1::QualifyRequest* request,
                                           v1::QualifyResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.Qualify", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<Person> person;
        absl::StatusOr<std::vector<Performance>> hypothetical;
        absl::StatusOr<std::vector<AppliedStandard>> standards;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          response->set_position(reader->position());
          person = Find(call.caller, request->athlete());
          if (!person.ok()) return person.status();
          hypothetical = Hypothetical(request->hypothetical_marks(), "hypothetical_marks");
          if (!hypothetical.ok()) return hypothetical.status();
          standards = Chosen(request->standards(), person->facts.athlete);
          if (!standards.ok()) return standards.status();
        }
        const absl::StatusOr<AskedDay> as_of = AskedDay::Of(request->as_of_date(), calls_.clock(), *hypothetical);
        if (!as_of.ok()) return as_of.status();
        for (Performance& performance : *hypothetical) person->facts.performances.push_back(std::move(performance));
        const Telling telling{request->all_results() ? std::numeric_limits<int>::max() : kOthersTold,
                              !hypothetical->empty()};
        return Answer(call, *request, request->filter(), *standards, *person, *as_of, telling, response);
      });
}

grpc::Status QualificationService::BatchQualify(grpc::ServerContext* context, const v1::BatchQualifyRequest* request,
                                                v1::BatchQualifyResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.BatchQualify", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->athletes().empty()) return rpc::MissingField("athletes", "at least one athlete");
        if (request->standards().empty()) return rpc::MissingField("standards", "at least one standard");
        const int64_t count = int64_t{request->athletes_size()} * request->standards_size();
        if (count > kMostVerdicts) {
          return rpc::InvalidField("athletes", absl::StrCat(count, " verdicts"), "at most 10000 in one call");
        }
        const absl::StatusOr<AskedDay> as_of = AskedDay::Of(request->as_of_date(), calls_.clock());
        if (!as_of.ok()) return as_of.status();
        std::vector<Person> people;
        absl::StatusOr<std::vector<AppliedStandard>> standards;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          response->set_position(reader->position());
          standards = Chosen(request->standards(), {});
          if (!standards.ok()) return standards.status();
          for (const std::string& name : request->athletes()) {
            absl::StatusOr<Person> person = Find(call.caller, name);
            if (person.ok()) {
              people.push_back(*std::move(person));
            } else {
              response->add_missing_athletes(name);
            }
          }
        }
        for (const Person& person : people) {
          const AthleteFacts& facts = person.facts;
          for (const AppliedStandard& applied : *standards) {
            const AnswerDay day = as_of->For(*applied.standard);
            Verdict verdict = Evaluate(*applied.standard, facts.athlete, facts.performances, day);
            absl::Status placed = GivePlace(call, applied, day, person, {response->position(), false}, verdict);
            if (!placed.ok()) return placed;
            v1::Verdict* out = response->add_verdicts();
            *out = request->explained()
                       ? ToProto(verdict, applied.revision, facts.athlete, facts.performances, kOthersTold)
                       : ToBriefProto(verdict, applied.revision, facts.performances);
            out->set_athlete(person.name);
          }
        }
        return absl::OkStatus();
      });
}

grpc::Status QualificationService::WhatIf(grpc::ServerContext* context, const v1::WhatIfRequest* request,
                                          v1::QualifyResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.WhatIf", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->sex() == v1::SEX_UNSPECIFIED) return rpc::MissingField("sex", "men, women or X");
        if (request->marks().empty()) return rpc::MissingField("marks", "at least one mark");
        if (request->age() < 0 || request->age() > kOldest) {
          return rpc::InvalidField("age", absl::StrCat(request->age()), "0 to 120");
        }
        absl::StatusOr<athletics::PartialDate> birth = rpc::PartialFromProto(request->birth_date(), "birth_date");
        if (!birth.ok()) return birth.status();
        absl::StatusOr<std::string> country = CountryCode(request->country());
        if (!country.ok()) return country.status();
        Person person;
        absl::StatusOr<std::vector<AppliedStandard>> standards;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          response->set_position(reader->position());
          absl::StatusOr<std::vector<Performance>> marks = Hypothetical(request->marks(), "marks");
          if (!marks.ok()) return marks.status();
          person.facts.performances = *std::move(marks);
          person.facts.athlete.sex = rpc::FromProto(request->sex());
          standards = Chosen(request->standards(), person.facts.athlete);
          if (!standards.ok()) return standards.status();
        }
        const absl::StatusOr<AskedDay> as_of =
            AskedDay::Of(request->as_of_date(), calls_.clock(), person.facts.performances);
        if (!as_of.ok()) return as_of.status();
        Athlete& athlete = person.facts.athlete;
        if (request->age() > 0) {
          athlete = AnonymousRunner(athlete.sex, request->age(), person.facts.performances.front().date);
        }
        athlete.birth = *birth;
        athlete.country = *std::move(country);
        athlete.region = request->region();
        for (Performance& performance : person.facts.performances) {
          performance.sex = athlete.sex;
          performance.division = rpc::FromProto(request->division());
        }
        return Answer(call, *request, "", *standards, person, *as_of, {kOthersTold, true}, response);
      });
}

grpc::Status QualificationService::ListNearestStandards(grpc::ServerContext* context,
                                                        const v1::ListNearestStandardsRequest* request,
                                                        v1::ListNearestStandardsResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ListNearestStandards", *request,
      [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kNearestPageSize, kLargestNearestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = calls_.page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        NearnessKey after;
        if (!last->empty()) {
          absl::StatusOr<NearnessKey> key = ParseNearnessKey(*last);
          if (!key.ok()) return key.status();
          after = *std::move(key);
        }
        std::vector<std::string> disciplines;
        for (const std::string& text : request->disciplines()) {
          absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(text);
          if (!discipline.ok()) return rpc::InvalidField("disciplines", text, "a discipline such as marathon");
          disciplines.push_back((*discipline)->code);
        }
        absl::StatusOr<Person> person;
        absl::StatusOr<std::vector<AppliedStandard>> standards;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          response->set_position(reader->position());
          person = Find(call.caller, request->athlete());
          if (!person.ok()) return person.status();
          standards = Chosen({}, person->facts.athlete);
          if (!standards.ok()) return standards.status();
        }
        std::vector<const Standard*> rules;
        absl::flat_hash_map<const Standard*, int64_t> revisions;
        for (const AppliedStandard& applied : *standards) {
          rules.push_back(applied.standard.get());
          revisions[applied.standard.get()] = applied.revision;
        }
        const AthleteFacts& facts = person->facts;
        NearnessKey shown;
        for (const Nearness& near : NearestStandards(rules, facts.athlete, facts.performances, calls_.clock(),
                                                     std::numeric_limits<size_t>::max())) {
          const Considered& best = *near.verdict.Best();
          const std::string code = facts.performances[static_cast<size_t>(best.performance)].discipline->code;
          const bool wanted =
              (request->include_met() || near.verdict.counting < 0) &&
              (disciplines.empty() || std::find(disciplines.begin(), disciplines.end(), code) != disciplines.end());
          NearnessKey key = KeyOf(near);
          if (!wanted || (!last->empty() && key <= after)) continue;
          if (response->verdicts_size() == *size) {
            response->set_next_page_token(calls_.page_tokens->Make(*request, FormatKey(shown)));
            break;
          }
          v1::Verdict* out = response->add_verdicts();
          *out = ToProto(near.verdict, revisions[near.verdict.standard], facts.athlete, facts.performances, 0);
          out->set_athlete(person->name);
          shown = std::move(key);
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::qualification
