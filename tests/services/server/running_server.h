// A whole server in this process, with a clock that stands still and random bytes that repeat, and the clients to call
// it.
#ifndef PALMARES_TESTS_SERVICES_SERVER_RUNNING_SERVER_H_
#define PALMARES_TESTS_SERVICES_SERVER_RUNNING_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "palmares/v1/access.grpc.pb.h"
#include "palmares/v1/administration.grpc.pb.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/events.grpc.pb.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "palmares/v1/identity.grpc.pb.h"
#include "palmares/v1/ledger.grpc.pb.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/results.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "palmares/v1/standards.grpc.pb.h"
#include "palmares/v1/uploads.grpc.pb.h"
#include "services/server/server.h"
#include "tests/testing.h"

namespace palmares::testing {

// How a server under test differs from any other.
struct ServerOptions {
  bool catalogue = false;              // loads the catalogue of standards
  storage::RocksLedgerOptions ledger;  // another file system
  std::string restore;                 // directory of backups that its data directory is made from
  std::string backup_root;
  rankings::ListBounds list_bounds = {};
  std::string public_data_licence = {};
  int64_t memory_budget = 0;
};

class RunningServer {
 public:
  // Starts on a free port of this machine, in a data directory of its own. The catalogue of standards is loaded on
  // request only.
  explicit RunningServer(bool catalogue = false);
  explicit RunningServer(ServerOptions options);

  // Drains, and starts again on the same data directory: everything is made anew from the ledger.
  void Restart();
  // The same, with another memory budget from then on.
  void RestartWithin(int64_t memory_budget);
  // The second half of that, where a test has ended the server itself.
  void StartAgain() { Start(); }

  // A call's context with a bearer token; with none where it is empty.
  static std::unique_ptr<grpc::ClientContext> As(const std::string& secret);
  std::unique_ptr<grpc::ClientContext> AsOperator() const { return As(operator_secret); }

  // Makes events/{event}/editions/{edition}/races/{race} with what is above it, and gives its name.
  std::string MakeRace(const std::string& event, const std::string& edition, const v1::Date& date,
                       const std::string& discipline = "10km-road", const std::string& race = "open");

  // Streams a header and the content, in two chunks. The header's race is filled in by the caller.
  grpc::Status Import(const v1::ImportHeader& header, const std::string& content, v1::ImportSheetResponse* response,
                      const std::string& secret) const;
  // Imports an official CSV sheet as the operator and expects it to be accepted.
  v1::ImportSheetResponse MustImport(const std::string& race, const std::string& csv) const;

  // All results of a race, in the order of the list, by pages of `page_size`.
  std::vector<v1::Result> Results(const std::string& race, int32_t page_size = 1000) const;
  // The result with this bib; fails the test where there is none.
  v1::Result ByBib(const std::string& race, const std::string& bib) const;
  // "bib:place/sex place/category place" of every result, in the order of bibs: what a correction and its inverse must
  // restore.
  std::vector<std::string> Places(const std::string& race) const;
  // "rank bib-less name mark" of every line.
  std::vector<std::string> Ranking(const v1::RankingQuery& query) const;
  std::vector<v1::RankingRow> RankingRows(const v1::RankingQuery& query, int32_t page_size = 1000) const;
  // Disqualifies a result, by its name, for a false start, as the operator.
  void Disqualify(const std::string& result) const;
  // A new token's secret.
  std::string MakeToken(v1::Role role, const std::vector<std::string>& resources) const;

  TemporaryDirectory directory;
  std::atomic<int64_t> now_us;
  std::unique_ptr<server::Server> server;
  std::string operator_secret;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::AccessService::Stub> access;
  std::unique_ptr<v1::AdministrationService::Stub> administration;
  std::unique_ptr<v1::AthleteService::Stub> athletes;
  std::unique_ptr<v1::EventService::Stub> events;
  std::unique_ptr<v1::HistoryService::Stub> histories;
  std::unique_ptr<v1::IdentityService::Stub> identity;
  std::unique_ptr<v1::LedgerService::Stub> ledger;
  std::unique_ptr<v1::QualificationService::Stub> qualification;
  std::unique_ptr<v1::RankingService::Stub> rankings;
  std::unique_ptr<v1::ResultService::Stub> results;
  std::unique_ptr<v1::SheetService::Stub> sheets;
  std::unique_ptr<v1::StandardService::Stub> standards;
  std::unique_ptr<v1::UploadService::Stub> uploads;

 private:
  void Start();

  ServerOptions options_;
};

v1::Date DateOf(int year, int month, int day);
v1::RankingQuery QueryOf(const std::string& discipline, v1::Sex sex);

// The google.rpc details of a status; the reason of its ErrorInfo; the field of its first violation. Empty where there
// is none.
google::rpc::Status Details(const grpc::Status& status);
std::string Reason(const grpc::Status& status);
std::string ViolatedField(const grpc::Status& status);

#define ASSERT_CALL(expression)                                                                       \
  do {                                                                                                \
    const ::grpc::Status call_status = (expression);                                                  \
    ASSERT_TRUE(call_status.ok()) << call_status.error_code() << ": " << call_status.error_message(); \
  } while (false)
#define EXPECT_CALL_OK(expression)                                                                    \
  do {                                                                                                \
    const ::grpc::Status call_status = (expression);                                                  \
    EXPECT_TRUE(call_status.ok()) << call_status.error_code() << ": " << call_status.error_message(); \
  } while (false)

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_SERVER_RUNNING_SERVER_H_
