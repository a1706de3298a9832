// palmares compare: athletes head to head, the strength of a field, how fast courses are.
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct AthletesOptions {
  std::vector<std::string> athletes;
  std::vector<std::string> disciplines;
  int64_t limit = -1;
};

struct FieldOptions {
  std::string race;
  std::string sex;
  int top = 10;
};

struct CoursesOptions {
  std::vector<std::string> courses;
  std::string reference;
  std::string discipline;
  std::string from;
  std::string to;
  std::string clock;
};

std::string NameOf(const v1::CompareAthletesResponse& comparison, const std::string& athlete) {
  for (const v1::ComparedAthlete& one : comparison.athletes()) {
    if (one.athlete() == athlete) return Printable(one.athlete_display_name());
  }
  return athlete;
}

std::string PairsText(const v1::CompareAthletesResponse& comparison) {
  std::string text;
  for (const v1::HeadToHead& pair : comparison.pairs()) {
    absl::StrAppend(&text, NameOf(comparison, pair.first_athlete()), " ", pair.first_ahead(), " : ",
                    pair.second_ahead(), " ", NameOf(comparison, pair.second_athlete()),
                    pair.tied() > 0 ? absl::StrCat(", ", pair.tied(), " tied") : "", "\n");
  }
  return absl::StrCat(text, "\n");
}

Table MeetingTable(const v1::CompareAthletesResponse& comparison) {
  Table table{{{"date", ColumnKind::kCode},
               {"race", ColumnKind::kText, ColumnUse::kTableOnly},
               {"race", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"discipline", ColumnKind::kCode},
               {"place", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber},
               {"outcome", ColumnKind::kCode},
               {"name"},
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Meeting& meeting : comparison.meetings()) {
    for (const v1::MeetingResult& result : meeting.results()) {
      table.rows.push_back({FormatDate(meeting.date()), meeting.race_display_name(), meeting.race(),
                            meeting.discipline(), NumberOrEmpty(result.place()), MarkText(result.mark()),
                            OutcomeCode(result.outcome()), NameOf(comparison, result.athlete()), result.athlete(),
                            result.result()});
    }
  }
  return table;
}

absl::StatusOr<ExitCode> CompareAthletes(Session& session, const AthletesOptions& options) {
  v1::CompareAthletesRequest request;
  for (const std::string& text : options.athletes) {
    const auto athlete = AthleteName(text);
    if (!athlete.ok()) return athlete.status();
    request.add_athletes(*athlete);
  }
  for (const std::string& discipline : options.disciplines) request.add_disciplines(discipline);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto comparison =
      (*connection)
          ->CallPages(&v1::RankingService::Stub::CompareAthletes, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_meetings(); });
  if (!comparison.ok()) return comparison.status();
  session.PrintText(PairsText(*comparison));
  session.Print(*comparison, MeetingTable(*comparison));
  if (comparison->meetings().empty()) session.Say("They never met.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowField(Session& session, const FieldOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto race = RaceName(**connection, options.race);
  if (!race.ok()) return race.status();
  v1::GetFieldStrengthRequest request;
  request.set_race(*race);
  request.set_top(options.top);
  if (!options.sex.empty()) {
    const auto sex = ParseSex(options.sex);
    if (!sex.ok()) return sex.status();
    request.set_sex(*sex);
  }
  const auto field = (*connection)->Call(&v1::RankingService::Stub::GetFieldStrength, request);
  if (!field.ok()) return field.status();
  const std::string strength =
      field->has_score() ? absl::StrCat("Strength ", FormatDown(field->score(), 1), " points") : "Strength unknown";
  const std::string stronger =
      field->has_percentile()
          ? absl::StrCat(", stronger than ", FormatDown(field->percentile(), 0), " % of earlier fields")
          : "";
  session.PrintText(absl::StrFormat("%s%s; %d of %d starters known\n(%s)\n\n", strength, stronger,
                                    field->starters_known(), field->starters(), field->method()));
  Table table{{{"points", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber},
               {"discipline", ColumnKind::kCode},
               {"name"},
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::ComparedAthlete& athlete : field->strongest()) {
    const v1::ComparedBest& best = athlete.bests(0);
    table.rows.push_back({absl::StrCat(best.points()), MarkText(best.mark()), best.discipline(),
                          athlete.athlete_display_name(), athlete.athlete(), best.result()});
  }
  session.Print(*field, table);
  return ExitCode::kDone;
}

// "boston-marathon", "boston-marathon/editions/2012" and whole names.
std::string CourseName(const std::string& text) {
  return absl::StartsWith(text, "events/") ? text : absl::StrCat("events/", text);
}

absl::StatusOr<ExitCode> CompareCourses(Session& session, const CoursesOptions& options) {
  v1::CompareCoursesRequest request;
  for (const std::string& course : options.courses) request.add_courses(CourseName(course));
  if (!options.reference.empty()) request.set_reference_course(CourseName(options.reference));
  request.set_discipline(options.discipline);
  if (!options.from.empty()) {
    const auto from = ParseDay(options.from, "--from");
    if (!from.ok()) return from.status();
    *request.mutable_period()->mutable_start_date() = *from;
  }
  if (!options.to.empty()) {
    const auto to = ParseDay(options.to, "--to");
    if (!to.ok()) return to.status();
    *request.mutable_period()->mutable_end_date() = *to;
  }
  if (!options.clock.empty()) {
    const auto clock = ParseEnumCode<v1::Clock>(options.clock);
    if (!clock.ok()) return absl::InvalidArgumentError(absl::StrCat("--clock: ", clock.status().message()));
    request.set_clock(*clock);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto courses = (*connection)->Call(&v1::RankingService::Stub::CompareCourses, request);
  if (!courses.ok()) return courses.status();
  Table table{{{"course", ColumnKind::kCode},
               {"slower_percent", ColumnKind::kNumber},
               {"low", ColumnKind::kNumber},
               {"high", ColumnKind::kNumber},
               {"athletes", ColumnKind::kNumber},
               {"pairs", ColumnKind::kNumber},
               {"note", ColumnKind::kSentence}},
              {}};
  bool all = true;
  for (const v1::CourseComparison& course : courses->comparisons()) {
    const auto percent = [&](double value) { return course.enough() ? absl::StrFormat("%+.2f", value) : ""; };
    table.rows.push_back({course.course(), percent(course.effect_percent()), percent(course.low_percent()),
                          percent(course.high_percent()), absl::StrCat(course.athletes()), absl::StrCat(course.pairs()),
                          course.reason()});
    all = all && course.enough();
  }
  session.Print(*courses, table);
  if (courses->clock() != v1::CLOCK_UNSPECIFIED) {
    session.Say(absl::StrCat("Times compared: ", EnumCode(courses->clock()), "."));
  }
  session.Say(absl::StrCat("Method: ", courses->method(), "."));
  return all ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

void AddCompareCommands(Commands& commands) {
  CLI::App* compare = commands.Group("compare", "Comparisons: athletes head to head, fields, courses");
  const auto athletes = std::make_shared<AthletesOptions>();
  CLI::App* head_to_head = commands.Add(compare, "athletes", "Compares athletes: races they met in, who was ahead",
                                        {"palmares compare athletes 1042 7311 --discipline marathon"},
                                        [athletes](Session& session) { return CompareAthletes(session, *athletes); });
  head_to_head->add_option("ATHLETE", athletes->athletes, "Two to ten athletes: 1042 or athletes/1042")
      ->required()
      ->expected(2, 10);
  head_to_head->add_option("--discipline", athletes->disciplines, "Only races of this discipline; may be repeated")
      ->type_name("D");
  AddLimit(head_to_head, &athletes->limit);
  const auto field = std::make_shared<FieldOptions>();
  CLI::App* strength =
      commands.Add(compare, "field", "Says how strong a race's field was, by what its starters had done",
                   {"palmares compare field 2013/races/open --sex W"},
                   [field](Session& session) { return ShowField(session, *field); });
  strength->add_option("RACE", field->race, "Race: 2013/races/open")->required();
  strength->add_option("--sex", field->sex, "Only this category; default: all")
      ->transform(OneOf({"W", "M", "X"}))
      ->type_name("W|M|X");
  strength->add_option("--top", field->top, "How many of the best are looked at")
      ->check(WholeNumber(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  const auto courses = std::make_shared<CoursesOptions>();
  CLI::App* fast = commands.Add(
      compare, "courses", "Says how fast courses are, from athletes who ran several; exit code 1 when too few did",
      {"palmares compare courses boston-marathon/editions/2012 --reference boston-marathon/editions/2011"},
      [courses](Session& session) { return CompareCourses(session, *courses); });
  fast->add_option("COURSE", courses->courses, "Events, editions or races: boston-marathon/editions/2012")
      ->required()
      ->expected(1, 20);
  fast->add_option("--reference", courses->reference, "Course to compare with; default: the average of all")
      ->type_name("COURSE");
  fast->add_option("--clock", courses->clock,
                   "Which times are compared; default: those of which more pairs of results have both")
      ->transform(OneOf({"chip", "gun"}))
      ->type_name("chip|gun");
  fast->add_option("--discipline", courses->discipline, "What was run, where the courses had several")->type_name("D");
  fast->add_option("--from", courses->from, "Only results from this day on")->type_name("DATE");
  fast->add_option("--to", courses->to, "Only results up to this day")->type_name("DATE");
}

}  // namespace palmares::tools
