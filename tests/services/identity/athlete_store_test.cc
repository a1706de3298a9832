#include "services/identity/athlete_store.h"

#include <string>
#include <vector>

#include "tests/testing.h"

namespace palmares::identity {
namespace {

using ::palmares::testing::Random;

Athlete Somebody(Random& random, int64_t number) {
  Athlete athlete;
  athlete.display_name = absl::StrCat("Name ", number, std::string(static_cast<size_t>(random.Below(40)), 'x'));
  if (random.Below(3) == 0) athlete.family_name = absl::StrCat("Family ", number);
  if (random.Below(3) == 0) athlete.given_name = "Given";
  if (random.Below(2) == 0) athlete.id = absl::StrCat("id-", number, "-", random.Below(1000));
  athlete.country = random.Below(4) == 0 ? "" : random.Below(2) == 0 ? "KEN" : "NED";
  athlete.sex = static_cast<athletics::Sex>(random.Below(4));
  athlete.birth = {static_cast<int16_t>(1900 + random.Below(120)), 2, 29};
  athlete.position = random.Below(int64_t{1} << 39);
  athlete.registered = random.Below(2) == 0;
  return athlete;
}

void ExpectSame(const Athlete& a, const Athlete& b) {
  EXPECT_EQ(a.display_name, b.display_name);
  EXPECT_EQ(a.family_name, b.family_name);
  EXPECT_EQ(a.given_name, b.given_name);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.country, b.country);
  EXPECT_EQ(a.sex, b.sex);
  EXPECT_EQ(athletics::PackPartialDate(a.birth), athletics::PackPartialDate(b.birth));
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(a.registered, b.registered);
}

TEST(AthleteStoreTest, WhatWasSetLastIsWhatComesBackAndIsFoundByItsId) {
  Random random(3);
  AthleteStore store;
  std::vector<Athlete> model(1);
  for (int64_t step = 0; step < 3000; ++step) {
    const bool known = model.size() > 1 && random.Below(4) == 0;
    const int64_t number = known ? 1 + random.Below(store.count()) : store.count() + 1;
    const Athlete athlete = Somebody(random, number);
    store.Set(number, athlete);
    if (!known) model.emplace_back();
    if (known && !model[static_cast<size_t>(number)].id.empty()) {
      EXPECT_NE(store.FindId(model[static_cast<size_t>(number)].id) == number,
                model[static_cast<size_t>(number)].id != athlete.id)
          << "an id that was replaced finds nobody";
    }
    model[static_cast<size_t>(number)] = athlete;
  }
  for (size_t number = 1; number < model.size(); ++number) {
    ExpectSame(store.Get(static_cast<int64_t>(number)), model[number]);
    if (model[number].id.empty()) continue;
    EXPECT_EQ(store.FindId(model[number].id), static_cast<int64_t>(number));
  }
  EXPECT_EQ(store.FindId("nobody"), 0);
}

TEST(AthleteStoreTest, ATextLongerThanAChunkIsKeptToo) {
  AthleteStore store;
  Athlete athlete;
  athlete.display_name = std::string(3 << 20, 'n');
  store.Set(1, athlete);
  athlete.display_name = "short";
  store.Set(2, athlete);
  EXPECT_EQ(store.display_name(1).size(), size_t{3} << 20);
  EXPECT_EQ(store.display_name(2), "short");
}

TEST(AthleteStoreTest, AMillionNamesTakeFewBytes) {
  AthleteStore store;
  constexpr int64_t kAthletes = 200'000;
  for (int64_t number = 1; number <= kAthletes; ++number) {
    Athlete athlete;
    athlete.display_name = absl::StrCat("Runner ", number);
    athlete.country = "KEN";
    store.Set(number, athlete);
  }
  EXPECT_LT(store.memory_bytes(), kAthletes * 42);
}

}  // namespace
}  // namespace palmares::identity
