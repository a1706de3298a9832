// Who meets a standard, in what order, and where the line is: ListQualifiers.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/athletics/category.h"
#include "services/identity/visibility.h"
#include "services/qualification/asked_day.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/qualifier_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kQualifierPageSize = 100;
constexpr int32_t kLargestQualifierPage = 1000;
constexpr int32_t kBubble = 10;
constexpr int32_t kLargestBubble = 100;

// Where a row stands: its group, its index in it, and whose it is.
struct RowKey {
  size_t group = 0;
  size_t index = 0;
  int64_t athlete = 0;
};

std::string FormatKey(const RowKey& key) { return absl::StrCat(key.group, ":", key.index, ":", key.athlete); }

absl::StatusOr<RowKey> ParseRowKey(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  RowKey key;
  const bool good = parts.size() == 3 && absl::SimpleAtoi(parts[0], &key.group) &&
                    absl::SimpleAtoi(parts[1], &key.index) && absl::SimpleAtoi(parts[2], &key.athlete);
  if (!good) return rpc::InvalidField("page_token", text, "the next_page_token of the page before");
  return key;
}

// The row after the key's: after the athlete's own row where it is still there, else where it would be.
size_t IndexAfter(const FieldGroup& group, absl::Span<const FieldEntry> entries, const RowKey& key) {
  for (size_t i = 0; i < entries.size(); ++i) {
    if (group.entrants[static_cast<size_t>(entries[i].candidate)]->athlete == key.athlete) return i + 1;
  }
  return std::min(key.index, entries.size());
}

// Below the line, and not shown but for the bubble.
bool IsBelowTheLine(Standing standing) {
  return standing == Standing::kFieldFull || standing == Standing::kOutsideCutoff || standing == Standing::kNotApplied;
}

// Who may meet the standard, in the order of their numbers.
std::vector<FieldEntry> UncertainOf(const FieldGroup& group) {
  std::vector<FieldEntry> entries;
  for (const int candidate : group.field.uncertain) {
    FieldEntry& entry = entries.emplace_back();
    entry.candidate = candidate;
    entry.standing = Standing::kUncertain;
  }
  return entries;
}

// The rows of a group that the request wants, as indexes of the entries.
std::vector<size_t> WantedRows(const FieldGroup& group, absl::Span<const FieldEntry> entries,
                               const QualifierFilter& filter, int32_t bubble) {
  std::vector<size_t> rows;
  int32_t below = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    const FieldEntry& entry = entries[i];
    if (!filter.Matches(group, entry)) continue;
    if (IsBelowTheLine(entry.standing) && below++ >= bubble) continue;
    rows.push_back(i);
  }
  return rows;
}

absl::StatusOr<int32_t> BubbleOf(int32_t asked) {
  if (asked < -1 || asked > kLargestBubble) {
    return rpc::InvalidField("bubble", absl::StrCat(asked), "-1 for none, 0 for 10, or 1 to 100");
  }
  return asked == 0 ? kBubble : std::max(asked, 0);
}

}  // namespace

absl::flat_hash_map<int64_t, Application> QualificationService::ApplicationsFor(absl::string_view standard) const {
  absl::flat_hash_map<int64_t, Application> applications;
  for (const auto& [athlete, application] : applications_.Of(standard)) {
    Application& kept = applications[views_.athletes->Resolve(athlete)];
    if (application.position > kept.position) kept = application;  // of athletes merged since: the newest
  }
  return applications;
}

absl::Status QualificationService::FillRows(const rpc::Call& call, const v1::ListQualifiersRequest& request,
                                            const OrderedField& field, v1::ListQualifiersResponse* response) const {
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), kQualifierPageSize, kLargestQualifierPage);
  absl::StatusOr<int32_t> bubble = BubbleOf(request.bubble());
  absl::StatusOr<QualifierFilter> filter = QualifierFilter::Parse(request.filter(), *field.snapshot->standard);
  absl::StatusOr<std::string> last = calls_.page_tokens->LastKey(request);
  for (const absl::Status& status : {size.status(), bubble.status(), filter.status(), last.status()}) {
    if (!status.ok()) return status;
  }
  RowKey after;
  if (!last->empty()) {
    absl::StatusOr<RowKey> key = ParseRowKey(*last);
    if (!key.ok()) return key.status();
    after = *key;
  }
  absl::StatusOr<storage::Store::Reader> reader = call.Read();  // for names alone
  if (!reader.ok()) return reader.status();
  const QualifierWriter writer(field, views_, call.caller);
  std::vector<const FieldGroup*> groups;
  std::optional<RowKey> shown;
  for (size_t g = 0; g < field.groups.size(); ++g) {
    const FieldGroup& group = field.groups[g];
    if (!filter->MatchesGroup(group)) continue;
    groups.push_back(&group);
    const std::vector<FieldEntry> uncertain =
        filter->wants_uncertain() ? UncertainOf(group) : std::vector<FieldEntry>();
    const absl::Span<const FieldEntry> entries = filter->wants_uncertain() ? uncertain : group.field.entries;
    const std::vector<size_t> rows = WantedRows(group, entries, *filter, *bubble);
    response->set_total_size(response->total_size() + static_cast<int32_t>(rows.size()));
    if (!last->empty() && g < after.group) continue;
    const size_t first = !last->empty() && g == after.group ? IndexAfter(group, entries, after) : 0;
    for (const size_t index : rows) {
      if (index < first || !response->next_page_token().empty()) continue;
      if (response->qualifiers_size() == *size) {
        response->set_next_page_token(calls_.page_tokens->Make(request, FormatKey(*shown)));
        continue;
      }
      writer.Write(group, entries[index], response->add_qualifiers());
      const auto candidate = static_cast<size_t>(entries[index].candidate);
      shown = RowKey{g, index, group.entrants[candidate]->athlete};
    }
  }
  if (!last->empty()) return absl::OkStatus();
  writer.WriteLine(groups, response->mutable_line());
  writer.WriteCountries(groups, response);
  return absl::OkStatus();
}

grpc::Status QualificationService::ListQualifiers(grpc::ServerContext* context,
                                                  const v1::ListQualifiersRequest* request,
                                                  v1::ListQualifiersResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ListQualifiers", *request, [&](const rpc::Call& call) -> absl::Status {
        const absl::StatusOr<AskedDay> as_of = AskedDay::Of(request->as_of_date(), calls_.clock());
        if (!as_of.ok()) return as_of.status();
        std::vector<int64_t> withdrawn;
        AppliedStandard applied;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          absl::StatusOr<AppliedStandard> found = views_.standards->Resolve(request->parent());
          if (absl::IsNotFound(found.status())) return rpc::NotFound("standard", request->parent());
          if (!found.ok()) return found.status();
          applied = *std::move(found);
          for (const std::string& name : request->withdrawn_athletes()) {
            const int64_t number = identity::FindVisible(*views_.athletes, *views_.results, call.caller, name);
            if (number == 0) return rpc::NotFound("athlete", name);
            withdrawn.push_back(number);
          }
        }
        std::sort(withdrawn.begin(), withdrawn.end());
        absl::StatusOr<std::shared_ptr<const FieldSnapshot>> snapshot =
            fields_.Current(applied, as_of->For(*applied.standard), request->min_position(), call.deadline);
        if (!snapshot.ok()) return snapshot.status();
        response->set_position((*snapshot)->position);
        absl::StatusOr<std::shared_ptr<const OrderedField>> field = Order(call, *snapshot, withdrawn);
        if (!field.ok()) return field.status();
        return FillRows(call, *request, **field, response);
      });
}

}  // namespace palmares::qualification
