// Marks that a result sheet puts beside a time: who advances to the next round and why, cautions, and protests.
//
// | mark | meaning                                         | World Athletics |
// | ---- | ----------------------------------------------- | --------------- |
// | Q    | advances by place                               | TR 25           |
// | q    | advances by time or performance                 | TR 25           |
// | qR   | advanced by the referee                         | TR 25           |
// | qJ   | advanced by the jury of appeal                  | TR 25           |
// | qD   | advanced by draw                                | TR 25           |
// | YC   | yellow card, a warning                          | TR 7            |
// | YRC  | second yellow card, which makes a red one       | TR 7            |
// | RC   | red card                                        | TR 7            |
// | L    | lane infringement that did not disqualify       | TR 17           |
// | P    | ran under protest                               | TR 8            |
//
// The numbers are written to disk: never change or reuse one.
#ifndef PALMARES_SERVICES_ATHLETICS_QUALIFICATION_MARK_H_
#define PALMARES_SERVICES_ATHLETICS_QUALIFICATION_MARK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

enum class QualificationMark : uint8_t {
  kByPlace = 1,
  kByTime = 2,
  kByReferee = 3,
  kByJury = 4,
  kByDraw = 5,
  kYellowCard = 6,
  kSecondYellowCard = 7,
  kRedCard = 8,
  kLaneInfringement = 9,
  kUnderProtest = 10,
};

// Each mark at most once, in the order of the table above.
using QualificationMarks = std::vector<QualificationMark>;

// "Q", "qR", "YC".
absl::string_view QualificationMarkCode(QualificationMark mark);
// "q, YC"; empty for none.
std::string FormatQualificationMarks(const QualificationMarks& marks);

// Reads one mark or several, between blanks, commas, semicolons or slashes, in brackets or not: "Q", "(q)", "q YC",
// "qR,L". The case of Q and q says which it is, and L and P are capitals; the others are read in any case. Nothing for
// a text that is anything else; an empty text is no mark, and nothing.
std::optional<QualificationMarks> ParseQualificationMarks(absl::string_view text);

// A result's mark and what stands behind it.
struct QualifiedText {
  absl::string_view mark;  // "11.73"; the whole text where nothing stands behind it
  QualificationMarks marks;
};
// "11.73q", "11.73 Q", "3:38.2h qR", "8.05m (q)". Looks only behind a digit and the letters of a unit; a text that does
// not begin with a digit has nothing behind it.
QualifiedText SplitQualifiedText(absl::string_view text);

// The marks as one number for storage, a bit for each; 0 for none. Bits that are no mark are passed over.
int64_t PackQualificationMarks(const QualificationMarks& marks);
QualificationMarks UnpackQualificationMarks(int64_t packed);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_QUALIFICATION_MARK_H_
