#include "services/results/link_changes.h"

#include "absl/strings/str_cat.h"
#include "storage/stored_identity.pb.h"

namespace palmares::results {
namespace {

LinkChange FromStored(const stored::v1::LinkChange& stored) {
  return {stored.race(), stored.number(), stored.base(), {stored.athlete(), static_cast<LinkKind>(stored.kind())}};
}

template <typename Body, typename Take>
absl::StatusOr<std::vector<LinkChange>> Read(const storage::Entry& entry, Take take) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) {
    return absl::DataLossError(absl::StrCat("entry ", entry.position, ": not a decision about links"));
  }
  std::vector<LinkChange> changes;
  take(body, changes);
  return changes;
}

template <typename Body>
void TakeAll(const Body& body, std::vector<LinkChange>& changes) {
  for (const stored::v1::LinkChange& change : body.changes()) changes.push_back(FromStored(change));
}

template <typename Body>
void TakeOne(const Body& body, std::vector<LinkChange>& changes) {
  if (body.has_change()) changes.push_back(FromStored(body.change()));
}

}  // namespace

bool DecidesLinks(storage::EntryKind kind) {
  switch (kind) {
    case storage::EntryKind::kLinkConfirmed:
    case storage::EntryKind::kLinkRejected:
    case storage::EntryKind::kResultsClaimed:
    case storage::EntryKind::kAthleteSplit:
    case storage::EntryKind::kSplitUndone:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<std::vector<LinkChange>> LinkChangesOf(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case storage::EntryKind::kLinkConfirmed:
      return Read<stored::v1::LinkConfirmed>(entry, TakeOne<stored::v1::LinkConfirmed>);
    case storage::EntryKind::kLinkRejected:
      return Read<stored::v1::LinkRejected>(entry, TakeOne<stored::v1::LinkRejected>);
    case storage::EntryKind::kResultsClaimed:
      return Read<stored::v1::ResultsClaimed>(entry, TakeAll<stored::v1::ResultsClaimed>);
    case storage::EntryKind::kAthleteSplit:
      return Read<stored::v1::AthleteSplit>(entry, TakeAll<stored::v1::AthleteSplit>);
    case storage::EntryKind::kSplitUndone:
      return Read<stored::v1::SplitUndone>(entry, TakeAll<stored::v1::SplitUndone>);
    default:
      return std::vector<LinkChange>();
  }
}

}  // namespace palmares::results
