#include "services/identity/athletes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "storage/stored.pb.h"

namespace palmares::identity {
namespace {

absl::Status Damaged(const storage::Entry& entry, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("entry ", entry.position, ": ", what));
}

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

}  // namespace

absl::Status Athletes::Apply(const storage::Entry& entry, absl::Span<const results::FactsBlock> rows) {
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
    case storage::EntryKind::kResultsAppended:
    case storage::EntryKind::kResultRevised:
    case storage::EntryKind::kAthletesCreated:
      return TakeRows(entry, rows);
    case storage::EntryKind::kAthleteSet:
      return SetAthlete(entry);
    case storage::EntryKind::kAthletesMerged:
      return MergeAthletes(entry);
    case storage::EntryKind::kAthletesUnmerged:
      return UnmergeAthletes(entry);
    default:
      return absl::OkStatus();
  }
}

// Rows that made their athlete do so with the next free number, in their order.
absl::Status Athletes::TakeRows(const storage::Entry& entry, absl::Span<const results::FactsBlock> rows) {
  const bool created = entry.change.kind == storage::EntryKind::kAthletesCreated;
  for (size_t part = 0; part < rows.size(); ++part) {
    const results::FactsBlock& facts = rows[part];
    const storage::PackedIntegers numbers = facts.athletes();
    storage::ColumnBlock personal;
    for (int64_t row = 0; row < facts.rows(); ++row) {
      const int64_t number = numbers[row];
      if (number <= count() && !created) continue;
      if (number != count() + 1) return Damaged(entry, absl::StrCat("a row of nobody: athlete ", number));
      if (personal.rows() == 0) {
        absl::StatusOr<storage::ColumnBlock> read = PersonalOf(entry, part);
        if (!read.ok()) return read.status();
        if (read->rows() != facts.rows()) return Damaged(entry, "personal data of other rows");
        personal = *std::move(read);
      }
      results::Result result;
      result.sex = facts.sex(row);
      result.country = std::string(facts.country(row));
      results::FillPersonal(personal, row, result);
      Athlete athlete = FromRow(result, entry.position);
      athlete.registered = created;
      if (created) athlete.id = std::string(facts.bib(row));
      Set(number, athlete);
    }
  }
  return absl::OkStatus();
}

// Entries that are read again come without it: it is read for those alone who need it.
absl::StatusOr<storage::ColumnBlock> Athletes::PersonalOf(const storage::Entry& entry, size_t part) const {
  if (part < entry.change.personal.size()) return storage::ColumnBlock::Parse(entry.change.personal[part]);
  absl::StatusOr<std::string> bytes = ledger_.ReadPersonal(entry.position, static_cast<int64_t>(part));
  if (!bytes.ok()) return bytes.status();
  return storage::ColumnBlock::Parse(*std::move(bytes));
}

absl::Status Athletes::SetAthlete(const storage::Entry& entry) {
  stored::v1::Athlete body;
  stored::v1::AthletePersonal personal;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not an athlete");
  absl::StatusOr<std::string> bytes =
      entry.change.personal.size() == 1 ? entry.change.personal[0] : ledger_.ReadPersonal(entry.position, 0);
  if (!bytes.ok()) return bytes.status();
  if (!personal.ParseFromString(*bytes)) return Damaged(entry, "an athlete without personal data");
  const int64_t number = body.number();
  if (number < 1 || number > count() + 1) return Damaged(entry, absl::StrCat("athlete ", number, " out of order"));
  Athlete athlete;
  athlete.display_name = personal.display_name();
  athlete.family_name = personal.family_name();
  athlete.given_name = personal.given_name();
  athlete.birth = athletics::UnpackPartialDate(personal.birth());
  athlete.sex = static_cast<athletics::Sex>(body.sex());
  athlete.country = body.country();
  athlete.position = entry.position;
  athlete.registered = true;
  athlete.id = body.id();
  if (athlete.id.empty() && Exists(number)) athlete.id = std::string(athletes_.id(number));
  Set(number, athlete);
  return absl::OkStatus();
}

void Athletes::Set(int64_t number, const Athlete& athlete) {
  absl::MutexLock lock(&index_mutex_);
  const bool indexed = number <= indexed_;
  if (indexed) names_.Remove(number, athletes_.display_name(number));
  athletes_.Set(number, athlete);
  if (indexed) names_.Add(number, athlete.display_name);
}

bool Athletes::IndexNames(int64_t most) const {
  absl::MutexLock lock(&index_mutex_);
  for (; indexed_ < count() && most > 0; --most) {
    ++indexed_;
    names_.Add(indexed_, athletes_.display_name(indexed_));
  }
  return indexed_ == count();
}

const NameIndex& Athletes::Names() const {
  IndexNames(count());
  absl::MutexLock lock(&index_mutex_);
  return names_;  // whole: it changes with the next entry only
}

absl::Status Athletes::MergeAthletes(const storage::Entry& entry) {
  stored::v1::AthletesMerged body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not a merge");
  if (!Exists(body.from()) || !Exists(body.into()) || Resolve(body.into()) == body.from() ||
      redirects_.contains(body.from())) {
    return Damaged(entry, absl::StrCat("a merge of ", body.from(), " into ", body.into()));
  }
  redirects_[body.from()] = body.into();
  merged_into_[body.into()].push_back(body.from());
  merges_[entry.position] = {entry.position, body.from(),   body.into(), body.reason(),
                             entry.actor,    entry.time_us, false};
  return absl::OkStatus();
}

absl::Status Athletes::UnmergeAthletes(const storage::Entry& entry) {
  stored::v1::AthletesUnmerged body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not an unmerge");
  const auto found = merges_.find(body.merge_position());
  if (found == merges_.end() || found->second.undone) return Damaged(entry, "an unmerge of no merge");
  Merge& merge = found->second;
  merge.undone = true;
  redirects_.erase(merge.from);
  std::vector<int64_t>& members = merged_into_[merge.into];
  members.erase(std::remove(members.begin(), members.end(), merge.from), members.end());
  if (members.empty()) merged_into_.erase(merge.into);
  return absl::OkStatus();
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
  const absl::string_view id = Exists(number) ? athletes_.id(number) : absl::string_view();
  return id.empty() ? absl::StrCat("athletes/", number) : absl::StrCat("athletes/", id);
}

int64_t Athletes::Find(absl::string_view name) const {
  absl::ConsumePrefix(&name, "athletes/");
  int64_t number = 0;
  if (name.empty()) return 0;
  if (name.find_first_not_of("0123456789") != absl::string_view::npos) return athletes_.FindId(name);
  if (name[0] == '0' || !absl::SimpleAtoi(name, &number)) return 0;
  return Exists(number) && athletes_.id(number).empty() ? number : 0;
}

int64_t Athletes::memory_bytes() const {
  absl::MutexLock lock(&index_mutex_);
  return athletes_.memory_bytes() + static_cast<int64_t>(names_.MemoryBytes());
}

}  // namespace palmares::identity
