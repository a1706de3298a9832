// Disqualifications of athletes over a period.
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/results/result_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

constexpr int32_t kSanctionPageSize = 50;
constexpr int32_t kLargestSanctionPage = 1000;
constexpr int kResultsListed = 1000;
constexpr absl::string_view kSanctionFilterFields[] = {"lifted"};
constexpr absl::string_view kCollection = "/sanctions/";

absl::StatusOr<stored::v1::Sanction> BodyOf(const v1::CreateSanctionRequest& request) {
  const v1::Sanction& sanction = request.sanction();
  auto from = rpc::FromProto(sanction.period().start_date(), "sanction.period.start_date");
  auto to = rpc::FromProto(sanction.period().end_date(), "sanction.period.end_date");
  if (!from.ok()) return from.status();
  if (!to.ok()) return to.status();
  if (!from->has_value()) return rpc::MissingField("sanction.period.start_date", "the first day");
  if (to->has_value() && **to < **from) {
    return rpc::InvalidField("sanction.period.end_date", athletics::FormatDate(**to),
                             "a day not before the start_date");
  }
  if (sanction.rule().empty()) return rpc::MissingField("sanction.rule", "the rule that was broken");
  if (sanction.reason().empty()) return rpc::MissingField("sanction.reason", "why, in public words");
  stored::v1::Sanction body;
  body.set_id(request.sanction_id());
  body.set_from_date(static_cast<int32_t>(athletics::DaysSince1970(**from)));
  if (to->has_value()) body.set_to_date(static_cast<int32_t>(athletics::DaysSince1970(**to)));
  body.set_rule(sanction.rule());
  body.set_reason(sanction.reason());
  body.set_evidence(sanction.evidence());
  body.set_leave_places_vacant(sanction.leave_places_vacant());
  return body;
}

}  // namespace

std::string ResultService::SanctionName(const Sanction& sanction) const {
  return absl::StrCat(athlete_names_(sanction.athlete), kCollection, sanction.id);
}

v1::Sanction ResultService::Describe(const Sanction& sanction, const rpc::Call& call) const {
  v1::Sanction out;
  out.set_name(SanctionName(sanction));
  *out.mutable_period()->mutable_start_date() = rpc::ToProto(sanction.from);
  if (sanction.to.has_value()) *out.mutable_period()->mutable_end_date() = rpc::ToProto(*sanction.to);
  out.set_rule(sanction.rule);
  out.set_reason(sanction.reason);
  out.set_evidence(sanction.evidence);
  out.set_leave_places_vacant(sanction.leave_places_vacant);
  out.set_lifted(sanction.lifted);
  for (const RowRef& ref : sanctions_.RowsOf(sanction)) {
    const events::Race& race = results_.calendar().race(ref.race);
    if (!Visible(call, race, results_.sheet(ref.race))) continue;
    out.set_result_count(out.result_count() + 1);
    if (out.results_size() < kResultsListed) {
      out.add_results(ResultName(race, results_.sheet(ref.race).Number(ref.row)));
    }
  }
  *out.mutable_create_time() = rpc::ToTimestamp(sanction.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(sanction.update_time_us);
  out.set_etag(rpc::Etag(sanction.changed));
  return out;
}

absl::StatusOr<const Sanction*> ResultService::FindSanction(absl::string_view name) const {
  const size_t at = name.rfind(kCollection);
  if (at == absl::string_view::npos) return rpc::InvalidField("name", name, "athletes/{athlete}/sanctions/{sanction}");
  const int64_t athlete = athlete_numbers_(name.substr(0, at));
  const Sanction* sanction = athlete == 0 ? nullptr : sanctions_.Find(athlete, name.substr(at + kCollection.size()));
  if (sanction == nullptr) return rpc::NotFound("sanction", name);
  return sanction;
}

grpc::Status ResultService::CreateSanction(grpc::ServerContext* context, const v1::CreateSanctionRequest* request,
                                           v1::Sanction* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.CreateSanction", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = rpc::CheckId("sanction_id", request->sanction_id()); !status.ok()) return status;
        absl::StatusOr<stored::v1::Sanction> body = BodyOf(*request);
        if (!body.ok()) return body.status();
        Sanction planned;
        absl::StatusOr<storage::Receipt> receipt = call.Write(
            *request, request->validate_only() ? "" : request->request_id(),
            [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const int64_t athlete = athlete_numbers_(request->parent());
              if (athlete == 0) return rpc::NotFound("athlete", request->parent());
              if (sanctions_.Find(athlete, request->sanction_id()) != nullptr) {
                return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat("sanction_id: \"", request->sanction_id(),
                                                                             "\" is another sanction of the athlete")),
                                       "SANCTION_EXISTS", {{"sanction_id", request->sanction_id()}});
              }
              body->set_athlete(athlete);
              planned.athlete = athlete;
              planned.from = athletics::DateFromDaysSince1970(body->from_date());
              if (body->has_to_date()) planned.to = athletics::DateFromDaysSince1970(body->to_date());
              if (request->validate_only()) return std::nullopt;
              storage::Draft draft;
              draft.kind = storage::EntryKind::kSanctionSet;
              draft.body = body->SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (request->validate_only()) {  // what it would disqualify
          planned.id = body->id();
          planned.rule = body->rule();
          planned.reason = body->reason();
          planned.evidence = body->evidence();
          planned.leave_places_vacant = body->leave_places_vacant();
          *response = Describe(planned, call);
          return absl::OkStatus();
        }
        absl::StatusOr<const Sanction*> sanction =
            FindSanction(absl::StrCat(request->parent(), kCollection, request->sanction_id()));
        if (!sanction.ok()) return sanction.status();
        *response = Describe(**sanction, call);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status ResultService::GetSanction(grpc::ServerContext* context, const v1::GetSanctionRequest* request,
                                        v1::Sanction* response) {
  return rpc::Serve(calls_, *context, "ResultService.GetSanction", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      absl::StatusOr<const Sanction*> sanction = FindSanction(request->name());
                      if (!sanction.ok()) return sanction.status();
                      *response = Describe(**sanction, call);
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status ResultService::ListSanctions(grpc::ServerContext* context, const v1::ListSanctionsRequest* request,
                                          v1::ListSanctionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.ListSanctions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kSanctionPageSize, kLargestSanctionPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::vector<rpc::Condition>> conditions =
            rpc::ParseFilter(request->filter(), kSanctionFilterFields);
        if (!conditions.ok()) return conditions.status();
        for (const rpc::Condition& condition : *conditions) {
          if (condition.value != "true" && condition.value != "false") {
            return rpc::InvalidField("filter", request->filter(), "lifted = true or lifted = false");
          }
        }
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const bool all = request->parent() == "athletes/-";
        const int64_t athlete = all ? 0 : athlete_numbers_(request->parent());
        if (!all && athlete == 0) return rpc::NotFound("athlete", request->parent());
        int64_t before = std::numeric_limits<int64_t>::max();
        if (!last->empty() && !absl::SimpleAtoi(*last, &before)) {
          return rpc::InvalidField("page_token", *last, "a page token");
        }
        for (auto it = sanctions_.all().rbegin(); it != sanctions_.all().rend(); ++it) {
          const auto& [position, sanction] = *it;
          if (position >= before) continue;
          if (!all && sanctions_.Find(athlete, sanction.id) != &sanction) continue;
          bool wanted = true;
          for (const rpc::Condition& condition : *conditions) wanted &= (condition.value == "true") == sanction.lifted;
          if (!wanted) continue;
          if (response->sanctions_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(before)));
            break;
          }
          *response->add_sanctions() = Describe(sanction, call);
          before = position;
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status ResultService::LiftSanction(grpc::ServerContext* context, const v1::LiftSanctionRequest* request,
                                         v1::Sanction* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.LiftSanction", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->reason().empty()) return rpc::MissingField("reason", "why the sanction is lifted");
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(),
                       [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                         absl::StatusOr<const Sanction*> sanction = FindSanction(request->name());
                         if (!sanction.ok()) return sanction.status();
                         if (!request->etag().empty() && request->etag() != rpc::Etag((*sanction)->changed)) {
                           return absl::AbortedError("etag: the sanction has changed since, want it read again");
                         }
                         if ((*sanction)->lifted) {
                           return rpc::WithReason(
                               absl::FailedPreconditionError(absl::StrCat(request->name(), " is lifted already")),
                               "ALREADY_LIFTED");
                         }
                         if (request->validate_only()) return std::nullopt;
                         stored::v1::SanctionLifted body;
                         body.set_position((*sanction)->position);
                         body.set_reason(request->reason());
                         body.set_evidence(request->evidence());
                         storage::Draft draft;
                         draft.kind = storage::EntryKind::kSanctionLifted;
                         draft.body = body.SerializeAsString();
                         return draft;
                       });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        absl::StatusOr<const Sanction*> sanction = FindSanction(request->name());
        if (!sanction.ok()) return sanction.status();
        *response = Describe(**sanction, call);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::results
