#include "tools/palmares/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace palmares::tools {
namespace {

constexpr int kBarWidth = 24;

}  // namespace

Progress::Progress(std::ostream& out, bool visible, std::string label)
    : out_(out), visible_(visible), label_(std::move(label)) {}

Progress::~Progress() {
  if (!drawn_.empty()) out_ << "\r\033[K" << std::flush;
}

void Progress::Show(int64_t done, int64_t total, absl::string_view stage) {
  if (!visible_) return;
  if (stage != stage_) {
    stage_ = std::string(stage);
    first_ = done;
    began_ = absl::Now();
  }
  std::string line;
  if (total > 0) {
    const int64_t share = std::clamp<int64_t>(done * 100 / total, 0, 100);
    const auto filled = static_cast<size_t>(share * kBarWidth / 100);
    line = absl::StrFormat("%s [%s%s] %3d %% %s", label_, std::string(filled, '#'),
                           std::string(kBarWidth - filled, '.'), share, stage);
    const std::string rate = RateText(done - first_, total - done, absl::Now() - began_, stage == "sending");
    if (!rate.empty()) absl::StrAppend(&line, ", ", rate);
  } else {
    line = absl::StrCat(label_, " ", stage, " ", done);
  }
  if (line == drawn_) return;
  drawn_ = line;
  out_ << '\r' << line << "\033[K" << std::flush;
}

std::string RateText(int64_t done, int64_t left, absl::Duration elapsed, bool bytes) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (done <= 0 || seconds < 1) return "";
  const double rate = static_cast<double>(done) / seconds;
  const auto left_seconds = std::llround(static_cast<double>(left) / rate);
  std::string text = bytes ? absl::StrFormat("%.1f MB/s", rate / 1e6) : absl::StrFormat("%.0f/s", rate);
  if (left > 0) absl::StrAppend(&text, ", ", left_seconds, " s left");
  return text;
}

}  // namespace palmares::tools
