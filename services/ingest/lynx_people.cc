#include "services/ingest/lynx_people.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/decode.h"
#include "services/ingest/delimited.h"
#include "services/ingest/dialect.h"
#include "services/ingest/table.h"

namespace palmares::ingest {
namespace {

// Where a file has what.
struct PeopleColumns {
  size_t bib;
  size_t family_name;  // the given name and the club follow
  size_t sex;          // 0: nowhere
};
constexpr PeopleColumns kPeople = {0, 1, 5};
constexpr PeopleColumns kStartList = {1, 3, 0};

LynxPerson PersonOf(const Table& cells, size_t row, const PeopleColumns& columns) {
  LynxPerson person;
  person.family_name = std::string(cells.cell(row, columns.family_name));
  person.given_name = std::string(cells.cell(row, columns.family_name + 1));
  person.club = std::string(cells.cell(row, columns.family_name + 2));
  if (columns.sex == 0) return person;
  const absl::string_view sex = cells.cell(row, columns.sex);
  if (sex == "M" || sex == "F") person.sex = std::string(sex);
  return person;
}

absl::Status InFile(absl::string_view file_name, const absl::Status& status) {
  return {status.code(), absl::StrCat(file_name, ": ", status.message())};
}

}  // namespace

bool GoesWithLynxResults(absl::string_view file_name) {
  return absl::EndsWithIgnoreCase(file_name, ".evt") || absl::EndsWithIgnoreCase(file_name, ".ppl") ||
         absl::EndsWithIgnoreCase(file_name, ".sch");
}

absl::Status LynxPeople::Add(absl::string_view file_name, absl::string_view bytes, const Limits& limits) {
  const bool people = absl::EndsWithIgnoreCase(file_name, ".ppl");
  if (!people && !absl::EndsWithIgnoreCase(file_name, ".evt")) return absl::OkStatus();
  const auto decoded = Decode(bytes, "", limits.bytes);
  if (!decoded.ok()) return InFile(file_name, decoded.status());
  const absl::string_view text = decoded->view();
  const auto cells = SplitDelimited(text, FindDialect(text, ','), limits);
  if (!cells.ok()) return InFile(file_name, cells.status());
  const PeopleColumns& columns = people ? kPeople : kStartList;
  for (size_t row = 0; row < cells->rows(); ++row) {
    const absl::string_view first = cells->cell(row, 0);
    // Comments, and in a start list the lines of events, which begin with the event's number.
    if (absl::StartsWith(first, ";") || (!people && !first.empty())) continue;
    const absl::string_view bib = cells->cell(row, columns.bib);
    LynxPerson person = PersonOf(*cells, row, columns);
    if (bib.empty() || person.family_name.empty()) continue;
    by_bib_.try_emplace(std::string(bib), std::move(person));
  }
  return absl::OkStatus();
}

const LynxPerson* LynxPeople::Find(absl::string_view bib) const {
  const auto found = by_bib_.find(bib);
  return found == by_bib_.end() ? nullptr : &found->second;
}

}  // namespace palmares::ingest
