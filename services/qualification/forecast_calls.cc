// Looking ahead: Forecast, ForecastCutoff.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/equivalent.h"
#include "services/athletics/mark.h"
#include "services/qualification/explain.h"
#include "services/qualification/forecast.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr double kEightyPerCent = 1.2816;  // standard errors on either side
constexpr int kEquivalentMonths = 24;      // older results say little
constexpr char kMethod[] =
    "The level is the mean of the logarithms of the athlete's marks of the last five years, each year back weighing "
    "0.6 "
    "of the one after it, moved by the usual change for the age. Around it lie the residuals of 44,976 pairs of "
    "results "
    "of the Boston Marathon 2001 to 2009, by how many marks there are and how long ago the last one is. On 24,017 "
    "results "
    "of 2010 to 2013 that were held back, the 80 % interval held 74 % (42 % in the hot year 2012, else 73 to 89 %); "
    "the "
    "Brier score of meeting a qualifying time was 0.189, that of \"the same as last time\" 0.290, that of the early "
    "years' mean 0.244. The probability is that of one race on the day; it is a guide at best for other disciplines "
    "and "
    "courses.";
constexpr char kCutoffMethod[] =
    "Half way between the last cut-off and the median of all before; the interval adds the smallest and the largest "
    "change seen from one edition to the next. Over the editions 2016 to 2026 of the Boston Marathon, each foretold "
    "from "
    "those before it, the interval held 8 of 11 and the mean error was 148 s (\"the same as last time\": 167 s). "
    "Changes "
    "of the standards or of the number of places are not foreseen.";

v1::Mark MarkOf(int64_t mark, const athletics::Discipline& discipline) { return rpc::ToProto(mark, discipline); }

bool IsRace(const athletics::Discipline& discipline) {
  return discipline.unit == athletics::MarkUnit::kMilliseconds && discipline.lower_is_better;
}

// The best recent mark of every other distance, as what it is worth in the discipline.
void FillEquivalents(const AthleteFacts& facts, const athletics::Discipline& discipline, athletics::Date today,
                     v1::ForecastResponse* out) {
  std::map<std::string, std::pair<int64_t, const Performance*>> best;  // by discipline
  for (const Performance& each : facts.performances) {
    const int64_t mark = each.chip_mark > 0 ? each.chip_mark : std::max(each.official_mark, each.gun_mark);
    const bool other = each.discipline != &discipline && IsRace(*each.discipline) && mark > 0 &&
                       each.outcome == athletics::Outcome::kFinished &&
                       each.division == athletics::Division::kRunning &&
                       each.date >= athletics::AddMonths(today, -kEquivalentMonths) && each.date <= today;
    if (!other) continue;
    auto& [known, performance] = best[each.discipline->code];
    if (performance != nullptr && known <= mark) continue;
    known = mark;
    performance = &each;
  }
  for (const auto& [code, found] : best) {
    const auto& [mark, performance] = found;
    const auto equivalent = athletics::RiegelEquivalent(*performance->discipline, discipline, mark);
    if (!equivalent.ok()) continue;  // a hurdle race, or too short a distance for the formula
    v1::EquivalentMark* row = out->add_equivalents();
    row->set_result(performance->result);
    row->set_discipline(code);
    *row->mutable_mark() = MarkOf(mark, *performance->discipline);
    *row->mutable_equivalent_mark() = MarkOf(equivalent->mark, discipline);
    row->set_method(std::string(athletics::EquivalentMethodName(equivalent->method)));
  }
}

void FillGaps(const AthleteFacts& facts, const NeededMark& needed, v1::ForecastResponse* out) {
  for (const Performance& each : facts.performances) {
    const int64_t mark = each.chip_mark > 0 ? each.chip_mark : std::max(each.official_mark, each.gun_mark);
    if (each.discipline != needed.discipline || mark <= 0 || each.outcome != athletics::Outcome::kFinished) continue;
    v1::GapPoint* point = out->add_gaps();
    *point->mutable_date() = rpc::ToProto(each.date);
    *point->mutable_gap() = MarginOf(needed.mark - mark, needed.mark, *needed.discipline);
    point->set_result(each.result);
  }
}

std::string Sentence(const Standard& standard, const StandardForecast& forecast) {
  const athletics::Discipline& discipline = *forecast.needed.discipline;
  std::string text = absl::StrFormat(
      "%s: a %s of about %s is to be expected, eight times in ten between %s and %s; %s is needed, and the chance of "
      "one "
      "race is %.0f %%.",
      standard.name, discipline.name, athletics::FormatMark(forecast.mark.median / 1000 * 1000, discipline),
      athletics::FormatMark(forecast.mark.fast / 1000 * 1000, discipline),
      athletics::FormatMark(forecast.mark.slow / 1000 * 1000, discipline),
      athletics::FormatMark(forecast.needed.mark, discipline), forecast.chance * 100);
  if (forecast.mark.marks == 1) text += " It rests on one result alone.";
  if (forecast.trend.has_value() && std::abs(forecast.trend->per_year) < 2 * forecast.trend->standard_error) {
    text += " The marks show no trend that could be told from chance.";
  }
  return text;
}

void FillForecast(const Standard& standard, const StandardForecast& forecast, v1::ForecastResponse* out) {
  const athletics::Discipline& discipline = *forecast.needed.discipline;
  out->set_enough(true);
  out->set_probability(forecast.chance);
  *out->mutable_expected_mark() = MarkOf(forecast.mark.median, discipline);
  *out->mutable_low_mark() = MarkOf(forecast.mark.fast, discipline);
  *out->mutable_high_mark() = MarkOf(forecast.mark.slow, discipline);
  if (forecast.trend.has_value()) {
    const Trend& trend = *forecast.trend;
    out->set_trend_percent_per_year(std::expm1(trend.per_year) * 100);
    out->set_trend_low_percent(std::expm1(trend.per_year - kEightyPerCent * trend.standard_error) * 100);
    out->set_trend_high_percent(std::expm1(trend.per_year + kEightyPerCent * trend.standard_error) * 100);
  }
  out->set_comparable_athletes(kFittedPairs);
  *out->mutable_needed() = ToProto(forecast.needed, standard);
  out->set_method(kMethod);
  out->set_explanation(Sentence(standard, forecast));
}

// The event in which the athlete stands best.
int EventOf(const Standard& standard, const AthleteFacts& facts, athletics::Date today) {
  return standard.events.size() == 1 ? 0 : Evaluate(standard, facts.athlete, facts.performances, today).event;
}

std::string TooLittle(const Standard& standard, const AthleteFacts& facts, int event, athletics::Date today) {
  const athletics::Discipline& discipline = *standard.events[static_cast<size_t>(event)].discipline;
  if (!IsRace(discipline)) return absl::StrCat("The ", discipline.name, " is no race on foot: there is no forecast.");
  if (NeededMarks(standard, facts.athlete, event, today).empty()) {
    return absl::StrCat(standard.name, " has closed, or has no mark for the athlete's category.");
  }
  return absl::StrCat("No ", discipline.name, " of the last five years is on file: too little to say.");
}

// Earlier editions of the scheme with their cut-offs, oldest first.
std::vector<std::pair<athletics::Date, std::shared_ptr<const Standard>>> CutoffsBefore(const StandardsView& standards,
                                                                                       const Standard& standard) {
  std::vector<std::pair<athletics::Date, std::shared_ptr<const Standard>>> before;
  for (const auto& [id, loaded] : standards.standards()) {
    const Standard& other = *loaded.standard;
    const bool earlier = other.scheme == standard.scheme && other.event_day && other.field.cutoff_ms &&
                         (!standard.event_day || *other.event_day < *standard.event_day);
    if (earlier) before.emplace_back(*other.event_day, loaded.standard);
  }
  std::sort(before.begin(), before.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return before;
}

}  // namespace

grpc::Status QualificationService::Forecast(grpc::ServerContext* context, const v1::ForecastRequest* request,
                                            v1::ForecastResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.Forecast", *request, [&](const rpc::Call& call) -> absl::Status {
        auto by = rpc::FromProto(request->by_date(), "by_date");
        if (!by.ok()) return by.status();
        absl::StatusOr<Person> person;
        absl::StatusOr<AppliedStandard> applied;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          response->set_position(reader->position());
          person = Find(call.caller, request->athlete());
          if (!person.ok()) return person.status();
          applied = views_.standards->Resolve(request->standard());
          if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", request->standard());
          if (!applied.ok()) return applied.status();
        }
        const Standard& standard = *applied->standard;
        const athletics::Date today = AtInstant(standard, calls_.clock()).day;
        if (by->has_value() && **by < today) {
          return rpc::InvalidField("by_date", athletics::FormatDate(**by), "today or a day to come");
        }
        const AthleteFacts& facts = person->facts;
        const int event = EventOf(standard, facts, today);
        const auto forecast = ForecastStandard(standard, facts.athlete, facts.performances, event, today, *by);
        if (!forecast.has_value()) {
          response->set_explanation(TooLittle(standard, facts, event, today));
          return absl::OkStatus();
        }
        FillForecast(standard, *forecast, response);
        FillGaps(facts, forecast->needed, response);
        FillEquivalents(facts, *forecast->needed.discipline, today, response);
        return absl::OkStatus();
      });
}

grpc::Status QualificationService::ForecastCutoff(grpc::ServerContext* context,
                                                  const v1::ForecastCutoffRequest* request,
                                                  v1::ForecastCutoffResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ForecastCutoff", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        absl::StatusOr<AppliedStandard> applied = views_.standards->Resolve(request->standard());
        if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", request->standard());
        if (!applied.ok()) return applied.status();
        const Standard& standard = *applied->standard;
        if (standard.field.selection != Selection::kLargestMargin) {
          return rpc::InvalidField("standard", request->standard(), "a standard whose places go by a cut-off");
        }
        const athletics::Discipline& discipline = *standard.events.front().discipline;
        const auto before = CutoffsBefore(*views_.standards, standard);
        std::vector<int64_t> cutoffs;
        cutoffs.reserve(before.size());
        for (const auto& [day, edition] : before) cutoffs.push_back(*edition->field.cutoff_ms);
        for (auto it = before.rbegin(); it != before.rend(); ++it) {
          const Standard& edition = *it->second;
          v1::CutoffHistory* row = response->add_history();
          row->set_standard(absl::StrCat("standards/", edition.id));
          if (*edition.field.cutoff_ms > 0) *row->mutable_cutoff() = MarginOf(*edition.field.cutoff_ms, 0, discipline);
          if (!edition.sources.empty()) row->set_source_uri(edition.sources.front().url);
        }
        const auto forecast = qualification::ForecastCutoff(cutoffs);
        if (!forecast.has_value()) {
          response->set_method(
              absl::StrCat("Only ", cutoffs.size(), " earlier cut-offs are known: too little to say."));
          return absl::OkStatus();
        }
        *response->mutable_expected_cutoff() = MarginOf(forecast->expected, 0, discipline);
        *response->mutable_low_cutoff() = MarginOf(forecast->least, 0, discipline);
        *response->mutable_high_cutoff() = MarginOf(forecast->most, 0, discipline);
        response->set_method(kCutoffMethod);
        return absl::OkStatus();
      });
}

}  // namespace palmares::qualification
