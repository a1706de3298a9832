// Writes HTML that is well-formed XML too.
//
// Functions that write, rather than a template library: what they write is escaped and closed by construction, which
// ctemplate's escaping by context does not promise for inline SVG and for links, and each table and chart exists once.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_MARKUP_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_MARKUP_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::portfolio {

// An attribute; one with an empty value is left out.
struct Attribute {
  absl::string_view name;
  absl::string_view value;
};

// A piece of markup. Names of elements and attributes are literals of this program and must outlive it; texts and
// values are anybody's: they are made inert (text.h) and escaped, and texts are cut at the longest that is rendered.
// Not for use by several threads at once.
class Markup {
 public:
  using Attributes = std::initializer_list<Attribute>;

  // Opens an element; Close closes the innermost one.
  Markup& Open(absl::string_view element, Attributes attributes = {});
  Markup& Close();
  Markup& Text(absl::string_view text);
  // An element with a text, and one without content (`<br/>`).
  Markup& Element(absl::string_view element, Attributes attributes, absl::string_view text);
  Markup& Void(absl::string_view element, Attributes attributes = {});
  // A piece in which everything is closed.
  Markup& Append(const Markup& piece);
  // A style sheet of this program, as it is.
  Markup& Style(absl::string_view style_sheet);

  bool IsClosed() const { return open_.empty(); }
  const std::string& text() const { return out_; }
  std::string Finish() &&;

 private:
  void StartTag(absl::string_view element, Attributes attributes);
  void EndLine(absl::string_view element);

  std::string out_;
  std::vector<absl::string_view> open_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_MARKUP_H_
