#include "services/qualification/rule_reader.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace palmares::qualification {
namespace {

std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }

// TOML's date as a day; nothing for one the calendar does not have.
std::optional<athletics::Date> CivilDayOf(const toml::date& date) {
  const athletics::Date day(date.year, date.month, date.day);
  if (day.month() != date.month || day.day() != date.day || date.year < 1000) return std::nullopt;
  return day;
}

constexpr char kWantDay[] = "a day such as 2026-04-20";
constexpr char kWantMoment[] = "a day such as 2026-04-20, or a day and time without offset such as 2025-09-12T17:00:00";

}  // namespace

void Problems::Add(int line, std::string field, std::string value, std::string want, Binds binds) {
  found_.push_back({file_, line, std::move(field), std::move(value), std::move(want), binds});
}

std::vector<RuleProblem> Problems::Take() {
  std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return std::move(found_);
}

std::string ShowNode(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  if (const auto* text = node.as_string()) return absl::StrCat("\"", text->get(), "\"");
  std::ostringstream out;
  node.visit([&out](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) out << value.get();
  });
  return out.str();
}

int LineOf(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

TableReader::TableReader(const toml::table& table, std::string path, Problems* problems)
    : table_(table), path_(std::move(path)), problems_(problems), line_(LineOf(table)) {}

bool TableReader::Has(absl::string_view name) const { return table_.contains(Std(name)); }

const toml::node* TableReader::Find(absl::string_view name) {
  known_.emplace(name);
  return table_.get(Std(name));
}

int TableReader::Line(absl::string_view name) const {
  const toml::node* node = table_.get(Std(name));
  return node == nullptr ? line_ : LineOf(*node);
}

std::string TableReader::Path(absl::string_view name) const {
  return path_.empty() ? std::string(name) : absl::StrCat(path_, ".", name);
}

void TableReader::Problem(absl::string_view name, std::string want, Binds binds) {
  const toml::node* node = table_.get(Std(name));
  problems_->Add(Line(name), Path(name), node == nullptr ? "nothing" : ShowNode(*node), std::move(want), binds);
}

std::string TableReader::Text(absl::string_view name) {
  const toml::node* node = Find(name);
  if (node == nullptr) return "";
  const auto* text = node->as_string();
  if (text == nullptr || text->get().empty()) {
    Problem(name, "a text in quotes, not empty");
    return "";
  }
  return text->get();
}

std::string TableReader::NeedText(absl::string_view name, absl::string_view want) {
  if (!Has(name)) Problem(name, std::string(want));
  return Text(name);
}

std::vector<std::string> TableReader::Texts(absl::string_view name) {
  const toml::node* node = Find(name);
  if (node == nullptr) return {};
  if (node->is_string()) return {Text(name)};
  std::vector<std::string> texts;
  const toml::array* list = node->as_array();
  if (list != nullptr) {
    for (const toml::node& item : *list) {
      const auto* text = item.as_string();
      if (text != nullptr && !text->get().empty()) texts.push_back(text->get());
    }
  }
  if (list == nullptr || list->empty() || texts.size() != list->size()) {
    Problem(name, "a text in quotes or a list of them");
  }
  return texts;
}

bool TableReader::Flag(absl::string_view name, bool otherwise) {
  const toml::node* node = Find(name);
  if (node == nullptr) return otherwise;
  const auto* flag = node->as_boolean();
  if (flag == nullptr) Problem(name, "true or false");
  return flag == nullptr ? otherwise : flag->get();
}

std::optional<int64_t> TableReader::Integer(absl::string_view name, int64_t least, int64_t most) {
  const toml::node* node = Find(name);
  if (node == nullptr) return std::nullopt;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < least || number->get() > most) {
    Problem(name, absl::StrCat("a whole number from ", least, " to ", most));
    return std::nullopt;
  }
  return number->get();
}

std::optional<int64_t> TableReader::Thousandths(absl::string_view name) {
  const toml::node* node = Find(name);
  if (node == nullptr) return std::nullopt;
  const std::optional<double> number = node->value<double>();
  if (!node->is_number() || !number || !std::isfinite(*number) || *number < 0 || *number > 1e9) {
    Problem(name, "a number from 0 to 1000000000");
    return std::nullopt;
  }
  return std::llround(*number * 1000);
}

std::optional<int64_t> TableReader::Scaled(absl::string_view name, int64_t scale) {
  constexpr double kLargest = 1e9;
  constexpr double kTolerance = 1e-6;  // of a double near a decimal fraction
  const toml::node* node = Find(name);
  if (node == nullptr) return std::nullopt;
  const absl::string_view decimals = scale == 10 ? "one decimal" : scale == 100 ? "two decimals" : "three decimals";
  const std::string want = absl::StrCat("a number from 0 to 1000000000 with at most ", decimals);
  const std::optional<double> number = node->value<double>();
  if (!node->is_number() || !number || !std::isfinite(*number) || *number < 0 || *number > kLargest) {
    Problem(name, want);
    return std::nullopt;
  }
  const double scaled = *number * static_cast<double>(scale);
  // Doubles near the largest are coarser than the tolerance.
  if (std::fabs(scaled - std::round(scaled)) > std::max(kTolerance, scaled * 1e-15)) {
    Problem(name, want, Binds::kNewFiles);
  }
  return std::llround(scaled);
}

std::optional<athletics::Date> TableReader::Day(absl::string_view name) {
  const toml::node* node = Find(name);
  if (node == nullptr) return std::nullopt;
  const auto* date = node->as_date();
  const std::optional<athletics::Date> day = date == nullptr ? std::nullopt : CivilDayOf(date->get());
  if (!day) Problem(name, kWantDay);
  return day;
}

std::optional<absl::CivilSecond> TableReader::Moment(absl::string_view name, bool end_of_day) {
  const toml::node* node = Find(name);
  if (node == nullptr) return std::nullopt;
  std::optional<athletics::Date> day;
  std::optional<absl::CivilSecond> moment;
  if (const auto* date = node->as_date()) {
    day = CivilDayOf(date->get());
    if (day) moment = end_of_day ? absl::CivilSecond(*day + 1) - 1 : absl::CivilSecond(*day);
  } else if (const auto* time = node->as_date_time(); time != nullptr && !time->get().offset) {
    const toml::time& clock = time->get().time;
    day = CivilDayOf(time->get().date);
    if (day) moment = absl::CivilSecond(*day) + (clock.hour * 3600 + clock.minute * 60 + clock.second);
  }
  if (!moment) Problem(name, kWantMoment);
  return moment;
}

const toml::table* TableReader::Table(absl::string_view name) {
  const toml::node* node = Find(name);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) Problem(name, absl::StrCat("a table, [", Path(name), "]"));
  return node->as_table();
}

std::vector<std::pair<const toml::table*, std::string>> TableReader::Tables(absl::string_view name) {
  const toml::node* node = Find(name);
  if (node == nullptr) return {};
  std::vector<std::pair<const toml::table*, std::string>> tables;
  const toml::array* list = node->as_array();
  if (list != nullptr) {
    for (const toml::node& item : *list) {
      if (item.is_table()) tables.emplace_back(item.as_table(), absl::StrCat(Path(name), "[", tables.size() + 1, "]"));
    }
  }
  if (list == nullptr || tables.size() != list->size()) Problem(name, absl::StrCat("tables, [[", Path(name), "]]"));
  return tables;
}

void TableReader::Finish() {
  for (const auto& [key, node] : table_) {
    if (known_.count(std::string(key.str())) > 0) continue;
    problems_->Add(static_cast<int>(key.source().begin.line), Path(absl::string_view(key.data(), key.length())),
                   ShowNode(node), absl::StrCat("no such field; known here: ", absl::StrJoin(known_, ", ")));
  }
}

}  // namespace palmares::qualification
