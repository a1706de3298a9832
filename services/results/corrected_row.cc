#include "services/results/corrected_row.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/results/mark_facts.h"
#include "services/results/relay_legs.h"
#include "services/results/result_messages.h"
#include "services/results/sheet_log.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::results {
namespace {

constexpr size_t kLongestBib = 64;  // bytes, as of an appended row
constexpr size_t kLongestText = 1000;
constexpr int32_t kOldest = 120;

// Sets one field of the row from the message.
using Setter = absl::Status (*)(const std::string& path, const v1::ResultRow& from, Result& row);

template <const std::string& (v1::ResultRow::*kGet)() const, std::string Result::*kField>
absl::Status SetText(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  row.*kField = (from.*kGet)();
  return absl::OkStatus();
}

template <int64_t (v1::ResultRow::*kGet)() const, int64_t Result::*kField>
absl::Status SetMark(const std::string& path, const v1::ResultRow& from, Result& row) {
  const int64_t mark = (from.*kGet)();
  if (mark < 0) return rpc::InvalidField(absl::StrCat("row.", path), absl::StrCat(mark), "0 (none) or a mark");
  row.*kField = mark;
  return absl::OkStatus();
}

template <int32_t (v1::ResultRow::*kGet)() const, int32_t Result::*kField>
absl::Status SetPlace(const std::string& path, const v1::ResultRow& from, Result& row) {
  const int32_t place = (from.*kGet)();
  if (place <= 0) return rpc::InvalidField(absl::StrCat("row.", path), absl::StrCat(place), "a place, from 1");
  row.*kField = place;
  return absl::OkStatus();
}

absl::Status SetAge(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  if (from.age() < 0 || from.age() > kOldest) return rpc::InvalidField("row.age", absl::StrCat(from.age()), "0 to 120");
  row.age = from.age();
  return absl::OkStatus();
}

absl::Status SetBirth(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  absl::StatusOr<athletics::PartialDate> birth = rpc::PartialFromProto(from.birth_date(), "row.birth_date");
  if (!birth.ok()) return birth.status();
  row.birth = *birth;
  return absl::OkStatus();
}

absl::Status SetCountry(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  const auto country = athletics::FindCountry(from.country());
  if (!from.country().empty() && !country.has_value()) {
    return rpc::InvalidField("row.country", from.country(), "a country's code or name");
  }
  row.country = country.has_value() ? std::string(country->code) : "";
  return absl::OkStatus();
}

absl::Status SetName(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  if (from.name().empty()) return rpc::MissingField("row.name", "a name");
  row.name = from.name();
  row.family_name = from.family_name();
  row.given_name = from.given_name();
  return absl::OkStatus();
}

absl::Status SetSex(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  if (!v1::Sex_IsValid(from.sex())) return rpc::InvalidField("row.sex", absl::StrCat(from.sex()), "a sex of the API");
  row.sex = rpc::FromProto(from.sex());
  return absl::OkStatus();
}

absl::Status SetDivision(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  if (!v1::Division_IsValid(from.division())) {
    return rpc::InvalidField("row.division", absl::StrCat(from.division()), "a division of the API");
  }
  row.division = rpc::FromProto(from.division());
  return absl::OkStatus();
}

absl::Status SetOutcome(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  if (!v1::Outcome_IsValid(from.outcome())) {
    return rpc::InvalidField("row.outcome", absl::StrCat(from.outcome()), "an outcome of the API");
  }
  if (from.outcome() == v1::OUTCOME_WITHDRAWN) {
    return rpc::InvalidField("row.outcome", "OUTCOME_WITHDRAWN", "another outcome; WithdrawResult takes a row off");
  }
  row.outcome = rpc::FromProto(from.outcome());
  return absl::OkStatus();
}

absl::Status SetWind(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  constexpr int32_t kHurricane = 5000;
  if (from.wind_cm_s() < -kHurricane || from.wind_cm_s() > kHurricane) {
    return rpc::InvalidField("row.wind_cm_s", absl::StrCat(from.wind_cm_s()), "-5000 to 5000 cm/s");
  }
  row.wind_cm_s = from.has_wind_cm_s() ? std::optional<int32_t>(from.wind_cm_s()) : std::nullopt;
  return absl::OkStatus();
}

// As many as the sheet has split points; those at the end may be left out.
absl::Status SetSplits(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  const size_t points = row.splits.size();
  if (static_cast<size_t>(from.splits_size()) > points) {
    return rpc::InvalidField("row.splits", absl::StrCat(from.splits_size(), " times"),
                             absl::StrCat("at most ", points, ", the sheet's split points"));
  }
  std::vector<int64_t> splits(from.splits().begin(), from.splits().end());
  for (const int64_t split : splits) {
    if (split < 0) return rpc::InvalidField("row.splits", absl::StrCat(split), "0 (none) or a time");
  }
  splits.resize(points);
  row.splits = std::move(splits);
  return absl::OkStatus();
}

absl::Status SetQualification(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  absl::StatusOr<athletics::QualificationMarks> marks = rpc::QualificationMarksFromProto(from.qualification_marks());
  if (!marks.ok()) return marks.status();
  row.qualification_marks = *std::move(marks);
  return absl::OkStatus();
}

absl::Status SetTiming(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  if (!v1::Timing_IsValid(from.timing())) {
    return rpc::InvalidField("row.timing", absl::StrCat(from.timing()), "a timing of the API");
  }
  row.timing = static_cast<athletics::Timing>(from.timing());
  return absl::OkStatus();
}

// All of them together; that the race is a relay is the caller's to check.
absl::Status SetRelayLegs(const std::string& /*path*/, const v1::ResultRow& from, Result& row) {
  absl::StatusOr<std::vector<RelayLeg>> legs = RelayLegsFromProto(from.relay_legs(), "row.relay_legs");
  if (!legs.ok()) return legs.status();
  row.relay_legs = *std::move(legs);
  return absl::OkStatus();
}

struct Settable {
  absl::string_view path;
  Setter set;
};
constexpr std::array<Settable, 28> kSettable = {
    {{"official_mark", SetMark<&v1::ResultRow::official_mark, &Result::official_mark>},
     {"gun_mark", SetMark<&v1::ResultRow::gun_mark, &Result::gun_mark>},
     {"chip_mark", SetMark<&v1::ResultRow::chip_mark, &Result::chip_mark>},
     {"name", SetName},
     {"family_name", SetText<&v1::ResultRow::family_name, &Result::family_name>},
     {"given_name", SetText<&v1::ResultRow::given_name, &Result::given_name>},
     {"bib", SetText<&v1::ResultRow::bib, &Result::bib>},
     {"sex", SetSex},
     {"age", SetAge},
     {"birth_date", SetBirth},
     {"country", SetCountry},
     {"category", SetText<&v1::ResultRow::category, &Result::category>},
     {"club", SetText<&v1::ResultRow::club, &Result::club>},
     {"region", SetText<&v1::ResultRow::region, &Result::region>},
     {"city", SetText<&v1::ResultRow::city, &Result::city>},
     {"external_id", SetText<&v1::ResultRow::external_id, &Result::external_id>},
     {"division", SetDivision},
     {"outcome", SetOutcome},
     {"outcome_rule", SetText<&v1::ResultRow::outcome_rule, &Result::outcome_rule>},
     {"wind_cm_s", SetWind},
     {"splits", SetSplits},
     {"mark_text", SetText<&v1::ResultRow::mark_text, &Result::mark_text>},
     {"place", SetPlace<&v1::ResultRow::place, &Result::place>},
     {"sex_place", SetPlace<&v1::ResultRow::sex_place, &Result::sex_place>},
     {"category_place", SetPlace<&v1::ResultRow::category_place, &Result::category_place>},
     {"qualification_marks", SetQualification},
     {"timing", SetTiming},
     {"relay_legs", SetRelayLegs}}};

std::string SettablePaths() {
  std::string paths;
  for (const Settable& field : kSettable) absl::StrAppend(&paths, paths.empty() ? "" : ", ", field.path);
  return paths;
}

absl::Status SetField(const std::string& path, const v1::ResultRow& from, Result& row) {
  const auto field = std::find_if(kSettable.begin(), kSettable.end(),
                                  [&path](const Settable& settable) { return settable.path == path; });
  if (field == kSettable.end()) {
    return rpc::InvalidField("update_mask", path, absl::StrCat("fields of a row: ", SettablePaths()));
  }
  return field->set(path, from, row);
}

absl::Status CheckLengths(const Result& row) {
  const std::pair<absl::string_view, const std::string*> texts[] = {{"name", &row.name},
                                                                    {"family_name", &row.family_name},
                                                                    {"given_name", &row.given_name},
                                                                    {"category", &row.category},
                                                                    {"club", &row.club},
                                                                    {"region", &row.region},
                                                                    {"city", &row.city},
                                                                    {"external_id", &row.external_id},
                                                                    {"outcome_rule", &row.outcome_rule},
                                                                    {"mark_text", &row.mark_text}};
  for (const auto& [field, text] : texts) {
    if (text->size() <= kLongestText) continue;
    return rpc::InvalidField(absl::StrCat("row.", field), absl::StrCat(text->size(), " bytes"), "at most 1000");
  }
  if (row.bib.size() <= kLongestBib) return absl::OkStatus();
  return rpc::InvalidField("row.bib", absl::StrCat(row.bib.size(), " bytes"), "at most 64");
}

// A correction of one of the two alone moves the other with it, where the official mark is the time on the race's
// clock.
void FollowClock(const Result& before, const events::Race& race, Result& row) {
  const athletics::Discipline& discipline = *race.discipline;
  int64_t Result::*const clock = PlaceRuleOf(race).clock == Clock::kChip ? &Result::chip_mark : &Result::gun_mark;
  const auto official = [&discipline, timing = TimingOf(race, row.timing)](int64_t mark) {
    return athletics::OfficialFromClock(mark, discipline, timing);
  };
  const bool followed = before.*clock != 0 && before.official_mark == official(before.*clock);
  const int64_t reading = row.official_mark;
  if (reading != before.official_mark) row.official_mark = official(reading);
  if (!followed) return;
  if (row.*clock != before.*clock && row.*clock != 0 && reading == before.official_mark) {
    row.official_mark = official(row.*clock);
  } else if (reading != before.official_mark && reading != 0 && row.*clock == before.*clock) {
    row.*clock = reading;
  }
}

}  // namespace

absl::StatusOr<Result> Corrected(const Result& before, const v1::ResultRow& changes,
                                 const google::protobuf::FieldMask& mask, const events::Race& race) {
  Result row = before;
  if (mask.paths().empty()) return rpc::MissingField("update_mask", "the fields to correct");
  bool states_text = false, states_place = false;
  for (const std::string& path : mask.paths()) {
    if (absl::Status status = SetField(path, changes, row); !status.ok()) return status;
    states_text = states_text || path == "mark_text";
    states_place = states_place || absl::EndsWith(path, "place");
  }
  if (absl::Status status = CheckLengths(row); !status.ok()) return status;
  if (!row.relay_legs.empty() && race.discipline->relay_legs == 0 && row.relay_legs != before.relay_legs) {
    return rpc::InvalidField("row.relay_legs", FormatRelayLegs(row.relay_legs),
                             absl::StrCat("none: the ", race.discipline->code, " is no relay"));
  }
  FollowClock(before, race, row);
  if (row.official_mark != before.official_mark && !states_text) row.mark_text.clear();
  if (states_place && row.outcome != athletics::Outcome::kFinished) {
    return rpc::InvalidField("row.outcome", athletics::OutcomeCode(row.outcome),
                             "finished, or no place stated with it");
  }
  return row;
}

}  // namespace palmares::results
