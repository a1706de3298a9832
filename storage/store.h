// The one way in, and the one consistent way to look: entries are planned, made durable and applied by a single writer
// thread; readers see the views at one position.
//
//   Write ──► queue ──► plan ──► Ledger::Append (one fsync for all that waits) ──► View::Apply ──► the caller returns
//
// What one commit guarantees: when Write returns, its entry is durable and every view shows it; no reader ever sees a
// position that is not durable, or a part of an entry. After a failed append nothing has changed and the next Write is
// tried afresh.
#ifndef PALMARES_STORAGE_STORE_H_
#define PALMARES_STORAGE_STORE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/ledger.h"

namespace palmares::storage {

// What is derived from the entries. A pure, deterministic function of them: it reads no clock, random number or locale.
class View {
 public:
  virtual ~View() = default;

  // Called by one thread at a time, with the entries in order, while nobody reads. An error means that the entry cannot
  // be applied, which a plan should have prevented: the store then refuses all further work.
  [[nodiscard]] virtual absl::Status Apply(const Entry& entry) = 0;
};

// Who writes, and how a repeat is recognised.
struct WriteRequest {
  std::string actor;
  std::string request_id;       // empty: no idempotency
  uint64_t request_digest = 0;  // of the request's content
};

struct Receipt {
  int64_t position = 0;   // of the entry; of the last entry where nothing had to change
  bool changed = false;   // false: the plan found nothing to do, or this was a repeat
  bool repeated = false;  // the request id was seen before with the same content
};

// Decides what to append, on the state that all earlier entries have left; may read the views without a Reader. Nothing
// to append is a valid answer. An error is handed to the caller, and nothing is written.
using Plan = std::function<absl::StatusOr<std::optional<Draft>>()>;

class Store {
 public:
  using Clock = std::function<absl::Time()>;

  // Replays the ledger into the view. `view` must outlive the store and be empty. DATA_LOSS if the ledger is damaged.
  static absl::StatusOr<std::unique_ptr<Store>> Open(std::unique_ptr<Ledger> ledger, View* view, Clock clock);

  // Finishes what is queued, then stops.
  ~Store();

  // Blocks until the entry is durable and visible. Thread-safe. INVALID_ARGUMENT if the request id was used with
  // another content; UNAVAILABLE if the ledger cannot be written now.
  absl::StatusOr<Receipt> Write(WriteRequest request, Plan plan);

  // The same without waiting: `done` is called by the writer thread, in the order of the calls.
  using Done = std::function<void(absl::StatusOr<Receipt>)>;
  void WriteLater(WriteRequest request, Plan plan, Done done);

  // The same, and many share one fsync: the plan may be asked while entries before it are planned and not yet applied,
  // and must know by itself what it needs to know of those (a set of bibs, a count). Where it refuses, it is asked once
  // more when they are applied: a refusal is always by the state that all earlier entries have left.
  void WriteGrouped(WriteRequest request, Plan plan, Done done);
  // The same, and waits.
  absl::StatusOr<Receipt> WriteGrouped(WriteRequest request, Plan plan);
  // Called by a plan: how many entries are planned before it and not yet applied. 0: what a plan remembers of earlier
  // ones is in the views by now, or was refused by the ledger.
  size_t planned_before() const { return planned_before_; }

  // Runs `replace` with the position that the views stand at, on the writer thread, while nobody reads: it may put what
  // else was made from the same entries in the place of what they hold. Blocks until it has run; gives its status.
  absl::Status Replace(absl::FunctionRef<absl::Status(int64_t position)> replace);

  // Holds the views still while it lives: keep it short. Obtained on and destroyed by one thread.
  class Reader {
   public:
    Reader(Reader&& other) noexcept : store_(std::exchange(other.store_, nullptr)), position_(other.position_) {}
    Reader& operator=(Reader&&) = delete;
    ~Reader();
    int64_t position() const { return position_; }

   private:
    friend class Store;
    explicit Reader(const Store* store, int64_t position) : store_(store), position_(position) {}
    const Store* store_;
    int64_t position_;
  };

  // A view of everything at one position, at least `min_position`. Waits for it until `deadline`: DEADLINE_EXCEEDED if
  // it does not come. DATA_LOSS if the store has stopped because of damage.
  absl::StatusOr<Reader> Read(int64_t min_position = 0, absl::Time deadline = absl::InfiniteFuture()) const;

  const Ledger& ledger() const { return *ledger_; }

 private:
  struct Job {
    WriteRequest request;
    Plan plan;
    Done done;
    bool alone = true;
  };
  struct Planned {
    Job job;
    Entry entry;
  };
  // Planned entries that will share one fsync.
  struct Group {
    std::vector<Planned> planned;
    absl::flat_hash_set<std::string> request_ids;
    size_t bytes = 0;
  };
  struct Repeat {
    int64_t position = 0;
    uint64_t digest = 0;
  };

  Store(std::unique_ptr<Ledger> ledger, View* view, Clock clock);
  absl::Status Replay();
  absl::StatusOr<Receipt> Await(WriteRequest request, Plan plan, bool alone);
  void Enqueue(Job job);
  void Run();
  void Handle(Job job, Group& group);
  void Answer(Job& job, absl::StatusOr<Receipt> receipt, Group& group);
  void Commit(Group& group);
  absl::Status Broken() const;
  absl::Status ApplyAll(const std::vector<Planned>& group);
  std::optional<absl::StatusOr<Receipt>> AnswerRepeat(const WriteRequest& request) const;
  void Remember(const Entry& entry);

  const std::unique_ptr<Ledger> ledger_;
  View* const view_;
  const Clock clock_;

  // Touched by the writer thread only (and by Open before it starts).
  int64_t last_position_ = 0;
  int64_t last_time_us_ = 0;
  size_t planned_before_ = 0;
  absl::flat_hash_map<std::string, Repeat> requests_;

  absl::Mutex queue_mutex_;
  std::deque<Job> queue_ ABSL_GUARDED_BY(queue_mutex_);
  bool stopping_ ABSL_GUARDED_BY(queue_mutex_) = false;

  mutable absl::Mutex state_mutex_;  // guards the views: shared by readers, exclusive while applying
  int64_t position_ ABSL_GUARDED_BY(state_mutex_) = 0;
  absl::Status broken_ ABSL_GUARDED_BY(state_mutex_);

  std::thread writer_;
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_STORE_H_
