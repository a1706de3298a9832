// Marks of one discipline over the years: each result as a circle, personal bests as diamonds joined by a line that
// steps, standards as dashed lines. Better is up.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_PROGRESSION_CHART_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_PROGRESSION_CHART_H_

#include <cstdint>
#include <string>
#include <vector>

#include "palmares/v1/common.pb.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "services/portfolio/rendering/chart.h"

namespace palmares::portfolio {

struct ProgressionPoint {
  v1::Date date;
  v1::Mark mark;
  std::string result;
  bool personal_best = false;
};

struct StandardLine {
  std::string name;
  v1::Mark mark;
  v1::VerdictState state = v1::VERDICT_STATE_UNSPECIFIED;
};

// What is known of one discipline and division.
struct Progression {
  std::string discipline;
  v1::Division division = v1::DIVISION_RUNNING;
  std::vector<ProgressionPoint> points;  // oldest first
  std::vector<StandardLine> standards;   // as they are in the portfolio
};

// Each discipline of the sections of bests, progression and results, in the order in which they are met. Marks come
// from results that finished and stand, and from bests whose result is not shown. Days that are not known are left out.
std::vector<Progression> Progressions(const v1::VerifiedContent& verified);

// `progression` has a point at least.
Markup DrawProgression(const Progression& progression, const ChartText& text);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_PROGRESSION_CHART_H_
