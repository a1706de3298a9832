// A server with histories in it, and short ways to ask for them.
#ifndef PALMARES_TESTS_SERVICES_PORTFOLIO_HISTORY_HARNESS_H_
#define PALMARES_TESTS_SERVICES_PORTFOLIO_HISTORY_HARNESS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {

class HistoryHarness : public ::testing::Test {
 protected:
  explicit HistoryHarness(bool catalogue = false) : server_(catalogue) {}

  static std::unique_ptr<grpc::ClientContext> Anybody() { return RunningServer::As(""); }

  // Makes the race of that year and publishes rows of a CSV sheet; gives the race's name.
  std::string Publish(const std::string& event, int year, const std::string& discipline, const std::string& csv) {
    std::string race = server_.MakeRace(event, absl::StrCat(year), DateOf(year, 5, 4), discipline);
    server_.MustImport(race, csv);
    return race;
  }
  std::string AthleteOf(const std::string& race, const std::string& bib) { return server_.ByBib(race, bib).athlete(); }

  v1::GetHistoryRequest RequestFor(const std::string& athlete) {
    v1::GetHistoryRequest request;
    request.set_athlete(athlete);
    request.set_view(v1::HISTORY_VIEW_FULL);
    request.set_summary(true);
    return request;
  }
  v1::GetHistoryResponse Get(const v1::GetHistoryRequest& request) {
    v1::GetHistoryResponse response;
    EXPECT_CALL_OK(server_.histories->GetHistory(Anybody().get(), request, &response));
    return response;
  }
  v1::GetHistoryResponse Get(const std::string& athlete) { return Get(RequestFor(athlete)); }
  grpc::Status Refused(const v1::GetHistoryRequest& request) {
    v1::GetHistoryResponse response;
    return server_.histories->GetHistory(Anybody().get(), request, &response);
  }
  v1::HistorySummary Summary(const std::string& athlete) {
    v1::GetHistorySummaryRequest request;
    v1::HistorySummary summary;
    request.set_athlete(athlete);
    EXPECT_CALL_OK(server_.histories->GetHistorySummary(Anybody().get(), request, &summary));
    return summary;
  }
  v1::Result ResultOf(const std::string& name) {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(name);
    EXPECT_CALL_OK(server_.results->GetResult(Anybody().get(), request, &result));
    return result;
  }

  RunningServer server_;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_PORTFOLIO_HISTORY_HARNESS_H_
