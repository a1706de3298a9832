// Tells ThreadSanitizer what abseil's locks do. Debian's abseil is built without it, so that everything that is guarded
// by an absl::Mutex would look like a race.
//
// Linked into every program of a build with PALMARES_SANITIZE=thread: these definitions go before the shared library's,
// for our code, for abseil's own and for gRPC's, say what happens, and call the library's. While a lock is waited for
// or given back, ThreadSanitizer looks at nothing: conditions are then evaluated by whoever holds the lock.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdlib>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;

// The library's own function by its mangled name, which is asked for once.
template <typename Function>
Function* Library(const char* name) {
  auto* const function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  if (function == nullptr) std::abort();  // another abseil than Debian 12's: its names are others
  return function;
}

#define PALMARES_LIBRARY(function, name) static auto* const library = Library<function>("_ZN4absl7debian3" name)

// The library's functions call each other: only the outermost is told of.
thread_local int depth = 0;

class Outermost {
 public:
  Outermost() { ++depth; }
  ~Outermost() { --depth; }
  bool is() const { return is_; }

 private:
  const bool is_ = depth == 0;
};

class Locking {
 public:
  Locking(void* mutex, unsigned flags) : mutex_(mutex), flags_(flags) {
    if (outermost_.is()) __tsan_mutex_pre_lock(mutex, flags);
  }
  ~Locking() {
    if (outermost_.is()) __tsan_mutex_post_lock(mutex_, flags_, 0);
  }

 private:
  const Outermost outermost_;
  void* const mutex_;
  const unsigned flags_;
};

class Unlocking {
 public:
  Unlocking(void* mutex, unsigned flags) : mutex_(mutex), flags_(flags) {
    if (outermost_.is()) __tsan_mutex_pre_unlock(mutex, flags);
  }
  ~Unlocking() {
    if (outermost_.is()) __tsan_mutex_post_unlock(mutex_, flags_);
  }

 private:
  const Outermost outermost_;
  void* const mutex_;
  const unsigned flags_;
};

// Gives the lock back and waits to have it again.
class Waiting {
 public:
  explicit Waiting(void* mutex) : mutex_(mutex) {
    if (!outermost_.is()) return;
    __tsan_mutex_pre_unlock(mutex, kWrite);
    __tsan_mutex_post_unlock(mutex, kWrite);
    __tsan_mutex_pre_lock(mutex, kWrite);
  }
  ~Waiting() {
    if (outermost_.is()) __tsan_mutex_post_lock(mutex_, kWrite, 0);
  }

 private:
  const Outermost outermost_;
  void* const mutex_;
};

bool Try(bool (*library)(Mutex*), Mutex* mutex, unsigned flags) {
  const Outermost outermost;
  if (!outermost.is()) return library(mutex);
  __tsan_mutex_pre_lock(mutex, flags | __tsan_mutex_try_lock);
  const bool locked = library(mutex);
  __tsan_mutex_post_lock(mutex, flags | __tsan_mutex_try_lock | (locked ? 0U : __tsan_mutex_try_lock_failed), 0);
  return locked;
}

}  // namespace

void Mutex::Lock() {
  PALMARES_LIBRARY(void(Mutex*), "5Mutex4LockEv");
  const Locking locking(this, kWrite);
  library(this);
}

void Mutex::ReaderLock() {
  PALMARES_LIBRARY(void(Mutex*), "5Mutex10ReaderLockEv");
  const Locking locking(this, kRead);
  library(this);
}

void Mutex::LockWhen(const Condition& condition) {
  PALMARES_LIBRARY(void(Mutex*, const Condition&), "5Mutex8LockWhenERKNS0_9ConditionE");
  const Locking locking(this, kWrite);
  library(this, condition);
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  PALMARES_LIBRARY(void(Mutex*, const Condition&), "5Mutex14ReaderLockWhenERKNS0_9ConditionE");
  const Locking locking(this, kRead);
  library(this, condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  PALMARES_LIBRARY(bool(Mutex*, const Condition&, Duration),
                   "5Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Locking locking(this, kWrite);
  return library(this, condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  PALMARES_LIBRARY(bool(Mutex*, const Condition&, Time), "5Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Locking locking(this, kWrite);
  return library(this, condition, deadline);
}

bool Mutex::ReaderLockWhenWithTimeout(const Condition& condition, Duration timeout) {
  PALMARES_LIBRARY(bool(Mutex*, const Condition&, Duration),
                   "5Mutex25ReaderLockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Locking locking(this, kRead);
  return library(this, condition, timeout);
}

bool Mutex::ReaderLockWhenWithDeadline(const Condition& condition, Time deadline) {
  PALMARES_LIBRARY(bool(Mutex*, const Condition&, Time),
                   "5Mutex26ReaderLockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Locking locking(this, kRead);
  return library(this, condition, deadline);
}

bool Mutex::TryLock() {
  PALMARES_LIBRARY(bool(Mutex*), "5Mutex7TryLockEv");
  return Try(library, this, kWrite);
}

bool Mutex::ReaderTryLock() {
  PALMARES_LIBRARY(bool(Mutex*), "5Mutex13ReaderTryLockEv");
  return Try(library, this, kRead);
}

void Mutex::Unlock() {
  PALMARES_LIBRARY(void(Mutex*), "5Mutex6UnlockEv");
  const Unlocking unlocking(this, kWrite);
  library(this);
}

void Mutex::ReaderUnlock() {
  PALMARES_LIBRARY(void(Mutex*), "5Mutex12ReaderUnlockEv");
  const Unlocking unlocking(this, kRead);
  library(this);
}

// Waiting is told as with the lock of a writer: a reader's waits are only those of the functions above.
void Mutex::Await(const Condition& condition) {
  PALMARES_LIBRARY(void(Mutex*, const Condition&), "5Mutex5AwaitERKNS0_9ConditionE");
  const Waiting waiting(this);
  library(this, condition);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  PALMARES_LIBRARY(bool(Mutex*, const Condition&, Duration),
                   "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Waiting waiting(this);
  return library(this, condition, timeout);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  PALMARES_LIBRARY(bool(Mutex*, const Condition&, Time), "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Waiting waiting(this);
  return library(this, condition, deadline);
}

void CondVar::Wait(Mutex* mutex) {
  PALMARES_LIBRARY(void(CondVar*, Mutex*), "7CondVar4WaitEPNS0_5MutexE");
  const Waiting waiting(mutex);
  library(this, mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  PALMARES_LIBRARY(bool(CondVar*, Mutex*, Duration), "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  const Waiting waiting(mutex);
  return library(this, mutex, timeout);
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  PALMARES_LIBRARY(bool(CondVar*, Mutex*, Time), "7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  const Waiting waiting(mutex);
  return library(this, mutex, deadline);
}

// What follows goes by an atomic alone where nobody has to wait.
void Notification::Notify() {
  PALMARES_LIBRARY(void(Notification*), "12Notification6NotifyEv");
  __tsan_release(this);
  library(this);
}

void Notification::WaitForNotification() const {
  static auto* const library =
      Library<void(const Notification*)>("_ZNK4absl7debian312Notification19WaitForNotificationEv");
  library(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const library = Library<bool(const Notification*, Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = library(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

bool BlockingCounter::DecrementCount() {
  PALMARES_LIBRARY(bool(BlockingCounter*), "15BlockingCounter14DecrementCountEv");
  __tsan_release(this);
  return library(this);
}

void BlockingCounter::Wait() {
  PALMARES_LIBRARY(void(BlockingCounter*), "15BlockingCounter4WaitEv");
  library(this);
  __tsan_acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
