#include "services/administration/entry_changes.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
#include "storage/stored.pb.h"

namespace palmares::administration {
namespace {

using storage::EntryKind;

template <typename Body>
absl::StatusOr<Body> BodyOf(const storage::Entry& entry) {
  Body body;
  if (body.ParseFromString(entry.change.body)) return body;
  return absl::DataLossError(absl::StrCat("entry ", entry.position, " is damaged"));
}

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

absl::StatusOr<std::vector<v1::Change>> CalendarChange(const events::Calendar& calendar, const storage::Entry& entry) {
  std::string name, title;
  bool is_new = false;
  if (entry.change.kind == EntryKind::kEventSet) {
    absl::StatusOr<stored::v1::Event> body = BodyOf<stored::v1::Event>(entry);
    if (!body.ok()) return body.status();
    name = events::EventName(body->id());
    title = body->display_name();
    is_new = MadeBy(calendar.FindEvent(name), entry);
  } else if (entry.change.kind == EntryKind::kEditionSet) {
    absl::StatusOr<stored::v1::Edition> body = BodyOf<stored::v1::Edition>(entry);
    if (!body.ok()) return body.status();
    name = events::EditionName(body->event(), body->id());
    title = body->display_name();
    is_new = MadeBy(calendar.FindEdition(name), entry);
  } else {
    absl::StatusOr<stored::v1::Race> body = BodyOf<stored::v1::Race>(entry);
    if (!body.ok()) return body.status();
    name = events::RaceName(body->event(), body->edition(), body->id());
    title = body->display_name();
    is_new = MadeBy(calendar.FindRace(name), entry);
  }
  const std::string summary = absl::StrCat(title, is_new ? " was added" : " was changed");
  return std::vector<v1::Change>{SetChange(v1::CHANGE_KIND_EVENT, name, is_new, summary)};
}

absl::StatusOr<std::vector<v1::Change>> AthleteChange(const FeedViews& views, const access::Caller& caller,
                                                      const storage::Entry& entry) {
  const identity::Athletes& athletes = *views.athletes;
  std::vector<int64_t> concerned;
  v1::Change::Action action = v1::Change::ACTION_UPDATED;
  std::string summary;
  if (entry.change.kind == EntryKind::kAthleteSet) {
    absl::StatusOr<stored::v1::Athlete> body = BodyOf<stored::v1::Athlete>(entry);
    if (!body.ok()) return body.status();
    concerned = {body->number()};
    summary = absl::StrCat(athletes.Name(body->number()), " was entered or changed");
  } else if (entry.change.kind == EntryKind::kAthletesMerged) {
    absl::StatusOr<stored::v1::AthletesMerged> body = BodyOf<stored::v1::AthletesMerged>(entry);
    if (!body.ok()) return body.status();
    concerned = {body->from(), body->into()};
    action = v1::Change::ACTION_DELETED;
    summary = absl::StrCat(athletes.Name(body->from()), " was merged into ", athletes.Name(body->into()));
  } else {
    absl::StatusOr<stored::v1::AthletesUnmerged> body = BodyOf<stored::v1::AthletesUnmerged>(entry);
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

absl::StatusOr<std::vector<v1::Change>> AccessChange(const access::Caller& caller, const storage::Entry& entry) {
  if (caller.role != access::Role::kOperator) return std::vector<v1::Change>();
  if (entry.change.kind == EntryKind::kTokenSet) {
    absl::StatusOr<stored::v1::Token> body = BodyOf<stored::v1::Token>(entry);
    if (!body.ok()) return body.status();
    return std::vector<v1::Change>{
        SetChange(v1::CHANGE_KIND_ACCESS, absl::StrCat("tokens/", body->id()), true, "a token was made")};
  }
  absl::StatusOr<stored::v1::TokenRevoked> body = BodyOf<stored::v1::TokenRevoked>(entry);
  if (!body.ok()) return body.status();
  v1::Change change =
      SetChange(v1::CHANGE_KIND_ACCESS, absl::StrCat("tokens/", body->id()), false, "the token was revoked");
  change.set_action(v1::Change::ACTION_DELETED);
  return std::vector<v1::Change>{std::move(change)};
}

}  // namespace

absl::StatusOr<std::vector<v1::Change>> EntryChanges(const FeedViews& views, const access::Caller& caller,
                                                     const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kEventSet:
    case EntryKind::kEditionSet:
    case EntryKind::kRaceSet:
      return CalendarChange(views.results->calendar(), entry);
    case EntryKind::kAthleteSet:
    case EntryKind::kAthletesMerged:
    case EntryKind::kAthletesUnmerged:
      return AthleteChange(views, caller, entry);
    case EntryKind::kStandardSet: {
      absl::StatusOr<stored::v1::Standard> body = BodyOf<stored::v1::Standard>(entry);
      if (!body.ok()) return body.status();
      return std::vector<v1::Change>{
          SetChange(v1::CHANGE_KIND_STANDARD, absl::StrCat("standards/", body->id()), false, "a revision was loaded")};
    }
    case EntryKind::kTokenSet:
    case EntryKind::kTokenRevoked:
      return AccessChange(caller, entry);
    default:
      return std::vector<v1::Change>();
  }
}

}  // namespace palmares::administration
