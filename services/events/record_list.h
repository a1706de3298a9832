// Pages of events, editions, races and courses.
#ifndef PALMARES_SERVICES_EVENTS_RECORD_LIST_H_
#define PALMARES_SERVICES_EVENTS_RECORD_LIST_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/rpc/call.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::events {

inline constexpr int32_t kLargestPage = 1000;
inline constexpr int32_t kPageSize = 50;

// "events/a" → "events/a/"; "events/-" and "events/-/editions/-" → "events/".
inline std::string Prefix(absl::string_view parent) {
  const size_t wildcard = parent.find("/-");
  return absl::StrCat(wildcard == absl::string_view::npos ? parent : parent.substr(0, wildcard), "/");
}

// A key that puts days in order, or the newest first.
inline std::string DayKey(int64_t days_since_1970, bool newest_first) {
  constexpr int64_t kOffset = 1'000'000;  // makes every day of the calendar a positive number
  return absl::StrFormat("%08d", newest_first ? kOffset - days_since_1970 : kOffset + days_since_1970);
}

// What a list's request asks for, checked.
struct ListWanted {
  std::vector<rpc::Condition> conditions;
  int32_t size = 0;
  std::string after;  // key of the last record of the page before
};

template <typename Request>
absl::StatusOr<ListWanted> CheckList(const rpc::Call& call, const Request& request,
                                     absl::Span<const absl::string_view> filter_fields) {
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request.filter(), filter_fields);
  if (!conditions.ok()) return conditions.status();
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), kPageSize, kLargestPage);
  if (!size.ok()) return size.status();
  absl::StatusOr<std::string> after = call.calls->page_tokens->LastKey(request);
  if (!after.ok()) return after.status();
  return ListWanted{*std::move(conditions), *size, *std::move(after)};
}

// A page of `records` below `parent` that meet all conditions, in the order of `key(record)`, which ends in the name.
template <typename Record, typename Request, typename Key, typename Meets, typename Add>
void ListRecords(const rpc::Call& call, const absl::btree_map<std::string, const Record*>& records,
                 const std::string& parent, const Request& request, const ListWanted& wanted, Key key, Meets meets,
                 Add add, std::string* next_page_token) {
  absl::btree_map<std::string, const Record*> ordered;
  for (const auto& [name, record] : records) {
    if (!absl::StartsWith(name, parent)) continue;
    bool all = true;
    for (const rpc::Condition& condition : wanted.conditions) all = all && meets(*record, condition);
    if (all) ordered.emplace(key(*record), record);
  }
  int32_t count = 0;
  std::string last;
  for (auto it = ordered.upper_bound(wanted.after); it != ordered.end(); ++it) {
    if (count++ == wanted.size) {
      *next_page_token = call.calls->page_tokens->Make(request, last);
      return;
    }
    add(*it->second);
    last = it->first;
  }
}

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_RECORD_LIST_H_
