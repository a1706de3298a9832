// One competitor's row in one race, as a value: what a reader of files produces, a sheet stores and every view
// consumes.
#ifndef PALMARES_SERVICES_RESULTS_RESULT_H_
#define PALMARES_SERVICES_RESULTS_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/athletics/qualification_mark.h"

namespace palmares::results {

// One leg of a relay.
struct RelayLeg {
  std::string name;        // of the runner, in display order; empty: not known
  std::string bib;         // of the runner, where each has one
  int64_t split_mark = 0;  // time of the leg in milliseconds; 0: not known
  friend bool operator==(const RelayLeg&, const RelayLeg&) = default;
};

// Marks are in the discipline's unit (milliseconds for races); 0 is a mark that was not given.
struct Result {
  std::string bib;          // as given: "W1", "2260"; unique within a race
  std::string name;         // in display order, "Lelisa Desisa"; case as given; of a relay the team's
  std::string family_name;  // where the file tells them apart, else empty
  std::string given_name;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::Division division = athletics::Division::kRunning;
  athletics::Outcome outcome = athletics::Outcome::kFinished;
  std::string outcome_rule;      // of a disqualification
  int32_t age = 0;               // on race day; 0: not given
  athletics::PartialDate birth;  // as far as given
  std::string category;          // age group or class label as given
  std::string country;           // three-letter athletics code
  std::string region;            // state, province
  std::string city;
  std::string club;
  std::string external_id;  // the source's own id of the person: "runner_id", licence
  std::string athlete;      // an athlete's id where the source knows it: "athletes/1042"; else empty

  int64_t official_mark = 0;  // on the official clock where the file has one; else derived by the race's rule
  int64_t gun_mark = 0;
  int64_t chip_mark = 0;
  std::string mark_text;  // the mark as written, kept only where printing the official mark would not give it back
  // How the official mark was taken, where the row says it ("10.2h"); unknown: as the race.
  athletics::Timing timing = athletics::Timing::kUnknown;
  int32_t place = 0;     // overall, as given; 0: not given
  int32_t place_of = 0;  // "3 / 32": the field it is a place in; 0: not given
  int32_t sex_place = 0;
  int32_t category_place = 0;
  athletics::QualificationMarks qualification_marks;
  std::optional<int32_t> wind_cm_s;  // along the running direction, tail wind positive
  std::vector<int64_t> splits;       // by the sheet's split points; 0: not given
  std::vector<RelayLeg> relay_legs;  // of a relay's team, in running order; empty: not given

  friend bool operator==(const Result&, const Result&) = default;
};

// Where a split is taken.
struct SplitPoint {
  std::string label;        // as the column was called: "5k", "half"
  int64_t distance_mm = 0;  // 0 where it could not be told
  friend bool operator==(const SplitPoint&, const SplitPoint&) = default;
};

// The rows of one race, in the order of the file.
struct Sheet {
  std::vector<SplitPoint> split_points;
  std::vector<Result> results;
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULT_H_
