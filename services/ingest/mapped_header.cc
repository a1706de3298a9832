#include "services/ingest/mapped_header.h"

#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/fold.h"
#include "services/ingest/field.h"

namespace palmares::ingest {
namespace {

// What the header itself says of columns.
class Given {
 public:
  explicit Given(const v1::ImportHeader& header) {
    for (const auto& [column, name] : header.columns()) {
      const std::optional<Field> field = ParseField(name);
      columns_[FoldHeader(column)] = field;
      if (field.has_value() && IsOfOneColumn(*field)) fields_.insert(*field);
    }
    for (const auto& [column, unit] : header.units()) units_.insert(FoldHeader(column));
  }

  bool Overrides(const std::string& column, absl::string_view name) const {
    const std::optional<Field> field = ParseField(name);
    return columns_.contains(FoldHeader(column)) || (field.has_value() && fields_.contains(*field));
  }
  bool OverridesUnit(const std::string& column) const {
    const auto found = columns_.find(FoldHeader(column));
    return units_.contains(FoldHeader(column)) || (found != columns_.end() && found->second == Field::kIgnore);
  }

 private:
  std::map<std::string, std::optional<Field>> columns_;  // by folded header
  std::set<std::string> units_;                          // folded headers
  std::set<Field> fields_;
};

absl::string_view EventOf(absl::string_view race) { return race.substr(0, race.find("/editions/")); }

// Whether a file of this name may be of the format: an ending that says another one rules it out.
bool MayBe(v1::FileFormat format, absl::string_view file_name) {
  std::string name = absl::AsciiStrToLower(file_name);
  for (const absl::string_view packed : {".gz", ".zip"}) {
    if (absl::EndsWith(name, packed)) name.resize(name.size() - packed.size());
  }
  const auto ends = [&name](absl::string_view ending) { return absl::EndsWith(name, ending); };
  if (ends(".xlsx")) return format == v1::FILE_FORMAT_XLSX;
  if (ends(".lif")) return format == v1::FILE_FORMAT_LIF;
  if (ends(".json")) return format == v1::FILE_FORMAT_JSON || format == v1::FILE_FORMAT_PROTO_JSON;
  if (ends(".csv")) return format == v1::FILE_FORMAT_CSV;
  if (ends(".tsv")) return format == v1::FILE_FORMAT_TSV;
  return true;
}

bool FitsFormat(const v1::ColumnMapping& mapping, const v1::ImportHeader& header) {
  if (mapping.format() == v1::FILE_FORMAT_UNSPECIFIED) return true;
  if (header.format() != v1::FILE_FORMAT_UNSPECIFIED) return mapping.format() == header.format();
  return MayBe(mapping.format(), header.file_name());
}

bool Fits(const v1::ColumnMapping& mapping, const v1::ImportHeader& header) {
  return mapping.audience() != v1::ColumnMapping::AUDIENCE_OTHERS &&
         SameTimingSystem(mapping.timing_system(), header.timing_system()) && CheckEvent(mapping, header).ok() &&
         FitsFormat(mapping, header);
}

}  // namespace

bool SameTimingSystem(absl::string_view a, absl::string_view b) {
  return !a.empty() && (absl::EqualsIgnoreCase(a, b) ||
                        (!athletics::FoldKey(a).empty() && athletics::FoldKey(a) == athletics::FoldKey(b)));
}

MappedHeader WithMapping(const v1::ImportHeader& header, const v1::ColumnMapping& mapping) {
  MappedHeader mapped;
  mapped.header = header;
  mapped.saved.name = mapping.name();
  v1::ImportHeader& out = mapped.header;
  if (out.format() == v1::FILE_FORMAT_UNSPECIFIED) out.set_format(mapping.format());
  if (out.encoding().empty()) out.set_encoding(mapping.encoding());
  if (out.delimiter().empty()) out.set_delimiter(mapping.delimiter());
  if (out.name_order() == v1::NAME_ORDER_UNSPECIFIED) out.set_name_order(mapping.name_order());
  const Given given(header);
  for (const auto& [column, field] : mapping.columns()) {
    mapped.saved.headers.insert(FoldHeader(column));
    if (given.Overrides(column, field)) continue;
    (*out.mutable_columns())[column] = field;
    mapped.saved.columns.insert(column);
  }
  for (const auto& [column, unit] : mapping.units()) {
    mapped.saved.headers.insert(FoldHeader(column));
    if (given.OverridesUnit(column)) continue;
    (*out.mutable_units())[column] = unit;
    mapped.saved.units.insert(column);
  }
  return mapped;
}

const v1::ColumnMapping* ChooseMapping(const std::vector<v1::ColumnMapping>& mappings, const v1::ImportHeader& header) {
  const v1::ColumnMapping* chosen = nullptr;
  const auto order = [](const v1::ColumnMapping& mapping) {
    return std::make_tuple(mapping.audience(), mapping.format() == v1::FILE_FORMAT_UNSPECIFIED, mapping.name());
  };
  for (const v1::ColumnMapping& mapping : mappings) {
    if (!Fits(mapping, header)) continue;
    if (chosen == nullptr || order(mapping) < order(*chosen)) chosen = &mapping;
  }
  return chosen;
}

absl::Status CheckEvent(const v1::ColumnMapping& mapping, const v1::ImportHeader& header) {
  if (mapping.event().empty() || mapping.event() == EventOf(header.race())) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("header.column_mapping: \"", mapping.name(), "\", want one for ",
                                                 EventOf(header.race()), ": it is for ", mapping.event()));
}

}  // namespace palmares::ingest
