// An organizer's program that uploads, corrects and disqualifies without pause, and remembers what it was told.
#ifndef PALMARES_TESTS_CRASH_UPLOADER_H_
#define PALMARES_TESTS_CRASH_UPLOADER_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "palmares/v1/events.grpc.pb.h"
#include "palmares/v1/results.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "tests/testing.h"

namespace palmares::testing {

// One server, as one caller sees it.
struct Connection {
  Connection(const std::string& address, std::string secret);
  std::unique_ptr<grpc::ClientContext> Context() const;

  std::string secret;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::EventService::Stub> events;
  std::unique_ptr<v1::ResultService::Stub> results;
  std::unique_ptr<v1::SheetService::Stub> sheets;
};

class Uploader {
 public:
  Uploader(int number, uint64_t seed) : number_(number), random_(seed) {}

  // Makes its event and races.
  void MakeRaces(const Connection& connection);

  // Goes on until the server is gone. What was under way then is kept, and tried again first, as it was, by the next
  // call. Any other answer than success fails the test: a retry that comes twice would be refused.
  void Run(const Connection& connection);
  // Finishes what is under way, if anything.
  void Finish(const Connection& connection);

  // Compares what the server shows with what was acknowledged. What is under way may be there, but as a whole.
  void Check(const Connection& connection, bool everything);

  // Changes that were acknowledged; each makes one entry of the ledger.
  int64_t acknowledged() const { return acknowledged_; }
  int64_t last_position() const { return last_position_; }

 private:
  struct Row {
    std::string bib;
    std::string name;
    int64_t mark = 0;
    bool disqualified = false;
    friend bool operator==(const Row&, const Row&) = default;
  };
  using Rows = std::vector<Row>;  // in the order of bibs
  struct Race {
    std::string name;
    Rows rows;
    bool revised = false;  // then a new file is refused
  };
  // A change under way: how to ask for it, and what the race's rows are when it is done.
  struct Change {
    size_t race = 0;
    Rows after;
    std::function<grpc::Status(const Connection&, int64_t* position)> ask;
  };

  Change MakeChange();
  Change MakeImport(size_t race);
  Change MakeRevision(size_t race);
  std::string MakeRequestId();
  bool Try(const Connection& connection);
  static Rows Read(const Connection& connection, const std::string& race);

  const int number_;
  Random random_;
  std::vector<Race> races_;
  std::optional<Change> pending_;
  std::set<size_t> touched_;  // races, since the last check
  int64_t acknowledged_ = 0;
  int64_t last_position_ = 0;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_CRASH_UPLOADER_H_
