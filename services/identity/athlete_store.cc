#include "services/identity/athlete_store.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "absl/hash/hash.h"
#include "storage/coding.h"

namespace palmares::identity {
namespace {

// A place in the chunks is 12 bits of chunk number above 20 bits of offset, so that four bytes reach four thousand
// million.
constexpr int kOffsetBits = 20;
constexpr size_t kChunkSize = size_t{1} << kOffsetBits;

}  // namespace

AthleteStore::AthleteStore() : ids_(0, IdHash{this}, IdEqual{this}) {}

size_t AthleteStore::IdHash::operator()(absl::string_view id) const { return absl::HashOf(id); }

uint32_t AthleteStore::AddTexts(const Athlete& athlete) {
  std::string texts;
  for (const std::string* text : {&athlete.display_name, &athlete.family_name, &athlete.given_name, &athlete.id}) {
    storage::PutBytes(texts, *text);
  }
  if (chunks_.empty() || used_ + texts.size() > last_size_) {
    last_size_ = std::max(kChunkSize, texts.size());  // one that is longer than a chunk has one of its own
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(last_size_));
    used_ = 0;
    text_bytes_ += static_cast<int64_t>(last_size_);
  }
  assert(chunks_.size() <= (size_t{1} << (32 - kOffsetBits)));
  std::memcpy(chunks_.back().get() + used_, texts.data(), texts.size());
  const auto at = static_cast<uint32_t>((chunks_.size() - 1) << kOffsetBits | used_);
  used_ += texts.size();
  return at;
}

AthleteStore::Texts AthleteStore::TextsOf(int64_t number) const {
  Texts texts;
  if (number == 0) return texts;
  const uint32_t at = records_[static_cast<size_t>(number)].texts;
  const char* begin = chunks_[at >> kOffsetBits].get() + (at & (kChunkSize - 1));
  for (absl::string_view* text : {&texts.display_name, &texts.family_name, &texts.given_name, &texts.id}) {
    absl::string_view in(begin, 10);  // as long as the longest varint; what is read of it was written here
    uint64_t size = 0;
    storage::TakeVarint(in, size);
    *text = absl::string_view(in.data(), size);
    begin = in.data() + size;
  }
  return texts;
}

Athlete AthleteStore::Get(int64_t number) const {
  const Record& record = records_[static_cast<size_t>(number)];
  const Texts texts = TextsOf(number);
  Athlete athlete;
  athlete.display_name = std::string(texts.display_name);
  athlete.family_name = std::string(texts.family_name);
  athlete.given_name = std::string(texts.given_name);
  athlete.id = std::string(texts.id);
  athlete.country = countries_[record.country];
  athlete.sex = static_cast<athletics::Sex>(record.sex);
  athlete.birth = athletics::UnpackPartialDate(record.birth);
  athlete.position = static_cast<int64_t>(record.position);
  athlete.registered = record.registered != 0;
  return athlete;
}

void AthleteStore::Set(int64_t number, const Athlete& athlete) {
  assert(number >= 1 && number <= count() + 1);
  if (number <= count()) {
    ids_.erase(static_cast<uint32_t>(number));
  } else {
    if (records_.size() == records_.capacity()) records_.reserve(records_.size() * 9 / 8 + 16);
    records_.emplace_back();
  }
  Record& record = records_[static_cast<size_t>(number)];
  record.texts = AddTexts(athlete);
  const auto [country, added] =
      country_numbers_.try_emplace(athlete.country, static_cast<uint16_t>(countries_.size() & 0xFFFF));
  if (added && !athlete.country.empty()) countries_.push_back(athlete.country);
  record.country = athlete.country.empty() ? 0 : country->second;
  record.sex = static_cast<uint64_t>(athlete.sex) & 15;
  record.registered = athlete.registered ? 1 : 0;
  record.birth = athletics::PackPartialDate(athlete.birth);
  record.position = static_cast<uint64_t>(athlete.position) & ((uint64_t{1} << 40) - 1);
  if (!athlete.id.empty()) ids_.insert(static_cast<uint32_t>(number));
}

int64_t AthleteStore::FindId(absl::string_view id) const {
  const auto found = ids_.find(id);
  return found == ids_.end() ? 0 : *found;
}

int64_t AthleteStore::memory_bytes() const {
  return static_cast<int64_t>(records_.capacity() * sizeof(Record) + ids_.capacity() * (sizeof(uint32_t) + 1)) +
         text_bytes_;
}

}  // namespace palmares::identity
