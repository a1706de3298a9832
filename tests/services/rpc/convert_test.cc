#include "services/rpc/convert.h"

#include <gtest/gtest.h>

namespace palmares::rpc {
namespace {

const athletics::Discipline& Discipline(const char* code) { return **athletics::FindDiscipline(code); }

TEST(ConvertTest, AGapSaysItsUnitWhereItsFormDoesNot) {
  EXPECT_EQ(ToGap(1000, Discipline("marathon")).text(), "+1 s");
  EXPECT_EQ(ToGap(-120, Discipline("100m")).text(), "-0.12 s");
  EXPECT_EQ(ToGap(-274'000, Discipline("marathon")).text(), "-4:34");
  EXPECT_EQ(ToGap(0, Discipline("marathon")).text(), "+0 s");
  EXPECT_EQ(ToGap(120, Discipline("long-jump")).text(), "+0.12 m");
  EXPECT_EQ(ToGap(-1, Discipline("decathlon")).text(), "-1 point");
  EXPECT_EQ(PointsText(12), "+12 points");
}

}  // namespace
}  // namespace palmares::rpc
