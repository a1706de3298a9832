#include "services/ingest/other_event.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"
#include "services/athletics/characters.h"
#include "services/ingest/event_title.h"
#include "services/ingest/record_limit.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

using athletics::Discipline;
using athletics::MarkUnit;
using athletics::Sex;

// In thousandths of the race's distance.
int64_t ToleranceOf(const Discipline& race) {
  if (athletics::OnTrack(race.surface)) return 3;
  return HasComparableRecord(race) ? 20 : 200;
}

bool IsOtherLength(int64_t named_mm, const Discipline& race) {
  if (named_mm == 0 || race.distance_mm == 0) return false;
  return std::abs(named_mm - race.distance_mm) > race.distance_mm / 1000 * ToleranceOf(race);
}

bool HasHurdles(const Discipline& discipline) {
  return discipline.hurdles > 0 || absl::StrContains(discipline.code, "mh") || absl::StrContains(discipline.code, "yh");
}

bool IsMedley(const Discipline& discipline) { return absl::StrContains(discipline.code, "medley"); }

// The code without the weight of an implement, an age group and the like: "shot-put-5kg", "heptathlon-u20".
absl::string_view PlainCode(absl::string_view code) {
  const size_t dash = code.rfind('-');
  if (dash == absl::string_view::npos) return code;
  const absl::string_view last = code.substr(dash + 1);
  const bool detail = last == "short" || athletics::IsDigit(last.front()) ||
                      (last.size() > 1 && last.front() == 'u' && athletics::IsDigit(last[1]));
  return detail ? code.substr(0, dash) : code;
}

bool IsOtherKindOfRun(const Discipline& named, bool flat_run, const Discipline& race) {
  if (HasHurdles(named) != HasHurdles(race) && (HasHurdles(named) || flat_run)) return true;
  if (named.steeplechase != race.steeplechase && (named.steeplechase || flat_run)) return true;
  // "5K Run/Walk" is both.
  return named.walk != race.walk && named.walk != flat_run;
}

bool IsOtherRelay(const Discipline& named, bool flat_run, const Discipline& race) {
  if (named.relay_legs > 0 && race.relay_legs > 0) {
    return named.relay_legs != race.relay_legs || IsMedley(named) != IsMedley(race) ||
           IsOtherLength(named.distance_mm, race);
  }
  if (named.relay_legs > 0) return true;
  // A relay may be called by the length of its legs.
  return flat_run ||
         (IsOtherLength(named.distance_mm, race) && IsOtherLength(named.distance_mm * race.relay_legs, race));
}

bool IsWomenOrMen(Sex sex) { return sex == Sex::kMen || sex == Sex::kWomen; }

// In a race for X by oneself women and men may run, too.
bool IsOtherSex(Sex named, const ReadOptions& options) {
  const bool relay = options.discipline != nullptr && options.discipline->relay_legs > 0;
  if (named == Sex::kUnknown || options.race_sex == Sex::kUnknown || named == options.race_sex) return false;
  return relay || (IsWomenOrMen(named) && IsWomenOrMen(options.race_sex));
}

absl::string_view SexName(Sex sex) { return sex == Sex::kMen ? "men" : sex == Sex::kWomen ? "women" : "mixed teams"; }

void TellOtherEvent(int64_t row, absl::string_view title, absl::string_view named, absl::string_view race,
                    Report* report) {
  AddIssue(
      MakeIssue(IssueCode::kOtherEvent, row, "", title, absl::StrCat("names the ", named, ", the race is the ", race),
                "the sheet of this race, or the race that this sheet is of"),
      report);
  report->refused = true;
}

void CheckSexOfEvent(const Heading& heading, const ReadOptions& options, Report* report) {
  const Sex sex = SexOfTitle(heading.text);
  if (!IsOtherSex(sex, options)) return;
  AddIssue(MakeIssue(IssueCode::kOtherEvent, heading.number, "", heading.text,
                     absl::StrCat("names ", SexName(sex), ", the race is for ", SexName(options.race_sex)),
                     "the sheet of this race, or the race that this sheet is of"),
           report);
  report->refused = true;
}

void CheckEventName(const Heading& heading, const ReadOptions& options, Report* report) {
  CheckSexOfEvent(heading, options, report);
  if (options.discipline == nullptr) return;
  const Discipline& race = *options.discipline;
  if (const std::optional<Discipline> named = DisciplineOfEvent(heading.text)) {
    if (IsOtherEvent(*named, SaysFlatRun(heading.text), race))
      TellOtherEvent(heading.number, heading.text, named->code, race.code, report);
    return;
  }
  if (race.unit != MarkUnit::kMilliseconds || !IsOtherLength(heading.distance_mm, race)) return;
  const bool leg = race.relay_legs > 0 && !IsOtherLength(heading.distance_mm * race.relay_legs, race);
  const std::string metres = absl::StrCat(heading.distance_mm / 1000, " m");
  if (!leg) TellOtherEvent(heading.number, absl::StrCat(heading.text, ", ", metres), metres, race.code, report);
}

// The lines of text above the header, and what else was left out there.
std::vector<Heading> TextTitles(const Table& table, const Layout& layout) {
  constexpr size_t kMostTitles = 40;
  std::vector<Heading> titles;
  for (const Heading& heading : table.headings()) {
    if (!heading.is_event) titles.push_back(heading);
  }
  const size_t header = layout.header_row.value_or(0);
  for (size_t row = 0; row < header && titles.size() < kMostTitles; ++row) {
    Heading title;
    title.number = table.number(row);
    for (size_t i = 0; i < table.columns(row); ++i) {
      const absl::string_view cell = Trimmed(table.cell(row, i));
      if (!cell.empty()) absl::StrAppend(&title.text, title.text.empty() ? "" : "; ", cell);
    }
    if (!title.text.empty()) titles.push_back(std::move(title));
  }
  return titles;
}

void CheckTextTitles(const std::vector<Heading>& titles, const Discipline& race, Report* report) {
  if (race.distance_mm == 0 || race.unit != MarkUnit::kMilliseconds) return;
  const Heading* other = nullptr;
  std::string named;
  for (size_t i = 0; i < titles.size(); ++i) {
    for (const MentionedDistance& mentioned : MentionedDistances(titles[i].text, i == 0)) {
      if (!IsOtherLength(mentioned.discipline.distance_mm, race)) return;
      if (other != nullptr || !mentioned.is_title) continue;
      other = &titles[i];
      named = mentioned.discipline.code;
    }
  }
  if (other != nullptr) TellOtherEvent(other->number, other->text, named, race.code, report);
}

}  // namespace

bool IsOtherEvent(const Discipline& named, bool flat_run, const Discipline& race) {
  if (named.unit != race.unit) return true;
  if (race.unit != MarkUnit::kMilliseconds) {
    return named.duration_s != race.duration_s ||
           (race.duration_s == 0 && PlainCode(named.code) != PlainCode(race.code));
  }
  if (named.relay_legs > 0 || race.relay_legs > 0) return IsOtherRelay(named, flat_run, race);
  return IsOtherKindOfRun(named, flat_run, race) || IsOtherLength(named.distance_mm, race);
}

void CheckEvent(const Table& table, const Layout& layout, const ReadOptions& options, Report* report) {
  for (const Heading& heading : table.headings()) {
    if (heading.is_event) CheckEventName(heading, options, report);
  }
  if (options.discipline != nullptr) CheckTextTitles(TextTitles(table, layout), *options.discipline, report);
}

}  // namespace palmares::ingest
