#include "services/ingest/other_distance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "services/athletics/mark.h"
#include "services/athletics/world_record.h"
#include "services/ingest/record_limit.h"

namespace palmares::ingest {
namespace {

using athletics::Discipline;
using athletics::Surface;

constexpr size_t kEnoughFinishers = 20;
constexpr size_t kFewFinishers = 3;
constexpr double kFastest = 0.98;     // of the record: a new one is possible
constexpr double kSlowest = 1.6;      // of the record: the fastest of a small field
constexpr double kTooSlow = 1.9;      // of the record: nobody wins a race so
constexpr double kFarTooSlow = 4.55;  // of the record: nobody walks so slowly before all others
constexpr double kUsual = 1.15;       // of the record: the fastest of most fields

constexpr absl::string_view kRoad[] = {"5km-road", "10km-road", "half-marathon", "marathon", "100km-road"};
constexpr absl::string_view kTrack[] = {"100m", "200m", "400m", "800m", "1500m", "5000m", "10000m"};

bool IsPlainRun(const Discipline& discipline) {
  return HasComparableRecord(discipline) && discipline.unit == athletics::MarkUnit::kMilliseconds && !discipline.walk &&
         !discipline.steeplechase && discipline.hurdles == 0 && discipline.relay_legs == 0;
}

// The time as a part of the record for the discipline; nothing where none is known.
std::optional<double> PartOfRecord(int64_t milliseconds, const Discipline& discipline) {
  const std::optional<int64_t> record = athletics::WorldRecord(discipline, athletics::Sex::kMen);
  if (!record) return std::nullopt;
  return static_cast<double>(milliseconds) / static_cast<double>(*record);
}

// The marks of those who finished, the fastest first.
std::vector<int64_t> Marks(const std::vector<Row>& rows) {
  std::vector<int64_t> marks;
  for (const Row& row : rows) {
    const results::Result& result = row.result;
    const bool finished = !row.repeated && row.errors.empty() && result.outcome == athletics::Outcome::kFinished;
    if (finished && result.official_mark > 0) marks.push_back(result.official_mark);
  }
  std::sort(marks.begin(), marks.end());
  return marks;
}

}  // namespace

absl::string_view DistanceOfFastest(int64_t milliseconds, const Discipline& race) {
  if (!IsPlainRun(race)) return {};
  const absl::Span<const absl::string_view> codes = race.surface == Surface::kRoad
                                                        ? absl::Span<const absl::string_view>(kRoad)
                                                        : absl::Span<const absl::string_view>(kTrack);
  absl::string_view nearest;
  double least = 0;
  for (const absl::string_view code : codes) {
    const auto discipline = athletics::FindDiscipline(code);
    if (!discipline.ok() || (*discipline)->distance_mm == race.distance_mm) continue;
    const std::optional<double> part = PartOfRecord(milliseconds, **discipline);
    if (!part || *part < kFastest || *part > kSlowest) continue;
    const double off = std::abs(std::log(*part / kUsual));
    if (!nearest.empty() && off >= least) continue;
    nearest = code;
    least = off;
  }
  return nearest;
}

void CheckDistance(const Layout& layout, const ReadOptions& options, const std::vector<Row>& rows, Report* report) {
  if (options.discipline == nullptr || !IsPlainRun(*options.discipline)) return;
  const Discipline& race = *options.discipline;
  const std::vector<int64_t> marks = Marks(rows);
  if (marks.size() < kFewFinishers) return;
  const bool enough = marks.size() >= kEnoughFinishers;
  const int64_t fastest = marks[marks.size() / 50];  // one slip in a large file is no field
  const int64_t median = marks[marks.size() / 2];
  const double part = PartOfRecord(fastest, race).value_or(1);
  const bool too_slow = part >= (enough ? kTooSlow : kFarTooSlow);
  const bool too_fast = enough && PartOfRecord(median, race).value_or(1) < kFastest;
  if (!too_slow && !too_fast) return;
  const absl::string_view other = DistanceOfFastest(fastest, race);
  if (other.empty() && part < kFarTooSlow) return;
  const int64_t told = too_slow ? fastest : median;
  const Column* column = OfficialColumn(layout, options);
  AddIssue(MakeIssue(
               IssueCode::kOtherDistance, 0, column == nullptr ? "" : column->header, athletics::FormatMark(told, race),
               absl::StrCat(too_fast                ? "the middle of "
                            : told == marks.front() ? "the fastest of "
                                                    : "among the fastest of ",
                            marks.size(), " finishers, is too ", too_slow ? "slow for the " : "fast on foot for the ",
                            race.code, other.empty() ? "" : "; the times fit the ", other),
               "the race's own distance, or the column's unit"),
           report);
}

}  // namespace palmares::ingest
