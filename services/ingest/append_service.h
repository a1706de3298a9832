// One stream of AppendResults: batches come in, are written together with those of all other streams, and are answered
// in their order.
//
//   Read ──► take and check rows ──► Store::WriteGrouped ──► … fsync, views … ──► answers in order ──► Write
//
// The thread that the call runs in reads and checks; a second one sends the answers, so that the store's writer never
// waits for a client. A client that does not take its answers, or sends faster than the disk, is not read from: at most
// kMostBatches batches and kMostRows rows are on their way. When the server shuts down, what was sent is answered, and
// then the stream ends.
#ifndef PALMARES_SERVICES_INGEST_APPEND_SERVICE_H_
#define PALMARES_SERVICES_INGEST_APPEND_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "services/ingest/append_plan.h"
#include "services/ingest/append_rows.h"
#include "services/rpc/call.h"

namespace palmares::ingest {

class AppendStream {
 public:
  using Stream = grpc::ServerReaderWriter<v1::AppendResultsResponse, v1::AppendResultsRequest>;
  static constexpr size_t kMostBatches = 256;
  static constexpr int64_t kMostRows = 40'000;

  AppendStream(const rpc::Calls& calls, const PublishViews& views, LiveSheets& sheets, grpc::ServerContext& context,
               Stream& stream)
      : calls_(calls), views_(views), sheets_(sheets), context_(context), stream_(stream) {}

  // Until the client has sent all, and all is answered. UNAVAILABLE when the server shuts down; RESOURCE_EXHAUSTED
  // where too many streams are open.
  grpc::Status Run();

 private:
  // A batch and its answer.
  struct Slot {
    AppendBatch batch;
    v1::AppendResultsResponse response;
    bool result_names = false;
    int64_t rows = 0;
    bool ready = false;  // guarded by mutex_
  };

  // The caller may append to the race: asked again for each race, and once in a while.
  absl::Status Admit(const v1::AppendResultsRequest& request);
  absl::Status Receive();
  absl::Status Begin(v1::AppendResultsRequest& request);
  Slot& AddSlot(const v1::AppendResultsRequest& request);
  absl::Status TakeBatch(const v1::AppendResultsRequest& request, Slot& slot);
  absl::Status LookUp(const v1::AppendResultsRequest& request, RowDefaults& defaults,
                      std::vector<NamedAthlete>& athletes) const;
  void Submit(v1::AppendResultsRequest& request, Slot& slot);
  void Answer(Slot& slot, const absl::StatusOr<storage::Receipt>& receipt);
  void Accept(Slot& slot, const storage::Receipt& receipt);
  void Refuse(Slot& slot, const absl::Status& status);
  bool Draining() const { return calls_.draining != nullptr && *calls_.draining; }
  std::vector<std::unique_ptr<Slot>> NextAnswers();
  void SendAnswers();

  const rpc::Calls& calls_;
  const PublishViews& views_;
  LiveSheets& sheets_;
  grpc::ServerContext& context_;
  Stream& stream_;
  rpc::Call call_;
  std::string race_;  // of the last batch
  absl::Time admitted_ = absl::InfinitePast();

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);  // in the order of the batches
  int64_t rows_ ABSL_GUARDED_BY(mutex_) = 0;                         // of all slots
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_APPEND_SERVICE_H_
