#include "tests/bench/echo.h"

#include <grpcpp/grpcpp.h>

#include <iostream>
#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"

namespace palmares::bench {
namespace {

// The answer to the first request, kept. A real server's error is passed on to those who ask meanwhile, and not kept.
template <typename Response>
class Kept {
 public:
  template <typename Ask>
  grpc::Status Answer(Response* response, Ask ask) {
    if (!known_.load(std::memory_order_acquire)) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!known_) {
        const grpc::Status status = ask(&answer_);
        if (!status.ok()) return status;
        known_.store(true, std::memory_order_release);
      }
    }
    response->CopyFrom(answer_);
    return grpc::Status::OK;
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> known_ = false;
  Response answer_;
};

class Rankings final : public v1::RankingService::Service {
 public:
  explicit Rankings(const std::shared_ptr<grpc::Channel>& real) : real_(v1::RankingService::NewStub(real)) {}

  grpc::Status GetRank(grpc::ServerContext*, const v1::GetRankRequest* request, v1::Rank* response) override {
    return rank_.Answer(response, [&](v1::Rank* answer) {
      grpc::ClientContext context;
      return real_->GetRank(&context, *request, answer);
    });
  }
  grpc::Status BatchGetRanks(grpc::ServerContext*, const v1::BatchGetRanksRequest* request,
                             v1::BatchGetRanksResponse* response) override {
    return ranks_.Answer(response, [&](v1::BatchGetRanksResponse* answer) {
      grpc::ClientContext context;
      return real_->BatchGetRanks(&context, *request, answer);
    });
  }
  grpc::Status ListRanking(grpc::ServerContext*, const v1::ListRankingRequest* request,
                           v1::ListRankingResponse* response) override {
    return page_.Answer(response, [&](v1::ListRankingResponse* answer) {
      grpc::ClientContext context;
      return real_->ListRanking(&context, *request, answer);
    });
  }

 private:
  std::unique_ptr<v1::RankingService::Stub> real_;
  Kept<v1::Rank> rank_;
  Kept<v1::BatchGetRanksResponse> ranks_;
  Kept<v1::ListRankingResponse> page_;
};

class Histories final : public v1::HistoryService::Service {
 public:
  explicit Histories(const std::shared_ptr<grpc::Channel>& real) : real_(v1::HistoryService::NewStub(real)) {}

  grpc::Status GetHistory(grpc::ServerContext*, const v1::GetHistoryRequest* request,
                          v1::GetHistoryResponse* response) override {
    return history_.Answer(response, [&](v1::GetHistoryResponse* answer) {
      grpc::ClientContext context;
      return real_->GetHistory(&context, *request, answer);
    });
  }
  grpc::Status BatchGetHistories(grpc::ServerContext*, const v1::BatchGetHistoriesRequest* request,
                                 v1::BatchGetHistoriesResponse* response) override {
    return histories_.Answer(response, [&](v1::BatchGetHistoriesResponse* answer) {
      grpc::ClientContext context;
      return real_->BatchGetHistories(&context, *request, answer);
    });
  }

 private:
  std::unique_ptr<v1::HistoryService::Stub> real_;
  Kept<v1::GetHistoryResponse> history_;
  Kept<v1::BatchGetHistoriesResponse> histories_;
};

class Sheets final : public v1::SheetService::Service {
 public:
  grpc::Status AppendResults(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::AppendResultsResponse, v1::AppendResultsRequest>* stream) override {
    v1::AppendResultsResponse answer;
    for (v1::AppendResultsRequest request; stream->Read(&request);) {
      answer.set_sequence(request.sequence());
      answer.set_rows_added(request.results_size());
      answer.set_position(1'000'000 + request.sequence());
      if (!stream->Write(answer)) break;
    }
    return grpc::Status::OK;
  }
};

}  // namespace

absl::Status ServeEcho(const std::string& real) {
  const auto channel = grpc::CreateChannel(real, grpc::InsecureChannelCredentials());
  Rankings rankings(channel);
  Histories histories(channel);
  Sheets sheets;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&rankings);
  builder.RegisterService(&histories);
  builder.RegisterService(&sheets);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return absl::UnavailableError("cannot listen on this machine");
  std::cout << absl::StrCat("ready on 127.0.0.1:", port) << std::endl;
  server->Wait();
  return absl::OkStatus();
}

}  // namespace palmares::bench
