// A server with a series client, and standings as lines.
#ifndef PALMARES_TESTS_SERVICES_SERIES_SERIES_HARNESS_H_
#define PALMARES_TESTS_SERVICES_SERIES_SERIES_HARNESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "palmares/v1/series.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {

class SeriesHarness : public ::testing::Test {
 protected:
  grpc::Status Create(const std::string& id, const std::vector<std::string>& races, const std::string& rules,
                      bool dry_run = false) {
    v1::CreateSeriesRequest request;
    request.set_series_id(id);
    request.set_validate_only(dry_run);
    request.mutable_series()->set_display_name(absl::StrCat("Series ", id));
    for (const std::string& race : races) request.mutable_series()->add_races(race);
    request.mutable_series()->set_rules_text(rules);
    made_.Clear();
    return series_->CreateSeries(server_.AsOperator().get(), request, &made_);
  }

  grpc::Status List(const v1::ListStandingsRequest& request, v1::ListStandingsResponse* response) {
    response->Clear();
    return series_->ListStandings(RunningServer::As("").get(), request, response);
  }

  // All rows, by pages of `page_size`.
  std::vector<v1::Standing> Standings(const std::string& id, const std::string& category, int page_size = 1000) {
    std::vector<v1::Standing> rows;
    v1::ListStandingsRequest request;
    request.set_parent(absl::StrCat("series/", id));
    request.set_category(category);
    request.set_page_size(page_size);
    do {
      v1::ListStandingsResponse response;
      const grpc::Status status = List(request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      rows.insert(rows.end(), response.standings().begin(), response.standings().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return rows;
  }

  // "rank name score".
  std::vector<std::string> Lines(const std::string& id, const std::string& category, int page_size = 1000) {
    std::vector<std::string> lines;
    for (const v1::Standing& row : Standings(id, category, page_size)) {
      lines.push_back(absl::StrCat(row.rank(), " ", row.display_name(), " ", row.score_text()));
    }
    return lines;
  }

  grpc::Status ListClubs(const v1::ListClubRankingRequest& request, v1::ListClubRankingResponse* response) {
    response->Clear();
    return series_->ListClubRanking(RunningServer::As("").get(), request, response);
  }

  // All clubs, by pages of `page_size`.
  std::vector<v1::Standing> Clubs(const v1::RankingQuery& query, int32_t members, int page_size = 1000) {
    std::vector<v1::Standing> rows;
    v1::ListClubRankingRequest request;
    *request.mutable_query() = query;
    request.set_members(members);
    request.set_page_size(page_size);
    do {
      v1::ListClubRankingResponse response;
      const grpc::Status status = ListClubs(request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      rows.insert(rows.end(), response.standings().begin(), response.standings().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return rows;
  }

  RunningServer server_;
  std::unique_ptr<v1::SeriesService::Stub> series_ = v1::SeriesService::NewStub(server_.channel);
  v1::Series made_;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_SERIES_SERIES_HARNESS_H_
