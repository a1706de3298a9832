#include "tests/services/portfolio/portfolio_calls.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace palmares::testing {

std::vector<v1::StreamPortfoliosResponse> StreamedPortfolios(v1::PortfolioService::Stub& portfolios,
                                                             const std::string& secret, int64_t start) {
  v1::StreamPortfoliosRequest request;
  request.set_start_position(start);
  auto context = RunningServer::As(secret);
  auto reader = portfolios.StreamPortfolios(context.get(), request);
  std::vector<v1::StreamPortfoliosResponse> all;
  v1::StreamPortfoliosResponse one;
  while (reader->Read(&one)) all.push_back(one);
  EXPECT_CALL_OK(reader->Finish());
  return all;
}

std::vector<v1::Change> PortfolioChanges(const RunningServer& server, const std::string& secret, int64_t start) {
  v1::ListChangesRequest request;
  v1::ListChangesResponse response;
  request.set_start_position(start);
  request.add_kinds(v1::CHANGE_KIND_PORTFOLIO);
  EXPECT_CALL_OK(server.ledger->ListChanges(RunningServer::As(secret).get(), request, &response));
  std::vector<v1::Change> changes;
  for (const v1::WatchChangesResponse& entry : response.entries()) {
    changes.insert(changes.end(), entry.changes().begin(), entry.changes().end());
  }
  return changes;
}

std::vector<std::string> ToldOfPortfolios(const RunningServer& server, const std::string& secret, int64_t start) {
  std::vector<std::string> told;
  for (const v1::Change& change : PortfolioChanges(server, secret, start)) {
    if (absl::StrContains(change.summary(), "signed")) continue;
    told.push_back(absl::StrCat(change.new_value(), " ", change.cause(), " ", change.summary()));
  }
  return told;
}

}  // namespace palmares::testing
