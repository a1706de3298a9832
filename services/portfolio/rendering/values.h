// How values of the content are printed. Empty for what is not set. Pure.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_VALUES_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/timestamp.pb.h"
#include "palmares/v1/common.pb.h"
#include "palmares/v1/goals.pb.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "palmares/v1/portfolios.pb.h"
#include "palmares/v1/profiles.pb.h"
#include "palmares/v1/races.pb.h"
#include "palmares/v1/results.pb.h"
#include "palmares/v1/verdicts.pb.h"
#include "services/portfolio/rendering/words.h"

namespace palmares::portfolio {

std::string DateText(const v1::Date& date);                     // "2013-04-15", "2013-04", "2013"
std::string PeriodText(const v1::DateRange& period);            // "2013-04-15 – 2024-10-06"
std::string TimeText(const google::protobuf::Timestamp& time);  // "2024-05-02 10:00:00 UTC"
std::string IsoTime(const google::protobuf::Timestamp& time);   // "2024-05-02T10:00:00Z"
std::string MarkText(const v1::Mark& mark);                     // as the content prints it; else by its unit
std::string GapText(const v1::MarkGap& gap);                    // the same with its sign
std::string AgeText(const v1::AgeBand& age);                    // "35-39", "80+"
std::string CountText(int64_t count);                           // empty for 0
std::string Fixed(double number, int decimals);                 // "12.5"; empty for what is no number
std::string PerMyriad(int32_t value);                           // "78.12 %"; empty for 0
std::string Thousandths(int64_t value);                         // "1.5", "1200"
std::string DisciplineName(absl::string_view code);             // "Marathon"; the code itself where it is not known
bool LowerIsBetter(absl::string_view discipline, v1::Unit unit);
int64_t DistanceMm(absl::string_view discipline);  // 0 where it has none

// The day of a date; one that is known less finely counts as its middle: 15 June, 15th of the month. The date's year
// must be set.
absl::CivilDay DayOf(const v1::Date& date);

// "DNF", "DQ", ...; empty for a finish.
absl::string_view OutcomeCode(v1::Outcome outcome);

absl::string_view Say(v1::Sex sex, const Language& words);
absl::string_view Say(v1::Division division, const Language& words);  // empty for running
absl::string_view Say(v1::SheetState state, const Language& words);
absl::string_view Say(v1::Portfolio::State state, const Language& words);
absl::string_view Say(v1::VerdictState state, const Language& words);
absl::string_view Say(v1::BestMark::Kind kind, const Language& words);
absl::string_view Say(v1::ProfileItem::Kind kind, const Language& words);
absl::string_view Say(v1::GoalProgress::State state, const Language& words);

// Running where it is not said.
v1::Division Known(v1::Division division);

// What the best mark is called: personal best where the figures are of all results in their disciplines, and not only
// of those that were chosen by day or one by one.
Word BestWord(const v1::PortfolioContent& content);
Word BestWordAllConditions(const v1::PortfolioContent& content);

// "Marathon", "Marathon, Wheelchair".
std::string DisciplineTitle(absl::string_view discipline, v1::Division division, const Language& words);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_VALUES_H_
