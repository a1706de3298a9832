// Renderings of a portfolio: what its signed content asserts, in forms to read and to pass on. Nothing is added to it
// and nothing is looked up: a rendering is a function of its arguments, equal byte by byte wherever it is made, and no
// clock, locale or file is read. Every function may be called from any thread.
//
// Each section says whether it is verified or self-reported, and every number derived from results names them. Text
// of others is made inert (text.h): nothing of it runs, and only http and https links are links.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_RENDERING_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_RENDERING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/timestamp.pb.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "palmares/v1/portfolios.pb.h"

namespace palmares::portfolio {

// A portfolio with what is known of it at the time of rendering.
struct RenderedPortfolio {
  const v1::PortfolioContent* content = nullptr;  // not null; must outlive the call
  std::string issuer;                             // who vouches for it, as shown
  std::string portfolio_name;                     // `athletes/{athlete}/portfolios/{portfolio}`
  int32_t version = 0;
  std::string signing_key;         // `signingKeys/{key}`
  std::string content_sha256_hex;  // of the canonical content
  std::string verification_uri;    // http or https; empty: the QR code carries the hash
  v1::Portfolio::State state = v1::Portfolio::STATE_UNSPECIFIED;
  std::vector<v1::Correction> corrections;  // what was corrected since it was signed
  int withheld_results = 0;                 // that were signed and are not disclosed
  int withheld_items = 0;                   // other things of that kind
  google::protobuf::Timestamp sign_time = {};
  google::protobuf::Timestamp expire_time = {};
};

struct RenderOptions {
  // Language of headings, BCP 47: English, German, French, Spanish, Italian, Portuguese, Dutch or Japanese; English for
  // any other.
  std::string locale;
  // The result whose splits are drawn, or its race; empty for none.
  std::string chart_race;
};

// One HTML file without anything outside it and without scripts, for screens from 320 pixels, for paper and for PDF.
// It is well-formed XML too. A chart is followed by the same numbers as a table.
std::string RenderHtml(const RenderedPortfolio& portfolio, const RenderOptions& options);

// JSON-LD by schema.org, keys in order: the person, the sports events that they took part in, and what they did there
// (ExerciseAction) with marks as PropertyValue. What the athlete says of themselves is a work of theirs (subjectOf).
std::string RenderJsonLd(const RenderedPortfolio& portfolio);

// The results as CSV by RFC 4180, newest first, whose cells no spreadsheet takes for formulas.
std::string RenderCsv(const RenderedPortfolio& portfolio);

// What the QR code of a portfolio carries: its verification page, or `sha256:` and the hash of its content.
std::string QrText(const RenderedPortfolio& portfolio);

// The QR code of a portfolio as an SVG document; empty when there is neither a page nor a hash to carry.
std::string RenderQrCode(const RenderedPortfolio& portfolio, const RenderOptions& options);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_RENDERING_H_
