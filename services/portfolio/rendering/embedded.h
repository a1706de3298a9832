// Files of this folder that are compiled in as text.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_EMBEDDED_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_EMBEDDED_H_

#include "absl/strings/string_view.h"

namespace palmares::portfolio {

extern const absl::string_view kStyleSheet;  // style.css
extern const absl::string_view kPdfWorker;   // pdf_worker.py

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_EMBEDDED_H_
