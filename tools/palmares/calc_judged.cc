#include "tools/palmares/calc_judged.h"

#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/athletics/combined.h"
#include "services/athletics/legality.h"
#include "services/athletics/result_score.h"
#include "services/athletics/typed.h"

namespace palmares::tools {
namespace {

constexpr athletics::Purpose kJudgedPurposes[] = {athletics::Purpose::kRecord, athletics::Purpose::kList,
                                                  athletics::Purpose::kUsatf, athletics::Purpose::kBaa};

// A mark of one event, made comparable where it was taken by hand; 0 for "-", which is none.
absl::StatusOr<int64_t> EventMark(absl::string_view text, const std::string& event) {
  if (text == "-") return 0;
  const auto discipline = athletics::FindDiscipline(event);
  if (!discipline.ok()) return discipline.status();
  const auto mark = athletics::ReadMark(text, **discipline);
  if (!mark.ok()) return absl::InvalidArgumentError(absl::StrCat(event, ": ", mark.status().message()));
  const bool hand = mark->timing == athletics::Timing::kHand;
  return mark->mark + (hand ? athletics::HandTimeAddition(event) : 0);
}

absl::StatusOr<CalcAnswers> ScoreCompetition(const CalcInputs& inputs, const athletics::ScoringTables& tables) {
  const auto sex = SexInput(inputs);
  if (!sex.ok()) return sex.status();
  const auto competition = athletics::ReadDiscipline(inputs.Get("competition"), tables);
  if (!competition.ok()) return competition.status();
  const std::vector<std::string> events = athletics::CombinedEvents(competition->code, *sex);
  if (events.empty()) {
    return WrongInput("competition", inputs.Get("competition"),
                      "decathlon or heptathlon-short for M, heptathlon or pentathlon-short for W");
  }
  const std::vector<std::string> texts =
      absl::StrSplit(inputs.Get("marks"), absl::ByAnyChar(" ;\t"), absl::SkipWhitespace());
  if (texts.size() != events.size()) {
    return WrongInput("marks", inputs.Get("marks"),
                      absl::StrCat(events.size(), " marks, \"-\" for none, of ", absl::StrJoin(events, ", ")));
  }
  std::vector<int64_t> marks;
  marks.reserve(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto mark = EventMark(texts[i], events[i]);
    if (!mark.ok()) return mark.status();
    marks.push_back(*mark);
  }
  const auto scored = athletics::ScoreCombined(competition->code, *sex, marks);
  if (!scored.ok()) return scored.status();
  return CalcAnswers{{"total", absl::StrCat(scored->total)}, {"points", absl::StrJoin(scored->points, " ")}};
}

absl::Status ReadKnown(const CalcInputs& inputs, const std::string& name, std::optional<bool>& out) {
  const std::string text = absl::AsciiStrToLower(absl::StripAsciiWhitespace(inputs.Get(name)));
  if (text.empty()) return absl::OkStatus();
  if (text != "yes" && text != "no")
    return WrongInput(name, inputs.Get(name), "yes or no, or nothing where it is not known");
  out = text == "yes";
  return absl::OkStatus();
}

absl::Status ReadScaled(const CalcInputs& inputs, const std::string& name, double scale, absl::string_view want,
                        std::optional<int64_t>& out) {
  constexpr double kLargestInput = 100'000;
  if (inputs.Get(name).empty()) return absl::OkStatus();
  double value = 0;
  if (!absl::SimpleAtod(inputs.Get(name), &value) || !(std::abs(value) <= kLargestInput)) {
    return WrongInput(name, inputs.Get(name), want);
  }
  out = RoundedUp(value, scale);
  return absl::OkStatus();
}

absl::Status ReadDayOf(const CalcInputs& inputs, const std::string& name, std::optional<athletics::Date>& out) {
  if (inputs.Get(name).empty()) return absl::OkStatus();
  const auto day = athletics::ParseDate(inputs.Get(name));
  if (!day.ok()) return WrongInput(name, inputs.Get(name), "a day as 2025-06-01");
  out = *day;
  return absl::OkStatus();
}

absl::Status ReadCourseFacts(const CalcInputs& inputs, athletics::CourseFacts& course) {
  constexpr double kMillimetresPerMetre = 1000, kPermillePerPerCent = 10;
  absl::Status status = ReadKnown(inputs, "certified", course.certified);
  status.Update(ReadDayOf(inputs, "valid_from", course.certificate_first));
  status.Update(ReadDayOf(inputs, "valid_to", course.certificate_last));
  status.Update(ReadScaled(inputs, "net_drop", kMillimetresPerMetre, "metres", course.net_drop_mm));
  status.Update(ReadScaled(inputs, "separation", kPermillePerPerCent, "per cent", course.separation_permille));
  status.Update(ReadKnown(inputs, "indoor", course.indoor));
  const std::string& track = inputs.Get("track");
  if (track == "short" || track == "oversized") course.short_track = track == "short";
  if (!track.empty() && !course.short_track.has_value())
    status.Update(WrongInput("track", inputs.Get("track"), "short or oversized"));
  return status;
}

// "record: tail wind 2.3 m/s, at most 2.0 m/s"
void AddReasons(athletics::Purpose purpose, const athletics::LegalityVerdict& verdict, std::vector<std::string>& out) {
  for (const athletics::LegalityReason& reason : verdict.reasons) {
    if (reason.legality == athletics::Legality::kLegal) continue;
    out.push_back(absl::StrCat(athletics::PurposeCode(purpose), ": ", reason.text));
  }
  if (verdict.added_ms > 0) {
    out.push_back(absl::StrCat(athletics::PurposeCode(purpose), ": ", athletics::FormatTime(verdict.added_ms),
                               " is added for the drop"));
  }
}

absl::StatusOr<CalcAnswers> JudgeMark(const CalcInputs& inputs, const athletics::ScoringTables& tables) {
  const auto discipline = athletics::ReadDiscipline(inputs.Get("discipline"), tables);
  if (!discipline.ok()) return discipline.status();
  const auto sex = SexInput(inputs);
  if (!sex.ok()) return sex.status();
  std::optional<athletics::Date> day;
  athletics::MarkFacts facts;
  facts.discipline = &*discipline;
  facts.sex = *sex;
  absl::Status status = ReadDayOf(inputs, "date", day);
  if (status.ok() && !day.has_value())
    status = WrongInput("date", inputs.Get("date"), "the day of the race as 2025-06-01");
  const absl::StatusOr<athletics::Timing> timing = TimingInput(inputs);
  status.Update(timing.status());
  status.Update(ReadKnown(inputs, "mixed", facts.mixed_race));
  status.Update(ReadCourseFacts(inputs, facts.course));
  if (!status.ok()) return status;
  facts.date = *day;
  facts.timing = *timing;
  if (!inputs.Get("wind").empty()) {
    const auto wind = ReadWind(inputs.Get("wind"));
    if (!wind.ok()) return wind.status();
    facts.wind_cm_s = *wind;
  }
  CalcAnswers answers;
  std::vector<std::string> reasons;
  for (const athletics::Purpose purpose : kJudgedPurposes) {
    const auto verdict = athletics::JudgeLegality(facts, purpose);
    if (!verdict.ok()) return verdict.status();
    answers.emplace_back(athletics::PurposeCode(purpose), athletics::LegalityName(verdict->legality));
    AddReasons(purpose, *verdict, reasons);
  }
  answers.emplace_back("reasons", absl::StrJoin(reasons, "; "));
  return answers;
}

}  // namespace

Calculation CombinedCalculation() {
  return {"combined",
          "points of a decathlon, heptathlon or their short-track forms",
          {{"competition", "decathlon, heptathlon, heptathlon-short, pentathlon-short"},
           {"sex", "M or W"},
           {"marks",
            "in the events' order, with spaces between: \"12.69 1.86 15.80 22.56 7.27 45.66 2:08.51\"; -: none; "
            "h: by hand"}},
          {"total", "points"},
          ScoreCompetition};
}

Calculation LegalityCalculation() {
  return {"legality",
          "what a mark is legal for: records, World Athletics' lists, US Olympic Trials, Boston",
          {{"discipline", "what was contested: marathon, 100m, 4x400m"},
           {"sex", "M, W or X"},
           {"date", "day of the race"},
           {"wind", "m/s, tail wind positive"},
           {"timing", "hand, automatic or transponder"},
           {"mixed", "yes or no: men and women raced together"},
           {"certified", "yes or no: the road course is certified"},
           {"net_drop", "from start to finish, metres"},
           {"separation", "start to finish in a straight line, per cent of the distance"},
           {"valid_from", "first day of the certificate"},
           {"valid_to", "its last day"},
           {"indoor", "yes or no"},
           {"track", "short (at most 200 m) or oversized"}},
          {"record", "list", "usatf", "baa", "reasons"},
          JudgeMark};
}

}  // namespace palmares::tools
