// What the charts are drawn with: SVG that a page's style sheet may recolour, in coordinates of whole tenths, so that a
// chart is the same wherever it is drawn. No library of Debian's draws charts as SVG with text, roles and descriptions:
// gnuplot's and Cairo's draw text as outlines, which nobody can select or hear.
//
// Nothing is said by colour alone. Every chart has role="img", a title and a description.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_CHART_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_CHART_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "palmares/v1/common.pb.h"
#include "services/portfolio/rendering/markup.h"

namespace palmares::portfolio {

// What every chart has.
struct ChartText {
  std::string id;  // of the page; the ids of title and description begin with it
  std::string title;
  std::string description;
};

// A length or place in the drawing, in tenths of its unit.
using Tenths = int64_t;

inline constexpr Tenths kChartWidth = 6400;

// Values on a line of the drawing: `low` at `from`, `high` at `to`; `from` may be after `to`. low < high.
struct Scale {
  int64_t low = 0;
  int64_t high = 1;
  Tenths from = 0;
  Tenths to = 1;

  Tenths At(int64_t value) const { return from + (to - from) * (value - low) / (high - low); }
};

// Kinds of strokes and fills, each with a class of the same name in style.css and a colour for where no style applies.
enum class Ink { kAxis, kGrid, kText, kMark, kBest, kStandard };

class Drawing {
 public:
  Drawing(const ChartText& text, Tenths height);

  Drawing& Line(Tenths x1, Tenths y1, Tenths x2, Tenths y2, Ink ink, bool dashed = false);
  Drawing& Path(const std::vector<std::pair<Tenths, Tenths>>& points, Ink ink);
  Drawing& Circle(Tenths x, Tenths y, Tenths radius, Ink ink, bool filled);
  Drawing& Diamond(Tenths x, Tenths y, Tenths radius, Ink ink);
  Drawing& Cross(Tenths x, Tenths y, Tenths radius, Ink ink);
  Drawing& Bar(Tenths x, Tenths y, Tenths width, Tenths height, Ink ink);
  enum class Anchor { kStart, kMiddle, kEnd };
  Drawing& Text(Tenths x, Tenths y, absl::string_view text, Anchor anchor, Ink ink = Ink::kText);

  Markup Finish() &&;

 private:
  Markup out_;
};

// Whole years that hold all the days, as a scale from `from` to `to`, with a label at the beginning of a year, of at
// most ten of them. `days` is not empty.
struct YearAxis {
  Scale scale;  // of days since 1970
  std::vector<std::pair<int64_t, std::string>> labels;
};
YearAxis MakeYearAxis(const std::vector<absl::CivilDay>& days, Tenths from, Tenths to);
int64_t DayNumber(absl::CivilDay day);

// A scale of marks that holds all the values, with round labels: three to eight of them. `values` is not empty.
struct MarkAxis {
  Scale scale;
  std::vector<std::pair<int64_t, std::string>> labels;
};
MarkAxis MakeMarkAxis(const std::vector<int64_t>& values, v1::Unit unit, Tenths low_at, Tenths high_at);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_CHART_H_
