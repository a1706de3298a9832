// A small server in the test's own process, on a real socket: it keeps a calendar, takes sheets of "bib,name,time"
// lines, and answers a few reads from them. It stands for the API's promises that the client relies on, not for the
// product.
#ifndef PALMARES_TESTS_TOOLS_PALMARES_FAKE_SERVER_H_
#define PALMARES_TESTS_TOOLS_PALMARES_FAKE_SERVER_H_

#include <grpcpp/server.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "palmares/v1/access.grpc.pb.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/events.grpc.pb.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/results.grpc.pb.h"
#include "palmares/v1/series.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "palmares/v1/standards.grpc.pb.h"
#include "palmares/v1/uploads.pb.h"

namespace palmares::tools {

struct FakeUpload {
  v1::Upload upload;
  std::string content;
  v1::ImportJob job;
};

// What the services share. Guarded by `mutex`.
struct FakeData {
  std::mutex mutex;
  std::map<std::string, v1::Event> events;
  std::map<std::string, v1::Edition> editions;
  std::map<std::string, v1::Race> races;
  std::map<std::string, std::vector<v1::Result>> results;  // by race
  std::map<std::string, std::string> contents;             // of accepted files, by race
  std::map<std::string, v1::Standard> standards;
  std::vector<v1::ImportHeader> headers;  // of all uploads
  std::vector<size_t> chunks;             // sizes
  std::map<std::string, FakeUpload> uploads;
  int cuts = 0;               // how many streams of uploads are still to be cut off
  int job_cuts = 0;           // how many streams of jobs are still to be cut off
  bool sheets_cut = false;    // takes sheets, and is gone before it answers
  size_t most_chunks = 1000;  // of all uploads; then every stream is refused
  std::string rejected;       // refused rows of every upload
  v1::CorrectResultRequest correction;
  v1::QualifyRequest qualify;
  v1::WhatIfRequest what_if;
  v1::ListQualifiersRequest qualifiers;
  v1::WatchQualificationsRequest watch;
  v1::RankingQuery ranking;
  std::vector<v1::WatchRankingRequest> ranking_watches;
  v1::ListRecordsRequest records;
  v1::CompareCoursesRequest courses;
  v1::ListClubRankingRequest club_ranking;
  std::string authorization;  // of the last call that is checked
  int pages = 0;              // served by ListResults
};

class FakeServer {
 public:
  FakeServer();
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  // "127.0.0.1:PORT".
  const std::string& address() const { return address_; }
  FakeData& data() { return data_; }

 private:
  FakeData data_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace palmares::tools

#endif  // PALMARES_TESTS_TOOLS_PALMARES_FAKE_SERVER_H_
