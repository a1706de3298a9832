#include "services/credentials/canonical_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace palmares::credentials {
namespace {

// Code units of valid UTF-8, which order otherwise than its bytes do beyond the basic plane.
std::u16string Utf16(absl::string_view text) {
  std::u16string units;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (size_t k = 1; k < length && i + k < text.size(); ++k) {
      point = point << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    i += length;
    if (point >= 0x10000) {
      units.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10U)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU)));
    } else {
      units.push_back(static_cast<char16_t>(point));
    }
  }
  return units;
}

void AppendText(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      case '\b':
        out->append("\\b");
        break;
      case '\f':
        out->append("\\f");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppendFormat(out, "\\u%04x", static_cast<unsigned>(c));
        } else {
          out->push_back(c);
        }
    }
  }
  out->push_back('"');
}

absl::string_view NameOf(const Json& name) { return {name.GetString(), name.GetStringLength()}; }

void Append(const Json& value, std::string* out) {
  if (value.IsNull()) out->append("null");
  if (value.IsBool()) out->append(value.GetBool() ? "true" : "false");
  if (value.IsNumber()) out->append(CanonicalNumber(value.GetDouble()));
  if (value.IsString()) AppendText(NameOf(value), out);
  if (value.IsArray()) {
    out->push_back('[');
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      if (i > 0) out->push_back(',');
      Append(value[i], out);
    }
    out->push_back(']');
  }
  if (value.IsObject()) {
    std::vector<std::pair<std::u16string, Json::ConstMemberIterator>> members;
    for (auto member = value.MemberBegin(); member != value.MemberEnd(); ++member) {
      members.emplace_back(Utf16(NameOf(member->name)), member);
    }
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    out->push_back('{');
    for (const auto& [units, member] : members) {
      if (out->back() != '{') out->push_back(',');
      AppendText(NameOf(member->name), out);
      out->push_back(':');
      Append(member->value, out);
    }
    out->push_back('}');
  }
}

}  // namespace

std::string CanonicalNumber(double number) {
  if (number == 0) return "0";
  // The shortest digits that read back as the same double; ECMAScript only lays them out otherwise.
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  absl::string_view text(buffer.data(), static_cast<size_t>(end.ptr - buffer.data()));
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t mark = text.find('e');
  int exponent = 0;
  absl::string_view power = text.substr(mark + 1);
  if (power.front() == '+') power.remove_prefix(1);
  if (!absl::SimpleAtoi(power, &exponent)) return "";
  std::string digits(1, text.front());
  if (mark > 1) absl::StrAppend(&digits, text.substr(2, mark - 2));
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  std::string out = negative ? "-" : "";
  if (count <= point && point <= 21) {
    absl::StrAppend(&out, digits, std::string(static_cast<size_t>(point - count), '0'));
  } else if (0 < point && point <= 21) {
    absl::StrAppend(&out, digits.substr(0, static_cast<size_t>(point)), ".", digits.substr(static_cast<size_t>(point)));
  } else if (-6 < point && point <= 0) {
    absl::StrAppend(&out, "0.", std::string(static_cast<size_t>(-point), '0'), digits);
  } else {
    absl::StrAppend(&out, digits.substr(0, 1), count > 1 ? "." : "", digits.substr(1), "e", exponent < 0 ? "-" : "+",
                    std::abs(exponent));
  }
  return out;
}

std::string Canonical(const Json& value) {
  std::string out;
  Append(value, &out);
  return out;
}

absl::StatusOr<std::string> CanonicalText(absl::string_view text) {
  const absl::StatusOr<rapidjson::Document> document = ParseJson(text);
  if (!document.ok()) return document.status();
  return Canonical(*document);
}

}  // namespace palmares::credentials
