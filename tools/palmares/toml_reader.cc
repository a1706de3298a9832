#include "tools/palmares/toml_reader.h"

#include <cmath>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

// A value as it stands in the file.
std::string Shown(const toml::node& node) {
  if (const auto* number = node.as_floating_point()) return absl::StrCat(number->get());
  std::ostringstream out;
  node.visit([&out](const auto& value) { out << value; });
  return out.str();
}

}  // namespace

void TomlErrors::Add(const toml::node* node, absl::string_view what) {
  const auto line = node == nullptr ? 0 : node->source().begin.line;
  messages_.push_back(line == 0 ? absl::StrCat(file_, ": ", what) : absl::StrCat(file_, ":", line, ": ", what));
}

const toml::node* TomlReader::Find(const std::string& key) {
  known_.insert(key);
  return table_.get(key);
}

std::string TomlReader::PathOf(const std::string& key) const { return absl::StrCat(name_, ".", key); }

void TomlReader::Refuse(const std::string& key, absl::string_view value, absl::string_view wanted) {
  errors_.Add(Find(key), absl::StrCat(PathOf(key), ": ", value, ", want ", wanted));
}

void TomlReader::Complain(absl::string_view what) { errors_.Add(&table_, absl::StrCat(name_, ": ", what)); }

std::optional<std::string> TomlReader::Text(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return text->get();
  Refuse(key, Shown(*node), "a text in quotes");
  return std::nullopt;
}

std::string TomlReader::RequiredText(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) Complain(absl::StrCat("no ", key, ", want ", key, " = \"...\""));
  std::string text = Text(key).value_or("");
  if (node != nullptr && node->is_string() && text.empty()) Refuse(key, "\"\"", "a text that is not empty");
  return text;
}

std::string TomlReader::Id(const std::string& key) {
  std::string id = RequiredText(key);
  if (!id.empty() && !IsId(id)) {
    Refuse(key, absl::StrCat("\"", id, "\""),
           "small letters, digits and inner hyphens, at most 63, as in boston-marathon");
  }
  return id;
}

std::optional<bool> TomlReader::Truth(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* truth = node->as_boolean()) return truth->get();
  Refuse(key, Shown(*node), "true or false");
  return std::nullopt;
}

std::optional<int64_t> TomlReader::Integer(const std::string& key, int64_t low, int64_t high) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto* number = node->as_integer();
  if (number != nullptr && number->get() >= low && number->get() <= high) return number->get();
  Refuse(key, Shown(*node), absl::StrCat("a whole number from ", low, " to ", high));
  return std::nullopt;
}

std::optional<int64_t> TomlReader::Moment(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto* moment = node->as_date_time();
  if (moment == nullptr || !moment->get().offset.has_value()) {
    Refuse(key, Shown(*node), "a time with its offset from UTC and without quotes, as in 2013-04-15T10:00:00-04:00");
    return std::nullopt;
  }
  const toml::date_time& value = moment->get();
  const absl::CivilSecond local(value.date.year, value.date.month, value.date.day, value.time.hour, value.time.minute,
                                value.time.second);
  constexpr int64_t kSecondsPerMinute = 60;
  return absl::ToUnixSeconds(absl::FromCivil(local, absl::UTCTimeZone())) - value.offset->minutes * kSecondsPerMinute;
}

std::optional<v1::Date> TomlReader::Day(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto* date = node->as_date();
  if (date == nullptr) {
    Refuse(key, Shown(*node), "a date without quotes, as in 2013-04-15");
    return std::nullopt;
  }
  v1::Date day;
  day.set_year(date->get().year);
  day.set_month(date->get().month);
  day.set_day(date->get().day);
  return day;
}

std::optional<int64_t> TomlReader::Scaled(const std::string& key, int64_t scale) {
  constexpr double kLargest = 1e9;     // metres or per cent; beyond it something is wrong
  constexpr double kTolerance = 1e-6;  // of a double near a decimal fraction
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const std::optional<double> number = node->value<double>();
  if (node->is_number() && number.has_value() && std::fabs(*number) < kLargest) {
    const double scaled = *number * static_cast<double>(scale);
    if (std::fabs(scaled - std::round(scaled)) < kTolerance) return std::llround(scaled);
  }
  Refuse(key, Shown(*node), absl::StrCat("a number with at most ", scale == 10 ? "one decimal" : "three decimals"));
  return std::nullopt;
}

const toml::table* TomlReader::Table(const std::string& key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return nullptr;
  if (node->as_table() == nullptr) Refuse(key, Shown(*node), "a table");
  return node->as_table();
}

void TomlReader::RefuseOthers() {
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    if (known_.count(name) > 0) continue;
    const std::vector<std::string> known(known_.begin(), known_.end());
    const std::string nearest = Nearest(name, known);
    errors_.Add(&node, absl::StrCat(PathOf(name), ": unknown key, ",
                                    nearest.empty() ? absl::StrCat("want one of ", absl::StrJoin(known, ", "))
                                                    : absl::StrCat("did you mean ", nearest, "?")));
  }
}

}  // namespace palmares::tools
