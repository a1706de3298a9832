// The view of clubs: those that are kept by name, and under which other forms files print them.
//
// Sheets name clubs as text. A form (the display name or an alias; case, accents, spaces and punctuation do not matter)
// leads to a kept club; any other text is a club by itself, equal to texts that fold alike. Written by the store's
// writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_SERIES_CLUBS_VIEW_H_
#define PALMARES_SERVICES_SERIES_CLUBS_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/entry.h"
#include "storage/stored_series.pb.h"

namespace palmares::series {

struct Club {
  std::string name;  // "clubs/baa"
  stored::v1::Club data;
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change
};

class ClubsView {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // By full name; nullptr if there is none.
  const Club* Find(absl::string_view name) const;
  // The kept club that a text of a sheet means; nullptr if none.
  const Club* FindByForm(absl::string_view text) const;
  // In the order of their names.
  const absl::btree_map<std::string, Club>& clubs() const { return clubs_; }

  // What tells clubs apart: a kept club's name, else the folded text. Empty for no text.
  std::string KeyOf(absl::string_view text) const;

 private:
  void AddForms(const Club& club);
  void RemoveForms(const Club& club);

  absl::btree_map<std::string, Club> clubs_;
  // Folded form → the names of the clubs that have it; the first of them is meant.
  absl::flat_hash_map<std::string, absl::btree_set<std::string>> names_of_form_;
};

std::string ClubName(absl::string_view id);  // "clubs/{id}"

// The folded form by which texts of clubs are compared.
std::string ClubForm(absl::string_view text);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_CLUBS_VIEW_H_
