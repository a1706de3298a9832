// The sections of a rule file, each read into its part of a Standard. Private to the rule reader.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_SECTIONS_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_SECTIONS_H_

#include <string>
#include <vector>

#include "services/qualification/rule_reader.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

// Where an entry came from, for problems that are found when all are read.
struct EntryPlace {
  int line = 0;
  std::string field;
  std::string value;
};

// A standard while it is being read.
struct Draft {
  Standard standard;
  std::vector<EntryPlace> places;  // beside standard.entries
};

// Everything but the marks: identity, event, age, clock, window, legality, course, race, eligibility, field, tiers,
// sources.
void ReadSections(TableReader& file, Draft& draft);

// [[marks]] and [[path]]; tiers must have been read.
void ReadMarks(TableReader& file, Draft& draft);
void ReadPaths(TableReader& file, Draft& draft);

// What only the whole shows: overlapping or gapped bands, tiers in the wrong order, windows that end before they start.
void CheckWhole(TableReader& file, Draft& draft);

// `opens` and `closes` of a table as a window, in the standard's time zone, which must have been read.
Window ReadWindow(TableReader& table, absl::string_view opens, absl::string_view closes, const Standard& standard);

// The same for a table of marks or a path, where it is an exception: its index in Standard::windows, -1 where there is
// none. An end that is not written is the standard's own.
int ReadOwnWindow(TableReader& table, Standard& standard);

// The index of the event of the discipline, which is added where it is new.
int EventOf(Standard& standard, const athletics::Discipline* discipline);

// The discipline that a text names; nullptr after a problem about `path`.
const athletics::Discipline* ReadDiscipline(absl::string_view text, int line, const std::string& path,
                                            Problems* problems);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_SECTIONS_H_
