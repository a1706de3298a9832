#include "tests/services/qualification/samples.h"

#include <gtest/gtest.h>

#include <map>

#include "services/athletics/mark.h"
#include "services/qualification/catalogue.h"
#include "services/qualification/rule_file.h"

namespace palmares::qualification {

Standard MustParse(absl::string_view toml) {
  absl::StatusOr<Standard> standard = ParseStandard(toml, "test.toml");
  EXPECT_TRUE(standard.ok()) << standard.status().message();
  return standard.ok() ? *std::move(standard) : Standard();
}

const Standard& FromCatalogue(absl::string_view id) {
  static const auto* const all = [] {
    auto* standards = new std::map<std::string, Standard>;
    for (const EmbeddedStandard& file : Catalogue()) {
      absl::StatusOr<Standard> standard = ParseStandard(file.text, file.file_name);
      EXPECT_TRUE(standard.ok()) << standard.status().message();
      if (standard.ok()) standards->emplace(standard->id, *standard);
    }
    return standards;
  }();
  const auto found = all->find(std::string(id));
  if (found == all->end()) {
    ADD_FAILURE() << "the catalogue has no " << id;
    static const auto* const kNone = new Standard;
    return *kNone;
  }
  return found->second;
}

const athletics::Discipline& Discipline(absl::string_view code) { return **athletics::FindDiscipline(code); }

int64_t Time(absl::string_view text) { return athletics::ParseTime(text)->milliseconds; }

athletics::Date Day(absl::string_view text) { return *athletics::ParseDate(text); }

Performance Marathon(absl::string_view chip_time, absl::string_view day) {
  Performance performance;
  performance.result = "r";
  performance.race = "events/city/editions/1/races/open";
  performance.race_name = "City Marathon";
  performance.discipline = &Discipline("marathon");
  performance.date = Day(day);
  performance.chip_mark = Time(chip_time);
  performance.course.certified = true;
  performance.course.net_drop_mm = 0;
  performance.course.separation_permille = 0;
  return performance;
}

Athlete Born(absl::string_view birth, athletics::Sex sex) {
  Athlete athlete;
  athlete.sex = sex;
  athlete.birth = *athletics::ParsePartialDate(birth);
  return athlete;
}

}  // namespace palmares::qualification
