// Portfolios to render, and pages to read again.
#ifndef PALMARES_TESTS_SERVICES_PORTFOLIO_RENDERING_SAMPLES_H_
#define PALMARES_TESTS_SERVICES_PORTFOLIO_RENDERING_SAMPLES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "services/portfolio/rendering/rendering.h"

namespace palmares::portfolio {

// data/`name`.txtpb.
v1::PortfolioContent ReadContent(absl::string_view name);
// An athlete with so many results in five disciplines, all of them with everything.
v1::PortfolioContent ManyResults(int count);
// The content as a portfolio that is valid, with a verification page.
RenderedPortfolio MakePortfolio(const v1::PortfolioContent& content);

// Compares with the file `name` of golden/; with PALMARES_UPDATE_GOLDEN set, writes it.
void ExpectGolden(absl::string_view name, const std::string& actual);

// An element of a page that was parsed as XML.
struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;               // of itself and everything in it
  std::vector<size_t> ancestors;  // from the root
  std::string At(const std::string& attribute) const {
    const auto found = attributes.find(attribute);
    return found != attributes.end() ? found->second : "";
  }
};
// All elements in order. A page that is no well-formed XML fails the test and is empty.
std::vector<Element> Parse(const std::string& page);
// Those with a name, and with a class among others where one is given.
std::vector<const Element*> Select(const std::vector<Element>& page, absl::string_view name,
                                   absl::string_view css_class = "");

}  // namespace palmares::portfolio

#endif  // PALMARES_TESTS_SERVICES_PORTFOLIO_RENDERING_SAMPLES_H_
