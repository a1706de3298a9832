// Athletes in few bytes: sixteen each, and their texts one after the other.
//
// What an athlete is called is kept in memory, as every list shows it: about as many bytes as the name has letters. A
// text that was changed stays unused where it was until the next start.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETE_STORE_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"

namespace palmares::identity {

struct Athlete {
  std::string display_name;
  std::string family_name;  // where a source tells them apart
  std::string given_name;
  std::string country;
  std::string id;  // given when they were created; empty: the number
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::PartialDate birth;
  int64_t position = 0;     // of the entry that made or last changed them
  bool registered = false;  // made by themselves, not through a row of a sheet
};

// By number, 1, 2, 3 …; 0 is nobody.
class AthleteStore {
 public:
  AthleteStore();
  AthleteStore(const AthleteStore&) = delete;
  AthleteStore& operator=(const AthleteStore&) = delete;

  int64_t count() const { return static_cast<int64_t>(records_.size()) - 1; }
  Athlete Get(int64_t number) const;
  // Valid until the athlete changes.
  absl::string_view display_name(int64_t number) const { return TextsOf(number).display_name; }
  absl::string_view id(int64_t number) const { return TextsOf(number).id; }
  bool registered(int64_t number) const { return records_[static_cast<size_t>(number)].registered != 0; }

  // Replaces the athlete, or adds the next one.
  void Set(int64_t number, const Athlete& athlete);

  // The athlete with this id; 0 if there is none.
  int64_t FindId(absl::string_view id) const;

  int64_t memory_bytes() const;

 private:
  struct Record {
    uint64_t position : 40 = 0;
    uint64_t country : 16 = 0;  // in countries_
    uint64_t sex : 4 = 0;
    uint64_t registered : 1 = 0;
    int32_t birth = 0;   // packed
    uint32_t texts = 0;  // chunk and offset
  };
  struct Texts {
    absl::string_view display_name, family_name, given_name, id;
  };
  struct IdHash {
    using is_transparent = void;
    const AthleteStore* store;
    size_t operator()(uint32_t number) const { return (*this)(store->id(number)); }
    size_t operator()(absl::string_view id) const;
  };
  struct IdEqual {
    using is_transparent = void;
    const AthleteStore* store;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t a, absl::string_view b) const { return store->id(a) == b; }
    bool operator()(absl::string_view a, uint32_t b) const { return store->id(b) == a; }
  };
  Texts TextsOf(int64_t number) const;
  uint32_t AddTexts(const Athlete& athlete);

  std::vector<Record> records_ = std::vector<Record>(1);
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t used_ = 0;         // of the last chunk
  size_t last_size_ = 0;    // of the last chunk
  int64_t text_bytes_ = 0;  // of all chunks
  std::vector<std::string> countries_ = std::vector<std::string>(1);
  absl::flat_hash_map<std::string, uint16_t> country_numbers_;
  absl::flat_hash_set<uint32_t, IdHash, IdEqual> ids_;  // numbers of those who have an id
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETE_STORE_H_
