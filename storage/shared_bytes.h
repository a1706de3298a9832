// Bytes that many may read, kept for as long as one of them does.
#ifndef PALMARES_STORAGE_SHARED_BYTES_H_
#define PALMARES_STORAGE_SHARED_BYTES_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace palmares::storage {

class SharedBytes {
 public:
  SharedBytes() = default;
  // In memory.
  explicit SharedBytes(std::string bytes) {
    auto kept = std::make_shared<const std::string>(std::move(bytes));
    view_ = *kept;
    owner_ = std::move(kept);
  }
  // A part of what `owner` keeps.
  SharedBytes(std::shared_ptr<const void> owner, absl::string_view view) : owner_(std::move(owner)), view_(view) {}

  absl::string_view view() const { return view_; }

 private:
  std::shared_ptr<const void> owner_;
  absl::string_view view_;
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_SHARED_BYTES_H_
