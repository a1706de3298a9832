// The forms that people and other programs read, made by the rendering library.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_FORMS_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_FORMS_H_

#include "services/portfolio/portfolio_service.h"
#include "services/portfolio/rendering/pdf_converter.h"

namespace palmares::portfolio {

// The converter must outlive it. Thread-safe.
RenderPortfolio RenderForms(PdfConverter* pdf);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_FORMS_H_
