// The pace of one race from split to split, as steps over the distance, with the mean of the whole. Faster is up.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_SPLITS_CHART_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_SPLITS_CHART_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "palmares/v1/histories.pb.h"
#include "services/portfolio/rendering/chart.h"

namespace palmares::portfolio {

// A stretch of a race that ends at a split.
struct Stretch {
  std::string label;        // of the split; empty for the finish
  int64_t distance_mm = 0;  // from the start
  int64_t time = 0;         // from the start, in milliseconds
  int64_t interval = 0;     // since the split before
  int64_t pace = 0;         // milliseconds per kilometre of the stretch
};

// The result that was chosen by its name or its race's; null when it is not shown.
const v1::HistoryEntry* ChosenRace(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results,
                                   absl::string_view chosen);

// The stretches of a result up to its finish, those whose distance and time are known and grow. Empty for a result
// without any split.
std::vector<Stretch> Stretches(const v1::HistoryEntry& entry);

// `stretches` is not empty.
Markup DrawSplits(const std::vector<Stretch>& stretches, const ChartText& text);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_SPLITS_CHART_H_
