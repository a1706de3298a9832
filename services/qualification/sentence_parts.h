// What English sentences about verdicts are made of: days, marks, differences and lengths in words. Nothing is rounded:
// a difference has as many digits as tell it from none.
#ifndef PALMARES_SERVICES_QUALIFICATION_SENTENCE_PARTS_H_
#define PALMARES_SERVICES_QUALIFICATION_SENTENCE_PARTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

// "12 September 2025".
std::string DayInWords(athletics::Date day);

// A mark with its unit where it does not say it by itself: "2:10:22", "9.95 s", "8.27 m", "8550 points".
std::string MarkInWords(int64_t mark, const athletics::Discipline& discipline);

// "1 finisher", "50 finishers": `one` is the noun, which takes an s.
std::string CountInWords(int64_t count, absl::string_view one);

// "USA", "USA or CAN", "USA, CAN or MEX".
std::string AnyOf(const std::vector<std::string>& texts);

// "18 or over", "39 or under", "18 to 39"; empty where there is no limit.
std::string AgeLimitInWords(const Eligibility& allowed);

// A difference of marks without its sign, exact: "5:30", "56 s", "0.05 s", "0.004 s", "0.12 m", "30 points".
std::string FormatGap(int64_t difference, const athletics::Discipline& discipline);

// A length to the millimetre, without zeros that say nothing: "139.244 m", "457.2 m", "-12 m".
std::string FormatMetres(int64_t millimetres);

// Thousandths as per cent, exact: "50 %", "50.1 %".
std::string FormatPercent(int64_t permille);

// A wind with as many decimals as tell it from a limit: "+2.0 m/s", "+2.01 m/s".
std::string FormatWind(int64_t cm_s);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_SENTENCE_PARTS_H_
