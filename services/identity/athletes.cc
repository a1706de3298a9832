#include "services/identity/athletes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/results/sheet_blocks.h"
#include "storage/stored.pb.h"
#include "storage/stored_identity.pb.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::identity {
namespace {

Athlete FromRow(const results::Result& row, int64_t position) {
  Athlete athlete;
  athlete.display_name = row.name;
  athlete.family_name = row.family_name;
  athlete.given_name = row.given_name;
  athlete.country = row.country;
  athlete.sex = row.sex;
  athlete.birth = row.birth;
  athlete.position = position;
  return athlete;
}

AthleteDetails::Dated FromStored(const stored::v1::AthletePersonal::Dated& dated) {
  AthleteDetails::Dated out;
  out.value = dated.value();
  if (dated.has_start_date()) out.first = athletics::Date(1970, 1, 1) + dated.start_date();
  if (dated.has_end_date()) out.last = athletics::Date(1970, 1, 1) + dated.end_date();
  return out;
}

AthleteDetails DetailsOf(const stored::v1::AthletePersonal& personal) {
  AthleteDetails details;
  details.city = personal.city();
  details.region = personal.region();
  details.other_names = {personal.other_names().begin(), personal.other_names().end()};
  for (const auto& dated : personal.nationalities()) details.nationalities.push_back(FromStored(dated));
  for (const auto& dated : personal.clubs()) details.clubs.push_back(FromStored(dated));
  for (const auto& id : personal.external_ids()) {
    details.external_ids.push_back({id.scheme(), id.value(), id.confidential()});
  }
  return details;
}

std::string ExternalIdKey(absl::string_view scheme, absl::string_view value) {
  return absl::StrCat(scheme, "\n", value);
}

}  // namespace

absl::Status Athletes::Apply(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
    case storage::EntryKind::kResultsAppended:
    case storage::EntryKind::kResultRevised:
    case storage::EntryKind::kResultMoved:
      return TakeRows(entry);
    case storage::EntryKind::kAthleteSet:
      return SetAthlete(entry);
    case storage::EntryKind::kLinkRejected:
      return MakeAthlete<stored::v1::LinkRejected>(entry);
    case storage::EntryKind::kAthleteSplit:
      return MakeAthlete<stored::v1::AthleteSplit>(entry);
    case storage::EntryKind::kAthletesMerged:
      return MergeAthletes(entry);
    case storage::EntryKind::kAthletesUnmerged:
      return UnmergeAthletes(entry);
    case storage::EntryKind::kPrivacySet:
      return SetHidden(entry);
    case storage::EntryKind::kAthleteErased:
      return Erase(entry);
    default:
      return absl::OkStatus();
  }
}

// Rows that made their athlete do so with the next free number, in their order.
absl::Status Athletes::TakeRows(const storage::Entry& entry) {
  for (size_t part = 0; part < entry.change.blocks.size(); ++part) {
    absl::StatusOr<results::FactsBlock> facts = results::FactsBlock::Parse(entry.change.blocks[part]);
    if (!facts.ok()) return storage::Damaged(entry, facts.status().message());
    storage::ColumnBlock personal;
    for (int64_t row = 0; row < facts->rows(); ++row) {
      const int64_t number = facts->athlete(row);
      if (number <= count()) continue;
      if (number != count() + 1) return storage::Damaged(entry, absl::StrCat("a row of nobody: athlete ", number));
      if (personal.rows() == 0) {
        if (part >= entry.change.personal.size()) return storage::Damaged(entry, "rows without personal data");
        absl::StatusOr<storage::ColumnBlock> parsed = storage::ColumnBlock::Parse(entry.change.personal[part]);
        if (!parsed.ok() || parsed->rows() != facts->rows())
          return storage::Damaged(entry, "personal data of other rows");
        personal = *std::move(parsed);
      }
      results::Result result;
      result.sex = facts->Facts(row).sex;
      result.country = std::string(facts->country(row));
      results::FillPersonal(personal, row, result);
      athletes_.push_back(FromRow(result, entry.position));
      names_->Add(number, result.name);
    }
  }
  return absl::OkStatus();
}

absl::Status Athletes::SetAthlete(const storage::Entry& entry) {
  stored::v1::Athlete body;
  stored::v1::AthletePersonal personal;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not an athlete");
  if (entry.change.personal.size() != 1 || !personal.ParseFromString(entry.change.personal[0])) {
    return storage::Damaged(entry, "an athlete without personal data");
  }
  const int64_t number = body.number();
  if (number < 1 || number > count() + 1)
    return storage::Damaged(entry, absl::StrCat("athlete ", number, " out of order"));
  const bool known = number <= count();
  if (!known) athletes_.emplace_back();
  Athlete& athlete = athletes_[static_cast<size_t>(number)];
  if (athlete.state == AthleteState::kErased) return storage::Damaged(entry, "a change of somebody who was erased");
  if (known) Unindex(number);
  if (AthleteDetails details = DetailsOf(personal); !details.empty()) {
    details_[number] = std::make_unique<const AthleteDetails>(std::move(details));
  } else if (known) {
    details_.erase(number);
  }
  SetNames(number, {personal.display_name(), personal.family_name(), personal.given_name()});
  Index(number);
  athlete.birth = athletics::UnpackPartialDate(personal.birth());
  athlete.sex = static_cast<athletics::Sex>(body.sex());
  athlete.country = body.country();
  athlete.position = entry.position;
  athlete.registered = athlete.registered || !known;
  if (!body.id().empty()) ids_.Set(number, body.id());
  return absl::OkStatus();
}

// Search finds who is shown by each of their names, and everybody by their ids elsewhere.
void Athletes::Index(int64_t number) {
  names_->Add(number, athlete(number).display_name);
  for (const AthleteDetails::ExternalId& id : details(number).external_ids) {
    number_of_external_id_[ExternalIdKey(id.scheme, id.value)] = number;
  }
  if (athlete(number).state != AthleteState::kActive) return;
  for (const std::string& name : details(number).other_names) names_->Add(number, name);
}

void Athletes::Unindex(int64_t number) {
  names_->Remove(number, athlete(number).display_name);
  for (const AthleteDetails::ExternalId& id : details(number).external_ids) {
    number_of_external_id_.erase(ExternalIdKey(id.scheme, id.value));
  }
  if (athlete(number).state != AthleteState::kActive) return;
  for (const std::string& name : details(number).other_names) names_->Remove(number, name);
}

void Athletes::SetNames(int64_t number, Names names) {
  Athlete& athlete = athletes_[static_cast<size_t>(number)];
  if (athlete.state == AthleteState::kHidden) {
    hidden_names_[number] = std::move(names);
    names = {};
  }
  athlete.display_name = std::move(names.display);
  athlete.family_name = std::move(names.family);
  athlete.given_name = std::move(names.given);
}

absl::Status Athletes::SetHidden(const storage::Entry& entry) {
  stored::v1::Privacy body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a privacy");
  const AthleteState wanted = body.hidden() ? AthleteState::kHidden : AthleteState::kActive;
  for (int64_t number : body.members()) {
    if (!Exists(number)) return storage::Damaged(entry, "the privacy of nobody");
    Athlete& athlete = athletes_[static_cast<size_t>(number)];
    if (athlete.state == AthleteState::kErased || athlete.state == wanted) continue;
    Names names = NamesOf(number);
    Unindex(number);
    hidden_names_.erase(number);
    athlete.state = wanted;
    SetNames(number, std::move(names));
    Index(number);
  }
  return absl::OkStatus();
}

// Made by a decision about whose a row is.
template <typename Body>
absl::Status Athletes::MakeAthlete(const storage::Entry& entry) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a decision about links");
  if (!body.has_made()) return absl::OkStatus();
  stored::v1::AthletePersonal personal;
  if (entry.change.personal.size() != 1 || !personal.ParseFromString(entry.change.personal[0])) {
    return storage::Damaged(entry, "an athlete without personal data");
  }
  const stored::v1::NewAthlete& made = body.made();
  if (made.number() != count() + 1)
    return storage::Damaged(entry, absl::StrCat("athlete ", made.number(), " out of order"));
  Athlete athlete;
  athlete.display_name = personal.display_name();
  athlete.family_name = personal.family_name();
  athlete.given_name = personal.given_name();
  athlete.birth = athletics::UnpackPartialDate(personal.birth());
  athlete.sex = static_cast<athletics::Sex>(made.sex());
  athlete.country = made.country();
  athlete.position = entry.position;
  athletes_.push_back(std::move(athlete));
  names_->Add(made.number(), personal.display_name());
  if (!made.id().empty()) ids_.Set(made.number(), made.id());
  return absl::OkStatus();
}

// An id that somebody chose may tell who it was, so it is not shown any more.
absl::Status Athletes::Erase(const storage::Entry& entry) {
  stored::v1::AthleteErased body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not an erasure");
  erased_at_ = entry.position;
  for (int64_t number : body.members()) {
    if (!Exists(number)) return storage::Damaged(entry, "an erasure of nobody");
    Unindex(number);
    details_.erase(number);
    hidden_names_.erase(number);
    ids_.Remove(number);
    Athlete& athlete = athletes_[static_cast<size_t>(number)];
    athlete.state = AthleteState::kErased;
    SetNames(number, {});
    athlete.birth = {};
    athlete.position = entry.position;
  }
  return absl::OkStatus();
}

const AthleteDetails& Athletes::details(int64_t number) const {
  static const auto* const kNone = new AthleteDetails;
  const auto found = details_.find(number);
  return found == details_.end() ? *kNone : *found->second;
}

Names Athletes::NamesOf(int64_t number) const {
  const auto hidden = hidden_names_.find(number);
  if (hidden != hidden_names_.end()) return hidden->second;
  const Athlete& shown = athlete(number);
  return {shown.display_name, shown.family_name, shown.given_name};
}

int64_t Athletes::FindExternalId(absl::string_view scheme, absl::string_view value) const {
  const auto found = number_of_external_id_.find(ExternalIdKey(scheme, value));
  return found == number_of_external_id_.end() ? 0 : found->second;
}

absl::Status Athletes::MergeAthletes(const storage::Entry& entry) {
  stored::v1::AthletesMerged body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a merge");
  if (!Exists(body.from()) || !Exists(body.into()) || Resolve(body.into()) == body.from() ||
      redirects_.contains(body.from())) {
    return storage::Damaged(entry, absl::StrCat("a merge of ", body.from(), " into ", body.into()));
  }
  merged_at_ = entry.position;
  redirects_[body.from()] = body.into();
  merged_into_[body.into()].push_back(body.from());
  const std::string id = body.id().empty() ? absl::StrCat(entry.position) : body.id();
  merge_of_id_[id] = entry.position;
  merges_[entry.position] = {
      entry.position, id, body.from(), body.into(), body.reason(), entry.actor, entry.time_us, 0, 0};
  return absl::OkStatus();
}

absl::Status Athletes::UnmergeAthletes(const storage::Entry& entry) {
  stored::v1::AthletesUnmerged body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not an unmerge");
  const auto found = merges_.find(body.merge_position());
  if (found == merges_.end() || found->second.undone != 0) return storage::Damaged(entry, "an unmerge of no merge");
  Merge& merge = found->second;
  merged_at_ = merge.undone = entry.position;
  merge.undone_time_us = entry.time_us;
  redirects_.erase(merge.from);
  std::vector<int64_t>& members = merged_into_[merge.into];
  members.erase(std::remove(members.begin(), members.end(), merge.from), members.end());
  if (members.empty()) merged_into_.erase(merge.into);
  return absl::OkStatus();
}

const Merge* Athletes::FindMerge(absl::string_view name) const {
  absl::ConsumePrefix(&name, "merges/");
  const auto found = merge_of_id_.find(name);
  return found == merge_of_id_.end() ? nullptr : &merges_.at(found->second);
}

int64_t Athletes::Resolve(int64_t number) const {
  if (redirects_.empty()) return number;
  for (auto found = redirects_.find(number); found != redirects_.end(); found = redirects_.find(number)) {
    number = found->second;
  }
  return number;
}

std::vector<int64_t> Athletes::Members(int64_t number) const {
  std::vector<int64_t> members = {number};
  for (size_t i = 0; i < members.size(); ++i) {
    const auto found = merged_into_.find(members[i]);
    if (found != merged_into_.end()) members.insert(members.end(), found->second.begin(), found->second.end());
  }
  std::sort(members.begin(), members.end());
  return members;
}

std::string Athletes::Name(int64_t number) const {
  const absl::string_view id = ids_.Of(number);
  return id.empty() ? absl::StrCat("athletes/", number) : absl::StrCat("athletes/", id);
}

int64_t Athletes::Find(absl::string_view name) const {
  absl::ConsumePrefix(&name, "athletes/");
  int64_t number = ids_.Find(name);
  if (number != 0) return number;
  if (name.empty() || name[0] < '1' || name[0] > '9' || !absl::SimpleAtoi(name, &number)) return 0;
  return Exists(number) && ids_.Of(number).empty() ? number : 0;
}

int64_t Athletes::memory_bytes() const {
  auto bytes = static_cast<int64_t>(athletes_.capacity() * sizeof(Athlete) + names_->MemoryBytes());
  bytes += ids_.memory_bytes() + static_cast<int64_t>(details_.size() * (sizeof(AthleteDetails) + 32));
  for (const Athlete& athlete : athletes_) {
    if (athlete.display_name.capacity() > 15) bytes += static_cast<int64_t>(athlete.display_name.capacity());
  }
  return bytes;
}

}  // namespace palmares::identity
