#include "services/athletics/country.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace palmares::athletics {
namespace {

TEST(CountryTest, CodesAndNamesOfManyKindsFindTheCountry) {
  const std::pair<const char*, const char*> cases[] = {
      {"KEN", "KEN"},
      {"ken", "KEN"},
      {"KE", "KEN"},
      {"Kenya", "KEN"},
      {"Kenia", "KEN"},
      {"DEU", "GER"},
      {"GER", "GER"},
      {"Deutschland", "GER"},
      {"Allemagne", "GER"},
      {"Alemania", "GER"},
      {"CHE", "SUI"},
      {"Suisse", "SUI"},
      {"NLD", "NED"},
      {"Pays-Bas", "NED"},
      {"ZAF", "RSA"},
      {"GB", "GBR"},
      {"UK", "GBR"},
      {"Royaume-Uni", "GBR"},
      {"LIB", "LBN"},
      {"LBN", "LBN"},
      {"SIN", "SGP"},
      {"MGO", "MNE"},
      {"TWN", "TPE"},
      {"ROM", "ROU"},
      {"TRI", "TTO"},
      {"URS", "URS"},
      {"GDR", "GDR"},
      {"DDR", "GDR"},
      {"FRG", "FRG"},
      {"TCH", "TCH"},
      {"YUG", "YUG"},
      {"SCG", "SCG"},
      {"AHO", "AHO"},
      {"Hong Kong, Chine", "HKG"},
      {"Etats-Unis", "USA"},
      {"États-Unis", "USA"},
      {"Österreich", "AUT"},
      {"Czech Republic", "CZE"},
      {"Türkiye", "TUR"},
      {"Turkey", "TUR"},
      {"Côte d’Ivoire", "CIV"},
      {"U.S.A.", "USA"},
      {"日本", "JPN"},
      {"KOS", "KOS"},
      {"ANA", "ANA"},
  };
  for (const auto& [text, code] : cases) {
    const auto country = FindCountry(text);
    ASSERT_TRUE(country.has_value()) << text;
    EXPECT_EQ(country->code, code) << text;
  }
}

TEST(CountryTest, ACodeMeansTheWorldAthleticsCountryFirst) {
  EXPECT_EQ(FindCountry("BRN")->name, "Bahrain");  // ISO's BRN is Brunei
  EXPECT_EQ(FindCountry("MRT")->code, "MRT");      // ISO's MRT is Mauritania
  EXPECT_EQ(FindCountry("NAM")->name, "Namibia");  // and no area
}

TEST(CountryTest, NoCountryIsFoundInOtherTexts) {
  for (const char* text : {"", " ", "XXX", "-", "Boston", "ZZ", "Jon", "12", "EUR"}) {
    EXPECT_FALSE(FindCountry(text).has_value()) << text;
  }
}

TEST(CountryTest, EveryCountryIsFoundByItsCodeAndName) {
  const std::set<std::string> areas = {"", "AFR", "ASI", "EUR", "NAC", "OCE", "SAM"};
  for (const Country& country : AllCountries()) {
    ASSERT_EQ(country.code.size(), 3u) << std::string(country.code);
    EXPECT_EQ(FindCountry(country.code)->code, country.code);
    EXPECT_EQ(FindCountry(country.name)->code, country.code) << std::string(country.name);
    EXPECT_EQ(areas.count(std::string(country.area)), 1u) << std::string(country.code);
  }
  EXPECT_GT(AllCountries().size(), 250u);
}

}  // namespace
}  // namespace palmares::athletics
