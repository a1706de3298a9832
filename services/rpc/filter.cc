#include "services/rpc/filter.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

void SkipSpace(absl::string_view& in) { in = absl::StripLeadingAsciiWhitespace(in); }

bool TakeWord(absl::string_view& in, std::string& word) {
  const size_t end = std::min(in.find_first_of(" =\t"), in.size());
  word = std::string(in.substr(0, end));
  in.remove_prefix(end);
  return !word.empty();
}

bool TakeValue(absl::string_view& in, std::string& value) {
  if (in.empty() || in.front() != '"') return TakeWord(in, value);
  in.remove_prefix(1);
  while (!in.empty() && in.front() != '"') {
    if (in.front() == '\\' && in.size() > 1) in.remove_prefix(1);
    value.push_back(in.front());
    in.remove_prefix(1);
  }
  if (in.empty()) return false;
  in.remove_prefix(1);
  return true;
}

}  // namespace

absl::StatusOr<std::vector<Condition>> ParseFilter(absl::string_view filter,
                                                   absl::Span<const absl::string_view> fields) {
  std::vector<Condition> conditions;
  absl::string_view in = filter;
  for (SkipSpace(in); !in.empty(); SkipSpace(in)) {
    if (!conditions.empty()) {
      std::string joiner;
      if (!TakeWord(in, joiner) || joiner != "AND") return InvalidField("filter", filter, "conditions joined by AND");
      SkipSpace(in);
    }
    Condition condition;
    const bool named = TakeWord(in, condition.field);
    SkipSpace(in);
    if (!named || in.empty() || in.front() != '=') return InvalidField("filter", filter, "field = value");
    in.remove_prefix(1);
    SkipSpace(in);
    if (!TakeValue(in, condition.value)) return InvalidField("filter", filter, "a value after =");
    if (std::find(fields.begin(), fields.end(), condition.field) == fields.end()) {
      return InvalidField("filter", condition.field, absl::StrCat("one of ", absl::StrJoin(fields, ", ")));
    }
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

}  // namespace palmares::rpc
