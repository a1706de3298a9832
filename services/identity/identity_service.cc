#include "services/identity/identity_service.h"

#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::identity {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kLargestPage = 1000;

}  // namespace

bool IdentityService::ShareARace(int64_t a, int64_t b) const {
  absl::flat_hash_set<int32_t> races;
  for (int64_t member : athletes_.Members(a)) {
    for (const results::RowRef& ref : results_.OfAthlete(member)) races.insert(ref.race);
  }
  for (int64_t member : athletes_.Members(b)) {
    for (const results::RowRef& ref : results_.OfAthlete(member)) {
      if (races.contains(ref.race)) return true;
    }
  }
  return false;
}

v1::AthleteMerge IdentityService::ToProto(const Merge& merge, const access::Caller& caller) const {
  v1::AthleteMerge out;
  out.set_name(absl::StrCat("merges/", merge.position));
  out.set_source_athlete(athletes_.Name(merge.from));
  out.set_target_athlete(athletes_.Name(merge.into));
  out.set_reason(merge.reason);
  const bool is_operator = caller.role == access::Role::kOperator;
  if (is_operator) out.mutable_actor()->set_token(merge.actor);
  out.set_undone(merge.undone);
  for (int64_t member : athletes_.Members(merge.from)) {
    for (const results::RowRef& ref : results_.OfAthlete(member)) {
      if (!is_operator && !results::Counts(results_.sheet(ref.race).state)) continue;
      out.add_moved_results(
          results::ResultName(results_.calendar().race(ref.race), results_.sheet(ref.race).Number(ref.row)));
    }
  }
  out.set_moved_result_count(out.moved_results_size());
  *out.mutable_create_time() = rpc::ToTimestamp(merge.time_us);
  return out;
}

grpc::Status IdentityService::MergeAthletes(grpc::ServerContext* context, const v1::MergeAthletesRequest* request,
                                            v1::AthleteMerge* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.MergeAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->reason().empty()) return rpc::MissingField("reason", "why both are one person");
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const int64_t from = athletes_.Resolve(athletes_.Find(request->source_athlete()));
              const int64_t into = athletes_.Resolve(athletes_.Find(request->target_athlete()));
              if (from == 0) return rpc::NotFound("athlete", request->source_athlete());
              if (into == 0) return rpc::NotFound("athlete", request->target_athlete());
              if (from == into) {
                return rpc::InvalidField("target_athlete", request->target_athlete(),
                                         "another athlete than the source");
              }
              if (athletes_.athlete(from).state != athletes_.athlete(into).state) {
                return rpc::WithReason(absl::FailedPreconditionError(
                                           "one of them is hidden or erased and the other is not, want both alike"),
                                       "HIDDEN_DIFFERS");
              }
              const athletics::Sex a = athletes_.athlete(from).sex, b = athletes_.athlete(into).sex;
              if (!request->force() && a != b && a != athletics::Sex::kUnknown && b != athletics::Sex::kUnknown) {
                return rpc::WithReason(
                    absl::FailedPreconditionError("they raced in different sex categories (force overrides this)"),
                    "SEX_DIFFERS");
              }
              if (!request->force() && ShareARace(from, into)) {
                return rpc::WithReason(absl::FailedPreconditionError(
                                           "both ran in one race, so they are two people (force overrides this)"),
                                       "SAME_RACE_TWICE");
              }
              if (request->validate_only()) return std::nullopt;
              stored::v1::AthletesMerged body;
              body.set_from(from);
              body.set_into(into);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kAthletesMerged;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const auto merge = athletes_.merges().find(receipt->position);
        if (merge != athletes_.merges().end()) *response = ToProto(merge->second, call.caller);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status IdentityService::UnmergeAthletes(grpc::ServerContext* context, const v1::UnmergeAthletesRequest* request,
                                              v1::AthleteMerge* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.UnmergeAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::string_view id = request->name();
        absl::ConsumePrefix(&id, "merges/");
        int64_t position = 0;
        if (!absl::SimpleAtoi(id, &position)) return rpc::InvalidField("name", request->name(), "merges/{merge}");
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const auto merge = athletes_.merges().find(position);
              if (merge == athletes_.merges().end()) return rpc::NotFound("merge", request->name());
              if (merge->second.undone) return absl::FailedPreconditionError("the merge is undone already");
              if (request->validate_only()) return std::nullopt;
              stored::v1::AthletesUnmerged body;
              body.set_merge_position(position);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kAthletesUnmerged;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        *response = ToProto(athletes_.merges().at(position), call.caller);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status IdentityService::GetMerge(grpc::ServerContext* context, const v1::GetMergeRequest* request,
                                       v1::AthleteMerge* response) {
  return rpc::Serve(calls_, *context, "IdentityService.GetMerge", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::string_view id = request->name();
    absl::ConsumePrefix(&id, "merges/");
    int64_t position = 0;
    if (!absl::SimpleAtoi(id, &position) || !athletes_.merges().contains(position)) {
      return rpc::NotFound("merge", request->name());
    }
    *response = ToProto(athletes_.merges().at(position), call.caller);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status IdentityService::ListMerges(grpc::ServerContext* context, const v1::ListMergesRequest* request,
                                         v1::ListMergesResponse* response) {
  return rpc::Serve(calls_, *context, "IdentityService.ListMerges", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (!request->filter().empty())
                        return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
                      absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
                      if (!size.ok()) return size.status();
                      absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
                      if (!last.ok()) return last.status();
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      int64_t after = 0;
                      if (!last->empty() && !absl::SimpleAtoi(*last, &after))
                        return rpc::InvalidField("page_token", *last, "a page token");
                      for (auto it = athletes_.merges().upper_bound(after); it != athletes_.merges().end(); ++it) {
                        if (response->merges_size() == *size) {
                          response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(after)));
                          break;
                        }
                        *response->add_merges() = ToProto(it->second, call.caller);
                        after = it->first;
                      }
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

}  // namespace palmares::identity
