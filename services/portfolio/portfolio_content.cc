#include "services/portfolio/portfolio_content.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/portfolio/portfolio_credential.h"
#include "services/portfolio/portfolio_sections.h"
#include "services/portfolio/signed_results.h"
#include "services/profiles/text_check.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

using Selection = v1::PortfolioSelection;
constexpr int kAdultAge = 18;
constexpr int kLongestTitle = 200;  // bytes
constexpr int kMostNamed = 2000;    // results, standards or goals of a selection

// What the selection takes of a history.
class ResultFilter {
 public:
  static absl::StatusOr<ResultFilter> Make(const Selection& selection, const std::string& field) {
    ResultFilter filter;
    for (const std::string& text : selection.disciplines()) {
      const absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(text);
      if (!discipline.ok()) {
        return rpc::InvalidField(absl::StrCat(field, ".disciplines"), text, "a discipline such as marathon or 5000m");
      }
      filter.disciplines_.insert(*discipline);
    }
    auto first = rpc::FromProto(selection.period().start_date(), absl::StrCat(field, ".period.start_date"));
    if (!first.ok()) return first.status();
    auto last = rpc::FromProto(selection.period().end_date(), absl::StrCat(field, ".period.end_date"));
    if (!last.ok()) return last.status();
    if (first->has_value() && last->has_value() && **last < **first) {
      return rpc::InvalidField(absl::StrCat(field, ".period.end_date"), athletics::FormatDate(**last),
                               absl::StrCat("no day before ", athletics::FormatDate(**first)));
    }
    filter.first_ = *first;
    filter.last_ = *last;
    return filter;
  }

  bool Matches(const events::Race& race) const {
    return (disciplines_.empty() || disciplines_.contains(race.discipline)) &&
           (!first_.has_value() || race.date >= *first_) && (!last_.has_value() || race.date <= *last_);
  }

  const std::optional<athletics::Date>& last() const { return last_; }

 private:
  absl::flat_hash_set<const athletics::Discipline*> disciplines_;
  std::optional<athletics::Date> first_, last_;
};

struct SelectedLines {
  std::vector<HistoryLine> history;          // all that the athlete ever did
  std::vector<HistoryLine> lines;            // those of it that are selected
  std::optional<athletics::Date> end;        // the last day that is selected; nothing where it is not said
  absl::flat_hash_set<std::string> missing;  // results that are named and not there

  SummaryScope scope() const { return {&history, end}; }
};

absl::StatusOr<SelectedLines> LinesOf(const ContentSources& sources, int64_t athlete, const Selection& selection,
                                      Missing missing) {
  const absl::StatusOr<ResultFilter> filter = ResultFilter::Make(selection, "portfolio.selection");
  if (!filter.ok()) return filter.status();
  absl::flat_hash_set<std::string> named(selection.results().begin(), selection.results().end());
  SelectedLines selected;
  selected.history = sources.history->Lines(athlete);
  selected.end = filter->last();
  for (const HistoryLine& line : selected.history) {
    const events::Race& race = sources.results->calendar().race(line.row.race);
    if (!filter->Matches(race)) continue;
    const int64_t number = sources.results->sheet(line.row.race).Number(line.row.row);
    if (!selection.results().empty() && named.erase(results::ResultName(race, number)) == 0) continue;
    selected.lines.push_back(line);
  }
  selected.missing = std::move(named);
  if (selected.missing.empty() || missing == Missing::kLeftOut) return selected;
  return rpc::InvalidField("portfolio.selection.results",
                           *std::min_element(selected.missing.begin(), selected.missing.end()),
                           "public results of the athlete, of the disciplines and period");
}

// Five years, or under 18: no more is told of an age where an age band is.
athletics::AgeBand BandOf(int min, int max) {
  if (min < kAdultAge) return {0, kAdultAge - 1};
  return {std::max(kAdultAge, min / 5 * 5), max / 5 * 5 + 4};
}

void SetBand(const athletics::AgeBand& band, v1::AgeBand* out) {
  out->set_min_age(band.min);
  out->set_max_age(band.max);
  out->set_label(band.min == band.max ? absl::StrCat(band.min) : athletics::FormatAgeBand(band));
}

// What an entry tells of the person, made as much as was selected.
void TakePersonal(Selection::PersonalData personal, v1::HistoryEntry* entry) {
  switch (personal) {
    case Selection::PERSONAL_DATA_BIRTH_YEAR:
    case Selection::PERSONAL_DATA_BIRTH_DATE:
      return;
    case Selection::PERSONAL_DATA_NONE:
      entry->clear_age();
      entry->clear_club();
      return;
    default:
      if (entry->has_age()) SetBand(BandOf(entry->age().min_age(), entry->age().max_age()), entry->mutable_age());
  }
}

v1::PortfolioAthlete AthleteOf(const identity::Athletes& athletes, int64_t number, Selection::PersonalData personal,
                               athletics::Date day) {
  const identity::Athlete& athlete = athletes.athlete(number);
  v1::PortfolioAthlete out;
  out.set_sex(rpc::ToProto(athlete.sex));
  out.set_country(athlete.country);
  if (personal == Selection::PERSONAL_DATA_NONE) {
    out.set_pseudonym(absl::StrCat("Athlete ", number));
    return out;
  }
  const bool tells_birth =
      personal == Selection::PERSONAL_DATA_BIRTH_YEAR || personal == Selection::PERSONAL_DATA_BIRTH_DATE;
  out.set_display_name(athletes.NamesOf(number).display);
  for (const auto& club : athletes.details(number).clubs) {
    if (!club.last.has_value() || *club.last >= day) out.add_clubs(club.value);
  }
  if (const auto age = athletics::AgeOn(athlete.birth, day); age.has_value()) {
    SetBand(tells_birth ? athletics::AgeBand{age->min, age->max} : BandOf(age->min, age->max), out.mutable_age());
  }
  const v1::Date birth = rpc::ToProto(athlete.birth);
  if (tells_birth) out.set_birth_year(birth.year());
  if (personal == Selection::PERSONAL_DATA_BIRTH_DATE && birth.year() != 0) *out.mutable_birth_date() = birth;
  return out;
}

void AddRecord(const v1::HistoryEntry& entry, BestMarks standing, v1::VerifiedContent* verified) {
  if (standing.empty()) return;
  v1::PortfolioRecord record;
  record.mutable_bests()->Swap(&standing);
  record.set_result(entry.result());
  *record.mutable_date() = entry.date();
  record.set_discipline(entry.discipline());
  *record.mutable_mark() = entry.mark();
  record.set_race_display_name(entry.race_display_name());
  *verified->add_records() = std::move(record);
}

// The summary's parts are sections of their own. Others are named by their resource names alone: what is signed
// outlives their erasure, or their wish to be hidden.
void TakeSummary(v1::HistorySummary summary, v1::VerifiedContent* verified) {
  for (v1::DisciplineSummary& discipline : *summary.mutable_disciplines()) {
    v1::DisciplineSummary* progression = verified->add_progression();
    progression->set_discipline(discipline.discipline());
    progression->set_division(discipline.division());
    progression->mutable_progression()->Swap(discipline.mutable_progression());
    *verified->add_bests() = std::move(discipline);
  }
  verified->mutable_rankings()->Swap(summary.mutable_ranks());
  for (v1::Opponent& opponent : *summary.mutable_best_opponents()) opponent.clear_athlete_display_name();
  summary.clear_disciplines();
  summary.clear_position();
  *verified->mutable_summary() = std::move(summary);
}

void TakeProfile(v1::Profile profile, v1::SelfReportedContent* out) {
  google::protobuf::RepeatedPtrField<v1::ProfileItem> rest;
  for (v1::ProfileItem& item : *profile.mutable_items()) {
    switch (item.kind()) {
      case v1::ProfileItem::KIND_MEDIA_COVERAGE:
        *out->add_media() = std::move(item);
        break;
      case v1::ProfileItem::KIND_COMMUNITY:
        *out->add_community() = std::move(item);
        break;
      case v1::ProfileItem::KIND_SPONSORSHIP:
        *out->add_sponsorships() = std::move(item);
        break;
      default:
        *rest.Add() = std::move(item);
    }
  }
  profile.mutable_items()->Swap(&rest);
  out->mutable_reach()->Swap(profile.mutable_social_reach());
  for (auto clear : {&v1::Profile::clear_goals, &v1::Profile::clear_create_time, &v1::Profile::clear_update_time,
                     &v1::Profile::clear_etag, &v1::Profile::clear_position}) {
    (profile.*clear)();
  }
  profile.clear_name();
  if (profile.ByteSizeLong() > 0) *out->mutable_profile() = std::move(profile);
}

// What `ask` has of the names, without those that it does not know where they are to be left out.
template <typename Message>
absl::StatusOr<std::vector<Message>> OfNames(
    const Names& names, Missing missing, absl::FunctionRef<absl::StatusOr<std::vector<Message>>(const Names&)> ask) {
  if (missing == Missing::kRefused || names.empty()) return ask(names);
  std::vector<Message> all;
  for (const std::string& name : names) {
    Names one;
    *one.Add() = name;
    absl::StatusOr<std::vector<Message>> found = ask(one);
    if (absl::IsNotFound(found.status())) continue;
    if (!found.ok()) return found.status();
    all.insert(all.end(), std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
  }
  return all;
}

absl::Status TakeRest(const ContentSources& sources, int64_t athlete, const Selection& selection,
                      const std::set<Selection::Section>& sections, athletics::Date day, Missing missing,
                      v1::PortfolioContent* content) {
  if (sections.contains(Selection::SECTION_QUALIFICATIONS) && !selection.standards().empty()) {
    absl::StatusOr<std::vector<v1::Verdict>> verdicts =
        OfNames<v1::Verdict>(selection.standards(), missing,
                             [&](const Names& standards) { return sources.verdicts(athlete, standards, day); });
    if (!verdicts.ok()) return verdicts.status();
    for (v1::Verdict& verdict : *verdicts) {
      *content->mutable_verified()->add_qualifications() = std::move(verdict);
    }
  }
  if (sections.contains(Selection::SECTION_GOALS)) {
    absl::StatusOr<std::vector<v1::Goal>> goals = OfNames<v1::Goal>(
        selection.goals(), missing, [&](const Names& names) { return sources.goals(athlete, names); });
    if (!goals.ok()) return goals.status();
    for (v1::Goal& goal : *goals) *content->mutable_self_reported()->add_goals() = std::move(goal);
  }
  absl::StatusOr<v1::Profile> profile = sources.profile(athlete);
  if (!profile.ok()) return profile.status();
  TakeProfile(*std::move(profile), content->mutable_self_reported());
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTitle(const std::string& title, const std::string& field, const std::string& want) {
  if (profiles::IsBlank(title)) return rpc::MissingField(field, want);
  if (title.size() > kLongestTitle) return rpc::InvalidField(field, title.substr(0, 40), "at most 200 bytes");
  const std::optional<profiles::Problem> problem = profiles::FindProblem(title, {.most_characters = kLongestTitle});
  return problem.has_value() ? rpc::InvalidField(field, problem->seen, problem->wanted) : absl::OkStatus();
}

absl::Status CheckSelection(const Selection& selection, const std::string& field) {
  std::set<int> seen;
  for (const int section : selection.sections()) {
    if (!Selection::Section_IsValid(section) || section == Selection::SECTION_UNSPECIFIED ||
        !seen.insert(section).second) {
      return rpc::InvalidField(absl::StrCat(field, ".sections"), absl::StrCat(section), "known sections, each once");
    }
  }
  if (!Selection::PersonalData_IsValid(selection.personal_data())) {
    return rpc::InvalidField(absl::StrCat(field, ".personal_data"), absl::StrCat(selection.personal_data()),
                             "a known value");
  }
  for (const auto* names : {&selection.results(), &selection.standards(), &selection.goals()}) {
    if (names->size() > kMostNamed) {
      return rpc::InvalidField(field, absl::StrCat(names->size(), " names"), "at most 2000 of a kind");
    }
  }
  return ResultFilter::Make(selection, field).status();
}

absl::StatusOr<FrozenContent> Freeze(const ContentSources& sources, int64_t athlete, const Selection& selection,
                                     athletics::Date day, Missing missing) {
  const absl::StatusOr<SelectedLines> selected = LinesOf(sources, athlete, selection, missing);
  if (!selected.ok()) return selected.status();
  const std::vector<HistoryLine>& lines = selected->lines;
  const std::set<Selection::Section> sections = SectionsOf(selection);
  FrozenContent frozen;
  v1::PortfolioContent& content = frozen.content;
  content.set_format(1);
  *content.mutable_selection() = selection;
  Names& named = *content.mutable_selection()->mutable_results();
  named.erase(std::remove_if(named.begin(), named.end(),
                             [&](const std::string& name) { return selected->missing.contains(name); }),
              named.end());
  *content.mutable_athlete() = AthleteOf(*sources.athletes, athlete, selection.personal_data(), day);
  content.set_named_result_count(selection.results_size());
  TakeSummary(sources.history->Summary(athlete, lines, selected->scope()), content.mutable_verified());
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    v1::HistoryEntry entry = sources.history->Entry(*line, true);
    absl::StatusOr<std::string> digest = AssertionDigest(entry);
    if (!digest.ok()) return digest.status();
    frozen.results.push_back(
        {line->row.race, sources.results->sheet(line->row.race).Number(line->row.row), *std::move(digest)});
    BestMarks standing;
    sources.history->FillRecords(*line, day, &standing);
    SignRecords(sections, entry.bests(), standing, &frozen.results);
    TakePersonal(selection.personal_data(), &entry);
    AddRecord(entry, std::move(standing), content.mutable_verified());
    *content.mutable_verified()->add_results() = std::move(entry);
  }
  if (absl::Status status = TakeRest(sources, athlete, selection, sections, day, missing, &content); !status.ok())
    return status;
  KeepSections(sections, &content);
  absl::Status opponents = SignOpponents(*sources.results, content.verified().summary(), &frozen.results);
  if (!opponents.ok()) return opponents;
  absl::Status counting = SignVerdicts(sources, selected->history, content.verified(), &frozen.results);
  if (!counting.ok()) return counting;
  if (lines.empty()) {  // figures of nothing say nothing
    v1::VerifiedContent rest;
    rest.mutable_qualifications()->Swap(content.mutable_verified()->mutable_qualifications());
    *content.mutable_verified() = std::move(rest);
    if (content.verified().qualifications().empty()) content.clear_verified();
  }
  if (content.self_reported().ByteSizeLong() == 0) content.clear_self_reported();
  if (!content.has_self_reported() && !content.has_verified()) {
    return rpc::WithReason(absl::FailedPreconditionError("portfolio.selection: nothing of the athlete is in it"),
                           "NOTHING_SELECTED");
  }
  return frozen;
}

}  // namespace palmares::portfolio
