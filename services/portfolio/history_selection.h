// Which lines of a history a request wants.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_SELECTION_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_SELECTION_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/common.pb.h"
#include "services/portfolio/history.h"

namespace palmares::portfolio {

// Read from a request once, then asked of the lines of any number of athletes under their Reader.
class HistorySelection {
 public:
  // INVALID_ARGUMENT names a discipline that is none, and days that are none or in the wrong order.
  static absl::StatusOr<HistorySelection> Of(const google::protobuf::RepeatedPtrField<std::string>& disciplines,
                                             const v1::DateRange& period);

  bool Wants(const results::Results& results, const HistoryLine& line) const;
  // Those of the lines, in order.
  std::vector<HistoryLine> From(const results::Results& results, const std::vector<HistoryLine>& lines) const;
  bool wants_all() const { return disciplines_.empty() && !first_.has_value() && !last_.has_value(); }

  // The last day wanted; nothing where it is not said.
  const std::optional<athletics::Date>& last() const { return last_; }

 private:
  std::set<const athletics::Discipline*> disciplines_;  // empty: all
  std::optional<athletics::Date> first_, last_;
};

// What `filter` of GetHistory says, of the fields outcome, legal, place, sheet_state, level and division.
class HistoryFilter {
 public:
  // INVALID_ARGUMENT for another field, and for a value that no line can have.
  static absl::StatusOr<HistoryFilter> Parse(absl::string_view filter);

  bool Meets(const results::Results& results, const HistoryLine& line) const;

 private:
  using Condition = std::function<bool(const results::Results& results, results::RowRef row)>;
  std::vector<Condition> conditions_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_SELECTION_H_
