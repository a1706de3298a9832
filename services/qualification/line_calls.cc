// ListLineHistory.
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/qualification/line_history.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/qualifier_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kLinePageSize = 100;
constexpr int32_t kLargestLinePage = 1000;
constexpr int64_t kLineSlice = 500;  // athletes under one Reader

// Whether somebody who sees both lines would say that it moved.
bool Moved(const v1::QualificationLine& from, const v1::QualificationLine& to) {
  return from.qualified_count() != to.qualified_count() || from.admitted_count() != to.admitted_count() ||
         from.last_in().mark().value() != to.last_in().mark().value() ||
         from.last_in().athlete() != to.last_in().athlete() || from.has_cutoff() != to.has_cutoff();
}

}  // namespace

absl::StatusOr<v1::QualificationLine> QualificationService::LineOf(
    const rpc::Call& call, const FieldSnapshot& snapshot, const absl::flat_hash_map<int64_t, Application>& applications,
    v1::Sex sex) const {
  const OrderedField field = OrderField(std::make_shared<const FieldSnapshot>(snapshot), applications, {});
  std::vector<const FieldGroup*> groups;
  for (const FieldGroup& group : field.groups) {
    const bool wanted =
        sex == v1::SEX_UNSPECIFIED || group.sex == athletics::Sex::kUnknown || group.sex == rpc::FromProto(sex);
    if (wanted) groups.push_back(&group);
  }
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  v1::QualificationLine line;
  QualifierWriter(field, views_, call.caller).WriteLine(groups, &line);
  return line;
}

absl::Status QualificationService::FillLines(const rpc::Call& call, const v1::ListLineHistoryRequest& request,
                                             const AppliedStandard& applied, const LineSteps& steps,
                                             std::optional<athletics::Date> first,
                                             v1::ListLineHistoryResponse* response) const {
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), kLinePageSize, kLargestLinePage);
  if (!size.ok()) return size.status();
  absl::StatusOr<std::string> last = calls_.page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  auto day = steps.days().end();
  if (!last->empty()) {
    absl::StatusOr<athletics::Date> shown = athletics::ParseDate(*last);
    if (!shown.ok()) return rpc::InvalidField("page_token", *last, "the next_page_token of the page before");
    day = steps.days().lower_bound(*shown);
  }
  absl::flat_hash_map<int64_t, Application> applications;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    applications = ApplicationsFor(applied.standard->id);
  }
  const auto line_at = [&](athletics::Date at) {
    FieldSnapshot snapshot{0, at, applied.standard, applied.revision, std::make_shared<const Entrants>(steps.At(at))};
    return LineOf(call, snapshot, applications, request.sex());
  };
  std::optional<v1::QualificationLine> newer;
  while (day != steps.days().begin()) {
    --day;
    if (first.has_value() && *day < *first) break;
    if (!newer.has_value()) {
      absl::StatusOr<v1::QualificationLine> newest = line_at(*day);
      if (!newest.ok()) return newest.status();
      newer = *std::move(newest);
    }
    const v1::QualificationLine line = *newer;
    absl::StatusOr<v1::QualificationLine> before = v1::QualificationLine();
    if (day != steps.days().begin()) before = line_at(*std::prev(day));
    if (!before.ok()) return before.status();
    newer = *before;
    if (!Moved(*before, line)) continue;
    *response->add_lines() = line;
    if (response->lines_size() == *size) {
      if (day != steps.days().begin()) {
        response->set_next_page_token(calls_.page_tokens->Make(request, athletics::FormatDate(*day)));
      }
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status QualificationService::WorkOn(const rpc::Call& call, int64_t min_position, LineSteps& steps,
                                          v1::ListLineHistoryResponse* response) const {
  for (;;) {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(min_position);
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    if (steps.Work(reader->position(), kLineSlice)) return absl::OkStatus();
    if (absl::Now() < call.deadline) continue;
    return absl::DeadlineExceededError("the history of the line is not complete yet; ask again");
  }
}

grpc::Status QualificationService::ListLineHistory(grpc::ServerContext* context,
                                                   const v1::ListLineHistoryRequest* request,
                                                   v1::ListLineHistoryResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ListLineHistory", *request, [&](const rpc::Call& call) -> absl::Status {
        auto first = rpc::FromProto(request->period().start_date(), "period.start_date");
        auto until = rpc::FromProto(request->period().end_date(), "period.end_date");
        if (!first.ok()) return first.status();
        if (!until.ok()) return until.status();
        AppliedStandard applied;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          absl::StatusOr<AppliedStandard> found = views_.standards->Resolve(request->parent());
          if (absl::IsNotFound(found.status())) return rpc::NotFound("standard", request->parent());
          if (!found.ok()) return found.status();
          applied = *std::move(found);
        }
        const athletics::Date last_day = until->value_or(NewestDay(calls_.clock()));
        const absl::MutexLock lock(&last_lines_.mutex);
        if (last_lines_.steps == nullptr || !last_lines_.steps->Is(applied, last_day)) {
          last_lines_.steps = std::make_unique<LineSteps>(views_, applied.standard, applied.revision, last_day);
        }
        LineSteps& steps = *last_lines_.steps;
        absl::Status status = WorkOn(call, request->min_position(), steps, response);
        if (!status.ok()) return status;
        return FillLines(call, *request, applied, steps, *first, response);
      });
}

}  // namespace palmares::qualification
