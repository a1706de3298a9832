// Palmares over gRPC as its clients use it; and, by the same code, a server that echoes (echo.h): what gRPC alone
// costs.
#ifndef PALMARES_TESTS_BENCH_PALMARES_H_
#define PALMARES_TESTS_BENCH_PALMARES_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/events.grpc.pb.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "tests/bench/contender.h"
#include "tests/bench/drive.h"

namespace palmares::bench {

// Where a server is and who calls it.
struct Server {
  std::string name;     // "palmares", "echo"
  std::string address;  // "127.0.0.1:7443"
  std::string token;
  int process = 0;
  bool echo = false;  // answers without doing anything
};

class Palmares : public Contender {
 public:
  explicit Palmares(Server server);

  const std::string& name() const override { return server_.name; }
  absl::Status Begin(const World& world) override;
  absl::StatusOr<Work> PrepareIngest(const World& world, int first_race, int end_race) override;
  void AddQueries(const Setting& setting, std::vector<Run>& runs) override;

 private:
  using Batches = std::vector<v1::AppendResultsRequest>;
  using Figures = absl::StatusOr<std::vector<Figure>>;

  // palmares.cc
  void Authorize(grpc::ClientContext& context) const;
  absl::Status AddAthletes(const World& world);
  absl::Status MakeRace(const std::string& event, const Day& day);
  // A race that nobody has used yet: its name.
  absl::StatusOr<std::string> NewRace(const std::string& kind);
  // Sends the batches over one stream, with at most `window` of them unanswered, until all are answered or the time is
  // over. How many batches were accepted; an error where one was refused.
  absl::StatusOr<Done> Append(const std::shared_ptr<grpc::Channel>& channel, const Batches& batches, size_t begin,
                              size_t end, int window, absl::Duration time) const;

  // palmares_queries.cc: one run of each measure.
  template <typename Call>
  Figures Rate(const std::string& measure, const std::string& unit, int64_t each, Call call) const;
  Figures Rank(const Setting& setting) const;
  Figures RanksTogether(const Setting& setting) const;
  Figures Page(const Setting& setting, bool all_time) const;
  Figures History(const Setting& setting) const;
  Figures HistoriesTogether(const Setting& setting) const;
  Figures StreamedHistories(const Setting& setting) const;
  Figures Live(const Setting& setting);

  // palmares_latencies.cc: one call at a time.
  Figures Filtered(const Setting& setting) const;
  Figures Search(const Setting& setting) const;
  Figures Portfolio(const Setting& setting, bool pdf) const;
  Figures Linking(const Setting& setting);

  Server server_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;  // kStreams, each a connection of its own
  std::unique_ptr<v1::AthleteService::Stub> athletes_;
  std::unique_ptr<v1::EventService::Stub> events_;
  std::unique_ptr<v1::HistoryService::Stub> histories_;
  std::unique_ptr<v1::PortfolioService::Stub> portfolios_;
  std::unique_ptr<v1::RankingService::Stub> rankings_;
  int races_made_ = 0;
};

std::string AthleteResource(int athlete);                      // "athletes/a17"
std::string RaceResource(const std::string& event, int year);  // "events/e3/editions/2001/races/open"
v1::RankingQuery MenQuery();                                   // marathons of men, of all time

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_PALMARES_H_
