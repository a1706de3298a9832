#include "services/portfolio/grounds.h"

#include "absl/strings/str_cat.h"
#include "services/credentials/signature.h"

namespace palmares::portfolio {

Ground GroundOf(const SignedResult& result) {
  return result.digest.size() > kDigestBytes ? static_cast<Ground>(result.digest.front()) : Ground::kOwn;
}

std::string GroundDigest(Ground ground, absl::string_view asserted) {
  return absl::StrCat(std::string(1, static_cast<char>(ground)), credentials::Sha256(asserted).substr(0, kDigestBytes));
}

bool RestsOn(const SignedResult& result, const events::Race& own, const events::Race& race) {
  const Ground ground = GroundOf(result);
  if (!IsOfRecords(ground) || own.number == race.number) return false;
  if (own.discipline == race.discipline) {
    if (ground != Ground::kRecord) return true;
    if (own.event == race.event && own.data.id() == race.data.id()) return true;
  }
  const std::string course = events::CourseOf(own);
  return !course.empty() && course == events::CourseOf(race);
}

}  // namespace palmares::portfolio
