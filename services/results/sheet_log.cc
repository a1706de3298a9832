#include "services/results/sheet_log.h"

#include <algorithm>
#include <set>
#include <utility>

namespace palmares::results {

using storage::EntryKind;

void SheetLog::Add(int64_t position, EntryKind kind, std::optional<Undone> undone) {
  const bool continues = kind == EntryKind::kResultsAppended && !items_.empty() && items_.back().kind() == kind;
  if (!continues) ++revision_count_;
  items_.emplace_back(position, kind);
  if (undone.has_value()) undoing_.push_back({position, *undone});
}

std::vector<SheetLog::Revision> SheetLog::Revisions() const {
  std::vector<Revision> revisions;
  auto undoing = undoing_.begin();
  for (const Item& item : items_) {
    const bool continues =
        item.kind() == EntryKind::kResultsAppended && !revisions.empty() && revisions.back().kind == item.kind();
    if (continues) {
      revisions.back().last = item.position();
      continue;
    }
    revisions.push_back({item.position(), item.position(), item.kind(), std::nullopt});
    if (undoing != undoing_.end() && undoing->position == item.position())
      revisions.back().undone = (undoing++)->undone;
  }
  return revisions;
}

int32_t SheetLog::NumberAt(const std::vector<Revision>& revisions, int64_t position) {
  const auto after = std::upper_bound(revisions.begin(), revisions.end(), position,
                                      [](int64_t wanted, const Revision& revision) { return wanted < revision.first; });
  if (after == revisions.begin() || std::prev(after)->last < position) return 0;
  return static_cast<int32_t>(after - revisions.begin());
}

std::vector<SheetLog::Standing> SheetLog::At(int64_t position) const {
  // From the newest back: an undoing that stands takes out what it undoes, which may be another undoing.
  std::vector<Undone> taken_out;
  const auto is_out = [&taken_out](int64_t at) {
    return std::any_of(taken_out.begin(), taken_out.end(),
                       [at](const Undone& undone) { return at >= undone.first && at <= undone.last; });
  };
  std::set<int64_t> undoing;
  for (auto it = undoing_.rbegin(); it != undoing_.rend(); ++it) {
    if (it->position > position) continue;
    undoing.insert(it->position);
    if (!is_out(it->position)) taken_out.push_back(it->undone);
  }
  std::vector<Standing> standing;
  for (const Item& item : items_) {
    if (item.position() > position) break;
    if (!undoing.contains(item.position())) standing.push_back({item.position(), !is_out(item.position())});
  }
  return standing;
}

absl::StatusOr<RaceSheet*> SheetBuilder::At(int64_t position) {
  const std::vector<SheetLog::Standing> wanted = log_.At(position);
  const bool goes_on = applied_.size() <= wanted.size() && std::equal(applied_.begin(), applied_.end(), wanted.begin());
  if (!goes_on) {
    applied_.clear();
    sheet_ = RaceSheet();
  }
  for (size_t i = applied_.size(); i < wanted.size(); ++i) {
    const SheetLog::Standing& item = wanted[i];
    absl::Status status =
        ledger_.Read(item.position, item.position, [this, &item](const storage::Entry& entry) -> absl::Status {
          return item.stands ? ApplyToSheet(entry, race_, sheet_) : ReserveNumbers(entry, race_, sheet_);
        });
    if (!status.ok()) return status;
  }
  applied_ = wanted;
  return &sheet_;
}

}  // namespace palmares::results
