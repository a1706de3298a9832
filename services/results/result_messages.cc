#include "services/results/result_messages.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/results/mark_facts.h"
#include "services/results/mark_scores.h"
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
}

absl::Status SetField(const std::string& path, const v1::ResultRow& from, Result& row) {
  const auto mark = [&path](int64_t value, int64_t& out) {
    if (value < 0) return rpc::InvalidField(absl::StrCat("row.", path), absl::StrCat(value), "0 (none) or a mark");
    out = value;
    return absl::OkStatus();
  };
  if (!v1::Sex_IsValid(from.sex())) return rpc::InvalidField("row.sex", absl::StrCat(from.sex()), "a sex of the API");
  if (!v1::Division_IsValid(from.division())) {
    return rpc::InvalidField("row.division", absl::StrCat(from.division()), "a division of the API");
  }
  if (!v1::Outcome_IsValid(from.outcome())) {
    return rpc::InvalidField("row.outcome", absl::StrCat(from.outcome()), "an outcome of the API");
  }
  if (path == "official_mark") return mark(from.official_mark(), row.official_mark);
  if (path == "gun_mark") return mark(from.gun_mark(), row.gun_mark);
  if (path == "chip_mark") return mark(from.chip_mark(), row.chip_mark);
  if (path == "age") {
    if (from.age() < 0 || from.age() > 120) return rpc::InvalidField("row.age", absl::StrCat(from.age()), "0 to 120");
    row.age = from.age();
  } else if (path == "birth_date") {
    absl::StatusOr<athletics::PartialDate> birth = rpc::PartialFromProto(from.birth_date(), "row.birth_date");
    if (!birth.ok()) return birth.status();
    row.birth = *birth;
  } else if (path == "country") {
    const auto country = athletics::FindCountry(from.country());
    if (!from.country().empty() && !country.has_value()) {
      return rpc::InvalidField("row.country", from.country(), "a country's code or name");
    }
    row.country = country.has_value() ? std::string(country->code) : "";
  } else if (path == "name") {
    if (from.name().empty()) return rpc::MissingField("row.name", "a name");
    row.name = from.name();
    row.family_name = from.family_name();
    row.given_name = from.given_name();
  } else if (path == "bib") {
    row.bib = from.bib();
  } else if (path == "sex") {
    row.sex = rpc::FromProto(from.sex());
  } else if (path == "division") {
    row.division = rpc::FromProto(from.division());
  } else if (path == "outcome") {
    row.outcome = rpc::FromProto(from.outcome());
  } else if (path == "outcome_rule") {
    row.outcome_rule = from.outcome_rule();
  } else if (path == "family_name") {
    row.family_name = from.family_name();
  } else if (path == "given_name") {
    row.given_name = from.given_name();
  } else if (path == "category") {
    row.category = from.category();
  } else if (path == "club") {
    row.club = from.club();
  } else if (path == "region") {
    row.region = from.region();
  } else if (path == "city") {
    row.city = from.city();
  } else if (path == "wind_cm_s") {
    row.wind_cm_s = from.has_wind_cm_s() ? std::optional<int32_t>(from.wind_cm_s()) : std::nullopt;
  } else {
    return rpc::InvalidField("update_mask", path,
                             "fields of a row: official_mark, gun_mark, chip_mark, name, family_name, given_name, bib, "
                             "sex, age, birth_date, "
                             "country, category, club, region, city, division, outcome, outcome_rule, wind_cm_s");
  }
  return absl::OkStatus();
}

// A correction of one of the two alone moves the other with it, where the official mark is the time on the race's
// clock.
void FollowClock(const Result& before, const events::Race& race, Result& row) {
  const athletics::Discipline& discipline = *race.discipline;
  int64_t Result::*const clock = PlaceRuleOf(race).clock == Clock::kChip ? &Result::chip_mark : &Result::gun_mark;
  const auto timing = static_cast<athletics::Timing>(race.data.timing());
  const auto official = [&discipline, timing](int64_t mark) {
    return athletics::OfficialFromClock(mark, discipline, timing);
  };
  const bool followed = before.*clock != 0 && before.official_mark == official(before.*clock);
  const int64_t reading = row.official_mark;
  if (reading != before.official_mark) row.official_mark = official(reading);
  if (!followed) return;
  if (row.*clock != before.*clock && row.*clock != 0 && reading == before.official_mark) {
    row.official_mark = official(row.*clock);
    row.mark_text.clear();
  } else if (reading != before.official_mark && reading != 0 && row.*clock == before.*clock) {
    row.*clock = reading;
    row.mark_text.clear();
  }
}

absl::Status CheckRow(const Result& row, const athletics::Discipline& discipline) {
  const bool finished = row.outcome == athletics::Outcome::kFinished;
  if (finished && row.official_mark == 0 && row.gun_mark == 0 && row.chip_mark == 0) {
    return rpc::MissingField("row.official_mark", "a mark, or an outcome other than finished");
  }
  if (row.gun_mark != 0 && row.chip_mark > row.gun_mark) {
    return rpc::InvalidField(
        "row.chip_mark", athletics::FormatMark(row.chip_mark, discipline),
        absl::StrCat("at most the gun mark, ", athletics::FormatMark(row.gun_mark, discipline), ", or both set"));
  }
  return absl::OkStatus();
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

absl::StatusOr<Result> Corrected(const Result& before, const v1::ResultRow& changes,
                                 const google::protobuf::FieldMask& mask, const events::Race& race) {
  Result row = before;
  if (mask.paths().empty()) return rpc::MissingField("update_mask", "the fields to correct");
  for (const std::string& path : mask.paths()) {
    if (absl::Status status = SetField(path, changes, row); !status.ok()) return status;
  }
  FollowClock(before, race, row);
  if (absl::Status status = CheckRow(row, *race.discipline); !status.ok()) return status;
  return row;
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
  note("name", before.name, after.name);
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
  note("official_mark", text_of(before.official_mark), text_of(after.official_mark));
  note("gun_mark", text_of(before.gun_mark), text_of(after.gun_mark));
  note("chip_mark", text_of(before.chip_mark), text_of(after.chip_mark));
  note("wind_cm_s", before.wind_cm_s ? absl::StrCat(*before.wind_cm_s) : "",
       after.wind_cm_s ? absl::StrCat(*after.wind_cm_s) : "");
  return changes;
}

void DescribeLegality(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                      google::protobuf::RepeatedPtrField<v1::Legality>* out) {
  const athletics::MarkFacts facts = MarkFactsOf(race, sex, wind_cm_s);
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
  out->set_points(scores.Points(mark, row.wind_cm_s));
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
