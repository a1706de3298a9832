#include "tools/palmares/profile_file.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <toml++/toml.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

using google::protobuf::Value;

void SetDay(const toml::date& date, Value& out) {
  auto& fields = *out.mutable_struct_value()->mutable_fields();
  fields["year"].set_number_value(date.year);
  fields["month"].set_number_value(date.month);
  fields["day"].set_number_value(date.day);
}

absl::Status Convert(const toml::node& node, absl::string_view key, Value& out);

absl::Status ConvertText(const std::string& text, absl::string_view key, Value& out) {
  out.set_string_value(text);
  if (key != "kind") return absl::OkStatus();
  const absl::StatusOr<v1::ProfileItem::Kind> kind = ParseEnumCode<v1::ProfileItem::Kind>(text);
  if (kind.ok()) out.set_string_value(v1::ProfileItem::Kind_Name(*kind));
  return absl::OkStatus();
}

absl::Status Convert(const toml::node& node, absl::string_view key, Value& out) {
  if (const auto* table = node.as_table()) {
    auto& fields = *out.mutable_struct_value()->mutable_fields();
    for (const auto& [name, child] : *table) {
      const std::string field(name.str());
      if (absl::Status status = Convert(child, field, fields[field]); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  if (const auto* array = node.as_array()) {
    auto& list = *out.mutable_list_value();
    for (const toml::node& child : *array) {
      if (absl::Status status = Convert(child, key, *list.add_values()); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  if (const auto* text = node.as_string()) return ConvertText(text->get(), key, out);
  if (const auto* number = node.as_integer()) {
    out.set_string_value(absl::StrCat(number->get()));  // which JSON takes for a number of any size
    return absl::OkStatus();
  }
  if (const auto* date = node.as_date()) {
    SetDay(date->get(), out);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("line ", node.source().begin.line, ": ", std::string(key),
                                                 ": want a text, a whole number, a day, a list or a table"));
}

absl::StatusOr<std::string> JsonOfToml(absl::string_view text, const std::string& path) {
  const toml::parse_result parsed = toml::parse(std::string_view(text.data(), text.size()), path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line, ": ", std::string(error.description())));
  }
  Value value;
  if (absl::Status status = Convert(parsed.table(), "profile", value); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", status.message()));
  }
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(value, &json);
  if (status.ok()) return json;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", std::string(status.message())));
}

}  // namespace

absl::StatusOr<v1::Profile> ReadProfile(absl::string_view text, const std::string& path) {
  std::string json(text);
  if (absl::EndsWithIgnoreCase(path, ".toml")) {
    absl::StatusOr<std::string> converted = JsonOfToml(text, path);
    if (!converted.ok()) return converted.status();
    json = *std::move(converted);
  }
  v1::Profile profile;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &profile);
  if (status.ok()) return profile;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", Printable(std::string(status.message())), "; want the fields of a profile"));
}

}  // namespace palmares::tools
