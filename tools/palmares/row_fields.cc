#include "tools/palmares/row_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

using google::protobuf::FieldDescriptor;

// What the server takes in a correction, as CorrectResultRequest says. Athletes are linked, not set.
constexpr std::array<absl::string_view, 28> kSettable = {"official_mark", "gun_mark",
                                                         "chip_mark",     "name",
                                                         "family_name",   "given_name",
                                                         "bib",           "sex",
                                                         "age",           "birth_date",
                                                         "country",       "category",
                                                         "club",          "region",
                                                         "city",          "division",
                                                         "outcome",       "wind_cm_s",
                                                         "outcome_rule",  "place",
                                                         "sex_place",     "category_place",
                                                         "external_id",   "splits",
                                                         "mark_text",     "qualification_marks",
                                                         "timing",        "relay_legs"};

std::vector<std::string> Names() { return {kSettable.begin(), kSettable.end()}; }

bool CanBeSet(absl::string_view name) { return std::find(kSettable.begin(), kSettable.end(), name) != kSettable.end(); }

absl::StatusOr<int> EnumNumber(const FieldDescriptor& field, absl::string_view value) {
  if (field.enum_type() == google::protobuf::GetEnumDescriptor<v1::Sex>()) {
    const absl::StatusOr<v1::Sex> sex = ParseSex(value);
    if (!sex.ok()) return sex.status();
    return static_cast<int>(*sex);
  }
  if (field.enum_type() == google::protobuf::GetEnumDescriptor<v1::Outcome>()) {
    const absl::StatusOr<v1::Outcome> outcome = ParseOutcome(value);
    if (!outcome.ok()) return outcome.status();
    return static_cast<int>(*outcome);
  }
  return ParseEnumCode(field.enum_type(), value);
}

absl::Status SetInteger(const FieldDescriptor& field, absl::string_view value, v1::ResultRow& row) {
  const google::protobuf::Reflection* reflection = v1::ResultRow::GetReflection();
  if (absl::EndsWith(field.name(), "_mark")) {
    const absl::StatusOr<int64_t> mark = ParseMilliseconds(value);
    if (!mark.ok()) return mark.status();
    reflection->SetInt64(&row, &field, *mark);
    return absl::OkStatus();
  }
  int32_t number = 0;
  if (!absl::SimpleAtoi(value, &number)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", value, "\", want a whole number"));
  }
  reflection->SetInt32(&row, &field, number);
  return absl::OkStatus();
}

// Splits as times, "-" where one is missing; marks of advancement as they are.
absl::Status SetRepeated(const FieldDescriptor& field, absl::string_view value, v1::ResultRow& row) {
  const google::protobuf::Reflection* reflection = v1::ResultRow::GetReflection();
  for (const absl::string_view part : absl::StrSplit(value, absl::ByAnyChar(" ,"), absl::SkipEmpty())) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      reflection->AddString(&row, &field, std::string(part));
      continue;
    }
    const absl::StatusOr<int64_t> mark = part == "-" ? absl::StatusOr<int64_t>(0) : ParseMilliseconds(part);
    if (!mark.ok()) return mark.status();
    reflection->AddInt64(&row, &field, *mark);
  }
  return absl::OkStatus();
}

// "12 Bea Steady 54.50": the bib and the time may be left out; "-" is a leg of which nothing is known.
v1::RelayLeg ParseLeg(absl::string_view text) {
  v1::RelayLeg leg;
  if (text == "-") return leg;
  std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  const absl::StatusOr<int64_t> time = words.empty() ? absl::StatusOr<int64_t>(0) : ParseMilliseconds(words.back());
  if (time.ok() && !words.empty()) {
    leg.set_split_mark(*time);
    words.pop_back();
  }
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  if (words.size() > 1 && std::all_of(words.front().begin(), words.front().end(), is_digit)) {
    leg.set_bib(std::string(words.front()));
    words.erase(words.begin());
  }
  leg.set_name(absl::StrJoin(words, " "));
  return leg;
}

absl::Status SetValue(const FieldDescriptor& field, absl::string_view value, v1::ResultRow& row) {
  const google::protobuf::Reflection* reflection = v1::ResultRow::GetReflection();
  if (field.name() == "relay_legs") {
    for (const absl::string_view part : absl::StrSplit(value, ',')) {
      *row.add_relay_legs() = ParseLeg(absl::StripAsciiWhitespace(part));
    }
    return absl::OkStatus();
  }
  if (field.is_repeated()) return SetRepeated(field, value, row);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection->SetString(&row, &field, std::string(value));
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM: {
      const absl::StatusOr<int> number = EnumNumber(field, value);
      if (number.ok()) reflection->SetEnumValue(&row, &field, *number);
      return number.status();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      absl::StatusOr<v1::Date> date = ParseDate(value, field.name());
      if (date.ok()) reflection->MutableMessage(&row, &field)->CopyFrom(*date);
      return date.status();
    }
    default:
      return SetInteger(field, value, row);
  }
}

// The names that manifests and people use, beside the API's own.
std::string FieldName(absl::string_view name) {
  if (name == "mark" || name == "time" || name == "official_time") return "official_mark";
  if (name == "gun" || name == "gun_time") return "gun_mark";
  if (name == "chip" || name == "chip_time") return "chip_mark";
  return std::string(name);
}

}  // namespace

std::string RowFieldNames() { return absl::StrJoin(Names(), ", "); }

absl::StatusOr<std::string> SetRowField(absl::string_view assignment, v1::ResultRow& row) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(assignment, absl::MaxSplits('=', 1));
  const std::string name = FieldName(parts.first);
  const FieldDescriptor* field = v1::ResultRow::descriptor()->FindFieldByName(name);
  if (!absl::StrContains(assignment, '=')) {
    return absl::InvalidArgumentError(absl::StrCat("--set: \"", assignment, "\", want FIELD=VALUE"));
  }
  if (field == nullptr || !CanBeSet(name)) {
    const std::string nearest = Nearest(name, Names());
    return absl::InvalidArgumentError(absl::StrCat("--set: no field \"", name, "\" that can be set",
                                                   nearest.empty() ? absl::StrCat(", want one of ", RowFieldNames())
                                                                   : absl::StrCat("; did you mean ", nearest, "?")));
  }
  if (parts.second.empty()) return name;  // left unset, which clears it
  const absl::Status set = SetValue(*field, parts.second, row);
  if (!set.ok()) return absl::InvalidArgumentError(absl::StrCat("--set ", name, ": ", set.message()));
  return name;
}

}  // namespace palmares::tools
