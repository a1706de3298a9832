// A bar on standard error for work that takes long. Nothing is drawn unless a person watches.
#ifndef PALMARES_TOOLS_PALMARES_PROGRESS_H_
#define PALMARES_TOOLS_PALMARES_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::tools {

// Not thread-safe. The bar is wiped when the object goes.
class Progress {
 public:
  // Draws to `out` only when `visible`; `out` must outlive this.
  Progress(std::ostream& out, bool visible, std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of `total` units, 0 for an unknown total; `stage` says what is done now. Redraws when a per cent has passed.
  void Show(int64_t done, int64_t total, absl::string_view stage);

 private:
  std::ostream& out_;
  const bool visible_;
  const std::string label_;
  std::string drawn_;
};

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_PROGRESS_H_
