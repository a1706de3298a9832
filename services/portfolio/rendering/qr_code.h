// QR codes as SVG, by libqrencode.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_QR_CODE_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_QR_CODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/portfolio/rendering/markup.h"

namespace palmares::portfolio {

// A code of the text with error correction level M, black on white with the quiet zone of four modules, as one SVG
// element that `title` describes to who cannot see it. INVALID_ARGUMENT for an empty text and for one that no code
// holds (2,331 bytes at most). May be called from any thread.
absl::StatusOr<Markup> DrawQrCode(absl::string_view text, absl::string_view title);

// The same as an SVG document.
absl::StatusOr<std::string> RenderQrSvg(absl::string_view text, absl::string_view title);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_QR_CODE_H_
