#include "storage/store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

namespace palmares::storage {
namespace {

// Entries that share one fsync, and their bytes, so that the first of them does not wait for long.
constexpr size_t kLargestGroup = 4096;
constexpr size_t kLargestGroupBytes = size_t{8} << 20;

size_t SizeOf(const Draft& draft) {
  size_t bytes = draft.body.size();
  for (const std::string& block : draft.blocks) bytes += block.size();
  for (const std::string& block : draft.personal) bytes += block.size();
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(std::unique_ptr<Ledger> ledger, View* view, Clock clock) {
  std::unique_ptr<Store> store(new Store(std::move(ledger), view, std::move(clock)));
  if (absl::Status status = store->Replay(); !status.ok()) return status;
  store->writer_ = std::thread([store = store.get()] { store->Run(); });
  return store;
}

Store::Store(std::unique_ptr<Ledger> ledger, View* view, Clock clock)
    : ledger_(std::move(ledger)), view_(view), clock_(std::move(clock)) {}

Store::~Store() {
  {
    absl::MutexLock lock(&queue_mutex_);
    stopping_ = true;
  }
  if (writer_.joinable()) writer_.join();
}

absl::Status Store::Replay() {
  absl::MutexLock lock(&state_mutex_);
  absl::Status status = ledger_->Read(1, ledger_->LastPosition(), [this](const Entry& entry) {
    if (absl::Status applied = view_->Apply(entry); !applied.ok()) {
      return absl::DataLossError(
          absl::StrCat("ledger position ", entry.position, " cannot be applied: ", applied.message()));
    }
    Remember(entry);
    return absl::OkStatus();
  });
  position_ = last_position_;
  return status;
}

absl::StatusOr<Receipt> Store::Write(WriteRequest request, Plan plan) {
  return Await(std::move(request), std::move(plan), /*alone=*/true);
}

absl::StatusOr<Receipt> Store::WriteGrouped(WriteRequest request, Plan plan) {
  return Await(std::move(request), std::move(plan), /*alone=*/false);
}

absl::StatusOr<Receipt> Store::Await(WriteRequest request, Plan plan, bool alone) {
  absl::Notification finished;
  absl::StatusOr<Receipt> result = absl::InternalError("not answered");
  Enqueue({std::move(request), std::move(plan),
           [&](absl::StatusOr<Receipt> receipt) {
             result = std::move(receipt);
             finished.Notify();
           },
           alone});
  finished.WaitForNotification();
  return result;
}

void Store::WriteLater(WriteRequest request, Plan plan, Done done) {
  Enqueue({std::move(request), std::move(plan), std::move(done), /*alone=*/true});
}

void Store::WriteGrouped(WriteRequest request, Plan plan, Done done) {
  Enqueue({std::move(request), std::move(plan), std::move(done), /*alone=*/false});
}

absl::Status Store::Replace(absl::FunctionRef<absl::Status(int64_t position)> replace) {
  // A plan that runs alone has nothing pending before it, and writes nothing.
  return Write({},
               [&]() -> absl::StatusOr<std::optional<Draft>> {
                 absl::MutexLock lock(&state_mutex_);
                 if (absl::Status status = replace(position_); !status.ok()) return status;
                 return std::nullopt;
               })
      .status();
}

void Store::Enqueue(Job job) {
  {
    absl::MutexLock lock(&queue_mutex_);
    if (!stopping_) {
      queue_.push_back(std::move(job));
      return;
    }
  }
  job.done(absl::UnavailableError("the server is shutting down"));
}

void Store::Run() {
  while (true) {
    std::deque<Job> jobs;
    {
      absl::MutexLock lock(&queue_mutex_);
      queue_mutex_.Await(absl::Condition(
          +[](Store* store) ABSL_EXCLUSIVE_LOCKS_REQUIRED(store->queue_mutex_) {
            return store->stopping_ || !store->queue_.empty();
          },
          this));
      if (queue_.empty()) return;
      jobs.swap(queue_);
    }
    Group group;
    for (Job& job : jobs) Handle(std::move(job), group);
    Commit(group);
  }
}

void Store::Handle(Job job, Group& group) {
  // A plan that stands alone reads the state that all earlier entries have left, so nothing may be pending before it;
  // and a repeat in the same group must find its first.
  const bool same_request = group.request_ids.contains(job.request.request_id);
  if (job.alone || same_request || group.planned.size() >= kLargestGroup || group.bytes >= kLargestGroupBytes) {
    Commit(group);
  }
  if (absl::Status broken = Broken(); !broken.ok()) return Answer(job, broken, group);
  if (std::optional<absl::StatusOr<Receipt>> answer = AnswerRepeat(job.request)) {
    return Answer(job, *std::move(answer), group);
  }
  planned_before_ = group.planned.size();
  absl::StatusOr<std::optional<Draft>> draft = job.plan();
  if (!draft.ok() && planned_before_ > 0) {
    Commit(group);
    planned_before_ = 0;
    draft = job.plan();
  }
  if (!draft.ok()) return Answer(job, draft.status(), group);
  if (!draft->has_value()) return Answer(job, Receipt{.position = last_position_}, group);
  Entry entry;
  entry.actor = job.request.actor;
  entry.request_id = job.request.request_id;
  entry.request_digest = job.request.request_digest;
  entry.change = **std::move(draft);
  const bool alone = job.alone;
  if (!entry.request_id.empty()) group.request_ids.insert(entry.request_id);
  group.bytes += SizeOf(entry.change);
  group.planned.push_back({std::move(job), std::move(entry)});
  if (alone) Commit(group);
}

// Answers come in the order of the calls, and a position that is answered is durable: what is pending goes first.
void Store::Answer(Job& job, absl::StatusOr<Receipt> receipt, Group& group) {
  if (!group.planned.empty()) {
    Commit(group);
    if (receipt.ok() && !receipt->repeated) receipt->position = last_position_;
  }
  job.done(std::move(receipt));
}

void Store::Commit(Group& group) {
  if (group.planned.empty()) return;
  const int64_t now_us = std::max(absl::ToUnixMicros(clock_()), last_time_us_);
  std::vector<Entry> entries;
  entries.reserve(group.planned.size());
  for (Planned& planned : group.planned) {
    planned.entry.position = last_position_ + static_cast<int64_t>(entries.size()) + 1;
    planned.entry.time_us = now_us;
    entries.push_back(std::move(planned.entry));
  }
  absl::Status status = ledger_->Append(entries);
  if (status.ok()) {
    last_position_ = entries.back().position;  // durable, whether it can be applied or not: never written over
    for (size_t i = 0; i < entries.size(); ++i) group.planned[i].entry = std::move(entries[i]);
    status = ApplyAll(group.planned);
  }
  for (Planned& planned : group.planned) {
    if (status.ok()) {
      planned.job.done(Receipt{.position = planned.entry.position, .changed = true, .repeated = false});
    } else {
      planned.job.done(status);
    }
  }
  group = Group();
}

absl::Status Store::Broken() const {
  absl::ReaderMutexLock lock(&state_mutex_);
  return broken_;
}

absl::Status Store::ApplyAll(const std::vector<Planned>& group) {
  absl::MutexLock lock(&state_mutex_);
  if (!broken_.ok()) return broken_;
  for (const Planned& planned : group) {
    if (absl::Status status = view_->Apply(planned.entry); !status.ok()) {
      broken_ = absl::DataLossError(
          absl::StrCat("entry ", planned.entry.position, " could not be applied: ", status.message()));
      return broken_;
    }
    Remember(planned.entry);
  }
  position_ = last_position_;
  return absl::OkStatus();
}

std::optional<absl::StatusOr<Receipt>> Store::AnswerRepeat(const WriteRequest& request) const {
  if (request.request_id.empty()) return std::nullopt;
  const auto found = requests_.find(request.request_id);
  if (found == requests_.end()) return std::nullopt;
  if (found->second.digest != request.request_digest) {
    return absl::InvalidArgumentError(absl::StrCat(
        "request_id: \"", request.request_id, "\" was used for another request, want a new one for a new request"));
  }
  return Receipt{.position = found->second.position, .changed = false, .repeated = true};
}

void Store::Remember(const Entry& entry) {
  last_position_ = entry.position;
  last_time_us_ = std::max(last_time_us_, entry.time_us);
  if (!entry.request_id.empty()) requests_[entry.request_id] = {entry.position, entry.request_digest};
}

absl::StatusOr<Store::Reader> Store::Read(int64_t min_position, absl::Time deadline) const {
  const auto reached = [this, min_position]() ABSL_SHARED_LOCKS_REQUIRED(state_mutex_) {
    return position_ >= min_position || !broken_.ok();
  };
  if (!state_mutex_.ReaderLockWhenWithDeadline(absl::Condition(&reached), deadline)) {
    const int64_t position = position_;
    state_mutex_.ReaderUnlock();
    return absl::DeadlineExceededError(
        absl::StrCat("min_position: ", min_position, ", the server is at ", position, " and did not reach it in time"));
  }
  if (!broken_.ok()) {
    absl::Status status = broken_;
    state_mutex_.ReaderUnlock();
    return status;
  }
  return Reader(this, position_);
}

Store::Reader::~Reader() {
  if (store_ != nullptr) store_->state_mutex_.ReaderUnlock();
}

}  // namespace palmares::storage
