// What gRPC alone costs: the same messages with nothing behind them.
#include <grpcpp/grpcpp.h>

#include <cstdio>

#include "palmares/v1/histories.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "tests/bench/measure.h"

namespace palmares::bench {
namespace {

class EchoSheets final : public v1::SheetService::Service {
  grpc::Status AppendResults(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::AppendResultsResponse, v1::AppendResultsRequest>* stream) override {
    v1::AppendResultsRequest request;
    v1::AppendResultsResponse response;
    while (stream->Read(&request)) {
      response.set_sequence(request.sequence());
      response.set_rows_added(request.results_size());
      response.set_position(request.sequence());
      stream->Write(response);
    }
    return grpc::Status::OK;
  }
};

// Answers as long as a rank's.
class EchoRanks final : public v1::RankingService::Service {
  grpc::Status GetRank(grpc::ServerContext*, const v1::GetRankRequest* request, v1::Rank* response) override {
    response->set_listed(true);
    response->set_rank(12345);
    response->set_total_size(40000);
    response->set_percentile(69.1);
    response->mutable_row()->set_athlete(request->athlete());
    response->mutable_row()->set_race(request->query().scope().race());
    response->mutable_row()->mutable_mark()->set_text("3:59:59");
    return grpc::Status::OK;
  }
};

}  // namespace

// Serves until it is killed; says its port on the first line.
void ServeEcho(const Options& options) {
  EchoSheets sheets;
  EchoRanks ranks;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(options.Text("listen", "127.0.0.1:0"), grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&sheets);
  builder.RegisterService(&ranks);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) Fail("the echo server cannot listen");
  std::printf("ready on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  server->Wait();
}

}  // namespace palmares::bench
