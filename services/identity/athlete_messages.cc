#include "services/identity/athlete_messages.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/athletics/country.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::identity {
namespace {

using AthletePersonal = stored::v1::AthletePersonal;

constexpr int kAdult = 18;
constexpr int kMostDisciplines = 10;
constexpr size_t kLongestText = 200;  // bytes of a name
constexpr int kMostOfAKind = 50;      // other names, ids elsewhere, clubs, nationalities

// Birth as far as the caller may know it.
void FillBirth(athletics::PartialDate birth, bool trusted, athletics::Date today, v1::Athlete* out) {
  if (!birth.known()) return;
  const std::optional<athletics::AgeRange> age = athletics::AgeOn(birth, today);
  if (trusted) {
    *out->mutable_birth_date() = rpc::ToProto(birth);
  } else if (age.has_value() && age->min < kAdult) {
    out->mutable_age_band()->set_max_age(kAdult - 1);
    out->mutable_age_band()->set_label("U18");
  } else {
    out->mutable_birth_date()->set_year(birth.year);
  }
}

// What the athlete's rows tell together.
struct RowsTold {
  int64_t count = 0;
  std::map<std::string, int64_t> results_of_discipline;
  std::optional<athletics::Date> first, last;
  athletics::Date latest_birth{1, 1, 1}, earliest_birth{9999, 1, 1};  // that the ages on race days leave possible
  std::string club;                                                   // of the newest row that has one
};

RowsTold Gather(const PrivacyViews& views, int64_t number) {
  RowsTold told;
  std::optional<athletics::Date> club_date;
  for (int64_t member : views.athletes->Members(number)) {
    for (const results::RowRef& ref : views.results->OfAthlete(member)) {
      const results::RaceSheet& sheet = views.results->sheet(ref.race);
      if (!results::Counts(sheet.state)) continue;
      const events::Race& race = views.results->calendar().race(ref.race);
      ++told.count;
      ++told.results_of_discipline[race.discipline->code];
      told.first = told.first.has_value() ? std::min(*told.first, race.date) : race.date;
      told.last = told.last.has_value() ? std::max(*told.last, race.date) : race.date;
      const results::RaceSheet::Address address = sheet.Find(ref.row);
      const absl::string_view club = address.facts->club(address.row);
      if (!club.empty() && (!club_date.has_value() || *club_date < race.date)) {
        told.club = std::string(club);
        club_date = race.date;
      }
      const int age = sheet.Facts(ref.row).age;
      if (age == 0) continue;
      const athletics::BirthRange births = athletics::BirthFromObservation(age, race.date);
      told.latest_birth = std::max(told.latest_birth, births.first);
      told.earliest_birth = std::min(told.earliest_birth, births.last);
    }
  }
  return told;
}

// The year of birth where ages on race days leave but one, for athletes whose birth date nobody gave.
void FillFromRows(const RowsTold& told, athletics::Date today, v1::Athlete* out) {
  out->set_result_count(static_cast<int32_t>(told.count));
  std::vector<std::pair<int64_t, std::string>> disciplines;
  for (const auto& [code, count] : told.results_of_discipline) disciplines.emplace_back(-count, code);
  std::sort(disciplines.begin(), disciplines.end());
  if (disciplines.size() > kMostDisciplines) disciplines.resize(kMostDisciplines);
  for (const auto& [count, code] : disciplines) out->add_disciplines(code);
  if (told.first.has_value()) {
    *out->mutable_active_period()->mutable_start_date() = rpc::ToProto(*told.first);
    *out->mutable_active_period()->mutable_end_date() = rpc::ToProto(*told.last);
  }
  if (out->clubs().empty() && !told.club.empty()) {
    v1::ClubMembership* membership = out->add_clubs();
    membership->set_club(told.club);
    membership->set_verified(true);
  }
  const bool certain_year =
      told.latest_birth <= told.earliest_birth && told.latest_birth.year() == told.earliest_birth.year();
  if (!out->has_birth_date() && !out->has_age_band() && certain_year) {
    athletics::PartialDate birth;
    birth.year = static_cast<int16_t>(told.latest_birth.year());
    FillBirth(birth, /*trusted=*/false, today, out);
  }
}

void FillPeriod(const AthleteDetails::Dated& dated, v1::DateRange* out) {
  if (dated.first.has_value()) *out->mutable_start_date() = rpc::ToProto(*dated.first);
  if (dated.last.has_value()) *out->mutable_end_date() = rpc::ToProto(*dated.last);
}

void FillDetails(const AthleteDetails& details, v1::Athlete* out) {
  for (const std::string& name : details.other_names) out->add_other_names(name);
  for (const AthleteDetails::Dated& dated : details.nationalities) {
    v1::Nationality* nationality = out->add_nationalities();
    nationality->set_country(dated.value);
    FillPeriod(dated, nationality->mutable_period());
  }
  for (const AthleteDetails::Dated& dated : details.clubs) {
    v1::ClubMembership* club = out->add_clubs();
    club->set_club(dated.value);
    FillPeriod(dated, club->mutable_period());
  }
  for (const AthleteDetails::ExternalId& id : details.external_ids) {
    v1::ExternalId* out_id = out->add_external_ids();
    out_id->set_scheme(id.scheme);
    out_id->set_value(id.value);
    out_id->set_confidential(id.confidential);
  }
  out->set_city(details.city);
  out->set_region_code(details.region);
}

absl::Status CheckText(absl::string_view field, absl::string_view text) {
  if (text.size() > kLongestText) return rpc::InvalidField(field, text.substr(0, 40), "at most 200 bytes");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return rpc::InvalidField(field, text.substr(0, 40), "a text without control characters");
  }
  return absl::OkStatus();
}

absl::Status CheckCount(absl::string_view field, int count) {
  if (count <= kMostOfAKind) return absl::OkStatus();
  return rpc::InvalidField(field, absl::StrCat(count), absl::StrCat("at most ", kMostOfAKind));
}

absl::StatusOr<std::string> CountryCode(absl::string_view field, const std::string& text) {
  const auto country = athletics::FindCountry(text);
  if (!country.has_value()) return rpc::InvalidField(field, text, "a country's code or name");
  return std::string(country->code);
}

absl::Status StorePeriod(const v1::DateRange& period, const std::string& field, AthletePersonal::Dated* out) {
  const auto first = rpc::FromProto(period.start_date(), absl::StrCat(field, ".start_date"));
  if (!first.ok()) return first.status();
  const auto last = rpc::FromProto(period.end_date(), absl::StrCat(field, ".end_date"));
  if (!last.ok()) return last.status();
  if (first->has_value() && last->has_value() && **last < **first) {
    return rpc::InvalidField(absl::StrCat(field, ".end_date"), athletics::FormatDate(**last),
                             absl::StrCat(athletics::FormatDate(**first), " or later"));
  }
  if (first->has_value()) out->set_start_date(athletics::DaysSince1970(**first));
  if (last->has_value()) out->set_end_date(athletics::DaysSince1970(**last));
  return absl::OkStatus();
}

absl::Status StoreNationalities(const v1::Athlete& athlete, AthletePersonal& personal) {
  if (absl::Status status = CheckCount("athlete.nationalities", athlete.nationalities_size()); !status.ok()) {
    return status;
  }
  for (int i = 0; i < athlete.nationalities_size(); ++i) {
    const std::string field = absl::StrCat("athlete.nationalities[", i, "]");
    AthletePersonal::Dated* out = personal.add_nationalities();
    absl::StatusOr<std::string> code = CountryCode(absl::StrCat(field, ".country"), athlete.nationalities(i).country());
    if (!code.ok()) return code.status();
    out->set_value(*std::move(code));
    absl::Status status = StorePeriod(athlete.nationalities(i).period(), absl::StrCat(field, ".period"), out);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status StoreClubs(const v1::Athlete& athlete, AthletePersonal& personal) {
  if (absl::Status status = CheckCount("athlete.clubs", athlete.clubs_size()); !status.ok()) return status;
  for (int i = 0; i < athlete.clubs_size(); ++i) {
    const std::string field = absl::StrCat("athlete.clubs[", i, "]");
    const v1::ClubMembership& club = athlete.clubs(i);
    if (club.club().empty()) return rpc::MissingField(absl::StrCat(field, ".club"), "clubs/… or the club's name");
    if (absl::Status status = CheckText(absl::StrCat(field, ".club"), club.club()); !status.ok()) return status;
    AthletePersonal::Dated* out = personal.add_clubs();
    out->set_value(club.club());
    if (absl::Status status = StorePeriod(club.period(), absl::StrCat(field, ".period"), out); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status StoreExternalIds(const v1::Athlete& athlete, AthletePersonal& personal) {
  if (absl::Status status = CheckCount("athlete.external_ids", athlete.external_ids_size()); !status.ok())
    return status;
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < athlete.external_ids_size(); ++i) {
    const std::string field = absl::StrCat("athlete.external_ids[", i, "]");
    const v1::ExternalId& id = athlete.external_ids(i);
    if (absl::Status status = rpc::CheckId(absl::StrCat(field, ".scheme"), id.scheme()); !status.ok()) return status;
    if (id.value().empty()) return rpc::MissingField(absl::StrCat(field, ".value"), "the id");
    if (absl::Status status = CheckText(absl::StrCat(field, ".value"), id.value()); !status.ok()) return status;
    if (!seen.emplace(id.scheme(), id.value()).second) {
      return rpc::InvalidField(field, absl::StrCat(id.scheme(), ":", id.value()), "each id once");
    }
    AthletePersonal::ExternalId* out = personal.add_external_ids();
    out->set_scheme(id.scheme());
    out->set_value(id.value());
    out->set_confidential(id.confidential());
  }
  return absl::OkStatus();
}

absl::Status StoreNames(const v1::Athlete& athlete, AthletePersonal& personal) {
  if (absl::StripAsciiWhitespace(athlete.display_name()).empty()) {
    return rpc::MissingField("athlete.display_name", "a name");
  }
  const std::pair<absl::string_view, const std::string*> texts[] = {
      {"athlete.display_name", &athlete.display_name()}, {"athlete.family_name", &athlete.family_name()},
      {"athlete.given_name", &athlete.given_name()},     {"athlete.city", &athlete.city()},
      {"athlete.region_code", &athlete.region_code()},
  };
  for (const auto& [field, text] : texts) {
    if (absl::Status status = CheckText(field, *text); !status.ok()) return status;
  }
  personal.set_display_name(athlete.display_name());
  personal.set_family_name(athlete.family_name());
  personal.set_given_name(athlete.given_name());
  personal.set_city(athlete.city());
  personal.set_region(athlete.region_code());
  if (absl::Status status = CheckCount("athlete.other_names", athlete.other_names_size()); !status.ok()) return status;
  for (int i = 0; i < athlete.other_names_size(); ++i) {
    const std::string field = absl::StrCat("athlete.other_names[", i, "]");
    if (athlete.other_names(i).empty()) return rpc::MissingField(field, "a name");
    if (absl::Status status = CheckText(field, athlete.other_names(i)); !status.ok()) return status;
    personal.add_other_names(athlete.other_names(i));
  }
  return absl::OkStatus();
}

}  // namespace

v1::Athlete ToProto(const PrivacyViews& views, int64_t number, const access::Caller& caller, int64_t now_us) {
  const Athletes& athletes = *views.athletes;
  const int64_t resolved = athletes.Resolve(number);
  const Athlete& athlete = athletes.athlete(resolved);
  const bool acts = ActsFor(views, caller, access::Right::kManagePrivacy, resolved, now_us);
  const athletics::Date today = absl::ToCivilDay(absl::FromUnixMicros(now_us), absl::UTCTimeZone());
  v1::Athlete out;
  if (athlete.state == AthleteState::kActive || acts) FillDetails(athletes.details(resolved), &out);
  out.set_name(athletes.Name(resolved));
  if (resolved != number) out.set_redirected_from(athletes.Name(number));
  const Names names =
      acts ? athletes.NamesOf(resolved) : Names{athlete.display_name, athlete.family_name, athlete.given_name};
  out.set_display_name(names.display);
  out.set_family_name(names.family);
  out.set_given_name(names.given);
  out.set_sex(rpc::ToProto(athlete.sex));
  out.set_country(athlete.country);
  out.set_state(static_cast<v1::AthleteState>(static_cast<int>(athlete.state) + 1));
  for (int64_t member : athletes.Members(resolved)) {
    if (member != resolved) out.add_merged_athletes(athletes.Name(member));
  }
  out.set_etag(rpc::Etag(athlete.position));
  FillBirth(athlete.birth, SeesBirthDate(views, caller, resolved, now_us), today, &out);
  FillFromRows(Gather(views, resolved), today, &out);
  if (!acts) {
    out.clear_city();
    auto& ids = *out.mutable_external_ids();
    ids.erase(std::remove_if(ids.begin(), ids.end(), [](const v1::ExternalId& id) { return id.confidential(); }),
              ids.end());
  }
  return out;
}

v1::Athlete ToEditableProto(const Athletes& athletes, int64_t number) {
  const Athlete& athlete = athletes.athlete(number);
  v1::Athlete out;
  FillDetails(athletes.details(number), &out);
  const Names names = athletes.NamesOf(number);
  out.set_display_name(names.display);
  out.set_family_name(names.family);
  out.set_given_name(names.given);
  out.set_sex(rpc::ToProto(athlete.sex));
  if (athlete.birth.known()) *out.mutable_birth_date() = rpc::ToProto(athlete.birth);
  out.set_country(athlete.country);
  return out;
}

absl::StatusOr<StoredAthlete> ToStored(const v1::Athlete& athlete) {
  StoredAthlete out;
  if (absl::Status status = StoreNames(athlete, out.personal); !status.ok()) return status;
  if (!v1::Sex_IsValid(athlete.sex())) {
    return rpc::InvalidField("athlete.sex", absl::StrCat(athlete.sex()), "a sex of the API");
  }
  absl::StatusOr<athletics::PartialDate> birth = rpc::PartialFromProto(athlete.birth_date(), "athlete.birth_date");
  if (!birth.ok()) return birth.status();
  out.personal.set_birth(athletics::PackPartialDate(*birth));
  if (!athlete.country().empty()) {
    absl::StatusOr<std::string> code = CountryCode("athlete.country", athlete.country());
    if (!code.ok()) return code.status();
    out.body.set_country(*std::move(code));
  }
  out.body.set_sex(static_cast<int>(rpc::FromProto(athlete.sex())));
  if (absl::Status status = StoreNationalities(athlete, out.personal); !status.ok()) return status;
  if (absl::Status status = StoreClubs(athlete, out.personal); !status.ok()) return status;
  if (absl::Status status = StoreExternalIds(athlete, out.personal); !status.ok()) return status;
  return out;
}

v1::Privacy ToProto(const PrivacyViews& views, int64_t athlete, const Privacy& privacy, int64_t now_us) {
  v1::Privacy out;
  out.set_name(absl::StrCat(views.athletes->Name(athlete), "/privacy"));
  out.set_search(static_cast<v1::Privacy::Audience>(privacy.search));
  out.set_birth_date(static_cast<v1::Privacy::Audience>(privacy.birth_date));
  out.set_profile(static_cast<v1::Privacy::Audience>(privacy.profile));
  out.set_discovery(static_cast<v1::Privacy::Audience>(privacy.discovery));
  for (const std::string& criterion : privacy.discovery_criteria) out.add_discovery_criteria(criterion);
  out.set_minor(IsMinor(views, athlete, absl::ToCivilDay(absl::FromUnixMicros(now_us), absl::UTCTimeZone())));
  if (privacy.position != 0) {
    *out.mutable_create_time() = rpc::ToTimestamp(privacy.create_time_us);
    *out.mutable_update_time() = rpc::ToTimestamp(privacy.update_time_us);
  }
  out.set_etag(rpc::Etag(privacy.position));
  return out;
}

}  // namespace palmares::identity
