// A bar on standard error for work that takes long. Nothing is drawn unless a person watches.
#ifndef PALMARES_TOOLS_PALMARES_PROGRESS_H_
#define PALMARES_TOOLS_PALMARES_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace palmares::tools {

// Not thread-safe. The bar is wiped when the object goes.
class Progress {
 public:
  // Draws to `out` only when `visible`; `out` must outlive this.
  Progress(std::ostream& out, bool visible, std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // The rate and the time that is left are told once a second has passed in a stage.
  // `done` of `total` units, 0 for an unknown total; `stage` says what is done now. Redraws when a per cent has passed.
  void Show(int64_t done, int64_t total, absl::string_view stage);

 private:
  std::ostream& out_;
  const bool visible_;
  const std::string label_;
  std::string drawn_;
  std::string stage_;
  int64_t first_ = 0;  // done when the stage began
  absl::Time began_;
};

// "3.2 MB/s, 4 s left" of bytes, "41200/s, 2 s left" of others that were done since a stage began. Empty in the first
// second and where nothing was done.
std::string RateText(int64_t done, int64_t left, absl::Duration elapsed, bool bytes);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_PROGRESS_H_
