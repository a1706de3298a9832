// Merges of athletes, and what all calls share.
#include "services/identity/identity_service.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored.pb.h"

namespace palmares::identity {
namespace {

constexpr int32_t kPageSize = 50;
constexpr int32_t kLargestPage = 1000;
constexpr int kMostResults = 1000;  // shown of a merge
constexpr absl::string_view kFilterFields[] = {"source_athlete", "target_athlete", "undone"};

absl::Status MergeContradicted(absl::string_view why) {
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(why, " (force overrides this)")),
                         "MERGE_CONTRADICTED");
}

// Whether two dates of birth cannot be one person's, as far as both are known.
bool Contradict(athletics::PartialDate a, athletics::PartialDate b) {
  if (!a.known() || !b.known()) return false;
  if (a.year != b.year) return true;
  return a.full() && b.full() && !(a == b);
}

}  // namespace

absl::Status CheckNewId(absl::string_view field, const std::string& id) {
  if (id.empty()) return absl::OkStatus();
  if (absl::Status status = rpc::CheckId(field, id); !status.ok()) return status;
  if (id.find_first_not_of("0123456789") != std::string::npos) return absl::OkStatus();
  return rpc::InvalidField(field, id, "a letter in it: numbers are given out by the server");
}

v1::AthleteMerge IdentityService::ToProto(const Merge& merge, const access::Caller& caller) const {
  v1::AthleteMerge out;
  out.set_name(absl::StrCat("merges/", merge.id));
  out.set_source_athlete(athletes_.Name(merge.from));
  out.set_target_athlete(athletes_.Name(merge.into));
  out.set_reason(merge.reason);
  const bool is_operator = caller.role == access::Role::kOperator;
  if (is_operator) out.mutable_actor()->set_token(merge.actor);
  out.set_undone(merge.undone != 0);
  int32_t moved = 0;
  for (int64_t member : athletes_.Members(merge.from)) {
    for (const results::RowRef& ref : results_.OfAthlete(member)) {
      if (!is_operator && !results::Counts(results_.sheet(ref.race).state)) continue;
      if (++moved > kMostResults) continue;
      out.add_moved_results(
          results::ResultName(results_.calendar().race(ref.race), results_.sheet(ref.race).Number(ref.row)));
    }
  }
  out.set_moved_result_count(moved);
  *out.mutable_create_time() = rpc::ToTimestamp(merge.time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(merge.undone != 0 ? merge.undone_time_us : merge.time_us);
  out.set_etag(rpc::Etag(std::max(merge.position, merge.undone)));
  return out;
}

absl::StatusOr<Merge> IdentityService::PlanMerge(const v1::MergeAthletesRequest& request) const {
  Merge merge;
  merge.from = athletes_.Resolve(athletes_.Find(request.source_athlete()));
  merge.into = athletes_.Resolve(athletes_.Find(request.target_athlete()));
  merge.id = request.merge_id();
  merge.reason = request.reason();
  if (merge.from == 0) return rpc::NotFound("athlete", request.source_athlete());
  if (merge.into == 0) return rpc::NotFound("athlete", request.target_athlete());
  if (!merge.id.empty() && athletes_.FindMerge(merge.id) != nullptr) {
    return absl::AlreadyExistsError(absl::StrCat("merges/", merge.id, " exists already"));
  }
  if (merge.from == merge.into) {
    return rpc::WithReason(
        absl::FailedPreconditionError(
            absl::StrCat(request.source_athlete(), " and ", request.target_athlete(), " are one athlete already")),
        "SAME_ATHLETE");
  }
  if (athletes_.athlete(merge.from).state != athletes_.athlete(merge.into).state) {
    return rpc::WithReason(
        absl::FailedPreconditionError("one of them is hidden or erased and the other is not, want both alike"),
        "HIDDEN_DIFFERS");
  }
  if (request.force()) return merge;
  const Athlete& from = athletes_.athlete(merge.from);
  const Athlete& into = athletes_.athlete(merge.into);
  if (from.sex != into.sex && from.sex != athletics::Sex::kUnknown && into.sex != athletics::Sex::kUnknown) {
    return MergeContradicted("they raced in different sex categories");
  }
  if (Contradict(from.birth, into.birth)) return MergeContradicted("they have different dates of birth");
  if (ShareARace(results_, athletes_, merge.from, merge.into)) {
    return rpc::WithReason(
        absl::FailedPreconditionError("both have a result in one race, so they are two people (force overrides this)"),
        "SAME_RACE");
  }
  return merge;
}

grpc::Status IdentityService::MergeAthletes(grpc::ServerContext* context, const v1::MergeAthletesRequest* request,
                                            v1::AthleteMerge* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.MergeAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->reason().empty()) return rpc::MissingField("reason", "why both are one person");
        if (absl::Status status = CheckNewId("merge_id", request->merge_id()); !status.ok()) return status;
        Merge planned;
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              absl::StatusOr<Merge> merge = PlanMerge(*request);
              if (!merge.ok()) return merge.status();
              planned = *merge;
              if (request->validate_only()) return std::nullopt;
              stored::v1::AthletesMerged body;
              body.set_from(merge->from);
              body.set_into(merge->into);
              body.set_reason(merge->reason);
              body.set_id(merge->id);
              storage::Draft draft;
              draft.kind = storage::EntryKind::kAthletesMerged;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const auto merge = athletes_.merges().find(receipt->position);
        if (merge != athletes_.merges().end()) {
          *response = ToProto(merge->second, call.caller);
        } else if (planned.from != 0) {  // of a dry run
          *response = ToProto(planned, call.caller);
          response->clear_name();
          response->clear_create_time();
          response->clear_update_time();
          response->clear_etag();
        }
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status IdentityService::UnmergeAthletes(grpc::ServerContext* context, const v1::UnmergeAthletesRequest* request,
                                              v1::AthleteMerge* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.UnmergeAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const Merge* merge = athletes_.FindMerge(request->name());
              if (merge == nullptr) return rpc::NotFound("merge", request->name());
              if (merge->undone != 0) {
                return rpc::WithReason(
                    absl::FailedPreconditionError(absl::StrCat("merges/", merge->id, " is undone already")),
                    "ALREADY_UNDONE");
              }
              if (request->validate_only()) return std::nullopt;
              stored::v1::AthletesUnmerged body;
              body.set_merge_position(merge->position);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kAthletesUnmerged;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const Merge* merge = athletes_.FindMerge(request->name());
        if (merge == nullptr) return rpc::NotFound("merge", request->name());
        *response = ToProto(*merge, call.caller);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

// Of athletes whom the caller may not know of there is no merge either.
const Merge* IdentityService::FindVisibleMerge(const access::Caller& caller, const std::string& name) const {
  const Merge* merge = athletes_.FindMerge(name);
  const bool visible = merge != nullptr && IsVisible(athletes_, results_, caller, athletes_.Resolve(merge->into)) &&
                       (merge->undone == 0 || IsVisible(athletes_, results_, caller, athletes_.Resolve(merge->from)));
  return visible ? merge : nullptr;
}

grpc::Status IdentityService::GetMerge(grpc::ServerContext* context, const v1::GetMergeRequest* request,
                                       v1::AthleteMerge* response) {
  return rpc::Serve(calls_, *context, "IdentityService.GetMerge", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Merge* merge = FindVisibleMerge(call.caller, request->name());
    if (merge == nullptr) return rpc::NotFound("merge", request->name());
    *response = ToProto(*merge, call.caller);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

bool IdentityService::MatchesMerge(const std::vector<rpc::Condition>& conditions, const Merge& merge) const {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "undone") return condition.value == (merge.undone != 0 ? "true" : "false");
    const int64_t athlete = condition.field == "source_athlete" ? merge.from : merge.into;
    return athletes_.Find(condition.value) == athlete;
  });
}

grpc::Status IdentityService::ListMerges(grpc::ServerContext* context, const v1::ListMergesRequest* request,
                                         v1::ListMergesResponse* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.ListMerges", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kFilterFields);
        if (!conditions.ok()) return conditions.status();
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        int64_t before = 0;
        if (!last->empty() && !absl::SimpleAtoi(*last, &before)) {
          return rpc::InvalidField("page_token", *last, "a page token");
        }
        const auto& merges = athletes_.merges();
        auto at = std::make_reverse_iterator(before == 0 ? merges.end() : merges.lower_bound(before));
        for (; at != merges.rend(); ++at) {
          if (!MatchesMerge(*conditions, at->second) || FindVisibleMerge(call.caller, at->second.id) == nullptr)
            continue;
          if (response->merges_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(before)));
            break;
          }
          *response->add_merges() = ToProto(at->second, call.caller);
          before = at->first;
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::identity
