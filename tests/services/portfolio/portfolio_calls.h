// Calls about portfolios that tests of more than one kind make.
#ifndef PALMARES_TESTS_SERVICES_PORTFOLIO_PORTFOLIO_CALLS_H_
#define PALMARES_TESTS_SERVICES_PORTFOLIO_PORTFOLIO_CALLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "palmares/v1/portfolios.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {

// Everything that the holder of a token is streamed after a position.
std::vector<v1::StreamPortfoliosResponse> StreamedPortfolios(v1::PortfolioService::Stub& portfolios,
                                                             const std::string& secret, int64_t start);

// What the feed tells the holder of a token of portfolios after a position.
std::vector<v1::Change> PortfolioChanges(const RunningServer& server, const std::string& secret, int64_t start);

// "state cause summary" of the same, but for signatures.
std::vector<std::string> ToldOfPortfolios(const RunningServer& server, const std::string& secret, int64_t start);

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_PORTFOLIO_PORTFOLIO_CALLS_H_
