// Results and their revisions as tables and text.
#ifndef PALMARES_TOOLS_PALMARES_RESULT_TEXT_H_
#define PALMARES_TOOLS_PALMARES_RESULT_TEXT_H_

#include <string>

#include "palmares/v1/results.pb.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

// Columns place, mark, gun, chip, name, bib, sex, age, country, outcome, athlete, result. A table shows the division
// where a row is not of runners on foot, the outcome where a row is not finished, and marks taken by hand as the sport
// does, "99.5h"; whether they were is said by the row or by the answer's race.
// The legs of a relay's team stand below it, one a line; in CSV they are one text in a column of their own.
Table ResultTable(const v1::ListResultsResponse& results);
Table RevisionTable(const v1::ListResultRevisionsResponse& revisions);

// One result, a line for each thing that is known. `of_race` says how the race was timed.
std::string ResultText(const v1::Result& result, v1::Timing of_race);

// "chip_mark 2:10:22 -> 2:10:25, place 1 -> 2".
std::string ChangesText(const google::protobuf::RepeatedPtrField<v1::FieldChange>& changes);
// "3 places, 1 athlete", or empty when nothing else changed.
std::string CascadeText(const v1::Cascade& cascade);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_RESULT_TEXT_H_
