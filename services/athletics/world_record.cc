// Records come from the table; a flat race or walk that has none gets a bound from its neighbours:
//  - The fastest speed over a distance falls with the logarithm of the distance, slightly convex. So between two
//  records the
//    speed is interpolated linearly in ln(distance), which lies on or above what is possible, and 1 % is added against
//    the places where the records themselves are uneven.
//  - All flat surfaces together give the neighbours, the faster counting: a road race is bounded by the track's
//  records, too.
//  - A relay is bounded by its legs, each 8 % faster than from a standing start.
#include "services/athletics/world_record.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

struct RecordRow {
  absl::string_view code;
  Sex sex;
  int64_t mark;
  absl::string_view printed, competitor, date, source;
};

const std::vector<RecordRow>& RecordRows() {
  static const auto* rows = new std::vector<RecordRow>{
#include "services/athletics/data/world_records.inc"
  };
  return *rows;
}

// A distance and the speed of the record over it.
struct Pace {
  double ln_metres;
  double metres_per_second;
};
using Curve = std::vector<Pace>;

constexpr double kSafety = 1.01;
constexpr double kFlyingLeg = 1.08;

double SpeedAt(const Curve& curve, double metres) {
  const double at = std::log(metres);
  if (at <= curve.front().ln_metres) return curve.front().metres_per_second * kFlyingLeg;  // shorter than any record
  if (at >= curve.back().ln_metres) return curve.back().metres_per_second;
  const auto next =
      std::upper_bound(curve.begin(), curve.end(), at, [](double x, const Pace& p) { return x < p.ln_metres; });
  const Pace& from = *(next - 1);
  const double part = (at - from.ln_metres) / (next->ln_metres - from.ln_metres);
  return from.metres_per_second + part * (next->metres_per_second - from.metres_per_second);
}

bool FlatSurface(Surface surface) {
  return surface == Surface::kTrack || surface == Surface::kShortTrack || surface == Surface::kRoad ||
         surface == Surface::kCrossCountry || surface == Surface::kTrail;
}

bool Flat(const Discipline& discipline) {
  return FlatSurface(discipline.surface) && discipline.hurdles == 0 && !discipline.steeplechase;
}

class Records {
 public:
  Records() {
    for (const RecordRow& row : RecordRows()) {
      marks_[Index(row.sex)].emplace(row.code, row.mark);
      dates_[Index(row.sex)].emplace(row.code, ParseDate(row.date).value());
    }
    for (const data::DataLine& line : data::SplitDataFile(data::Embedded("world_best_history.csv"))) {
      histories_[line.values[1] == "W" ? 1 : 0][line.values[2]].push_back(
          {ParseDate(line.values[3]).value(), data::DataInteger(line, 4, "mark").value()});
    }
    for (const Sex sex : {Sex::kMen, Sex::kWomen}) {
      for (const bool walk : {false, true}) curves_[Index(sex)][walk ? 1 : 0] = BuildCurve(sex, walk);
    }
  }

  std::optional<int64_t> Find(const Discipline& discipline, Sex sex) const {
    const auto found = marks_[Index(sex)].find(discipline.code);
    if (found != marks_[Index(sex)].end()) return found->second;
    return Bound(discipline, sex);
  }

  std::optional<RecordOfDay> FindOn(const Discipline& discipline, Sex sex, Date day) const {
    const std::optional<int64_t> mark = Find(discipline, sex);
    if (!mark.has_value()) return std::nullopt;
    const auto date = dates_[Index(sex)].find(discipline.code);
    RecordOfDay record{*mark, date != dates_[Index(sex)].end() && day >= date->second};
    const auto history = histories_[Index(sex)].find(discipline.code);
    if (record.newest || history == histories_[Index(sex)].end()) return record;
    for (const Dated& best : history->second) {
      if (best.date <= day) record.mark = best.mark;
    }
    return record;
  }

 private:
  struct Dated {
    Date date;
    int64_t mark = 0;
  };

  static size_t Index(Sex sex) { return sex == Sex::kWomen ? 1 : 0; }

  Curve BuildCurve(Sex sex, bool walk) const {
    std::vector<std::pair<double, double>> points;  // metres, metres per second
    for (const Discipline* discipline : AllDisciplines()) {
      const auto found = marks_[Index(sex)].find(discipline->code);
      const bool fits = Flat(*discipline) && discipline->relay_legs == 0 && discipline->walk == walk;
      if (!fits || found == marks_[Index(sex)].end()) continue;
      const auto mark = static_cast<double>(found->second);
      if (discipline->duration_s > 0) {
        points.emplace_back(mark / 1000, mark / 1000 / static_cast<double>(discipline->duration_s));
      } else if (discipline->distance_mm > 0) {
        const double metres = static_cast<double>(discipline->distance_mm) / 1000;
        points.emplace_back(metres, metres / (mark / 1000));
      }
    }
    std::sort(points.begin(), points.end());
    // Where a longer race is faster than a shorter one, the shorter record is soft and says nothing. The shortest
    // sprints are different: the start makes them slower than 200 m, and they stay.
    constexpr double kLongestSprint = 200;
    Curve curve;
    for (const auto& [metres, speed] : points) {
      while (!curve.empty() && curve.back().metres_per_second <= speed &&
             curve.back().ln_metres >= std::log(kLongestSprint)) {
        curve.pop_back();
      }
      const double ln = std::log(metres);
      if (!curve.empty() && curve.back().ln_metres >= ln - 1e-6) {
        curve.back().metres_per_second = std::max(curve.back().metres_per_second, speed);
      } else {
        curve.push_back({ln, speed});
      }
    }
    return curve;
  }

  std::optional<int64_t> Bound(const Discipline& discipline, Sex sex) const {
    const Curve& curve = curves_[Index(sex)][discipline.walk ? 1 : 0];
    if (!FlatSurface(discipline.surface) || curve.empty()) return std::nullopt;
    if (discipline.duration_s > 0) return FarthestIn(curve, discipline.duration_s);
    if (discipline.distance_mm <= 0 || discipline.unit != MarkUnit::kMilliseconds) return std::nullopt;
    const int legs = std::max(1, discipline.relay_legs);
    const double metres = static_cast<double>(discipline.distance_mm) / 1000 / legs;
    const double speed = SpeedAt(curve, metres) * kSafety * (legs > 1 ? kFlyingLeg : 1);
    return static_cast<int64_t>(static_cast<double>(discipline.distance_mm) / speed);
  }

  // The distance whose bound is the duration, by halving.
  static int64_t FarthestIn(const Curve& curve, int64_t duration_s) {
    const auto seconds = static_cast<double>(duration_s);
    double low = 1, high = 13 * seconds;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (middle / (SpeedAt(curve, middle) * kSafety) <= seconds ? low : high) = middle;
    }
    return static_cast<int64_t>(low * 1000);
  }

  absl::flat_hash_map<std::string, int64_t> marks_[2];
  absl::flat_hash_map<std::string, Date> dates_[2];
  absl::flat_hash_map<std::string, std::vector<Dated>> histories_[2];  // by day
  Curve curves_[2][2];
};

const Records& AllRecords() {
  static const auto* records = new Records;
  return *records;
}

// X and unknown take the men's.
Sex RecordSex(Sex sex) { return sex == Sex::kWomen ? Sex::kWomen : Sex::kMen; }

}  // namespace

std::optional<int64_t> WorldRecord(const Discipline& discipline, Sex sex) {
  return AllRecords().Find(discipline, RecordSex(sex));
}

std::optional<RecordOfDay> WorldRecordOn(const Discipline& discipline, Sex sex, Date day) {
  return AllRecords().FindOn(discipline, RecordSex(sex), day);
}

}  // namespace palmares::athletics
