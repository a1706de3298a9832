// What a text says about a discipline, before it is known which one is meant. Internal to the discipline look-up.
#ifndef PALMARES_SERVICES_ATHLETICS_DISCIPLINE_FORM_H_
#define PALMARES_SERVICES_ATHLETICS_DISCIPLINE_FORM_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"

namespace palmares::athletics {

inline constexpr int64_t kMileMm = 1'609'344;
inline constexpr int64_t kYardTenthMm = 9'144;  // a yard is 914.4 mm
inline constexpr int64_t kHalfMarathonMm = 21'097'500;
inline constexpr int64_t kMarathonMm = 42'195'000;

enum class LengthUnit : uint8_t { kNone, kMetres, kKilometres, kMiles, kYards };

struct DisciplineForm {
  int64_t length_thousandths = 0;  // of a leg, in thousandths of `length_unit`; 0: none given
  LengthUnit length_unit = LengthUnit::kNone;
  int64_t duration_s = 0;
  std::optional<Surface> surface;
  bool hurdles = false;
  bool steeplechase = false;
  bool walk = false;
  bool mixed = false;
  bool relay = false;
  bool half_marathon = false;
  bool marathon = false;
  bool sprint_medley = false;
  bool distance_medley = false;
  bool shuttle = false;
  int legs = 0;
  int height_mm = 0;  // of the hurdles, where given
};

// Reads the grammar of disciplines: lengths, legs, and the words for surface, hurdles, walking and relays in the common
// languages, with the words that name who competes left out. Nothing for a text with a word or number it cannot place.
std::optional<DisciplineForm> ReadDisciplineForm(absl::string_view text);

// The text without the words that only say who competes ("Men's", "Girls", "U20", "Final"), folded.
std::string WithoutCompetitors(absl::string_view text);

// The canonical code of the form ("7.5km-road", "4x400m-mixed"), empty when the form names no discipline. Where no
// surface is said, metres and yards, one mile and two miles are run on the track, everything else on the road; so are
// the legs of a relay: "6x5K" is a road relay, "4x400" and "4xmile" are on the track.
std::string CodeOf(const DisciplineForm& form);

// The discipline that the form describes, whose code is `code`; without wind and with no count of hurdles, which only
// the known ones have.
Discipline MakeDiscipline(const DisciplineForm& form, const std::string& code);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_DISCIPLINE_FORM_H_
