#include "services/ingest/private_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/fold.h"

namespace palmares::ingest {
namespace {

// Folded.
constexpr absl::string_view kPrivateWords[] = {
    "true",      "yes",    "y",       "1",       "x",      "private", "privat", "prive", "privado", "privato",
    "anonymous", "anonym", "anonyme", "anonimo", "hidden", "ja",      "j",      "oui",   "si",      "sim"};
constexpr absl::string_view kPublicWords[] = {"false",      "no",          "n",       "0",        "public",
                                              "offentlich", "oeffentlich", "publico", "pubblico", "openbaar",
                                              "nein",       "non",         "nao",     "nee"};

template <size_t kCount>
bool IsAmong(absl::string_view word, const absl::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

std::optional<bool> ParsePrivate(absl::string_view text) {
  const std::string key = athletics::FoldKey(text);
  if (IsAmong(key, kPrivateWords)) return true;
  if (IsAmong(key, kPublicWords)) return false;
  return std::nullopt;
}

void HideCompetitor(results::Result* result) {
  result->name = "Anonymous";
  result->family_name.clear();
  result->given_name.clear();
  result->birth = {};
  result->city.clear();
  result->external_id.clear();
  result->athlete.clear();
}

bool PrivateRows::Take(absl::string_view value, Row* row, ingest::Report* report) {
  if (column_ == nullptr || value.empty()) return false;
  const std::optional<bool> said = ParsePrivate(value);
  if (said.has_value() && !*said) return false;
  if (!said.has_value()) {
    Issue issue =
        MakeIssue(IssueCode::kPrivateRow, row->number, column_->header, value,
                  "says neither that the row is private nor that it is not; the name is left out", "yes or no");
    issue.severity = Severity::kWarning;
    AddRowIssue(std::move(issue), row, report);
  }
  if (count_ == 0) first_ = row->number;
  ++count_;
  return true;
}

void PrivateRows::Report(ingest::Report* report) const {
  if (count_ == 0) return;
  AddIssue(MakeIssue(IssueCode::kPrivateRow, first_, column_->header, "",
                     absl::StrCat(count_, count_ == 1 ? " row is" : " rows are",
                                  " private, this one the first: kept without name, birth, town and id"),
                     ""),
           report);
}

}  // namespace palmares::ingest
