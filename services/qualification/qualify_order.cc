#include "services/qualification/qualify_order.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

int RankOf(Status status) {
  switch (status) {
    case Status::kQualified:
      return 0;
    case Status::kProvisional:
      return 1;
    case Status::kUncertain:
      return 2;
    case Status::kOutsideCutoff:
      return 3;
    case Status::kNotYet:
      return 4;
    case Status::kExpired:
      return 5;
    case Status::kIneligible:
      return 6;
  }
  return 7;
}

}  // namespace

VerdictKey KeyOf(const Verdict& verdict) {
  // Who has no mark at all comes after those who have a bad one.
  constexpr int64_t kNoMark = int64_t{1} << 40;
  const Considered* best = verdict.Best();
  const int64_t missing = best == nullptr || best->limit == 0 ? kNoMark : -verdict.MarginBasisPoints();
  return {RankOf(verdict.status), missing, verdict.standard->id};
}

std::string FormatKey(const VerdictKey& key) {
  return absl::StrCat(std::get<0>(key), ":", std::get<1>(key), ":", std::get<2>(key));
}

absl::StatusOr<VerdictKey> ParseKey(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 2));
  VerdictKey key;
  const bool good = parts.size() == 3 && absl::SimpleAtoi(parts[0], &std::get<0>(key)) &&
                    absl::SimpleAtoi(parts[1], &std::get<1>(key));
  if (!good) return rpc::InvalidField("page_token", text, "the next_page_token of the page before");
  std::get<2>(key) = parts[2];
  return key;
}

std::string FormatKey(const NearnessKey& key) {
  return absl::StrCat(std::get<0>(key) ? 1 : 0, ":", std::get<1>(key), ":", std::get<3>(key), ":", std::get<2>(key));
}

absl::StatusOr<NearnessKey> ParseNearnessKey(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 3));
  NearnessKey key;
  const bool good = parts.size() == 4 && (parts[0] == "0" || parts[0] == "1") &&
                    absl::SimpleAtoi(parts[1], &std::get<1>(key)) && absl::SimpleAtoi(parts[2], &std::get<3>(key));
  if (!good) return rpc::InvalidField("page_token", text, "the next_page_token of the page before");
  std::get<0>(key) = parts[0] == "1";
  std::get<2>(key) = parts[3];
  return key;
}

}  // namespace palmares::qualification
