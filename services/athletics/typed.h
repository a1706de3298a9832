// Disciplines and marks as people type them into a calculator or a call, where a single value is all there is to go by.
// (Files are read column by column instead: services/ingest.)
#ifndef PALMARES_SERVICES_ATHLETICS_TYPED_H_
#define PALMARES_SERVICES_ATHLETICS_TYPED_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/athletics/points.h"

namespace palmares::athletics {

// The discipline that a text names, also as the scoring tables or World Athletics' results call it ("HM", "Mile sh"). A
// code or name means what FindDiscipline says; a label of the tables that it does not know, or takes for another
// discipline, means the table's. NOT_FOUND as FindDiscipline.
absl::StatusOr<Discipline> ReadDiscipline(absl::string_view text, const ScoringTables& tables);

// Reads a mark in the discipline's unit as ParseMark does: clock times and plain seconds, metres, points; "2.33" over
// 800 m is 2:33, and what nobody can reach is refused. "h" at the end of a time: taken by hand. INVALID_ARGUMENT:
// `mark: "…", want …`.
absl::StatusOr<ParsedMark> ReadMark(absl::string_view text, const Discipline& discipline);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_TYPED_H_
