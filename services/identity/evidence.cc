#include "services/identity/evidence.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace palmares::identity {

absl::string_view FieldName(Field field) {
  switch (field) {
    case Field::kFamilyName:
      return "family name";
    case Field::kGivenName:
      return "given name";
    case Field::kSuffix:
      return "suffix";
    case Field::kBirth:
      return "birth or age";
    case Field::kSex:
      return "sex";
    case Field::kCountry:
      return "country";
    case Field::kRegion:
      return "region";
    case Field::kCity:
      return "city";
    case Field::kClub:
      return "club";
    case Field::kBib:
      return "bib";
    case Field::kExternalId:
      return "external id";
    case Field::kPopulation:
      return "population";
    case Field::kSameDay:
      return "another race that day";
    case Field::kMark:
      return "mark";
  }
  return "";
}

absl::string_view AgreementName(Agreement agreement) {
  switch (agreement) {
    case Agreement::kNotGiven:
      return "not given";
    case Agreement::kSame:
      return "same";
    case Agreement::kSimilar:
      return "similar";
    case Agreement::kNickname:
      return "nickname";
    case Agreement::kInitial:
      return "initial";
    case Agreement::kShortForm:
      return "short form";
    case Agreement::kPartial:
      return "in part";
    case Agreement::kCompatible:
      return "compatible";
    case Agreement::kNearMiss:
      return "a year apart";
    case Agreement::kDifferent:
      return "different";
    case Agreement::kElsewhere:
      return "elsewhere";
    case Agreement::kBothLong:
      return "both long";
  }
  return "";
}

absl::string_view ObstacleName(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kNone:
      return "";
    case Obstacle::kCloseCompetitor:
      return "another fits about as well";
    case Obstacle::kTwinOrSibling:
      return "may be a twin or sibling";
    case Obstacle::kOtherExternalId:
      return "has another id of the same source";
    case Obstacle::kAgeContradiction:
      return "the dates of birth or ages do not fit";
    case Obstacle::kNameVariant:
      return "the name differs, and little else agrees";
    case Obstacle::kOtherSex:
      return "another sex";
    case Obstacle::kOtherFamilyName:
      return "another family name";
    case Obstacle::kAlreadyInRace:
      return "is already in this race";
    case Obstacle::kElsewhereThatDay:
      return "ran at another place that day";
    case Obstacle::kTwoLongRaces:
      return "ran another long race that day";
  }
  return "";
}

std::string Explain(const Candidate& candidate) {
  std::string out;
  for (const FieldEvidence& line : candidate.evidence) {
    absl::StrAppend(&out, FieldName(line.field), line.field == Field::kPopulation ? "" : " ",
                    line.field == Field::kPopulation ? "" : AgreementName(line.agreement),
                    absl::StrFormat(" %+.1f, ", line.weight / 1000.0));
  }
  absl::StrAppendFormat(&out, "total %+.1f bits", candidate.weight / 1000.0);
  if (candidate.obstacle != Obstacle::kNone) absl::StrAppend(&out, "; ", ObstacleName(candidate.obstacle));
  return out;
}

}  // namespace palmares::identity
