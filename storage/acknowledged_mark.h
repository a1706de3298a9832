// The acknowledged mark: a file that says up to which position entries were acknowledged, beside the ledger itself.
//
// A write-ahead log cannot tell its torn end, which nobody was told of, from an end that was damaged later: a length
// that reads too long looks like a write that never finished. The mark can. It is written after each durable append,
// and not synced (it may be behind after a power cut, and never ahead), so that it costs a microsecond; whoever opens a
// ledger that ends before its mark knows that something acknowledged is gone.
//
//   mark := position:u64 big-endian complement:u64 big-endian
#ifndef PALMARES_STORAGE_ACKNOWLEDGED_MARK_H_
#define PALMARES_STORAGE_ACKNOWLEDGED_MARK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace palmares::storage {

// Used by one thread at a time.
class AcknowledgedMark {
 public:
  // Opens the mark in `path`, or makes one at `last_position`. DATA_LOSS, saying what to do, if the ledger that ends at
  // `last_position` lacks something acknowledged, or if the mark itself is damaged.
  static absl::StatusOr<std::unique_ptr<AcknowledgedMark>> Open(const std::string& path, int64_t last_position);

  // Makes what was set durable.
  ~AcknowledgedMark();
  AcknowledgedMark(const AcknowledgedMark&) = delete;
  AcknowledgedMark& operator=(const AcknowledgedMark&) = delete;

  // Everything up to `position` is durable and about to be acknowledged. A mark that cannot be written stays behind,
  // which is safe: it promises less.
  void Set(int64_t position);

 private:
  explicit AcknowledgedMark(int file) : file_(file) {}

  const int file_;
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ACKNOWLEDGED_MARK_H_
