#include "services/identity/athlete_ids.h"

namespace palmares::identity {
void AthleteIds::Set(int64_t number, absl::string_view id) {
  if (Of(number) == id) return;
  Remove(number);
  const auto at = static_cast<size_t>(number);
  if (at >= text_of_number_.size()) text_of_number_.resize(at + 1, TextPool::kNone);
  const uint32_t text = texts_->Use(id);
  text_of_number_[at] = text;
  if (text >= number_of_text_.size()) number_of_text_.resize(text + 1, 0);
  number_of_text_[text] = number;
}

void AthleteIds::Remove(int64_t number) {
  const auto at = static_cast<size_t>(number);
  if (at >= text_of_number_.size() || text_of_number_[at] == TextPool::kNone) return;
  number_of_text_[text_of_number_[at]] = 0;
  texts_->Release(text_of_number_[at]);
  text_of_number_[at] = TextPool::kNone;
}

absl::string_view AthleteIds::Of(int64_t number) const {
  const auto at = static_cast<size_t>(number);
  if (at >= text_of_number_.size() || text_of_number_[at] == TextPool::kNone) return {};
  return texts_->Text(text_of_number_[at]);
}

int64_t AthleteIds::Find(absl::string_view id) const {
  const uint32_t text = texts_->Find(id);
  // Two ids that begin with the same 250 bytes are one text to the pool; ids are shorter.
  return text == TextPool::kNone ? 0 : number_of_text_[text];
}

int64_t AthleteIds::memory_bytes() const {
  return static_cast<int64_t>(texts_->MemoryBytes() + text_of_number_.capacity() * sizeof(uint32_t) +
                              number_of_text_.capacity() * sizeof(int64_t));
}

}  // namespace palmares::identity
