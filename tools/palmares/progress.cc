#include "tools/palmares/progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

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
  std::string line;
  if (total > 0) {
    const int64_t share = std::clamp<int64_t>(done * 100 / total, 0, 100);
    const auto filled = static_cast<size_t>(share * kBarWidth / 100);
    line = absl::StrFormat("%s [%s%s] %3d %% %s", label_, std::string(filled, '#'),
                           std::string(kBarWidth - filled, '.'), share, stage);
  } else {
    line = absl::StrCat(label_, " ", stage, " ", done);
  }
  if (line == drawn_) return;
  drawn_ = line;
  out_ << '\r' << line << "\033[K" << std::flush;
}

}  // namespace palmares::tools
