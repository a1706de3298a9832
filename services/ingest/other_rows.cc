#include "services/ingest/other_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace palmares::ingest {
namespace {

using results::RaceSheet;
using results::Result;
using results::SplitPoint;

// Where each split point of the earlier sheet stands in the new one, to which it is added if it is not there.
std::vector<size_t> MergeSplitPoints(const RaceSheet& before, results::Sheet& sheet) {
  std::vector<size_t> places;
  std::vector<SplitPoint>& points = sheet.split_points;
  for (const SplitPoint& point : before.split_points) {
    auto found = std::find_if(points.begin(), points.end(), [&point](const SplitPoint& own) {
      return own == point || (own.distance_mm != 0 && own.distance_mm == point.distance_mm);
    });
    places.push_back(static_cast<size_t>(found - points.begin()));
    if (found == points.end()) points.push_back(point);
  }
  for (Result& row : sheet.results) row.splits.resize(points.size());
  return places;
}

void MoveSplits(const std::vector<size_t>& places, size_t points, Result& row) {
  std::vector<int64_t> splits(points);
  for (size_t i = 0; i < row.splits.size() && i < places.size(); ++i) splits[places[i]] = row.splits[i];
  row.splits = std::move(splits);
}

}  // namespace

Result AsWithdrawn(Result row, const std::vector<SplitPoint>& before, const std::vector<SplitPoint>& now) {
  row.outcome = athletics::Outcome::kWithdrawn;
  row.place = row.place_of = row.sex_place = row.category_place = 0;
  std::vector<int64_t> splits(now.size());
  for (size_t i = 0; i < before.size() && i < row.splits.size(); ++i) {
    const auto same = std::find(now.begin(), now.end(), before[i]);
    if (same != now.end()) splits[static_cast<size_t>(same - now.begin())] = row.splits[i];
  }
  row.splits = std::move(splits);
  return row;
}

std::string RowKey(const Result& row) {
  return row.bib.empty() ? absl::StrCat("n", row.name) : absl::StrCat("b", row.bib);
}

std::string ExactRowKey(const Result& row) {
  if (!row.bib.empty()) return RowKey(row);
  return absl::StrCat("n", row.name, "\n", static_cast<int>(row.outcome), "\n", row.official_mark);
}

absl::Status AddOtherRows(const results::Results& results, const events::Race& race, results::Sheet& sheet) {
  const RaceSheet& before = results.sheet(race.number);
  if (before.rows() == 0) return absl::OkStatus();
  const std::vector<size_t> places = MergeSplitPoints(before, sheet);
  absl::flat_hash_set<std::string> own;
  bool places_stated = false, sex_places_stated = false, category_places_stated = false;
  for (const Result& row : sheet.results) {
    own.insert(ExactRowKey(row));
    places_stated = places_stated || row.place != 0;
    sex_places_stated = sex_places_stated || row.sex_place != 0;
    category_places_stated = category_places_stated || row.category_place != 0;
  }
  results::RowReader reader(&results, results::PersonalData::kAll);
  for (int64_t at = 0; at < before.rows(); ++at) {
    absl::StatusOr<Result> row = reader.Read(before, at);
    if (!row.ok()) return row.status();
    if (row->outcome == athletics::Outcome::kWithdrawn || own.contains(ExactRowKey(*row))) continue;
    absl::StatusOr<Result> published = reader.ReadPublished(before, at);
    if (!published.ok()) return published.status();
    row->place = places_stated ? published->place : 0;
    row->place_of = places_stated ? published->place_of : 0;
    row->sex_place = sex_places_stated ? published->sex_place : 0;
    row->category_place = category_places_stated ? published->category_place : 0;
    MoveSplits(places, sheet.split_points.size(), *row);
    sheet.results.push_back(*std::move(row));
  }
  return absl::OkStatus();
}

}  // namespace palmares::ingest
