// Portfolios are found, shown, listed and revoked.
#include "services/portfolio/portfolio_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/portfolio/portfolio_name.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kPortfolioFilterFields[] = {"state", "sign_time"};
constexpr int32_t kPortfolioPageSize = 50;
constexpr int32_t kLargestPortfolioPage = 1000;

std::string StateName(absl::string_view value) { return absl::StrCat("STATE_", absl::AsciiStrToUpper(value)); }

absl::Status CheckPortfolioCondition(const rpc::Condition& condition) {
  if (condition.field == "state") {
    v1::Portfolio::State state{};
    if (v1::Portfolio::State_Parse(StateName(condition.value), &state)) return absl::OkStatus();
    return rpc::InvalidField("filter", condition.value, "state = valid, superseded, expired or revoked");
  }
  const absl::StatusOr<athletics::PartialDate> date = athletics::ParsePartialDate(condition.value);
  if (date.ok()) return absl::OkStatus();
  return rpc::InvalidField("filter", condition.value, "sign_time = a year, month or day, as 2024-05");
}

bool MeetsPortfolioCondition(const rpc::Condition& condition, const v1::Portfolio& portfolio) {
  if (condition.field == "state") return v1::Portfolio::State_Name(portfolio.state()) == StateName(condition.value);
  const absl::Time time = absl::FromUnixSeconds(portfolio.sign_time().seconds());
  return absl::StartsWith(absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()), condition.value);
}

}  // namespace

std::string PortfolioService::NameOf(const Portfolio& portfolio) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  return PortfolioName(athletes.Name(athletes.Resolve(portfolio.athlete)), portfolio.id);
}

const Portfolio* PortfolioService::Find(absl::string_view name) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const int64_t athlete = athletes.Resolve(athletes.Find(AthleteInName(name)));
  if (athlete == 0) return nullptr;
  for (const int64_t member : athletes.Members(athlete)) {
    const Portfolio* found = views_.portfolios->Find(member, IdInName(name));
    if (found != nullptr) return found;
  }
  return nullptr;
}

absl::StatusOr<const Portfolio*> PortfolioService::FindOwn(const access::Caller& caller,
                                                           const std::string& name) const {
  const Portfolio* portfolio = Find(name);
  // Whether there is such a portfolio is nobody's business who may not see it.
  const bool own = portfolio != nullptr && FindAthlete(caller, std::string(AthleteInName(name)), false).ok();
  if (!own) return rpc::NotFound("portfolio", name);
  return portfolio;
}

grpc::Status PortfolioService::GetPortfolio(grpc::ServerContext* context, const v1::GetPortfolioRequest* request,
                                            v1::Portfolio* response) {
  return rpc::Serve(calls_, *context, "PortfolioService.GetPortfolio", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
                      if (!portfolio.ok()) return portfolio.status();
                      absl::StatusOr<v1::Portfolio> message = ToProto(**portfolio, (*portfolio)->newest());
                      if (!message.ok()) return message.status();
                      *response = *std::move(message);
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status PortfolioService::ListPortfolios(grpc::ServerContext* context, const v1::ListPortfoliosRequest* request,
                                              v1::ListPortfoliosResponse* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.ListPortfolios", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<std::vector<rpc::Condition>> conditions =
            rpc::ParseFilter(request->filter(), kPortfolioFilterFields);
        if (!conditions.ok()) return conditions.status();
        for (const rpc::Condition& condition : *conditions) {
          if (absl::Status status = CheckPortfolioCondition(condition); !status.ok()) return status;
        }
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPortfolioPageSize, kLargestPortfolioPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        std::vector<const Portfolio*> own;
        const identity::Athletes& athletes = *views_.privacy.athletes;
        if (request->parent() == "athletes/-") {
          for (const auto& [key, portfolio] : views_.portfolios->all()) {
            if (MayAct(call.caller, athletes.Resolve(key.first))) own.push_back(&portfolio);
          }
        } else {
          absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->parent(), false);
          if (!athlete.ok()) return athlete.status();
          for (const int64_t member : athletes.Members(*athlete)) {
            const auto of_member = views_.portfolios->Of(member);
            own.insert(own.end(), of_member.begin(), of_member.end());
          }
        }
        // Newest first, by what never changes, so that a page token stays valid.
        std::sort(own.begin(), own.end(), [](const Portfolio* a, const Portfolio* b) {
          return a->versions.front().position > b->versions.front().position;
        });
        std::string shown;
        for (const Portfolio* portfolio : own) {
          const std::string key = absl::StrCat(absl::Dec(portfolio->versions.front().position, absl::kZeroPad19));
          if (!last->empty() && key >= *last) continue;
          absl::StatusOr<v1::Portfolio> message = ToProto(*portfolio, portfolio->newest());
          if (!message.ok()) return message.status();
          const bool matches = std::all_of(
              conditions->begin(), conditions->end(),
              [&](const rpc::Condition& condition) { return MeetsPortfolioCondition(condition, *message); });
          if (!matches) continue;
          if (response->portfolios_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
            break;
          }
          *response->add_portfolios() = *std::move(message);
          shown = key;
        }
        return absl::OkStatus();
      });
}

grpc::Status PortfolioService::RevokePortfolio(grpc::ServerContext* context, const v1::RevokePortfolioRequest* request,
                                               v1::Portfolio* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.RevokePortfolio", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
              if (!portfolio.ok()) return portfolio.status();
              if ((*portfolio)->revoke_time_us != 0) {
                return rpc::WithReason(absl::FailedPreconditionError("the portfolio is revoked already"),
                                       "ALREADY_REVOKED");
              }
              stored::v1::PortfolioRevoked body;
              body.set_athlete((*portfolio)->athlete);
              body.set_id((*portfolio)->id);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kPortfolioRevoked;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
        if (!portfolio.ok()) return portfolio.status();
        absl::StatusOr<v1::Portfolio> message = ToProto(**portfolio, (*portfolio)->newest());
        if (!message.ok()) return message.status();
        *response = *std::move(message);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
