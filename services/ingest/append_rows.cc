#include "services/ingest/append_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/ingest/row_marks.h"
#include "services/ingest/rows.h"
#include "services/ingest/validate.h"
#include "services/results/relay_legs.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"

namespace palmares::ingest {
namespace {

using athletics::Outcome;
using results::Result;

constexpr size_t kLongestText = 1000;  // bytes
constexpr size_t kLongestBib = 64;
constexpr int kOldest = 120;
constexpr int kMostSplits = 190;  // as many as a block has columns for

class RowTaker {
 public:
  RowTaker(const RowDefaults& defaults, Report* report) : defaults_(defaults), report_(report) {
    options_.discipline = defaults.discipline;
    options_.race_date = defaults.race_date;
    layout_.by_field.fill(-1);
  }

  // The row is good where it has no errors afterwards.
  void Take(const v1::ResultRow& in, const NamedAthlete& athlete, Row* row) {
    row_ = row;
    TakeTexts(in);
    TakePerson(in, athlete);
    TakeQualification(in);
    TakeMarks(in);
    TakeSplits(in);
    CheckOutcome(in);
    TakeTeam(in);
    if (row->errors.empty()) ValidateRow(layout_, options_, row, report_);
  }

 private:
  void Add(IssueCode code, absl::string_view field, absl::string_view value, absl::string_view what,
           absl::string_view wanted) {
    AddRowIssue(MakeIssue(code, row_->number, field, value, what, wanted), row_, report_);
  }

  void TakeText(absl::string_view field, const std::string& in, size_t longest, std::string& out) {
    if (in.size() > longest) {
      Add(IssueCode::kTooLarge, field, in, absl::StrCat(in.size(), " bytes"), absl::StrCat("at most ", longest));
      return;
    }
    out = in;
  }

  void TakeTexts(const v1::ResultRow& in) {
    Result& result = row_->result;
    TakeText("bib", in.bib(), kLongestBib, result.bib);
    TakeText("name", in.name(), kLongestText, result.name);
    TakeText("family_name", in.family_name(), kLongestText, result.family_name);
    TakeText("given_name", in.given_name(), kLongestText, result.given_name);
    TakeText("category", in.category(), kLongestText, result.category);
    TakeText("club", in.club(), kLongestText, result.club);
    TakeText("region", in.region(), kLongestText, result.region);
    TakeText("city", in.city(), kLongestText, result.city);
    TakeText("external_id", in.external_id(), kLongestText, result.external_id);
    TakeText("outcome_rule", in.outcome_rule(), kLongestText, result.outcome_rule);
    TakeText("mark_text", in.mark_text(), kLongestText, result.mark_text);
    TakeText("athlete", in.athlete(), kLongestText, result.athlete);
  }

  void TakePerson(const v1::ResultRow& in, const NamedAthlete& athlete) {
    Result& result = row_->result;
    if (result.name.empty()) {  // as it is then: a sheet states names, and keeps them
      result.name = athlete.name;
      result.family_name = athlete.family_name;
      result.given_name = athlete.given_name;
    }
    if (!in.athlete().empty() && athlete.number == 0) {
      Add(IssueCode::kUnknownAthlete, "athlete", in.athlete(), "nobody has this name", "an athlete who exists");
    }
    if (in.athlete().empty() && in.name().empty()) {
      Add(IssueCode::kMissingName, "name", "", "neither a name nor an athlete", "one of them");
    }
    if (!v1::Sex_IsValid(in.sex())) {
      Add(IssueCode::kUnknownSex, "sex", absl::StrCat(in.sex()), "not a sex of the API", "one of it");
    } else {
      result.sex = rpc::FromProto(in.sex());
    }
    if (result.sex == athletics::Sex::kUnknown) result.sex = athlete.sex;
    if (result.sex == athletics::Sex::kUnknown) result.sex = defaults_.sex;
    if (in.age() < 0 || in.age() > kOldest) {
      Add(IssueCode::kBadAge, "age", absl::StrCat(in.age()), "no age of a person", "0 (not given) to 120");
    } else {
      result.age = in.age();
      if (IsRareAge(in.age())) Add(IssueCode::kImplausibleAge, "age", absl::StrCat(in.age()), "is a rare age", "");
    }
    absl::StatusOr<athletics::PartialDate> birth = rpc::PartialFromProto(in.birth_date(), "birth_date");
    if (birth.ok()) {
      result.birth = *birth;
    } else {
      Add(IssueCode::kBadDate, "birth_date", "", birth.status().message(), "a day of the calendar, or a year");
    }
    TakeCountry(in.country());
    if (in.country().empty()) result.country = athlete.country;
  }

  void TakeCountry(const std::string& text) {
    if (text.empty()) return;
    const auto [known, added] = countries_.try_emplace(text);
    if (added) {
      const auto country = athletics::FindCountry(text);
      if (country.has_value()) known->second = std::string(country->code);
    }
    row_->result.country = known->second;
    if (known->second.empty()) {
      Add(IssueCode::kUnknownCountry, "country", text, "no country is called so", "a country's code or name");
    }
  }

  int64_t TakeMark(absl::string_view field, int64_t mark) {
    if (mark >= 0) {
      if (const int64_t speed = ImpossibleSpeed(mark, defaults_.discipline); speed > 0) {
        Add(IssueCode::kBadTime, field, PrintedMark(mark, defaults_.discipline),
            absl::StrCat(speed, " m/s over the whole distance"), "a time that is possible, in milliseconds");
      }
      return mark;
    }
    Add(IssueCode::kBadTime, field, absl::StrCat(mark), "below 0", "0 (not given) or a mark");
    return 0;
  }

  athletics::Timing RowTiming() const { return athletics::TimingOf(row_->result.timing, defaults_.timing); }

  // The official mark follows from the race's clock where it is not given, and from the other one as a last resort.
  void TakeMarks(const v1::ResultRow& in) {
    Result& result = row_->result;
    result.official_mark = TakeMark("official_mark", in.official_mark());
    result.gun_mark = TakeMark("gun_mark", in.gun_mark());
    result.chip_mark = TakeMark("chip_mark", in.chip_mark());
    if (result.official_mark != 0) {
      RoundOfficialMark(result, *defaults_.discipline, RowTiming(), defaults_.by_chip);
    } else {
      const int64_t own = defaults_.by_chip ? result.chip_mark : result.gun_mark;
      const int64_t other = defaults_.by_chip ? result.gun_mark : result.chip_mark;
      result.official_mark = athletics::OfficialFromClock(own != 0 ? own : other, *defaults_.discipline, RowTiming());
      if (own == 0 && other != 0) {
        Add(IssueCode::kOfficialFromChip, "official_mark", "", "no time on the race's clock; the other one is taken",
            "a time on the race's clock");
      }
    }
    if (!in.has_wind_cm_s()) return;
    if (in.wind_cm_s() < -5000 || in.wind_cm_s() > 5000) {
      Add(IssueCode::kBadWind, "wind_cm_s", absl::StrCat(in.wind_cm_s()), "a hurricane", "-5000 to 5000 cm/s");
    } else {
      result.wind_cm_s = in.wind_cm_s();
    }
  }

  void TakeSplits(const v1::ResultRow& in) {
    if (in.splits_size() > kMostSplits) {
      Add(IssueCode::kTooLarge, "splits", "", absl::StrCat(in.splits_size(), " splits"),
          absl::StrCat("at most ", kMostSplits));
      return;
    }
    row_->result.splits.assign(in.splits().begin(), in.splits().end());
    for (int i = 0; i < in.splits_size(); ++i) {
      if (static_cast<size_t>(i) == layout_.columns.size()) {
        Column column;
        column.header = absl::StrCat("splits[", i, "]");
        layout_.columns.push_back(column);
        layout_.splits.push_back(static_cast<size_t>(i));
      }
      if (in.splits(i) < 0) {
        Add(IssueCode::kBadTime, layout_.columns[static_cast<size_t>(i)].header, absl::StrCat(in.splits(i)), "below 0",
            "0 (not given) or a time");
      }
    }
  }

  void CheckOutcome(const v1::ResultRow& in) {
    Result& result = row_->result;
    if (!v1::Outcome_IsValid(in.outcome()) || in.outcome() == v1::OUTCOME_WITHDRAWN ||
        !v1::Division_IsValid(in.division())) {
      Add(IssueCode::kUnknownField, "outcome", absl::StrCat(in.outcome()),
          "outcome or division is none of a row that appears", "one of the API, and not withdrawn");
      return;
    }
    result.outcome = rpc::FromProto(in.outcome());
    result.division = in.division() == v1::DIVISION_UNSPECIFIED ? defaults_.division : rpc::FromProto(in.division());
    if (result.outcome == Outcome::kFinished && result.official_mark == 0) {
      Add(IssueCode::kMissingTime, "official_mark", "", "the row has no mark", "a mark, or an outcome such as DNF");
    }
    if (result.outcome == Outcome::kFinished && result.sex == athletics::Sex::kUnknown) {
      Add(IssueCode::kNoSex, "sex", "", "who has none stays out of rankings", "the row's, the athlete's or the race's");
    }
  }

  void TakeQualification(const v1::ResultRow& in) {
    absl::StatusOr<athletics::QualificationMarks> marks = rpc::QualificationMarksFromProto(in.qualification_marks());
    if (marks.ok()) {
      row_->result.qualification_marks = *std::move(marks);
    } else {
      AddError(IssueCode::kBadQualification, "qualification_marks", marks.status().message());
    }
    if (v1::Timing_IsValid(in.timing())) {
      row_->result.timing = static_cast<athletics::Timing>(in.timing());
      const bool hand = in.timing() == v1::TIMING_UNSPECIFIED && absl::EndsWithIgnoreCase(in.mark_text(), "h");
      if (hand) row_->result.timing = athletics::Timing::kHand;  // "10.2h"
    } else {
      AddError(IssueCode::kBadTiming, "timing", absl::StrCat(in.timing(), " is no timing of the API"));
    }
  }

  // What is left out of a file with a warning is an error of who states it by name.
  void AddError(IssueCode code, absl::string_view field, absl::string_view what,
                absl::string_view wanted = "one of the API") {
    Issue issue = MakeIssue(code, row_->number, field, "", what, wanted);
    issue.severity = Severity::kError;
    AddRowIssue(std::move(issue), row_, report_);
  }

  // What only rows of relays have, and what those of others alone.
  void TakeTeam(const v1::ResultRow& in) {
    const bool relay = defaults_.discipline->relay_legs > 0;
    if (relay && !in.athlete().empty()) {
      Add(IssueCode::kUnknownField, "athlete", in.athlete(), "the row is a team's, which is no person", "none");
    }
    if (in.relay_legs_size() == 0) return;
    if (!relay) {
      Add(IssueCode::kUnknownField, "relay_legs", "", absl::StrCat("the ", defaults_.discipline->code, " is no relay"),
          "a row without them");
      return;
    }
    absl::StatusOr<std::vector<results::RelayLeg>> legs = results::RelayLegsFromProto(in.relay_legs(), "relay_legs");
    if (!legs.ok()) {
      AddError(IssueCode::kBadRelayLeg, "relay_legs", legs.status().message(), "legs of the API");
      return;
    }
    row_->result.relay_legs = *std::move(legs);
    const int64_t mark = row_->result.official_mark;
    if (!results::RelayLegsExceed(row_->result.relay_legs, mark)) return;
    AddError(IssueCode::kBadRelayLeg, "relay_legs",
             absl::StrCat("the times of the legs come to more than ", PrintedMark(mark, defaults_.discipline)),
             "the time of each leg by itself");
  }

  const RowDefaults& defaults_;
  Report* report_;
  ReadOptions options_;
  Layout layout_;  // of the splits, for messages
  Row* row_ = nullptr;
  absl::flat_hash_map<std::string, std::string> countries_;
};

void CheckBibs(const std::vector<Result>& rows, Report* report) {
  absl::flat_hash_map<absl::string_view, size_t> first;
  first.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].bib.empty()) continue;
    const auto [known, added] = first.try_emplace(rows[i].bib, i + 1);
    if (added) continue;
    AddIssue(MakeIssue(IssueCode::kDuplicateBib, static_cast<int64_t>(i) + 1, "bib", rows[i].bib,
                       absl::StrCat("row ", known->second, " has the same bib"), "each bib once"),
             report);
  }
}

}  // namespace

TypedRows TakeTypedRows(const google::protobuf::RepeatedPtrField<v1::ResultRow>& rows,
                        const std::vector<NamedAthlete>& athletes, const RowDefaults& defaults) {
  TypedRows typed;
  typed.rows.reserve(static_cast<size_t>(rows.size()));
  typed.links.reserve(static_cast<size_t>(rows.size()));
  RowTaker taker(defaults, &typed.report);
  for (int i = 0; i < rows.size(); ++i) {
    Row row;
    row.number = i + 1;
    const NamedAthlete& athlete = athletes[static_cast<size_t>(i)];
    taker.Take(rows[i], athlete, &row);
    typed.split_points = std::max(typed.split_points, static_cast<int64_t>(row.result.splits.size()));
    typed.all_linked = typed.all_linked && athlete.number != 0;
    typed.links.push_back({athlete.number, athlete.number != 0 ? results::LinkKind::kGiven : results::LinkKind::kNone});
    typed.rows.push_back(std::move(row.result));
  }
  CheckBibs(typed.rows, &typed.report);
  return typed;
}

}  // namespace palmares::ingest
