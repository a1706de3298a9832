#include "services/comparisons/comparison_messages.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/comparisons/compare_athletes.h"
#include "services/comparisons/course_comparison.h"
#include "services/comparisons/field_strength.h"
#include "services/identity/visibility.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::comparisons {
namespace {

using athletics::Discipline;
using results::RowRef;

constexpr int32_t kPageSize = 50;
constexpr int32_t kLargestPage = 500;
constexpr int kFewestAthletesCompared = 2;
constexpr int kMostAthletesCompared = 10;
constexpr int kUsualTop = 10;
constexpr int kMostTop = 1000;
constexpr int kMostCourses = 20;

absl::StatusOr<const Discipline*> DisciplineField(const std::string& text, absl::string_view field) {
  const auto found = athletics::FindDiscipline(text);
  if (found.ok()) return *found;
  return rpc::InvalidField(field, text, absl::StrCat("a discipline (", found.status().message(), ")"));
}

absl::Status ReadPeriod(const v1::DateRange& period, std::optional<athletics::Date>& from,
                        std::optional<athletics::Date>& to) {
  const auto start = rpc::FromProto(period.start_date(), "period.start_date");
  if (!start.ok()) return start.status();
  const auto end = rpc::FromProto(period.end_date(), "period.end_date");
  if (!end.ok()) return end.status();
  if (start->has_value() && end->has_value() && **end < **start) {
    return rpc::InvalidField("period.end_date", athletics::FormatDate(**end), "a day not before the start_date");
  }
  from = *start;
  to = *end;
  return absl::OkStatus();
}

std::string NameOfRow(const Views& views, RowRef row) {
  return results::ResultName(views.results->calendar().race(row.race), views.results->sheet(row.race).Number(row.row));
}

void FillBest(const Views& views, const Best& best, v1::ComparedBest* out) {
  out->set_discipline(best.discipline->code);
  *out->mutable_mark() = rpc::ToProto(best.mark, *best.discipline);
  out->set_result(NameOfRow(views, best.row));
  out->set_points(best.points);
}

absl::StatusOr<CompareQuery> ReadCompareQuery(const rpc::Call& call, const Views& views,
                                              const v1::CompareAthletesRequest& request) {
  CompareQuery query;
  for (int i = 0; i < request.athletes_size(); ++i) {
    const int64_t athlete = identity::FindVisible(*views.athletes, *views.results, call.caller, request.athletes(i));
    if (athlete == 0) return rpc::NotFound("athlete", request.athletes(i));
    if (std::find(query.athletes.begin(), query.athletes.end(), athlete) != query.athletes.end()) {
      return rpc::InvalidField(absl::StrCat("athletes[", i, "]"), request.athletes(i), "each athlete once");
    }
    query.athletes.push_back(athlete);
  }
  for (int i = 0; i < request.disciplines_size(); ++i) {
    const auto discipline = DisciplineField(request.disciplines(i), absl::StrCat("disciplines[", i, "]"));
    if (!discipline.ok()) return discipline.status();
    query.disciplines.insert(*discipline);
  }
  if (absl::Status status = ReadPeriod(request.period(), query.from, query.to); !status.ok()) return status;
  return query;
}

void FillMeeting(const Views& views, const CompareQuery& query, const Meeting& meeting, v1::Meeting* out) {
  const events::Race& race = views.results->calendar().race(meeting.race);
  out->set_race(race.name);
  out->set_race_display_name(events::DisplayName(race));
  *out->mutable_date() = rpc::ToProto(race.date);
  out->set_discipline(race.discipline->code);
  for (const Appearance& appearance : meeting.appearances) {
    v1::MeetingResult* result = out->add_results();
    result->set_athlete(views.athletes->Name(query.athletes[appearance.athlete]));
    result->set_result(NameOfRow(views, appearance.row));
    result->set_place(appearance.facts.place);
    if (appearance.facts.official_mark != 0) {
      *result->mutable_mark() = rpc::ToProto(appearance.facts.official_mark, *race.discipline);
    }
    result->set_outcome(rpc::ToProto(appearance.facts.outcome));
  }
}

void FillTotals(const Views& views, const CompareQuery& query, const Comparison& comparison,
                v1::CompareAthletesResponse* response) {
  for (size_t i = 0; i < query.athletes.size(); ++i) {
    v1::ComparedAthlete* out = response->add_athletes();
    out->set_athlete(views.athletes->Name(query.athletes[i]));
    out->set_athlete_display_name(views.athletes->athlete(query.athletes[i]).display_name);
    for (const Best& best : comparison.bests[i]) FillBest(views, best, out->add_bests());
  }
  for (const PairCount& pair : comparison.pairs) {
    v1::HeadToHead* out = response->add_pairs();
    out->set_first_athlete(views.athletes->Name(query.athletes[pair.first]));
    out->set_second_athlete(views.athletes->Name(query.athletes[pair.second]));
    out->set_first_ahead(pair.first_ahead);
    out->set_second_ahead(pair.second_ahead);
    out->set_tied(pair.tied);
  }
}

// Where the page begins: after the meeting that the last one ended with. Meetings are newest first, by day and number.
absl::StatusOr<size_t> FirstMeeting(const Views& views, const Comparison& comparison, absl::string_view last) {
  if (last.empty()) return size_t{0};
  const std::vector<absl::string_view> parts = absl::StrSplit(last, ',');
  int32_t day = 0, number = 0;
  int64_t division = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &day) || !absl::SimpleAtoi(parts[1], &number) ||
      !absl::SimpleAtoi(parts[2], &division)) {
    return rpc::InvalidField("page_token", last, "a page token");
  }
  size_t at = 0;
  for (; at < comparison.meetings.size(); ++at) {
    const Meeting& meeting = comparison.meetings[at];
    const int32_t own_day = athletics::DaysSince1970(views.results->calendar().race(meeting.race).date);
    const auto own_division = static_cast<int64_t>(meeting.appearances.front().facts.division);
    if (std::tuple(-own_day, -meeting.race, own_division) > std::tuple(-day, -number, division)) break;
  }
  return at;
}

std::string KeyOf(const Views& views, const Meeting& meeting) {
  return absl::StrCat(athletics::DaysSince1970(views.results->calendar().race(meeting.race).date), ",", meeting.race,
                      ",", static_cast<int>(meeting.appearances.front().facts.division));
}

// Whether there is anything of that name: an event, an edition or a race.
absl::Status CheckCourse(const Views& views, const std::string& name, const std::string& field) {
  const events::Calendar& calendar = views.results->calendar();
  if (name.empty()) return rpc::MissingField(field, "events/{event}, an edition, a race or a course of one");
  if (calendar.FindEvent(name) != nullptr || calendar.FindEdition(name) != nullptr ||
      calendar.FindRace(name) != nullptr || calendar.FindCourse(name) != nullptr) {
    return absl::OkStatus();
  }
  return rpc::NotFound("course", name);
}

// Courses must not lie in each other, and no race may have been run on two of them.
absl::Status CheckApart(const Views& views, const std::vector<std::string>& courses) {
  for (size_t i = 0; i < courses.size(); ++i) {
    for (size_t j = 0; j < courses.size(); ++j) {
      if (i == j || !events::IsUnder(courses[j], courses[i])) continue;
      return rpc::InvalidField("courses", courses[j],
                               absl::StrCat("courses that do not lie in each other, as in ", courses[i]));
    }
  }
  const events::Calendar& calendar = views.results->calendar();
  for (int32_t number = 0; number < calendar.race_count(); ++number) {
    const events::Race& race = calendar.race(number);
    const std::string* first = nullptr;
    for (const std::string& course : courses) {
      if (!RunOn(race, course)) continue;
      if (first != nullptr) {
        return rpc::InvalidField("courses", course,
                                 absl::StrCat("courses without a race in common; ", race.name, " lies in ", *first));
      }
      first = &course;
    }
  }
  return absl::OkStatus();
}

// The one discipline that was run on all courses.
absl::StatusOr<const Discipline*> OnlyDiscipline(const Views& views, const std::vector<std::string>& courses) {
  std::set<std::string> codes;
  const Discipline* only = nullptr;
  const events::Calendar& calendar = views.results->calendar();
  for (int32_t number = 0; number < calendar.race_count(); ++number) {
    const events::Race& race = calendar.race(number);
    const bool among =
        std::any_of(courses.begin(), courses.end(), [&race](const std::string& course) { return RunOn(race, course); });
    if (!among || !results::Counts(views.results->sheet(number).state)) continue;
    codes.insert(race.discipline->code);
    only = race.discipline;
  }
  if (codes.size() == 1) return only;
  if (codes.empty()) return rpc::MissingField("discipline", "one: the courses have no results yet");
  return rpc::MissingField("discipline", absl::StrCat("one of ", absl::StrJoin(codes, ", ")));
}

absl::Status ReadCourseClock(v1::Clock clock, CourseQuery& query) {
  if (clock == v1::CLOCK_UNSPECIFIED) return absl::OkStatus();
  if (clock != v1::CLOCK_GUN && clock != v1::CLOCK_CHIP) {
    const std::string name = v1::Clock_IsValid(clock) ? v1::Clock_Name(clock) : absl::StrCat(static_cast<int>(clock));
    return rpc::InvalidField("clock", name, "gun or chip: official times are of one here and of the other there");
  }
  query.clock = rpc::FromProto(clock);
  return absl::OkStatus();
}

}  // namespace

absl::Status AnswerCompareAthletes(const rpc::Call& call, const Views& views, const v1::CompareAthletesRequest& request,
                                   v1::CompareAthletesResponse* response) {
  const auto size = rpc::PageSize(request.page_size(), kPageSize, kLargestPage);
  if (!size.ok()) return size.status();
  if (request.athletes_size() < kFewestAthletesCompared || request.athletes_size() > kMostAthletesCompared) {
    return rpc::InvalidField("athletes", absl::StrCat(request.athletes_size(), " athletes"), "two to ten");
  }
  const auto query = ReadCompareQuery(call, views, request);
  if (!query.ok()) return query.status();
  const auto last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  const Comparison comparison = Compare(*query, *views.results, *views.athletes);
  const auto first = FirstMeeting(views, comparison, *last);
  if (!first.ok()) return first.status();
  if (last->empty()) FillTotals(views, *query, comparison, response);
  for (size_t i = *first; i < comparison.meetings.size(); ++i) {
    if (response->meetings_size() == *size) {
      response->set_next_page_token(call.calls->page_tokens->Make(request, KeyOf(views, comparison.meetings[i - 1])));
      break;
    }
    FillMeeting(views, *query, comparison.meetings[i], response->add_meetings());
  }
  return absl::OkStatus();
}

absl::Status AnswerFieldStrength(const Views& views, const v1::GetFieldStrengthRequest& request,
                                 v1::FieldStrength* response) {
  if (request.race().empty()) return rpc::MissingField("race", "events/{event}/editions/{edition}/races/{race}");
  if (request.top() < 0 || request.top() > kMostTop) {
    return rpc::InvalidField("top", absl::StrCat(request.top()), "1 to 1000, or 0 for 10");
  }
  if (!v1::Sex_IsValid(request.sex())) {
    return rpc::InvalidField("sex", absl::StrCat(static_cast<int>(request.sex())),
                             "one of the values that the API names");
  }
  const events::Race* race = views.results->calendar().FindRace(request.race());
  if (race == nullptr) return rpc::NotFound("race", request.race());
  FieldQuery query;
  query.race = race->number;
  query.sex = rpc::FromProto(request.sex());
  query.top = request.top() == 0 ? kUsualTop : request.top();
  const FieldStrength strength = StrengthOf(query, *views.results, *views.athletes);
  FieldPercentile percentile;
  response->set_race(race->name);
  if (strength.score.has_value()) {
    percentile = PercentileOf(query, *strength.score, *views.results, *views.athletes);
    response->set_score(*strength.score);
    if (percentile.percentile.has_value()) response->set_percentile(*percentile.percentile);
  }
  response->set_starters(strength.starters);
  response->set_starters_known(strength.known);
  response->set_starters_unknown(strength.starters - strength.known);
  response->set_method(FieldStrengthMethod(query, percentile));
  for (const StrongStarter& starter : strength.strongest) {
    v1::ComparedAthlete* out = response->add_strongest();
    if (identity::MayBeNamed(*views.athletes, starter.athlete)) {
      out->set_athlete(views.athletes->Name(starter.athlete));
      out->set_athlete_display_name(views.athletes->athlete(starter.athlete).display_name);
    }
    const Discipline* discipline = views.results->calendar().race(starter.row.race).discipline;
    FillBest(views, {discipline, starter.row, starter.mark, starter.points}, out->add_bests());
  }
  return absl::OkStatus();
}

absl::Status AnswerCompareCourses(const Views& views, const v1::CompareCoursesRequest& request,
                                  v1::CompareCoursesResponse* response) {
  if (request.courses().empty() || request.courses_size() > kMostCourses) {
    return rpc::InvalidField("courses", absl::StrCat(request.courses_size(), " courses"), "1 to 20");
  }
  CourseQuery query;
  for (int i = 0; i < request.courses_size(); ++i) {
    const std::string field = absl::StrCat("courses[", i, "]");
    if (absl::Status status = CheckCourse(views, request.courses(i), field); !status.ok()) return status;
    query.courses.push_back(request.courses(i));
  }
  query.reference = request.reference_course();
  std::vector<std::string> all = query.courses;
  if (!query.reference.empty()) {
    if (absl::Status status = CheckCourse(views, query.reference, "reference_course"); !status.ok()) return status;
    if (std::find(all.begin(), all.end(), query.reference) == all.end()) all.push_back(query.reference);
  }
  if (absl::Status status = CheckApart(views, all); !status.ok()) return status;
  if (absl::Status status = ReadPeriod(request.period(), query.from, query.to); !status.ok()) return status;
  if (absl::Status status = ReadCourseClock(request.clock(), query); !status.ok()) return status;
  const auto discipline =
      request.discipline().empty() ? OnlyDiscipline(views, all) : DisciplineField(request.discipline(), "discipline");
  if (!discipline.ok()) return discipline.status();
  query.discipline = *discipline;
  if (query.discipline->unit != athletics::MarkUnit::kMilliseconds) {
    return rpc::InvalidField("discipline", query.discipline->code, "one that is raced against the clock");
  }
  const auto figures = CompareCourses(query, *views.results, *views.athletes);
  if (!figures.ok()) return rpc::WithReason(figures.status(), "QUERY_TOO_BROAD");
  for (size_t i = 0; i < figures->courses.size(); ++i) {
    const CourseFigures& course = figures->courses[i];
    v1::CourseComparison* out = response->add_comparisons();
    out->set_course(query.courses[i]);
    out->set_effect_percent(course.effect_percent);
    out->set_low_percent(course.low_percent);
    out->set_high_percent(course.high_percent);
    out->set_athletes(course.athletes);
    out->set_pairs(course.pairs);
    out->set_enough(course.enough);
    out->set_reason(course.reason);
  }
  response->set_clock(rpc::ToProto(figures->clock));
  response->set_method(CourseMethod(figures->clock));
  return absl::OkStatus();
}

}  // namespace palmares::comparisons
