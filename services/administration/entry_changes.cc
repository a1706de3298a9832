#include "services/administration/entry_changes.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/administration/identity_changes.h"
#include "services/identity/visibility.h"
#include "services/ingest/column_mappings.h"
#include "storage/stored.pb.h"
#include "storage/stored_ingest.pb.h"
#include "storage/stored_privacy.pb.h"
#include "storage/stored_qualification.pb.h"
#include "storage/stored_series.pb.h"

namespace palmares::administration {
namespace {

using storage::EntryKind;

// A resource that the entry sets. `made_by` is the entry that made it, as the view knows.
v1::Change SetChange(v1::ChangeKind kind, std::string name, bool is_new, std::string summary) {
  v1::Change change;
  change.set_kind(kind);
  change.set_action(is_new ? v1::Change::ACTION_CREATED : v1::Change::ACTION_UPDATED);
  change.set_name(std::move(name));
  change.set_summary(std::move(summary));
  return change;
}

template <typename Record>
bool MadeBy(const Record* record, const storage::Entry& entry) {
  return record != nullptr && record->stamps.create_time_us == entry.time_us;
}

// Name, title and whether the entry made it.
struct Set {
  std::string name, title;
  bool is_new = false;
};

absl::StatusOr<Set> CalendarSet(const events::Calendar& calendar, const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kEventSet: {
      absl::StatusOr<stored::v1::Event> body = storage::BodyOf<stored::v1::Event>(entry);
      if (!body.ok()) return body.status();
      const std::string name = events::EventName(body->id());
      return Set{name, body->display_name(), MadeBy(calendar.FindEvent(name), entry)};
    }
    case EntryKind::kEditionSet: {
      absl::StatusOr<stored::v1::Edition> body = storage::BodyOf<stored::v1::Edition>(entry);
      if (!body.ok()) return body.status();
      const std::string name = events::EditionName(body->event(), body->id());
      return Set{name, body->display_name(), MadeBy(calendar.FindEdition(name), entry)};
    }
    case EntryKind::kCourseSet: {
      absl::StatusOr<stored::v1::Course> body = storage::BodyOf<stored::v1::Course>(entry);
      if (!body.ok()) return body.status();
      const std::string name = events::CourseName(body->event(), body->id());
      return Set{name, body->display_name(), MadeBy(calendar.FindCourse(name), entry)};
    }
    default: {
      absl::StatusOr<stored::v1::Race> body = storage::BodyOf<stored::v1::Race>(entry);
      if (!body.ok()) return body.status();
      const std::string name = events::RaceName(body->event(), body->edition(), body->id());
      return Set{name, body->display_name(), MadeBy(calendar.FindRace(name), entry)};
    }
  }
}

absl::StatusOr<std::vector<v1::Change>> CalendarChange(const events::Calendar& calendar, const storage::Entry& entry) {
  absl::StatusOr<Set> set = CalendarSet(calendar, entry);
  if (!set.ok()) return set.status();
  const std::string summary = absl::StrCat(set->title, set->is_new ? " was added" : " was changed");
  return std::vector<v1::Change>{SetChange(v1::CHANGE_KIND_EVENT, set->name, set->is_new, summary)};
}

// One that the entry takes away; `Body` has what names it.
std::vector<v1::Change> Gone(v1::ChangeKind kind, std::string name, std::string summary) {
  v1::Change change = SetChange(kind, std::move(name), false, std::move(summary));
  change.set_action(v1::Change::ACTION_DELETED);
  return {std::move(change)};
}

template <typename Body>
absl::StatusOr<std::vector<v1::Change>> IdChange(const storage::Entry& entry, v1::ChangeKind kind,
                                                 absl::string_view collection, absl::string_view verb, bool is_gone) {
  absl::StatusOr<Body> body = storage::BodyOf<Body>(entry);
  if (!body.ok()) return body.status();
  std::string name = absl::StrCat(collection, "/", body->id());
  std::string summary = absl::StrCat(name, " ", verb);
  if (is_gone) return Gone(kind, std::move(name), std::move(summary));
  return std::vector<v1::Change>{SetChange(kind, std::move(name), false, std::move(summary))};
}

absl::StatusOr<std::vector<v1::Change>> AthleteChange(const FeedViews& views, const access::Caller& caller,
                                                      const storage::Entry& entry) {
  const identity::Athletes& athletes = *views.athletes;
  std::vector<int64_t> concerned;
  v1::Change::Action action = v1::Change::ACTION_UPDATED;
  std::string summary;
  if (entry.change.kind == EntryKind::kAthleteSet) {
    absl::StatusOr<stored::v1::Athlete> body = storage::BodyOf<stored::v1::Athlete>(entry);
    if (!body.ok()) return body.status();
    concerned = {body->number()};
    summary = absl::StrCat(athletes.Name(body->number()), " was entered or changed");
  } else if (entry.change.kind == EntryKind::kAthletesMerged) {
    absl::StatusOr<stored::v1::AthletesMerged> body = storage::BodyOf<stored::v1::AthletesMerged>(entry);
    if (!body.ok()) return body.status();
    concerned = {body->from(), body->into()};
    action = v1::Change::ACTION_DELETED;
    summary = absl::StrCat(athletes.Name(body->from()), " was merged into ", athletes.Name(body->into()));
  } else {
    absl::StatusOr<stored::v1::AthletesUnmerged> body = storage::BodyOf<stored::v1::AthletesUnmerged>(entry);
    if (!body.ok()) return body.status();
    const auto merge = athletes.merges().find(body->merge_position());
    if (merge == athletes.merges().end()) return absl::DataLossError("an unmerge of no merge");
    concerned = {merge->second.from, merge->second.into};
    action = v1::Change::ACTION_CREATED;
    summary = absl::StrCat(athletes.Name(merge->second.from), " was taken out of ", athletes.Name(merge->second.into));
  }
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_ATHLETE);
  change.set_action(action);
  change.set_name(athletes.Name(concerned.front()));
  change.set_summary(summary);
  for (int64_t number : concerned) {
    if (!identity::IsVisible(athletes, *views.results, caller, athletes.Resolve(number))) {
      return std::vector<v1::Change>();
    }
    change.add_athletes(athletes.Name(number));
  }
  return std::vector<v1::Change>{std::move(change)};
}

// That an athlete is hidden or erased, or has said anything of privacy, is told to operators alone.
absl::StatusOr<std::vector<v1::Change>> PrivacyChange(const FeedViews& views, const access::Caller& caller,
                                                      const storage::Entry& entry) {
  if (caller.role != access::Role::kOperator) return std::vector<v1::Change>();
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_ATHLETE);
  change.set_action(v1::Change::ACTION_UPDATED);
  if (entry.change.kind == EntryKind::kPrivacySet) {
    absl::StatusOr<stored::v1::Privacy> body = storage::BodyOf<stored::v1::Privacy>(entry);
    if (!body.ok()) return body.status();
    change.set_name(views.athletes->Name(body->athlete()));
    change.set_summary(absl::StrCat(change.name(), body->hidden() ? " is hidden" : " has said who may see what"));
  } else {
    absl::StatusOr<stored::v1::AthleteErased> body = storage::BodyOf<stored::v1::AthleteErased>(entry);
    if (!body.ok()) return body.status();
    change.set_action(v1::Change::ACTION_DELETED);
    change.set_name(views.athletes->Name(body->athlete()));
    change.set_summary(absl::StrCat(change.name(), " was erased"));
  }
  change.add_athletes(change.name());
  return std::vector<v1::Change>{std::move(change)};
}

absl::StatusOr<std::vector<v1::Change>> AccessChange(const FeedViews& views, const access::Caller& caller,
                                                     const storage::Entry& entry) {
  if (caller.role != access::Role::kOperator) return std::vector<v1::Change>();
  const v1::ChangeKind kind = v1::CHANGE_KIND_ACCESS;
  switch (entry.change.kind) {
    case EntryKind::kTokenSet:
      return IdChange<stored::v1::Token>(entry, kind, "tokens", "was made", false);
    case EntryKind::kTokenRevoked:
      return IdChange<stored::v1::TokenRevoked>(entry, kind, "tokens", "was revoked", true);
    case EntryKind::kGrantSet: {
      absl::StatusOr<stored::v1::Grant> body = storage::BodyOf<stored::v1::Grant>(entry);
      if (!body.ok()) return body.status();
      return IdChange<stored::v1::Grant>(entry, kind, absl::StrCat(views.athletes->Name(body->athlete()), "/grants"),
                                         "was set", false);
    }
    default: {
      absl::StatusOr<stored::v1::GrantRevoked> body = storage::BodyOf<stored::v1::GrantRevoked>(entry);
      if (!body.ok()) return body.status();
      return IdChange<stored::v1::GrantRevoked>(
          entry, kind, absl::StrCat(views.athletes->Name(body->athlete()), "/grants"), "was revoked", true);
    }
  }
}

// Told to those who may use the mapping; who might before a change that took it from them is not told.
template <typename Body>
absl::StatusOr<std::vector<v1::Change>> MappingChange(const access::Caller& caller, const storage::Entry& entry,
                                                      absl::string_view verb, bool is_gone) {
  absl::StatusOr<Body> body = storage::BodyOf<Body>(entry);
  if (!body.ok()) return body.status();
  if (!ingest::MayUse(caller, ingest::OwnershipOf(*body))) return std::vector<v1::Change>();
  return IdChange<Body>(entry, v1::CHANGE_KIND_COLUMN_MAPPING, "columnMappings", verb, is_gone);
}

}  // namespace

absl::StatusOr<std::vector<v1::Change>> EntryChanges(const FeedViews& views, const access::Caller& caller,
                                                     const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kEventSet:
    case EntryKind::kEditionSet:
    case EntryKind::kRaceSet:
    case EntryKind::kCourseSet:
      return CalendarChange(views.results->calendar(), entry);
    case EntryKind::kCatalogueRemoved: {
      absl::StatusOr<stored::v1::CatalogueRemoved> body = storage::BodyOf<stored::v1::CatalogueRemoved>(entry);
      if (!body.ok()) return body.status();
      return Gone(v1::CHANGE_KIND_EVENT, body->name(), "was deleted with all below it");
    }
    case EntryKind::kAthleteSet:
    case EntryKind::kAthletesMerged:
    case EntryKind::kAthletesUnmerged:
      return AthleteChange(views, caller, entry);
    case EntryKind::kStandardSet:
      return IdChange<stored::v1::Standard>(entry, v1::CHANGE_KIND_STANDARD, "standards", "has a new revision", false);
    case EntryKind::kStandardRetired:
      return IdChange<stored::v1::StandardRetired>(entry, v1::CHANGE_KIND_STANDARD, "standards", "was retired", true);
    case EntryKind::kSeriesSet:
      return IdChange<stored::v1::Series>(entry, v1::CHANGE_KIND_SERIES, "series", "was set", false);
    case EntryKind::kSeriesRemoved:
      return IdChange<stored::v1::SeriesRemoved>(entry, v1::CHANGE_KIND_SERIES, "series", "was deleted", true);
    case EntryKind::kClubSet:
      return IdChange<stored::v1::Club>(entry, v1::CHANGE_KIND_CLUB, "clubs", "was set", false);
    case EntryKind::kClubRemoved:
      return IdChange<stored::v1::ClubRemoved>(entry, v1::CHANGE_KIND_CLUB, "clubs", "was deleted", true);
    case EntryKind::kColumnMappingSet:
      return MappingChange<stored::v1::ColumnMapping>(caller, entry, "was set", false);
    case EntryKind::kColumnMappingRemoved:
      return MappingChange<stored::v1::ColumnMappingRemoved>(caller, entry, "was deleted", true);
    case EntryKind::kPrivacySet:
    case EntryKind::kAthleteErased:
      return PrivacyChange(views, caller, entry);
    case EntryKind::kTokenSet:
    case EntryKind::kTokenRevoked:
    case EntryKind::kGrantSet:
    case EntryKind::kGrantRevoked:
      return AccessChange(views, caller, entry);
    default:
      return IdentityChanges(views, caller, entry);
  }
}

}  // namespace palmares::administration
