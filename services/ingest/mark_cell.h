// A cell that holds a mark, and what files write behind it: "11.73q", "10.2h", "2:10:22*", "3:38.2h qR".
#ifndef PALMARES_SERVICES_INGEST_MARK_CELL_H_
#define PALMARES_SERVICES_INGEST_MARK_CELL_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "services/athletics/mark.h"
#include "services/athletics/qualification_mark.h"
#include "services/ingest/units.h"

namespace palmares::ingest {

struct MarkCell {
  absl::string_view number;   // "10.2": to be read in the column's unit; an outcome ("DNF") as it stands
  absl::string_view written;  // the mark as its file writes it, "10.2h"
  bool hand = false;          // the h of a time taken by hand stands behind it
  athletics::QualificationMarks qualification_marks;
};

// The parts of a cell; all point into it.
MarkCell ReadMarkCell(absl::string_view cell);

// Whether an h behind a mark in the unit says that it was taken by hand, and not that it is in hours.
bool CanBeHandTime(Unit unit);

// "hand", "h", "manual", "automatic", "FAT", "electronic", "transponder", "chip", in any case. Nothing for another
// text.
std::optional<athletics::Timing> ParseTiming(absl::string_view text);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_MARK_CELL_H_
