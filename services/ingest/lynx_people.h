// The people of FinishLynx's start lists, which stand beside the results of its heats: lynx.ppl, a line for each person
//
//   22,Example,Ann,North High,,F,"10,18"
//
// with the bib, family name, given name, affiliation, and sixth the sex; and lynx.evt, the events with who starts in
// which lane
//
//   1,1,2,Girls 100 Meter Dash,,,,,,100
//   ,22,4,Example,Ann,North High
//
// They hold no marks, and are read only to name those of whom a heat's results have nothing but the bib.
#ifndef PALMARES_SERVICES_INGEST_LYNX_PEOPLE_H_
#define PALMARES_SERVICES_INGEST_LYNX_PEOPLE_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"

namespace palmares::ingest {

// Whether the name is that of a start list, of people or of a schedule: a file that goes with results.
bool GoesWithLynxResults(absl::string_view file_name);

struct LynxPerson {
  std::string family_name;
  std::string given_name;
  std::string club;
  std::string sex;  // "M", "F", or empty
};

class LynxPeople {
 public:
  // Adds the people of a file, told by the ending of its name; another file adds nobody. Who is there already stays.
  // INVALID_ARGUMENT and RESOURCE_EXHAUSTED name the file.
  absl::Status Add(absl::string_view file_name, absl::string_view bytes, const Limits& limits);

  // The person with the bib; nullptr where there is none.
  const LynxPerson* Find(absl::string_view bib) const;

 private:
  absl::flat_hash_map<std::string, LynxPerson> by_bib_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_LYNX_PEOPLE_H_
