// What the sections of the HTML rendering are written with: headings, badges, tables, links, references to results.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_PAGE_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_PAGE_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "services/portfolio/rendering/markup.h"
#include "services/portfolio/rendering/references.h"
#include "services/portfolio/rendering/rendering.h"
#include "services/portfolio/rendering/words.h"

namespace palmares::portfolio {

// A page while it is written. Not for use by several threads at once.
class Page {
 public:
  Page(const RenderedPortfolio& portfolio, const RenderOptions& options);

  const RenderedPortfolio& portfolio() const { return portfolio_; }
  const v1::PortfolioContent& content() const { return *portfolio_.content; }
  const v1::VerifiedContent& verified() const { return portfolio_.content->verified(); }
  const v1::SelfReportedContent& self_reported() const { return portfolio_.content->self_reported(); }
  const RenderOptions& options() const { return options_; }
  const Language& words() const { return words_; }
  absl::string_view Say(Word word) const { return words_(word); }
  Markup& out() { return out_; }
  References& references() { return references_; }

  // A section of the page with its badge; Close ends it.
  void OpenSection(absl::string_view id, Word heading, bool verified);
  void Badge(bool verified);
  // Text of others, isolated so that its direction concerns nothing around it.
  void Said(absl::string_view text);
  // English text of the content, marked as such in other languages.
  void English(absl::string_view element, absl::string_view text);
  // A link where `uri` is one that may be shown; else the label, and the uri as plain text.
  void Link(absl::string_view uri, absl::string_view label);
  // "[3]" for each result, linked to its row; runs are shortened: "[3]–[9]".
  void Refer(absl::string_view result);
  void Refer(const google::protobuf::RepeatedPtrField<std::string>& results);

  // An id of the page that was not used before: "chart-1", "chart-2".
  std::string NextId(absl::string_view stem);

 private:
  const RenderedPortfolio& portfolio_;
  const RenderOptions& options_;
  const Language& words_;
  References references_;
  Markup out_;
  int last_id_ = 0;
};

// A table of the page: caption, a header row, then rows of which the first cell is the header. Cells are written
// between Row and the next Row.
class Table {
 public:
  Table(Page& page, absl::string_view caption, std::initializer_list<absl::string_view> columns);
  Table(Page& page, absl::string_view caption, const std::vector<absl::string_view>& columns);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // Begins a row with its header.
  Table& Row(absl::string_view header, absl::string_view id = {});
  Table& Cell(absl::string_view text);    // of this program or the content's codes
  Table& Number(absl::string_view text);  // set right
  Table& Said(absl::string_view text);    // of others
  Table& From(absl::string_view result);  // reference
  Table& From(const google::protobuf::RepeatedPtrField<std::string>& results);
  // A cell with more in it: OpenCell, anything, CloseCell.
  Table& OpenCell();
  Table& CloseCell();

 private:
  void Begin(absl::string_view caption, const absl::string_view* columns, size_t size);
  void EndRow();

  Page& page_;
  Markup& out_;
  bool in_row_ = false;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_PAGE_H_
