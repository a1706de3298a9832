#include "services/portfolio/rendering/json_text.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <cstdint>
#include <map>

#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace palmares::portfolio {
namespace {

using google::protobuf::Value;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53

void WriteString(const std::string& text, Writer& writer) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void WriteNumber(double number, Writer& writer) {
  if (std::trunc(number) == number && std::fabs(number) <= kLargestWhole) {
    writer.Int64(static_cast<int64_t>(number));
  } else {
    writer.Double(number);
  }
}

void Write(const Value& value, Writer& writer) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      return WriteString(value.string_value(), writer);
    case Value::kNumberValue:
      return WriteNumber(value.number_value(), writer);
    case Value::kBoolValue:
      writer.Bool(value.bool_value());
      return;
    case Value::kStructValue: {
      std::map<absl::string_view, const Value*> sorted;
      for (const auto& [key, member] : value.struct_value().fields()) sorted.emplace(key, &member);
      writer.StartObject();
      for (const auto& [key, member] : sorted) {
        WriteString(std::string(key), writer);
        Write(*member, writer);
      }
      writer.EndObject();
      return;
    }
    case Value::kListValue:
      writer.StartArray();
      for (const Value& member : value.list_value().values()) Write(member, writer);
      writer.EndArray();
      return;
    default:
      writer.Null();
  }
}

}  // namespace

std::string SortedJson(const Value& value) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  Write(value, writer);
  // These signs stand in strings alone.
  return absl::StrReplaceAll(absl::string_view(buffer.GetString(), buffer.GetSize()),
                             {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}});
}

}  // namespace palmares::portfolio
