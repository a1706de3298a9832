#include "services/portfolio/rendering/qr_code.h"

#include <qrencode.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr int kQuietZone = 4;  // modules on each side
constexpr size_t kMostBytes = 2331;

using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

bool IsDark(const QRcode& code, int row, int column) { return (code.data[row * code.width + column] & 1) != 0; }

// Each run of dark modules in a row as one rectangle of a path.
std::string Path(const QRcode& code) {
  std::string path;
  for (int row = 0; row < code.width; ++row) {
    for (int column = 0; column < code.width; ++column) {
      if (!IsDark(code, row, column)) continue;
      int end = column;
      while (end < code.width && IsDark(code, row, end)) ++end;
      absl::StrAppend(&path, "M", column + kQuietZone, " ", row + kQuietZone, "h", end - column, "v1h-", end - column,
                      "z");
      column = end;
    }
  }
  return path;
}

}  // namespace

absl::StatusOr<Markup> DrawQrCode(absl::string_view text, absl::string_view title) {
  if (text.empty()) return rpc::MissingField("text", "what the QR code is to carry");
  const std::string bytes(text);
  Code code(text.size() > kMostBytes
                ? nullptr
                : QRcode_encodeData(static_cast<int>(bytes.size()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()), 0, QR_ECLEVEL_M),
            &QRcode_free);
  if (code == nullptr) {
    return rpc::InvalidField("text", absl::StrCat(text.size(), " bytes"), "at most 2331 bytes, which a QR code holds");
  }
  const std::string side = absl::StrCat(code->width + 2 * kQuietZone);
  Markup out;
  out.Open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"class", "qr"},
                   {"viewBox", absl::StrCat("0 0 ", side, " ", side)},
                   {"width", "160"},
                   {"height", "160"},
                   {"role", "img"},
                   {"aria-label", title},
                   {"shape-rendering", "crispEdges"}});
  out.Element("title", {}, title);
  out.Void("rect", {{"width", side}, {"height", side}, {"fill", "#fff"}});
  out.Void("path", {{"d", Path(*code)}, {"fill", "#000"}});
  out.Close();
  return out;
}

absl::StatusOr<std::string> RenderQrSvg(absl::string_view text, absl::string_view title) {
  absl::StatusOr<Markup> code = DrawQrCode(text, title);
  if (!code.ok()) return code.status();
  return std::move(*code).Finish();
}

}  // namespace palmares::portfolio
