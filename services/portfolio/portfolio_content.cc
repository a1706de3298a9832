#include "services/portfolio/portfolio_content.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "services/athletics/age.h"
#include "services/credentials/signature.h"
#include "services/portfolio/grounds.h"
#include "services/portfolio/portfolio_credential.h"
#include "services/portfolio/portfolio_sections.h"
#include "services/profiles/text_check.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

using Selection = v1::PortfolioSelection;
constexpr size_t kDigestBytes = 16;
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
  std::vector<HistoryLine> history;    // all that the athlete ever did
  std::vector<HistoryLine> lines;      // those of it that are selected
  std::optional<athletics::Date> end;  // the last day that is selected; nothing where it is not said

  SummaryScope scope() const { return {&history, end}; }
};

absl::StatusOr<SelectedLines> LinesOf(const ContentSources& sources, int64_t athlete, const Selection& selection) {
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
  if (named.empty()) return selected;
  return rpc::InvalidField("portfolio.selection.results", *std::min_element(named.begin(), named.end()),
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

void AddRecord(const HistoryMessages& history, const HistoryLine& line, const v1::HistoryEntry& entry,
               athletics::Date day, v1::VerifiedContent* verified) {
  v1::PortfolioRecord record;
  history.FillRecords(line, day, record.mutable_bests());
  if (record.bests().empty()) return;
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

absl::Status TakeRest(const ContentSources& sources, int64_t athlete, const Selection& selection,
                      const std::set<Selection::Section>& sections, athletics::Date day,
                      v1::PortfolioContent* content) {
  if (sections.contains(Selection::SECTION_QUALIFICATIONS) && !selection.standards().empty()) {
    absl::StatusOr<std::vector<v1::Verdict>> verdicts = sources.verdicts(athlete, selection.standards(), day);
    if (!verdicts.ok()) return verdicts.status();
    for (v1::Verdict& verdict : *verdicts) {
      *content->mutable_verified()->add_qualifications() = std::move(verdict);
    }
  }
  if (sections.contains(Selection::SECTION_GOALS)) {
    absl::StatusOr<std::vector<v1::Goal>> goals = sources.goals(athlete, selection.goals());
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

absl::StatusOr<std::string> AssertionDigest(const v1::HistoryEntry& entry) {
  v1::HistoryEntry asserted = entry;
  asserted.clear_race_display_name();
  asserted.clear_sheet_state();
  asserted.clear_field_size();
  asserted.clear_percentile();
  asserted.clear_points();
  asserted.clear_age_grade_per_myriad();
  asserted.clear_bests();
  asserted.clear_age();
  asserted.clear_venue_city();
  asserted.clear_venue_country();
  asserted.clear_level();
  asserted.clear_provenance();
  const absl::StatusOr<std::string> text = CanonicalMessage(asserted);
  if (!text.ok()) return text.status();
  return credentials::Sha256(*text).substr(0, kDigestBytes);
}

namespace {

// Of who was beaten: whether they finished, in which time and where.
std::string OpponentDigest(const results::Results& results, int32_t race, int64_t number) {
  const results::RaceSheet& sheet = results.sheet(race);
  const std::optional<int64_t> row = sheet.RowOfNumber(number);
  if (!row.has_value() || !results::Counts(sheet.state)) return GroundDigest(Ground::kOpponent, "");
  const results::RowFacts facts = sheet.Standing(*row);
  return GroundDigest(Ground::kOpponent, absl::StrCat(static_cast<int>(facts.outcome), " ", facts.official_mark, " ",
                                                      facts.chip_mark, " ", facts.place));
}

// The records that the result was when it was made, in place of an earlier one. Empty where it was none.
std::string RecordDigest(Ground ground, const google::protobuf::RepeatedPtrField<v1::BestMark>& bests) {
  std::string text;
  for (const v1::BestMark& best : bests) {
    const bool of_race =
        best.kind() == v1::BestMark::KIND_RACE_RECORD || best.kind() == v1::BestMark::KIND_COURSE_RECORD;
    const bool of_list = best.kind() == v1::BestMark::KIND_LIST_LEAD || best.kind() == v1::BestMark::KIND_NATIONAL_BEST;
    const bool counts = of_race || (of_list && ground != Ground::kRecord);
    if (!counts || best.superseded_result().empty()) continue;
    absl::StrAppend(&text, static_cast<int>(best.kind()), best.legal() ? "l " : " ");
  }
  return text.empty() ? text : GroundDigest(ground, text);
}

// What stands now of the records that are signed of a result, in the same form.
std::string RecordDigestNow(Ground ground, const HistoryMessages& history, const HistoryLine& line,
                            athletics::Date day) {
  if (ground != Ground::kStandingRecord) return RecordDigest(ground, history.Entry(line, true).bests());
  google::protobuf::RepeatedPtrField<v1::BestMark> standing;
  history.FillRecords(line, day, &standing);
  return RecordDigest(ground, standing);
}

// The records of the result that the sections tell of.
void SignRecords(const std::set<Selection::Section>& sections, const HistoryMessages& history, const HistoryLine& line,
                 athletics::Date day, std::vector<SignedResult>* out) {
  const SignedResult own = out->back();
  const bool shows_records = sections.contains(Selection::SECTION_RECORDS);
  std::vector<Ground> grounds;
  if (shows_records) {
    grounds = {Ground::kEveryRecord, Ground::kStandingRecord};
  } else if (sections.contains(Selection::SECTION_SUMMARY) || sections.contains(Selection::SECTION_RESULTS)) {
    grounds = {Ground::kRecord};
  }
  for (const Ground ground : grounds) {
    std::string digest = RecordDigestNow(ground, history, line, day);
    if (!digest.empty()) out->push_back({own.race, own.number, std::move(digest)});
  }
}

// Results of others that the summary names: those behind the athlete's, and those that tell how good they were.
absl::Status SignOpponents(const results::Results& results, const v1::HistorySummary& summary,
                           std::vector<SignedResult>* out) {
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    for (const std::string& name : {opponent.opponent_result(), opponent.opponent_points_result()}) {
      const absl::StatusOr<results::RowRef> row = results::FindResult(results, name);
      if (!row.ok()) return row.status();
      const int64_t number = results.sheet(row->race).Number(row->row);
      out->push_back({row->race, number, OpponentDigest(results, row->race, number)});
    }
  }
  return absl::OkStatus();
}

// Results that verdicts count and that are not among those selected: a standard looks at all that the athlete ran.
absl::Status SignVerdicts(const ContentSources& sources, const std::vector<HistoryLine>& history,
                          const v1::VerifiedContent& verified, std::vector<SignedResult>* out) {
  for (const v1::Verdict& verdict : verified.qualifications()) {
    if (verdict.counting().result().empty()) continue;
    const absl::StatusOr<results::RowRef> row = results::FindResult(*sources.results, verdict.counting().result());
    if (!row.ok()) return row.status();
    const int64_t number = sources.results->sheet(row->race).Number(row->row);
    const bool is_signed = std::any_of(out->begin(), out->end(), [&](const SignedResult& result) {
      return result.race == row->race && result.number == number && GroundOf(result) == Ground::kOwn;
    });
    const auto line = std::find_if(history.begin(), history.end(), [&](const HistoryLine& known) {
      return known.row.race == row->race && known.row.row == row->row;
    });
    if (is_signed || line == history.end()) continue;
    absl::StatusOr<std::string> digest = AssertionDigest(sources.history->Entry(*line, true));
    if (!digest.ok()) return digest.status();
    out->push_back({row->race, number, *std::move(digest)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FrozenContent> Freeze(const ContentSources& sources, int64_t athlete, const Selection& selection,
                                     athletics::Date day) {
  const absl::StatusOr<SelectedLines> selected = LinesOf(sources, athlete, selection);
  if (!selected.ok()) return selected.status();
  const std::vector<HistoryLine>& lines = selected->lines;
  const std::set<Selection::Section> sections = SectionsOf(selection);
  FrozenContent frozen;
  v1::PortfolioContent& content = frozen.content;
  content.set_format(1);
  *content.mutable_selection() = selection;
  *content.mutable_athlete() = AthleteOf(*sources.athletes, athlete, selection.personal_data(), day);
  content.set_named_result_count(selection.results_size());
  TakeSummary(sources.history->Summary(athlete, lines, selected->scope()), content.mutable_verified());
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    v1::HistoryEntry entry = sources.history->Entry(*line, true);
    absl::StatusOr<std::string> digest = AssertionDigest(entry);
    if (!digest.ok()) return digest.status();
    frozen.results.push_back(
        {line->row.race, sources.results->sheet(line->row.race).Number(line->row.row), *std::move(digest)});
    SignRecords(sections, *sources.history, *line, day, &frozen.results);
    TakePersonal(selection.personal_data(), &entry);
    AddRecord(*sources.history, *line, entry, day, content.mutable_verified());
    *content.mutable_verified()->add_results() = std::move(entry);
  }
  if (absl::Status status = TakeRest(sources, athlete, selection, sections, day, &content); !status.ok()) return status;
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

absl::StatusOr<std::vector<Corrected>> FindCorrected(const ContentSources& sources, int64_t athlete,
                                                     const PortfolioVersion& version) {
  const athletics::Date day = absl::ToCivilDay(absl::FromUnixMicros(version.sign_time_us), absl::UTCTimeZone());
  absl::flat_hash_map<std::pair<int32_t, int64_t>, HistoryLine> standing;
  for (const HistoryLine& line : sources.history->Lines(athlete)) {
    standing[{line.row.race, sources.results->sheet(line.row.race).Number(line.row.row)}] = line;
  }
  std::vector<Corrected> corrected;
  for (const SignedResult& result : version.results) {
    const Ground ground = GroundOf(result);
    Corrected found{&result, {}, ""};
    if (ground == Ground::kOpponent) {
      found.text = "of an opponent was corrected";
      if (OpponentDigest(*sources.results, result.race, result.number) != result.digest) corrected.push_back(found);
      continue;
    }
    const auto line = standing.find({result.race, result.number});
    if (ground != Ground::kOwn) {
      const bool is_told = !corrected.empty() && corrected.back().signed_result->race == result.race &&
                           corrected.back().signed_result->number == result.number;
      found.text = ground == Ground::kStandingRecord ? "was not the record that stood, as another result was corrected"
                                                     : "was no such record, as another result was corrected";
      const bool stands =
          line != standing.end() && RecordDigestNow(ground, *sources.history, line->second, day) == result.digest;
      if (!is_told && !stands) corrected.push_back(found);
      continue;
    }
    if (line != standing.end()) {
      found.now = sources.history->Entry(line->second, true);
      const absl::StatusOr<std::string> digest = AssertionDigest(found.now);
      if (!digest.ok()) return digest.status();
      if (*digest == result.digest) continue;
    }
    corrected.push_back(std::move(found));
  }
  return corrected;
}

absl::StatusOr<bool> IsSuperseded(const ContentSources& sources, const Portfolio& portfolio,
                                  const PortfolioVersion& version) {
  if (version.version != portfolio.newest().version) return true;
  const absl::StatusOr<std::vector<Corrected>> corrected =
      FindCorrected(sources, sources.athletes->Resolve(portfolio.athlete), version);
  if (!corrected.ok()) return corrected.status();
  return !corrected->empty();
}

std::string DescribeCorrection(const v1::HistoryEntry& before, const v1::HistoryEntry& now) {
  if (now.result().empty()) return "does not stand as a public result of the athlete any more";
  const auto outcome_text = [](const v1::HistoryEntry& entry) {
    return absl::StrCat(entry.outcome() == v1::OUTCOME_FINISHED ? "finished"
                                                                : v1::Outcome_Name(entry.outcome()).substr(8));
  };
  std::vector<std::string> parts;
  const auto compare = [&](absl::string_view what, const std::string& old_text, const std::string& new_text) {
    if (old_text == new_text) return;
    parts.push_back(absl::StrCat(what, " ", old_text.empty() ? "none" : old_text, " became ",
                                 new_text.empty() ? "none" : new_text));
  };
  const auto place = [](int32_t number) { return number == 0 ? std::string() : absl::StrCat(number); };
  if (now.outcome() == v1::OUTCOME_DISQUALIFIED && before.outcome() != now.outcome()) {
    parts.push_back(absl::StrCat("was disqualified",
                                 now.outcome_rule().empty() ? "" : absl::StrCat(" (", now.outcome_rule(), ")")));
  } else {
    compare("outcome", outcome_text(before), outcome_text(now));
  }
  compare("mark", before.mark().text(), now.mark().text());
  compare("gun time", before.gun().text(), now.gun().text());
  compare("chip time", before.chip().text(), now.chip().text());
  compare("place", place(before.place()), place(now.place()));
  compare("place by sex", place(before.sex_place()), place(now.sex_place()));
  compare("place in category", place(before.category_place()), place(now.category_place()));
  return parts.empty() ? "was corrected" : absl::StrJoin(parts, ", ");
}

}  // namespace palmares::portfolio
