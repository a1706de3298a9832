// What a grant lets its holder do for an athlete.
#ifndef PALMARES_SERVICES_ACCESS_RIGHTS_H_
#define PALMARES_SERVICES_ACCESS_RIGHTS_H_

#include <cstdint>
#include <initializer_list>

namespace palmares::access {

// The numbers are on disk and the API's: never change or reuse one.
enum class Right : uint8_t {
  kNone = 0,
  kReadHistory = 1,
  kReadGoals = 2,
  kWriteGoals = 3,
  kReadProfile = 4,
  kWriteProfile = 5,
  kReadBirthDate = 6,
  kMakePortfolios = 7,
  kClaimResults = 8,
  kManagePrivacy = 9,
};

// A set of rights.
class Rights {
 public:
  Rights() = default;
  Rights(std::initializer_list<Right> rights) {  // NOLINT(google-explicit-constructor): a set is written as its members
    for (const Right right : rights) Add(right);
  }
  static Rights All() {
    Rights all;
    for (int right = 1; right <= static_cast<int>(Right::kManagePrivacy); ++right) all.Add(static_cast<Right>(right));
    return all;
  }

  void Add(Right right) { bits_ |= 1U << static_cast<unsigned>(right); }
  bool Has(Right right) const { return (bits_ >> static_cast<unsigned>(right) & 1U) != 0; }
  bool empty() const { return bits_ == 0; }
  uint32_t bits() const { return bits_; }  // bit n: the right of that number

 private:
  uint32_t bits_ = 0;
};

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_RIGHTS_H_
