#include "services/events/event_messages.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "google/protobuf/util/field_mask_util.h"
#include "services/athletics/country.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::events {
namespace {

using google::protobuf::util::FieldMaskUtil;

// Splits a name whose odd parts are `collections`, and checks every id.
absl::StatusOr<NameParts> ParseName(absl::string_view field, absl::string_view name,
                                    const std::vector<absl::string_view>& collections, absl::string_view want) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  NameParts ids;
  if (parts.size() != collections.size() * 2) return rpc::InvalidField(field, name, want);
  for (size_t i = 0; i < collections.size(); ++i) {
    if (parts[i * 2] != collections[i]) return rpc::InvalidField(field, name, want);
    if (absl::Status status = rpc::CheckId(field, parts[i * 2 + 1]); !status.ok()) return status;
    if (collections[i] == "events") ids.event = parts[i * 2 + 1];
    if (collections[i] == "editions") ids.edition = parts[i * 2 + 1];
    if (collections[i] == "races") ids.race = parts[i * 2 + 1];
    if (collections[i] == "courses") ids.course = parts[i * 2 + 1];
  }
  return ids;
}

template <typename Proto>
void SetStamps(const Stamps& stamps, int64_t position, Proto& proto) {
  *proto.mutable_create_time() = rpc::ToTimestamp(stamps.create_time_us);
  *proto.mutable_update_time() = rpc::ToTimestamp(stamps.update_time_us);
  proto.set_etag(rpc::Etag(stamps.position));
  proto.set_position(position);
}

v1::CourseFacts ToProto(const stored::v1::CourseFacts& facts) {
  v1::CourseFacts proto;
  if (facts.has_certified()) proto.set_certified(facts.certified());
  proto.set_certificate(facts.certificate());
  if (facts.has_valid_from()) {
    *proto.mutable_validity()->mutable_start_date() =
        rpc::ToProto(athletics::DateFromDaysSince1970(facts.valid_from()));
  }
  if (facts.has_valid_to()) {
    *proto.mutable_validity()->mutable_end_date() = rpc::ToProto(athletics::DateFromDaysSince1970(facts.valid_to()));
  }
  if (facts.has_net_drop_mm()) proto.set_net_drop_mm(facts.net_drop_mm());
  if (facts.has_separation_permille()) proto.set_separation_permille(facts.separation_permille());
  if (facts.has_measured_distance_mm()) proto.set_measured_distance_mm(facts.measured_distance_mm());
  if (facts.has_climb_mm()) proto.set_climb_mm(facts.climb_mm());
  if (facts.has_altitude_mm()) proto.set_altitude_mm(facts.altitude_mm());
  if (facts.has_short_track()) proto.set_short_track(facts.short_track());
  if (facts.has_indoor()) proto.set_indoor(facts.indoor());
  if (facts.has_pacemakers()) proto.set_pacemakers(facts.pacemakers());
  return proto;
}

absl::StatusOr<stored::v1::CourseFacts> ToStored(const v1::CourseFacts& facts, absl::string_view field) {
  stored::v1::CourseFacts stored;
  if (facts.has_certified()) stored.set_certified(facts.certified());
  stored.set_certificate(facts.certificate());
  auto from = rpc::FromProto(facts.validity().start_date(), absl::StrCat(field, ".validity.start_date"));
  auto to = rpc::FromProto(facts.validity().end_date(), absl::StrCat(field, ".validity.end_date"));
  if (!from.ok()) return from.status();
  if (!to.ok()) return to.status();
  if (from->has_value()) stored.set_valid_from(athletics::DaysSince1970(**from));
  if (to->has_value()) stored.set_valid_to(athletics::DaysSince1970(**to));
  if (facts.has_net_drop_mm()) stored.set_net_drop_mm(facts.net_drop_mm());
  if (facts.has_separation_permille()) {
    if (facts.separation_permille() < 0 || facts.separation_permille() > 1000) {
      return rpc::InvalidField(absl::StrCat(field, ".separation_permille"), absl::StrCat(facts.separation_permille()),
                               "0 to 1000 thousandths of the distance");
    }
    stored.set_separation_permille(facts.separation_permille());
  }
  if (facts.has_measured_distance_mm()) stored.set_measured_distance_mm(facts.measured_distance_mm());
  if (facts.has_climb_mm()) stored.set_climb_mm(facts.climb_mm());
  if (facts.has_altitude_mm()) stored.set_altitude_mm(facts.altitude_mm());
  if (facts.has_short_track()) stored.set_short_track(facts.short_track());
  if (facts.has_indoor()) stored.set_indoor(facts.indoor());
  if (facts.has_pacemakers()) stored.set_pacemakers(facts.pacemakers());
  return stored;
}

// The categories of World Athletics' ranking rules; the same ones in every edition so far.
absl::Status CheckCategory(absl::string_view field, const std::string& category) {
  static constexpr absl::string_view kCategories[] = {"OW", "DF", "GW", "GL", "A", "B", "C", "D", "E", "F"};
  if (category.empty() || absl::c_linear_search(kCategories, category)) return absl::OkStatus();
  return rpc::InvalidField(field, category, "OW, DF, GW, GL or A to F");
}

absl::StatusOr<const athletics::Discipline*> CheckDiscipline(absl::string_view field, const std::string& text) {
  if (text.empty()) return rpc::MissingField(field, "a discipline such as marathon or 5000m");
  absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(text);
  if (discipline.ok()) return discipline;
  return rpc::InvalidField(field, text, absl::StrCat("a discipline (", discipline.status().message(), ")"));
}

absl::Status CheckPolicy(const v1::IdentityPolicy& policy) {
  const double link = policy.link_probability(), review = policy.review_probability();
  if (link != 0 && !(link > 0.5 && link <= 1)) {
    return rpc::InvalidField("event.identity_policy.link_probability", absl::StrCat(link),
                             "above 0.5 and at most 1, or 0 for the default");
  }
  const double highest = link == 0 ? 0.5 : link;
  if (review != 0 && !(review > 0 && review <= highest)) {
    return rpc::InvalidField("event.identity_policy.review_probability", absl::StrCat(review),
                             absl::StrCat("above 0 and at most ", highest, ", or 0 for the default"));
  }
  return absl::OkStatus();
}

std::string DisplayName(const std::string& given, absl::string_view id) {
  return given.empty() ? std::string(id) : given;
}

}  // namespace

absl::StatusOr<NameParts> ParseEventName(absl::string_view field, absl::string_view name) {
  return ParseName(field, name, {"events"}, "events/{event}");
}

absl::StatusOr<NameParts> ParseEditionName(absl::string_view field, absl::string_view name) {
  return ParseName(field, name, {"events", "editions"}, "events/{event}/editions/{edition}");
}

absl::StatusOr<NameParts> ParseRaceName(absl::string_view field, absl::string_view name) {
  return ParseName(field, name, {"events", "editions", "races"}, "events/{event}/editions/{edition}/races/{race}");
}

absl::StatusOr<NameParts> ParseCourseName(absl::string_view field, absl::string_view name) {
  return ParseName(field, name, {"events", "courses"}, "events/{event}/courses/{course}");
}

v1::Event ToProto(const Event& event, int64_t position) {
  v1::Event proto;
  proto.set_name(event.name);
  proto.set_display_name(event.data.display_name());
  proto.set_country(event.data.country());
  proto.set_region_code(event.data.region());
  proto.set_city(event.data.city());
  proto.set_time_zone(event.data.time_zone());
  proto.set_website_uri(event.data.website_uri());
  for (const std::string& series : event.data.series()) proto.add_series(series);
  proto.set_organizer(event.data.organizer());
  if (event.data.has_identity_policy()) {
    proto.mutable_identity_policy()->set_link_probability(event.data.identity_policy().link_probability());
    proto.mutable_identity_policy()->set_review_probability(event.data.identity_policy().review_probability());
    proto.mutable_identity_policy()->set_review_all(event.data.identity_policy().review_all());
  }
  proto.set_edition_count(event.editions);
  SetStamps(event.stamps, position, proto);
  return proto;
}

v1::Edition ToProto(const Edition& edition, int64_t position) {
  v1::Edition proto;
  proto.set_name(edition.name);
  proto.set_display_name(edition.data.display_name());
  *proto.mutable_start_date() = rpc::ToProto(athletics::DateFromDaysSince1970(edition.data.start_date()));
  *proto.mutable_end_date() = rpc::ToProto(athletics::DateFromDaysSince1970(edition.data.end_date()));
  proto.set_competition_category(edition.data.competition_category());
  proto.set_city(edition.data.city());
  proto.set_race_count(edition.races);
  SetStamps(edition.stamps, position, proto);
  return proto;
}

v1::Race ToProto(const Race& race, int64_t position) {
  v1::Race proto;
  proto.set_name(race.name);
  proto.set_display_name(race.data.display_name());
  proto.set_discipline(race.discipline->code);
  proto.set_round(race.data.round());
  proto.set_places_clock(static_cast<v1::Clock>(race.data.places_clock()));
  *proto.mutable_date() = rpc::ToProto(race.date);
  if (race.data.start_time_us() != 0) *proto.mutable_start_time() = rpc::ToTimestamp(race.data.start_time_us());
  proto.set_timing(static_cast<v1::Timing>(race.data.timing()));
  proto.set_course(CourseOf(race));
  *proto.mutable_course_facts() = ToProto(race.data.course());
  proto.set_sex(static_cast<v1::Sex>(race.data.sex()));
  proto.set_division(static_cast<v1::Division>(race.data.division()));
  proto.set_mixed(race.data.mixed());
  proto.set_level(race.data.level());
  proto.set_competition_category(race.data.competition_category());
  if (race.data.time_limit_s() != 0) proto.mutable_time_limit_duration()->set_seconds(race.data.time_limit_s());
  proto.set_event_display_name(race.event->data.display_name());
  proto.set_country(race.event->data.country());
  SetStamps(race.stamps, position, proto);
  return proto;
}

v1::Course ToProto(const Course& course, int64_t position) {
  v1::Course proto;
  proto.set_name(course.name);
  proto.set_display_name(course.data.display_name());
  proto.set_discipline(course.data.discipline());
  *proto.mutable_facts() = ToProto(course.data.facts());
  proto.set_source(course.data.source());
  SetStamps(course.stamps, position, proto);
  return proto;
}

absl::StatusOr<stored::v1::Event> ToStored(const v1::Event& event, const NameParts& name) {
  stored::v1::Event stored;
  stored.set_id(name.event);
  stored.set_display_name(DisplayName(event.display_name(), name.event));
  if (!event.country().empty()) {
    const auto country = athletics::FindCountry(event.country());
    if (!country.has_value()) return rpc::InvalidField("event.country", event.country(), "a country's code or name");
    stored.set_country(std::string(country->code));
  }
  absl::TimeZone zone;
  if (!event.time_zone().empty() && !absl::LoadTimeZone(event.time_zone(), &zone)) {
    return rpc::InvalidField("event.time_zone", event.time_zone(), "an IANA time zone such as America/New_York");
  }
  stored.set_time_zone(event.time_zone());
  stored.set_region(event.region_code());
  stored.set_city(event.city());
  stored.set_website_uri(event.website_uri());
  stored.set_organizer(event.organizer());
  for (const std::string& series : event.series()) stored.add_series(series);
  if (event.has_identity_policy()) {
    if (absl::Status status = CheckPolicy(event.identity_policy()); !status.ok()) return status;
    stored.mutable_identity_policy()->set_link_probability(event.identity_policy().link_probability());
    stored.mutable_identity_policy()->set_review_probability(event.identity_policy().review_probability());
    stored.mutable_identity_policy()->set_review_all(event.identity_policy().review_all());
  }
  return stored;
}

absl::StatusOr<stored::v1::Edition> ToStored(const v1::Edition& edition, const NameParts& name) {
  stored::v1::Edition stored;
  stored.set_event(name.event);
  stored.set_id(name.edition);
  stored.set_display_name(DisplayName(edition.display_name(), name.edition));
  auto start = rpc::FromProto(edition.start_date(), "edition.start_date");
  if (!start.ok()) return start.status();
  if (!start->has_value()) return rpc::MissingField("edition.start_date", "the day of the (first) race");
  auto end = rpc::FromProto(edition.end_date(), "edition.end_date");
  if (!end.ok()) return end.status();
  const athletics::Date last = end->value_or(**start);
  if (last < **start) {
    return rpc::InvalidField("edition.end_date", athletics::FormatDate(last), "a day not before the start_date");
  }
  stored.set_start_date(athletics::DaysSince1970(**start));
  stored.set_end_date(athletics::DaysSince1970(last));
  if (absl::Status status = CheckCategory("edition.competition_category", edition.competition_category());
      !status.ok()) {
    return status;
  }
  stored.set_competition_category(edition.competition_category());
  stored.set_city(edition.city());
  return stored;
}

absl::StatusOr<stored::v1::Course> ToStored(const v1::Course& course, const NameParts& name) {
  stored::v1::Course stored;
  stored.set_event(name.event);
  stored.set_id(name.course);
  stored.set_display_name(DisplayName(course.display_name(), name.course));
  absl::StatusOr<const athletics::Discipline*> discipline = CheckDiscipline("course.discipline", course.discipline());
  if (!discipline.ok()) return discipline.status();
  stored.set_discipline((*discipline)->code);
  absl::StatusOr<stored::v1::CourseFacts> facts = ToStored(course.facts(), "course.facts");
  if (!facts.ok()) return facts.status();
  *stored.mutable_facts() = *std::move(facts);
  stored.set_source(course.source());
  return stored;
}

absl::StatusOr<stored::v1::Race> ToStored(const v1::Race& race, const NameParts& name, const Edition& edition,
                                          const Course* course) {
  stored::v1::Race stored;
  stored.set_event(name.event);
  stored.set_edition(name.edition);
  stored.set_id(name.race);
  stored.set_display_name(DisplayName(race.display_name(), name.race));
  absl::StatusOr<const athletics::Discipline*> discipline = CheckDiscipline("race.discipline", race.discipline());
  if (!discipline.ok()) return discipline.status();
  stored.set_discipline((*discipline)->code);
  stored.set_round(race.round());
  if (race.places_clock() == v1::CLOCK_OFFICIAL) {
    return rpc::InvalidField("race.places_clock", "CLOCK_OFFICIAL", "gun or chip");
  }
  stored.set_places_clock(race.places_clock() == v1::CLOCK_UNSPECIFIED ? v1::CLOCK_GUN : race.places_clock());
  auto date = rpc::FromProto(race.date(), "race.date");
  if (!date.ok()) return date.status();
  stored.set_date(date->has_value() ? athletics::DaysSince1970(**date) : edition.data.start_date());
  if (race.has_start_time()) stored.set_start_time_us(race.start_time().seconds() * 1'000'000);
  stored.set_timing(race.timing());
  absl::StatusOr<stored::v1::CourseFacts> facts = ToStored(race.course_facts(), "race.course_facts");
  if (!facts.ok()) return facts.status();
  *stored.mutable_course() = course == nullptr ? *std::move(facts) : course->data.facts();
  if (course != nullptr) {
    if (course->data.event() != name.event) {
      return rpc::InvalidField("race.course", race.course(), absl::StrCat("a course of events/", name.event));
    }
    if (course->data.discipline() != stored.discipline()) {
      return rpc::InvalidField("race.course", race.course(),
                               absl::StrCat("a course of the race's discipline, ", stored.discipline()));
    }
    stored.set_course_id(course->data.id());
  }
  stored.set_sex(race.sex());
  stored.set_division(race.division());
  stored.set_mixed(race.mixed());
  stored.set_level(race.level());
  if (absl::Status status = CheckCategory("race.competition_category", race.competition_category()); !status.ok()) {
    return status;
  }
  stored.set_competition_category(race.competition_category());
  stored.set_time_limit_s(race.time_limit_duration().seconds());
  return stored;
}

absl::Status Overlay(const google::protobuf::FieldMask& mask, const google::protobuf::Message& from,
                     google::protobuf::Message* onto) {
  if (mask.paths().empty() || (mask.paths_size() == 1 && mask.paths(0) == "*")) {
    std::vector<const google::protobuf::FieldDescriptor*> set;
    from.GetReflection()->ListFields(from, &set);
    google::protobuf::FieldMask all;
    for (const auto* field : set) all.add_paths(field->name());
    if (mask.paths().empty()) {
      FieldMaskUtil::MergeOptions options;
      options.set_replace_message_fields(true);
      options.set_replace_repeated_fields(true);
      FieldMaskUtil::MergeMessageTo(from, all, options, onto);
    } else {
      onto->CopyFrom(from);
    }
    return absl::OkStatus();
  }
  for (const std::string& path : mask.paths()) {
    if (!FieldMaskUtil::GetFieldDescriptors(onto->GetDescriptor(), path, nullptr)) {
      return rpc::InvalidField("update_mask", path, absl::StrCat("fields of ", onto->GetDescriptor()->name()));
    }
  }
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(from, mask, options, onto);
  return absl::OkStatus();
}

}  // namespace palmares::events
