#include "services/ingest/column_mapping_messages.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/events/event_messages.h"
#include "services/ingest/field.h"
#include "services/ingest/units.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

constexpr size_t kLongestMappingName = 200;
constexpr size_t kLongestTimingSystem = 100;
constexpr size_t kLongestEncoding = 40;
constexpr size_t kLongestHeader = 200;
constexpr size_t kMostMappedColumns = 500;
constexpr size_t kShownOfValue = 40;

absl::Status CheckLength(absl::string_view field, const std::string& text, size_t most) {
  if (text.size() <= most) return absl::OkStatus();
  return rpc::InvalidField(field, text.substr(0, kShownOfValue), absl::StrCat("at most ", most, " bytes"));
}

// An entry of a map as people write it: "Netto=chip_time".
std::string EntryText(absl::string_view header, absl::string_view value) {
  return absl::StrCat(header.substr(0, kShownOfValue), "=", value.substr(0, kShownOfValue));
}

// What headers themselves must be: there, short, and each once however it is written.
absl::Status CheckHeaders(absl::string_view field, const std::map<std::string, std::string>& entries) {
  if (entries.size() > kMostMappedColumns) {
    return rpc::InvalidField(field, absl::StrCat(entries.size(), " columns"),
                             absl::StrCat("at most ", kMostMappedColumns));
  }
  std::map<std::string, std::string> by_folded;
  for (const auto& [header, value] : entries) {
    const std::string folded = FoldHeader(header);
    if (folded.empty() || header.size() > kLongestHeader) {
      return rpc::InvalidField(field, EntryText(header, value),
                               absl::StrCat("a column's header, at most ", kLongestHeader, " bytes"));
    }
    const auto [other, added] = by_folded.emplace(folded, header);
    if (!added) {
      return rpc::InvalidField(field, EntryText(header, value),
                               absl::StrCat("each column once: \"", other->second, "\" is the same header"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckColumns(const std::map<std::string, std::string>& columns) {
  constexpr absl::string_view kField = "column_mapping.columns";
  if (absl::Status status = CheckHeaders(kField, columns); !status.ok()) return status;
  std::map<Field, std::string> column_of;
  for (const auto& [header, name] : columns) {
    const std::optional<Field> field = ParseField(name);
    if (!field.has_value()) {
      return rpc::InvalidField(kField, EntryText(header, name), "a field such as chip_time, or nothing");
    }
    if (!IsOfOneColumn(*field)) continue;
    const auto [other, added] = column_of.emplace(*field, header);
    if (!added) {
      return rpc::InvalidField(kField, EntryText(header, name),
                               absl::StrCat("each field once: \"", other->second, "\" is the same field"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckUnits(const std::map<std::string, std::string>& units) {
  constexpr absl::string_view kField = "column_mapping.units";
  if (absl::Status status = CheckHeaders(kField, units); !status.ok()) return status;
  for (const auto& [header, name] : units) {
    if (!ParseUnit(name).has_value()) {
      return rpc::InvalidField(kField, EntryText(header, name), "a unit such as decimal-minutes or h:mm:ss");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTexts(const v1::ColumnMapping& mapping) {
  if (absl::StripAsciiWhitespace(mapping.display_name()).empty()) {
    return rpc::MissingField("column_mapping.display_name", "what people call it");
  }
  for (const absl::Status& status :
       {CheckLength("column_mapping.display_name", mapping.display_name(), kLongestMappingName),
        CheckLength("column_mapping.timing_system", mapping.timing_system(), kLongestTimingSystem),
        CheckLength("column_mapping.encoding", mapping.encoding(), kLongestEncoding)}) {
    if (!status.ok()) return status;
  }
  if (mapping.delimiter().size() > 1) {
    return rpc::InvalidField("column_mapping.delimiter", mapping.delimiter(), "one character, or nothing");
  }
  if (!v1::FileFormat_IsValid(mapping.format())) {
    return rpc::InvalidField("column_mapping.format", absl::StrCat(mapping.format()), "a format, or nothing");
  }
  if (!v1::NameOrder_IsValid(mapping.name_order())) {
    return rpc::InvalidField("column_mapping.name_order", absl::StrCat(mapping.name_order()), "an order, or nothing");
  }
  if (mapping.event().empty()) return absl::OkStatus();
  return events::ParseEventName("column_mapping.event", mapping.event()).status();
}

v1::ColumnMapping::Audience AudienceOf(const ColumnMapping& mapping, const access::Caller& caller) {
  if (!mapping.data.event().empty()) return v1::ColumnMapping::AUDIENCE_EVENT;
  if (mapping.data.owner_operates()) return v1::ColumnMapping::AUDIENCE_EVERYBODY;
  return mapping.data.owner() == caller.actor() ? v1::ColumnMapping::AUDIENCE_OWN : v1::ColumnMapping::AUDIENCE_OTHERS;
}

}  // namespace

v1::ColumnMapping ToProto(const ColumnMapping& mapping, const access::Caller& caller, int64_t position) {
  const stored::v1::ColumnMapping& data = mapping.data;
  v1::ColumnMapping out;
  out.set_name(mapping.name);
  out.set_display_name(data.display_name());
  out.set_event(data.event());
  out.set_timing_system(data.timing_system());
  out.set_format(static_cast<v1::FileFormat>(data.format()));
  *out.mutable_columns() = data.columns();
  *out.mutable_units() = data.units();
  out.set_name_order(static_cast<v1::NameOrder>(data.name_order()));
  out.set_encoding(data.encoding());
  out.set_delimiter(data.delimiter());
  out.set_audience(AudienceOf(mapping, caller));
  *out.mutable_create_time() = rpc::ToTimestamp(mapping.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(mapping.update_time_us);
  out.set_etag(rpc::Etag(mapping.position));
  out.set_position(position);
  return out;
}

absl::StatusOr<stored::v1::ColumnMapping> ToStored(const v1::ColumnMapping& mapping, absl::string_view id) {
  if (absl::Status status = CheckTexts(mapping); !status.ok()) return status;
  if (absl::Status status = CheckColumns({mapping.columns().begin(), mapping.columns().end()}); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckUnits({mapping.units().begin(), mapping.units().end()}); !status.ok()) return status;
  stored::v1::ColumnMapping stored;
  stored.set_id(std::string(id));
  stored.set_display_name(mapping.display_name());
  stored.set_event(mapping.event());
  stored.set_timing_system(mapping.timing_system());
  stored.set_format(mapping.format());
  *stored.mutable_columns() = mapping.columns();
  *stored.mutable_units() = mapping.units();
  stored.set_name_order(mapping.name_order());
  stored.set_encoding(mapping.encoding());
  stored.set_delimiter(mapping.delimiter());
  return stored;
}

absl::StatusOr<std::string> ColumnMappingId(absl::string_view field, absl::string_view name) {
  absl::string_view id = name;
  if (name.empty()) return rpc::MissingField(field, "columnMappings/{mapping}");
  if (!absl::ConsumePrefix(&id, "columnMappings/")) return rpc::InvalidField(field, name, "columnMappings/{mapping}");
  if (absl::Status status = rpc::CheckId(field, id); !status.ok()) return status;
  return std::string(id);
}

absl::Status CheckWritableMapping(const google::protobuf::FieldMask& mask) {
  static const auto* const kOutputOnly =
      new std::set<std::string>{"audience", "create_time", "etag", "name", "position", "update_time"};
  for (const std::string& path : mask.paths()) {
    if (kOutputOnly->contains(path)) return rpc::InvalidField("update_mask", path, "a field that callers write");
  }
  return absl::OkStatus();
}

absl::StatusOr<UsedMapping> UseMapping(const ColumnMappings& mappings, const access::Caller& caller,
                                       const v1::ImportHeader& header) {
  UsedMapping used;
  std::string name = header.column_mapping();
  if (name.empty() && !header.timing_system().empty()) {
    std::vector<v1::ColumnMapping> usable;
    for (const auto& [key, mapping] : mappings.mappings()) {
      if (!SameTimingSystem(mapping.data.timing_system(), header.timing_system())) continue;
      if (MayUse(caller, OwnershipOf(mapping.data))) usable.push_back(ToProto(mapping, caller, 0));
    }
    const v1::ColumnMapping* chosen = ChooseMapping(usable, header);
    if (chosen != nullptr) name = chosen->name();
  }
  if (name.empty()) {
    used.mapped.header = header;
    return used;
  }
  const ColumnMapping* mapping = mappings.Find(name);
  if (mapping == nullptr || !MayUse(caller, OwnershipOf(mapping->data))) return rpc::NotFound("column mapping", name);
  const v1::ColumnMapping message = ToProto(*mapping, caller, 0);
  if (absl::Status status = CheckEvent(message, header); !status.ok()) return status;
  used.mapped = WithMapping(header, message);
  used.position = mapping->position;
  return used;
}

absl::Status MappingHasChanged(const std::string& race) {
  return rpc::WithReason(
      absl::AbortedError(absl::StrCat("header.column_mapping: the saved mapping that the file for \"", race,
                                      "\" was checked with has changed since, want it checked again")),
      "COLUMN_MAPPING_CHANGED", {{"race", race}});
}

}  // namespace palmares::ingest
