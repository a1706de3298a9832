// How many may watch at once.
#ifndef PALMARES_SERVICES_QUALIFICATION_WATCHER_H_
#define PALMARES_SERVICES_QUALIFICATION_WATCHER_H_

#include <atomic>

namespace palmares::qualification {

// Counts those who watch; too many are turned away.
class Watcher {
 public:
  static constexpr int kMost = 64;

  explicit Watcher(std::atomic<int>* count) : count_(count), ok_(++*count <= kMost) {}
  ~Watcher() { --*count_; }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  bool ok() const { return ok_; }

 private:
  std::atomic<int>* count_;
  bool ok_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_WATCHER_H_
