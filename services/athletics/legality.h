// Whether a mark is valid for a purpose: records, World Athletics' lists, US Olympic Trials, Boston; with every reason.
//
// A fact that is not known gives "unknown", never "legal": a road course without a known drop is not known to be a
// record course. The limits are data (data/legality_2025.csv) and can be given in another edition. Pure functions on
// values.
#ifndef PALMARES_SERVICES_ATHLETICS_LEGALITY_H_
#define PALMARES_SERVICES_ATHLETICS_LEGALITY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"

namespace palmares::athletics {

enum class Purpose : uint8_t { kRecord = 1, kList = 2, kUsatf = 3, kBaa = 4 };

// "record", "list", "usatf", "baa".
absl::string_view PurposeCode(Purpose purpose);
std::optional<Purpose> ParsePurpose(absl::string_view text);

// What is known about a course. Nothing set: nothing known.
struct CourseFacts {
  std::optional<bool> certified;  // measured, and certified by the body that the purpose accepts
  std::string certificate;        // "MA09010WN"; for the reason
  std::optional<Date>
      certificate_first;  // first and last day on which it is valid; not set: no bound on that side is known
  std::optional<Date> certificate_last;
  std::optional<int64_t> net_drop_mm;          // height of the start less height of the finish
  std::optional<int64_t> separation_permille;  // straight line from start to finish, in thousandths of the distance
  std::optional<bool> found_short;             // a check measurement found it short
  std::optional<bool> indoor;
  std::optional<bool> short_track;  // a track of at most 200 m; indoors false is an oversized one
};

// What is known about one mark.
struct MarkFacts {
  const Discipline* discipline = nullptr;  // not owned; must be set
  Sex sex = Sex::kUnknown;
  Date date;
  std::optional<int64_t> wind_cm_s;  // tail wind positive
  Timing timing = Timing::kUnknown;
  std::optional<bool> mixed_race;  // men and women together
  CourseFacts course;
};

enum class Legality : uint8_t { kLegal = 1, kNotLegal = 2, kUnknown = 3 };

// "legal", "not legal", "unknown".
absl::string_view LegalityName(Legality legality);

// One rule that was applied. Rules that were kept are listed too: the whole verdict can be read.
struct LegalityReason {
  // "wind", "drop", "separation", "certificate", "measurement", "timing", "mixed race", "track size"
  std::string rule;
  Legality legality = Legality::kLegal;
  // "tail wind 2.3 m/s, at most 2.0 m/s"; the value with the digits that show on which side of the limit it lies.
  std::string text;
};

struct LegalityVerdict {
  Legality legality = Legality::kLegal;  // not legal where one reason is; else unknown where one is
  int64_t added_ms = 0;                  // what the purpose adds to the time for the course; 0 for none
  std::vector<LegalityReason> reasons;
};

// The limits of one purpose; a limit that is not set is not asked for.
struct LegalityLimits {
  std::optional<int64_t> max_tail_wind_cm_s;
  std::optional<int64_t> max_drop_mm_per_km;
  std::optional<int64_t> max_net_drop_mm;
  std::optional<int64_t> max_separation_permille;
  std::optional<int64_t> automatic_up_to_mm;
  std::optional<int64_t> automatic_relay_up_to_mm;  // all legs together; not set: as other races
  bool certificate = false;
  bool mixed_women = false;
  std::optional<int64_t> short_track_from_mm;  // indoors, races from this distance on want a track of at most 200 m
  struct Addition {
    int64_t from_drop_mm = 0;
    int64_t to_drop_mm = 0;  // inclusive
    int64_t added_ms = 0;
  };
  std::vector<Addition> additions;
  std::optional<Date> net_drop_from;  // max_net_drop_mm and additions apply from this day; not set: always
};

using LegalityRules = std::map<Purpose, LegalityLimits>;

// Reads limits in the form of data/legality_2025.csv. INVALID_ARGUMENT names the line and what is wrong.
absl::StatusOr<LegalityRules> ParseLegalityRules(absl::string_view text);
const LegalityRules& BuiltInLegalityRules();

// INVALID_ARGUMENT where the facts contradict each other: a wind for a discipline in which it does not matter, a mark
// without a discipline. Indoors no wind is wanted, and one that is given is not looked at.
absl::StatusOr<LegalityVerdict> JudgeLegality(const MarkFacts& mark, Purpose purpose,
                                              const LegalityRules& rules = BuiltInLegalityRules());

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_LEGALITY_H_
