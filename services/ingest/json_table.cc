#include "services/ingest/json_table.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/field.h"
#include "services/ingest/sections.h"
#include "services/results/relay_legs.h"

namespace palmares::ingest {
namespace {

using Value = rapidjson::Value;

// Deeper than any provider's answer; keeps the walks below off the end of the stack.
constexpr int kDepth = 40;

absl::string_view Text(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

const Value* Member(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

// A scalar as a cell has it; empty for null.
std::string CellText(const Value& value) {
  if (value.IsString()) return std::string(Text(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsInt64()) return absl::StrCat(value.GetInt64());
  if (value.IsUint64()) return absl::StrCat(value.GetUint64());
  if (value.IsDouble()) return absl::StrCat(value.GetDouble());
  return "";
}

bool IsListOf(const Value& value, bool (Value::*is)() const) {
  return value.IsArray() && !value.Empty() &&
         std::all_of(value.Begin(), value.End(), [is](const Value& item) { return (item.*is)(); });
}

// Rows under construction: named columns in the order of their first appearance.
class RowsBuilder {
 public:
  explicit RowsBuilder(const Limits& limits) : limits_(limits) {}

  absl::Status AddObject(const Value& object) {
    rows_.emplace_back();
    if (rows_.size() > limits_.rows)
      return absl::ResourceExhaustedError(absl::StrCat("the list has over ", limits_.rows, " rows"));
    return AddMembers(object, "", 0);
  }

  absl::StatusOr<Table> Build() const {
    Table table("", limits_);
    if (absl::Status status = table.BeginRow(0); !status.ok()) return status;
    for (const std::string& header : headers_) {
      if (absl::Status status = table.AddMadeCell(header); !status.ok()) return status;
    }
    std::vector<absl::string_view> cells;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (absl::Status status = table.BeginRow(static_cast<int64_t>(i) + 1); !status.ok()) return status;
      cells.assign(headers_.size(), {});
      for (const auto& [column, text] : rows_[i]) cells[column] = text;
      for (const absl::string_view cell : cells) {
        if (absl::Status status = table.AddMadeCell(cell); !status.ok()) return status;
      }
    }
    return table;
  }

 private:
  absl::Status AddMembers(const Value& object, const std::string& prefix, int depth) {
    if (depth > 3) return absl::OkStatus();
    for (const auto& member : object.GetObject()) {
      const std::string name = absl::StrCat(prefix, prefix.empty() ? "" : " ", Text(member.name));
      if (member.value.IsObject()) {
        if (absl::Status status = AddMembers(member.value, name, depth + 1); !status.ok()) return status;
      } else if (member.value.IsArray()) {
        if (absl::Status status = AddLegs(Text(member.name), member.value); !status.ok()) return status;
      } else {
        if (absl::Status status = AddCell(name, CellText(member.value)); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  // Of all lists in an object only that of a relay's legs is read: names, or objects with a name, a bib and a time.
  absl::Status AddLegs(absl::string_view key, const Value& list) {
    const std::string folded = FoldHeader(key);
    if (folded != "relaylegs" && folded != "legs" && folded != "runners") return absl::OkStatus();
    for (rapidjson::SizeType i = 0; i < list.Size() && i < results::kMostRelayLegs; ++i) {
      const std::string leg = absl::StrCat("leg ", i + 1, " ");
      if (!list[i].IsObject()) {
        if (absl::Status status = AddCell(leg + "name", CellText(list[i])); !status.ok()) return status;
        continue;
      }
      for (const auto& member : list[i].GetObject()) {
        const bool as_stored = FoldHeader(Text(member.name)) == "splitmark";
        const std::string name = as_stored ? "time in milliseconds" : std::string(Text(member.name));
        if (!FindLegMeaning(leg + name).has_value()) continue;
        if (absl::Status status = AddCell(leg + name, CellText(member.value)); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status AddCell(const std::string& name, std::string text) {
    const auto [known, added] = columns_.try_emplace(name, headers_.size());
    if (added) headers_.push_back(name);
    if (headers_.size() > limits_.columns) {
      return absl::ResourceExhaustedError(absl::StrCat("the objects have over ", limits_.columns, " different keys"));
    }
    if (++cells_ > limits_.cells)
      return absl::ResourceExhaustedError(absl::StrCat("the list has over ", limits_.cells, " values"));
    if (!text.empty()) rows_.back().emplace_back(known->second, std::move(text));
    return absl::OkStatus();
  }

  const Limits& limits_;
  std::vector<std::string> headers_;
  absl::flat_hash_map<std::string, size_t> columns_;
  std::vector<std::vector<std::pair<size_t, std::string>>> rows_;
  size_t cells_ = 0;
};

// Lists of objects with what is around them.
struct ObjectList {
  const Value* list;
  std::string title;
};

// The object's own short strings, and the names of objects in it: "T01 600m - A Race".
std::string TitleOf(const Value& object) {
  std::string title;
  for (const auto& member : object.GetObject()) {
    const Value* name = member.value.IsObject() ? Member(member.value, "name") : &member.value;
    if (name == nullptr || !name->IsString() || Text(member.name).front() == '_' || title.size() > 100) continue;
    absl::StrAppend(&title, title.empty() ? "" : " ", Text(*name).substr(0, 60));
  }
  return title;
}

bool IsPerson(Field field) {
  return field == Field::kName || field == Field::kFamilyName || field == Field::kGivenName || field == Field::kBib;
}
bool IsPerformance(Field field) {
  return field == Field::kOfficialTime || field == Field::kGunTime || field == Field::kChipTime ||
         field == Field::kPlace;
}

// Competitors have keys that tell who, and keys that tell how fast or which place; other lists (events, brackets, URLs)
// have not.
bool LooksLikeResults(const Value& list) {
  if (!IsListOf(list, &Value::IsObject)) return false;
  bool person = false;
  bool performance = false;
  for (const auto& member : list[0].GetObject()) {
    const auto meaning = FindHeaderMeaning(Text(member.name));
    if (!meaning) continue;
    person = person || IsPerson(meaning->field);
    performance = performance || IsPerformance(meaning->field);
  }
  return person && performance;
}

void FindLists(const Value& value, const std::string& title, int depth, std::vector<ObjectList>* lists) {
  if (depth > kDepth) return;
  if (value.IsArray()) {
    for (const Value& item : value.GetArray()) FindLists(item, title, depth + 1, lists);
    return;
  }
  if (!value.IsObject()) return;
  const std::string own = TitleOf(value);
  const std::string around = absl::StrCat(title, title.empty() || own.empty() ? "" : " / ", own);
  for (const auto& member : value.GetObject()) {
    if (LooksLikeResults(member.value)) {
      lists->push_back({&member.value, around});
    } else {
      FindLists(member.value, around, depth + 1, lists);
    }
  }
}

absl::StatusOr<Table> ReadObjects(const Value& list, const Limits& limits) {
  RowsBuilder builder(limits);
  for (const Value& item : list.GetArray()) {
    if (absl::Status status = builder.AddObject(item); !status.ok()) return status;
  }
  return builder.Build();
}

// Rows of cells below groups.
void FindRows(const Value& value, int depth, std::vector<const Value*>* rows) {
  if (depth > kDepth) return;
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) FindRows(member.value, depth + 1, rows);
  } else if (IsListOf(value, &Value::IsArray)) {
    for (const Value& item : value.GetArray()) rows->push_back(&item);
  }
}

absl::Status AddCells(const Value& list, size_t skip, Table* table) {
  for (rapidjson::SizeType i = static_cast<rapidjson::SizeType>(skip); i < list.Size(); ++i) {
    if (absl::Status status = table->AddMadeCell(CellText(list[i])); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// RaceResult may put the bib and the id before the named fields.
absl::StatusOr<Table> ReadArrays(const std::vector<std::string>& headers, const std::vector<const Value*>& rows,
                                 size_t first, const Limits& limits) {
  Table table("", limits);
  if (absl::Status status = table.BeginRow(0); !status.ok()) return status;
  for (const std::string& header : headers) {
    if (absl::Status status = table.AddMadeCell(header); !status.ok()) return status;
  }
  for (size_t i = first; i < rows.size(); ++i) {
    if (absl::Status status = table.BeginRow(static_cast<int64_t>(i - first) + 1); !status.ok()) return status;
    const size_t skip = rows[i]->Size() > headers.size() ? rows[i]->Size() - headers.size() : 0;
    if (absl::Status status = AddCells(*rows[i], skip, &table); !status.ok()) return status;
  }
  return table;
}

// The names of RaceResult's columns; empty when the document is not RaceResult's.
std::vector<std::string> RaceResultHeaders(const Value& document) {
  std::vector<std::string> headers;
  const Value* fields = Member(document, "DataFields");
  if (fields == nullptr) {
    const Value* list = Member(document, "list");
    fields = list == nullptr ? nullptr : Member(*list, "Fields");
  }
  if (fields == nullptr || !fields->IsArray()) return headers;
  for (const Value& field : fields->GetArray()) {
    const Value* label = Member(field, "Label");
    const Value* expression = Member(field, "Expression");
    if (label != nullptr && label->IsString() && label->GetStringLength() > 0) {
      headers.push_back(CellText(*label));
    } else {
      headers.push_back(expression != nullptr ? CellText(*expression) : CellText(field));
    }
  }
  return headers;
}

absl::StatusOr<Table> ReadDocument(const Value& document, absl::string_view section, const Limits& limits) {
  const std::vector<std::string> headers = RaceResultHeaders(document);
  const Value* data = Member(document, "data");
  if (!headers.empty() && data != nullptr) {
    std::vector<const Value*> rows;
    FindRows(*data, 0, &rows);
    return ReadArrays(headers, rows, 0, limits);
  }
  if (IsListOf(document, &Value::IsArray)) {
    std::vector<const Value*> rows;
    FindRows(document, 0, &rows);
    std::vector<std::string> first;
    for (const Value& cell : rows.front()->GetArray()) first.push_back(CellText(cell));
    return ReadArrays(first, rows, 1, limits);
  }
  if (LooksLikeResults(document)) return ReadObjects(document, limits);
  std::vector<ObjectList> lists;
  FindLists(document, "", 0, &lists);
  std::vector<std::string> titles;
  titles.reserve(lists.size());
  for (const ObjectList& list : lists) titles.push_back(list.title);
  const auto chosen = ChooseSection(titles, section);
  if (!chosen.ok()) return chosen.status();
  return ReadObjects(*lists[*chosen].list, limits);
}

}  // namespace

absl::StatusOr<Table> ReadJson(absl::string_view text, absl::string_view section, const Limits& limits) {
  rapidjson::Document document;
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  document.Parse<kFlags>(text.data(), text.size());
  if (document.HasParseError()) {
    return absl::InvalidArgumentError(absl::StrCat("the file is no JSON: at byte ", document.GetErrorOffset(), ": ",
                                                   rapidjson::GetParseError_En(document.GetParseError())));
  }
  return ReadDocument(document, section, limits);
}

}  // namespace palmares::ingest
