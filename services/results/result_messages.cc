#include "services/results/result_messages.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/athletics/mark.h"
#include "services/results/mark_facts.h"
#include "services/results/mark_scores.h"
#include "services/results/relay_legs.h"
#include "services/results/sheet_log.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::results {
namespace {

// Who was under 18 on race day is shown without their birth.
void FillPersonalFields(const Result& row, bool trusted, v1::ResultRow* out) {
  constexpr int kAdult = 18;
  if (trusted) {
    out->set_city(row.city);
    out->set_external_id(row.external_id);
    if (row.birth.known()) *out->mutable_birth_date() = rpc::ToProto(row.birth);
  } else if (row.birth.known() && row.age >= kAdult) {
    out->mutable_birth_date()->set_year(row.birth.year);
  }
}

void FillRow(const Result& row, v1::ResultRow* out) {
  out->set_bib(row.bib);
  out->set_official_mark(row.official_mark);
  out->set_gun_mark(row.gun_mark);
  out->set_chip_mark(row.chip_mark);
  out->set_name(row.name);
  out->set_sex(rpc::ToProto(row.sex));
  out->set_age(row.age);
  out->set_outcome(rpc::ToProto(row.outcome));
  out->set_place(row.place);
  out->set_country(row.country);
  out->set_club(row.club);
  out->set_category(row.category);
  out->set_division(rpc::ToProto(row.division));
  out->set_family_name(row.family_name);
  out->set_given_name(row.given_name);
  out->set_region(row.region);
  out->set_outcome_rule(row.outcome_rule);
  out->set_mark_text(row.mark_text);
  if (row.wind_cm_s.has_value()) out->set_wind_cm_s(*row.wind_cm_s);
  for (int64_t split : row.splits) out->add_splits(split);
  out->set_sex_place(row.sex_place);
  out->set_category_place(row.category_place);
  out->set_place_of(row.place_of);
  out->set_timing(static_cast<v1::Timing>(row.timing));
  for (const athletics::QualificationMark mark : row.qualification_marks) {
    out->add_qualification_marks(std::string(athletics::QualificationMarkCode(mark)));
  }
  for (const RelayLeg& leg : row.relay_legs) {
    v1::RelayLeg* shown = out->add_relay_legs();
    shown->set_name(leg.name);
    shown->set_bib(leg.bib);
    shown->set_split_mark(leg.split_mark);
  }
}

absl::Status CheckRelayLeg(const v1::RelayLeg& leg, const std::string& path) {
  constexpr size_t kLongestName = 1000, kLongestRunnerBib = 64;  // bytes, as of a row
  if (!leg.athlete().empty()) {
    return rpc::InvalidField(absl::StrCat(path, ".athlete"), leg.athlete(), "nothing: legs are not linked to athletes");
  }
  if (leg.split_mark() < 0) {
    return rpc::InvalidField(absl::StrCat(path, ".split_mark"), absl::StrCat(leg.split_mark()), "0 (none) or a time");
  }
  if (leg.name().size() > kLongestName) {
    return rpc::InvalidField(absl::StrCat(path, ".name"), absl::StrCat(leg.name().size(), " bytes"), "at most 1000");
  }
  if (leg.bib().size() > kLongestRunnerBib) {
    return rpc::InvalidField(absl::StrCat(path, ".bib"), absl::StrCat(leg.bib().size(), " bytes"), "at most 64");
  }
  return absl::OkStatus();
}

void AppendSplit(std::string* out, int64_t split) {
  absl::StrAppend(out, split == 0 ? "-" : athletics::FormatTime(split, split % 1000 == 0 ? 0 : 3));
}

}  // namespace

v1::Result ToProto(const Results& results, RowRef ref, const Result& row, const AthleteNames& athlete_names,
                   bool trusted) {
  const RaceSheet& sheet = results.sheet(ref.race);
  v1::Result out = ToProto(results.calendar().race(ref.race), sheet, ref.row, row, athlete_names, trusted);
  out.set_revision(results.RevisionCount(ref.race, sheet.Number(ref.row)));
  return out;
}

v1::Result ToProto(const events::Race& race, const RaceSheet& sheet, int64_t at, const Result& row,
                   const AthleteNames& athlete_names, bool trusted) {
  const RowFacts facts = sheet.Facts(at);
  v1::Result out;
  out.set_name(ResultName(race, sheet.Number(at)));
  FillRow(row, out.mutable_row());
  FillPersonalFields(row, trusted, out.mutable_row());
  out.set_athlete(athlete_names(facts.link.athlete));
  out.mutable_row()->set_athlete(out.athlete());
  const int64_t mark = row.official_mark;
  if (mark != 0) *out.mutable_mark() = rpc::ToProto(mark, *race.discipline);
  if (row.gun_mark != 0) *out.mutable_gun() = rpc::ToProto(row.gun_mark, *race.discipline);
  if (row.chip_mark != 0) *out.mutable_chip() = rpc::ToProto(row.chip_mark, *race.discipline);
  out.set_outcome(rpc::ToProto(facts.outcome));
  out.set_place(facts.place);
  out.set_sex_place(facts.sex_place);
  out.set_category_place(facts.category_place);
  out.set_sheet_state(rpc::ToProto(sheet.state));
  *out.mutable_create_time() = rpc::ToTimestamp(sheet.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(sheet.update_time_us);
  out.set_etag(rpc::Etag(sheet.Find(at).position));
  return out;
}

absl::StatusOr<std::vector<RelayLeg>> RelayLegsFromProto(const google::protobuf::RepeatedPtrField<v1::RelayLeg>& legs,
                                                         absl::string_view field) {
  if (static_cast<size_t>(legs.size()) > kMostRelayLegs) {
    return rpc::InvalidField(field, absl::StrCat(legs.size(), " legs"), absl::StrCat("at most ", kMostRelayLegs));
  }
  std::vector<RelayLeg> taken;
  taken.reserve(static_cast<size_t>(legs.size()));
  for (int i = 0; i < legs.size(); ++i) {
    if (absl::Status status = CheckRelayLeg(legs[i], absl::StrCat(field, "[", i, "]")); !status.ok()) return status;
    taken.push_back({legs[i].name(), legs[i].bib(), legs[i].split_mark()});
  }
  if (!taken.empty() && taken.back() == RelayLeg()) {
    return rpc::MissingField(absl::StrCat(field, "[", taken.size() - 1, "]"),
                             "a name, a bib or a time of the last leg");
  }
  return taken;
}

std::vector<v1::FieldChange> Differences(const Result& before, const Result& after,
                                         const athletics::Discipline& discipline) {
  std::vector<v1::FieldChange> changes;
  const auto note = [&changes](absl::string_view path, std::string old_value, std::string new_value) {
    if (old_value == new_value) return;
    v1::FieldChange& change = changes.emplace_back();
    change.set_path(std::string(path));
    change.set_old_value(std::move(old_value));
    change.set_new_value(std::move(new_value));
  };
  const auto text_of = [&discipline](int64_t mark) {
    return mark == 0 ? std::string() : athletics::FormatMark(mark, discipline);
  };
  const auto number = [](int64_t value) { return value == 0 ? std::string() : absl::StrCat(value); };
  const auto times = [](const std::vector<int64_t>& splits) {
    const bool any = std::any_of(splits.begin(), splits.end(), [](int64_t split) { return split != 0; });
    return any ? absl::StrJoin(splits, " ", AppendSplit) : std::string();
  };
  note("name", before.name, after.name);
  note("family_name", before.family_name, after.family_name);
  note("given_name", before.given_name, after.given_name);
  note("bib", before.bib, after.bib);
  note("sex", std::string(athletics::SexCode(before.sex)), std::string(athletics::SexCode(after.sex)));
  note("division", std::string(athletics::DivisionCode(before.division)),
       std::string(athletics::DivisionCode(after.division)));
  note("outcome", std::string(athletics::OutcomeCode(before.outcome)),
       std::string(athletics::OutcomeCode(after.outcome)));
  note("outcome_rule", before.outcome_rule, after.outcome_rule);
  note("age", number(before.age), number(after.age));
  note("birth_date", athletics::FormatPartialDate(before.birth), athletics::FormatPartialDate(after.birth));
  note("category", before.category, after.category);
  note("country", before.country, after.country);
  note("region", before.region, after.region);
  note("city", before.city, after.city);
  note("club", before.club, after.club);
  note("external_id", before.external_id, after.external_id);
  note("official_mark", text_of(before.official_mark), text_of(after.official_mark));
  note("gun_mark", text_of(before.gun_mark), text_of(after.gun_mark));
  note("chip_mark", text_of(before.chip_mark), text_of(after.chip_mark));
  note("wind_cm_s", before.wind_cm_s ? absl::StrCat(*before.wind_cm_s) : "",
       after.wind_cm_s ? absl::StrCat(*after.wind_cm_s) : "");
  note("mark_text", before.mark_text, after.mark_text);
  note("timing", std::string(athletics::TimingCode(before.timing)), std::string(athletics::TimingCode(after.timing)));
  note("qualification_marks", athletics::FormatQualificationMarks(before.qualification_marks),
       athletics::FormatQualificationMarks(after.qualification_marks));
  note("splits", times(before.splits), times(after.splits));
  note("relay_legs", FormatRelayLegs(before.relay_legs), FormatRelayLegs(after.relay_legs));
  note("place", number(before.place), number(after.place));
  note("place_of", number(before.place_of), number(after.place_of));
  note("sex_place", number(before.sex_place), number(after.sex_place));
  note("category_place", number(before.category_place), number(after.category_place));
  return changes;
}

bool IsPersonal(absl::string_view path) { return path == "birth_date" || path == "city" || path == "external_id"; }

void DescribeLegality(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                      athletics::Timing of_row, google::protobuf::RepeatedPtrField<v1::Legality>* out) {
  const athletics::MarkFacts facts = MarkFactsOf(race, sex, wind_cm_s, of_row);
  for (const athletics::Purpose purpose :
       {athletics::Purpose::kRecord, athletics::Purpose::kList, athletics::Purpose::kUsatf, athletics::Purpose::kBaa}) {
    v1::Legality* legality = out->Add();
    legality->set_purpose(static_cast<v1::Legality::Purpose>(purpose));
    const absl::StatusOr<athletics::LegalityVerdict> verdict = athletics::JudgeLegality(facts, purpose);
    if (!verdict.ok()) {  // facts that contradict each other decide nothing
      legality->set_state(v1::Legality::STATE_UNKNOWN);
      legality->set_rule("facts");
      legality->set_text(std::string(verdict.status().message()));
      continue;
    }
    legality->set_state(static_cast<v1::Legality::State>(verdict->legality));
    for (const athletics::LegalityReason& reason : verdict->reasons) {
      if (reason.legality == athletics::Legality::kLegal || reason.legality != verdict->legality) continue;
      legality->set_rule(reason.rule);
      legality->set_text(reason.text);
      break;
    }
  }
}

void DescribeScores(const Results& results, const FieldSizes& field_sizes, RowRef ref, const Result& row,
                    v1::Result* out) {
  const events::Race& race = results.calendar().race(ref.race);
  const RowFacts facts = results.sheet(ref.race).Facts(ref.row);
  out->set_field_size(field_sizes.Of(ref).field_size);
  const int64_t mark = BestMark(facts);
  if (mark == 0) return;
  const MarkScores scores(race, facts.sex, facts.division);
  out->set_points(scores.Points(mark, row.wind_cm_s, row.timing));
  out->set_age_grade_per_myriad(scores.AgeGrade(ShownAge(row.age, row.birth, race.date), mark));
}

void DescribeBests(const Results& results, const std::vector<BestThen>& bests,
                   google::protobuf::RepeatedPtrField<v1::BestMark>* out) {
  for (const BestThen& best : bests) {
    v1::BestMark* described = out->Add();
    switch (best.kind) {
      case BestKind::kRaceRecord:
        described->set_kind(v1::BestMark::KIND_RACE_RECORD);
        break;
      case BestKind::kCourseRecord:
        described->set_kind(v1::BestMark::KIND_COURSE_RECORD);
        break;
      case BestKind::kSeasonLead:
        described->set_kind(v1::BestMark::KIND_LIST_LEAD);
        break;
      case BestKind::kNationalBest:
        described->set_kind(v1::BestMark::KIND_NATIONAL_BEST);
        break;
      case BestKind::kPersonalBest:
        described->set_kind(v1::BestMark::KIND_PERSONAL_BEST);
        break;
      case BestKind::kSeasonBest:
        described->set_kind(v1::BestMark::KIND_SEASON_BEST);
        break;
    }
    described->set_legal(best.legal);
    if (!best.superseded.has_value()) continue;
    const RowRef before = *best.superseded;
    described->set_superseded_result(
        ResultName(results.calendar().race(before.race), results.sheet(before.race).Number(before.row)));
  }
}

void DescribeSheet(const RaceSheet& sheet, v1::Race* out) {
  out->set_sheet_state(rpc::ToProto(sheet.state));
  out->set_sheet_revision(sheet.revision);
  const SheetCounts counts = sheet.Count();
  out->mutable_counts()->set_rows(static_cast<int32_t>(counts.rows));
  out->mutable_counts()->set_finished(static_cast<int32_t>(counts.finished));
  out->mutable_counts()->set_did_not_finish(static_cast<int32_t>(counts.did_not_finish));
  out->mutable_counts()->set_did_not_start(static_cast<int32_t>(counts.did_not_start));
  out->mutable_counts()->set_disqualified(static_cast<int32_t>(counts.disqualified));
  out->mutable_counts()->set_other(static_cast<int32_t>(counts.other));
  out->mutable_counts()->set_linked(static_cast<int32_t>(counts.linked));
}

}  // namespace palmares::results
