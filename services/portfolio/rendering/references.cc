#include "services/portfolio/rendering/references.h"

namespace palmares::portfolio {

References::References(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& entries) : entries_(entries) {
  for (int i = 0; i < entries.size(); ++i) numbers_.try_emplace(entries[i].result(), i + 1);
}

int References::Number(absl::string_view result) {
  const int next = first_other() + static_cast<int>(others_.size());
  const auto [found, added] = numbers_.try_emplace(std::string(result), next);
  if (added) others_.emplace_back(result);
  return found->second;
}

const v1::HistoryEntry* References::Find(absl::string_view result) const {
  const auto found = numbers_.find(result);
  return found != numbers_.end() && found->second < first_other() ? &entries_[found->second - 1] : nullptr;
}

}  // namespace palmares::portfolio
