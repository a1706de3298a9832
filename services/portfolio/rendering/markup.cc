#include "services/portfolio/rendering/markup.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/portfolio/rendering/text.h"

namespace palmares::portfolio {
namespace {

// Elements within a line: after any other one the line ends, so that two renderings can be compared line by line.
constexpr absl::string_view kInline[] = {"a",    "abbr",   "b",  "bdi", "code", "dt",    "small",
                                         "span", "strong", "td", "th",  "time", "title", "tspan"};

}  // namespace

void Markup::StartTag(absl::string_view element, Attributes attributes) {
  absl::StrAppend(&out_, "<", element);
  for (const Attribute& attribute : attributes) {
    if (attribute.value.empty()) continue;
    absl::StrAppend(&out_, " ", attribute.name, "=\"");
    AppendEscaped(Inert(attribute.value, std::string::npos), out_);
    out_ += '"';
  }
}

void Markup::EndLine(absl::string_view element) {
  if (std::find(std::begin(kInline), std::end(kInline), element) == std::end(kInline)) out_ += '\n';
}

Markup& Markup::Open(absl::string_view element, Attributes attributes) {
  StartTag(element, attributes);
  out_ += '>';
  open_.push_back(element);
  return *this;
}

Markup& Markup::Close() {
  const absl::string_view element = open_.back();
  open_.pop_back();
  absl::StrAppend(&out_, "</", element, ">");
  EndLine(element);
  return *this;
}

Markup& Markup::Text(absl::string_view text) {
  AppendEscaped(Inert(text), out_);
  return *this;
}

Markup& Markup::Element(absl::string_view element, Attributes attributes, absl::string_view text) {
  return Open(element, attributes).Text(text).Close();
}

Markup& Markup::Void(absl::string_view element, Attributes attributes) {
  StartTag(element, attributes);
  out_ += "/>";
  EndLine(element);
  return *this;
}

Markup& Markup::Append(const Markup& piece) {
  out_ += piece.out_;
  return *this;
}

Markup& Markup::Style(absl::string_view style_sheet) {
  absl::StrAppend(&out_, "<style>", style_sheet, "</style>\n");
  return *this;
}

std::string Markup::Finish() && {
  while (!open_.empty()) Close();
  return std::move(out_);
}

}  // namespace palmares::portfolio
