#include "services/portfolio/portfolio_forms.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "services/portfolio/rendering/rendering.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

RenderedPortfolio Rendered(const RenderRequest& request) {
  const v1::Portfolio& portfolio = request.portfolio;
  RenderedPortfolio out;
  out.content = &request.content;
  out.issuer = request.issuer;
  out.portfolio_name = portfolio.name();
  out.version = portfolio.version();
  out.signing_key = portfolio.signing_key();
  out.content_sha256_hex = absl::BytesToHexString(portfolio.content_sha256());
  out.verification_uri = portfolio.verification_uri();
  out.state = portfolio.state();
  out.corrections = {portfolio.corrections().begin(), portfolio.corrections().end()};
  out.withheld_results = request.withheld.elements;
  out.withheld_items = request.withheld.members;
  out.sign_time = portfolio.sign_time();
  out.expire_time = portfolio.expire_time();
  return out;
}

absl::StatusOr<RenderedFile> RenderForm(PdfConverter& pdf, v1::PortfolioFormat format, const RenderRequest& request) {
  const RenderedPortfolio portfolio = Rendered(request);
  const RenderOptions options{request.locale, request.chart_race};
  switch (format) {
    case v1::PORTFOLIO_FORMAT_HTML:
      return RenderedFile{RenderHtml(portfolio, options), "text/html; charset=utf-8", "html"};
    case v1::PORTFOLIO_FORMAT_PDF: {
      absl::StatusOr<std::string> file = pdf.Convert(RenderHtml(portfolio, options));
      if (!file.ok()) return file.status();
      return RenderedFile{*std::move(file), "application/pdf", "pdf"};
    }
    case v1::PORTFOLIO_FORMAT_JSON_LD:
      return RenderedFile{RenderJsonLd(portfolio), "application/ld+json", "jsonld"};
    case v1::PORTFOLIO_FORMAT_CSV:
      return RenderedFile{RenderCsv(portfolio), "text/csv; charset=utf-8", "csv"};
    case v1::PORTFOLIO_FORMAT_QR_SVG: {
      std::string code = RenderQrCode(portfolio, options);
      if (!code.empty()) return RenderedFile{std::move(code), "image/svg+xml", "svg"};
      return rpc::WithReason(absl::FailedPreconditionError("format: what nobody signed has no code to verify it by"),
                             "NOT_SIGNED");
    }
    default:
      return absl::InternalError("a form that is made elsewhere");
  }
}

}  // namespace

RenderPortfolio RenderForms(PdfConverter* pdf) {
  return [pdf](v1::PortfolioFormat format, const RenderRequest& request) { return RenderForm(*pdf, format, request); };
}

}  // namespace palmares::portfolio
