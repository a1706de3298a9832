#include "services/portfolio/rendering/page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/portfolio/rendering/text.h"

namespace palmares::portfolio {

Page::Page(const RenderedPortfolio& portfolio, const RenderOptions& options)
    : portfolio_(portfolio),
      options_(options),
      words_(Language::Find(options.locale)),
      references_(portfolio.content->verified().results()) {}

void Page::OpenSection(absl::string_view id, Word heading, bool verified) {
  const std::string heading_id = absl::StrCat(id, "-heading");
  out_.Open("section", {{"id", id}, {"class", verified ? "verified" : "said"}, {"aria-labelledby", heading_id}});
  out_.Element("h2", {{"id", heading_id}}, Say(heading));
  out_.Open("p", {{"class", "origin"}});
  Badge(verified);
  out_.Text(" ").Text(Say(verified ? Word::kVerifiedMeaning : Word::kSelfReportedMeaning)).Close();
}

void Page::Badge(bool verified) {
  out_.Element("strong", {{"class", verified ? "badge is-verified" : "badge is-said"}},
               Say(verified ? Word::kVerified : Word::kSelfReported));
}

void Page::Said(absl::string_view text) { out_.Element("bdi", {}, text); }

void Page::English(absl::string_view element, absl::string_view text) {
  out_.Element(element, {{"lang", words_.IsEnglish() ? "" : "en"}, {"dir", "auto"}}, text);
}

void Page::Link(absl::string_view uri, absl::string_view label) {
  if (IsWebLink(uri)) {
    out_.Open("a", {{"href", uri}, {"rel", "noopener noreferrer nofollow"}});
    Said(label.empty() ? uri : label);
    out_.Close();
    return;
  }
  if (!label.empty()) Said(label);
  if (uri.empty() || uri == label) return;
  if (!label.empty()) out_.Text(" ");
  out_.Open("bdi", {}).Element("code", {}, uri).Close();
}

void Page::Refer(absl::string_view result) {
  if (result.empty()) return;
  const int number = references_.Number(result);
  out_.Element("a", {{"class", "ref"}, {"href", absl::StrCat("#r", number)}}, absl::StrCat("[", number, "]"));
}

void Page::Refer(const google::protobuf::RepeatedPtrField<std::string>& results) {
  std::vector<int> numbers;
  for (const std::string& result : results) numbers.push_back(references_.Number(result));
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  const auto one = [this](int number) {
    out_.Element("a", {{"class", "ref"}, {"href", absl::StrCat("#r", number)}}, absl::StrCat("[", number, "]"));
  };
  for (size_t begin = 0; begin < numbers.size();) {
    size_t end = begin;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    if (begin > 0) out_.Text(" ");
    one(numbers[begin]);
    if (end == begin + 1) out_.Text(" ");
    if (end > begin + 1) out_.Text("–");
    if (end > begin) one(numbers[end]);
    begin = end + 1;
  }
}

std::string Page::NextId(absl::string_view stem) { return absl::StrCat(stem, "-", ++last_id_); }

Table::Table(Page& page, absl::string_view caption, std::initializer_list<absl::string_view> columns)
    : page_(page), out_(page.out()) {
  Begin(caption, columns.begin(), columns.size());
}

Table::Table(Page& page, absl::string_view caption, const std::vector<absl::string_view>& columns)
    : page_(page), out_(page.out()) {
  Begin(caption, columns.data(), columns.size());
}

void Table::Begin(absl::string_view caption, const absl::string_view* columns, size_t size) {
  const std::string id = page_.NextId("table");
  // Wider than a telephone: it scrolls by itself, by keyboard too.
  out_.Open("div", {{"class", "table"}, {"role", "group"}, {"aria-labelledby", id}, {"tabindex", "0"}}).Open("table");
  out_.Element("caption", {{"id", id}}, caption);
  out_.Open("thead").Open("tr");
  for (size_t i = 0; i < size; ++i) out_.Element("th", {{"scope", "col"}}, columns[i]);
  out_.Close().Close().Open("tbody");
}

Table::~Table() {
  EndRow();
  out_.Close().Close().Close();
}

void Table::EndRow() {
  if (in_row_) out_.Close();
  in_row_ = false;
}

Table& Table::Row(absl::string_view header, absl::string_view id) {
  EndRow();
  in_row_ = true;
  out_.Open("tr", {{"id", id}}).Element("th", {{"scope", "row"}, {"dir", "auto"}}, header);
  return *this;
}

Table& Table::Cell(absl::string_view text) {
  out_.Element("td", {}, text);
  return *this;
}

Table& Table::Number(absl::string_view text) {
  out_.Element("td", {{"class", "n"}}, text);
  return *this;
}

Table& Table::Said(absl::string_view text) {
  out_.Element("td", {{"dir", "auto"}}, text);
  return *this;
}

Table& Table::From(absl::string_view result) {
  out_.Open("td");
  page_.Refer(result);
  out_.Close();
  return *this;
}

Table& Table::From(const google::protobuf::RepeatedPtrField<std::string>& results) {
  out_.Open("td");
  page_.Refer(results);
  out_.Close();
  return *this;
}

Table& Table::OpenCell() {
  out_.Open("td");
  return *this;
}

Table& Table::CloseCell() {
  out_.Close();
  return *this;
}

}  // namespace palmares::portfolio
