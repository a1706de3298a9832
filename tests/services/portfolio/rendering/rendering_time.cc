// How long the renderings of a portfolio of 200 results take: medians, in milliseconds.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/portfolio/rendering/pdf_converter.h"
#include "services/portfolio/rendering/rendering.h"
#include "tests/services/portfolio/rendering/samples.h"

namespace palmares::portfolio {
namespace {

template <typename Work>
double MedianMs(int times, const Work& work) {
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) {
    const absl::Time began = absl::Now();
    work();
    taken.push_back(absl::ToDoubleMilliseconds(absl::Now() - began));
  }
  std::nth_element(taken.begin(), taken.begin() + times / 2, taken.end());
  return taken[static_cast<size_t>(times / 2)];
}

void Measure() {
  const v1::PortfolioContent content = ManyResults(200);
  const RenderedPortfolio portfolio = MakePortfolio(content);
  const RenderOptions options = {.locale = "en", .chart_race = content.verified().results(0).result()};
  const std::string html = RenderHtml(portfolio, options);
  std::printf("HTML     %8.2f  %zu bytes\n", MedianMs(51, [&] { (void)RenderHtml(portfolio, options); }), html.size());
  std::printf("JSON-LD  %8.2f\n", MedianMs(51, [&] { (void)RenderJsonLd(portfolio); }));
  std::printf("CSV      %8.2f\n", MedianMs(51, [&] { (void)RenderCsv(portfolio); }));
  WeasyPrintConverter converter({});
  std::printf("first PDF %7.0f\n", MedianMs(1, [&] { (void)converter.Convert("<p>x</p>"); }));
  std::string pdf;
  std::printf("PDF      %8.0f", MedianMs(7, [&] { pdf = converter.Convert(html).value(); }));
  std::printf("  %zu bytes\n", pdf.size());
}

}  // namespace
}  // namespace palmares::portfolio

int main() {
  palmares::portfolio::Measure();
  return 0;
}
