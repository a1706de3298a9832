// The view of series: each as it stands, with its rules read. Standings are computed from the results when they are
// asked for. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_SERIES_SERIES_VIEW_H_
#define PALMARES_SERVICES_SERIES_SERIES_VIEW_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/series/series_rules.h"
#include "storage/entry.h"
#include "storage/stored_series.pb.h"

namespace palmares::series {

struct Series {
  std::string name;  // "series/winter"
  stored::v1::Series data;
  std::shared_ptr<const SeriesRules> rules;  // never null
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change
};

class SeriesView {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // By full name; nullptr if there is none.
  const Series* Find(absl::string_view name) const;
  // In the order of their names.
  const absl::btree_map<std::string, Series>& series() const { return series_; }

 private:
  absl::btree_map<std::string, Series> series_;
};

std::string SeriesName(absl::string_view id);  // "series/{id}"

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_SERIES_VIEW_H_
