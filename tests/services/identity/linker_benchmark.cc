// How fast rows are linked and names searched among many athletes, and how much memory an athlete takes, in processor
// time.
//   linker_benchmark [ATHLETES]     default 1,000,000; made-up names, the same each time
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/identity/linker.h"
#include "services/identity/search.h"

namespace palmares::identity {
namespace {

// Processor time of this process, not the time on the wall: other programs on the machine do not count.
struct Clock {
  static std::clock_t now() { return std::clock(); }
};
double Seconds(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }

// A linear congruential generator: the same numbers everywhere.
class Numbers {
 public:
  explicit Numbers(uint64_t seed) : state_(seed) {}
  uint64_t Next(uint64_t below) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33) % below;
  }
  // Small numbers are far likelier, as common names are.
  uint64_t Skewed(uint64_t below) { return Next(1 + Next(1 + Next(below))); }

 private:
  uint64_t state_;
};

std::string Word(uint64_t number, int syllables) {
  static constexpr absl::string_view kSyllables[] = {"ka", "mo", "ri",  "ten", "lu", "sha", "be",  "dor", "ni",  "wal",
                                                     "es", "tu", "gan", "pi",  "ro", "ley", "mar", "chi", "von", "sel"};
  std::string word;
  for (int i = 0; i < syllables; ++i) {
    absl::StrAppend(&word, kSyllables[number % 20]);
    number /= 20;
  }
  return word;
}

struct Person {
  std::string given, family, city;
  int birth_year;
  athletics::Sex sex;
};

Person MakePerson(Numbers& numbers) {
  return {Word(numbers.Skewed(8'000), 3), Word(numbers.Skewed(160'000), 4), Word(numbers.Skewed(8'000), 3),
          static_cast<int>(1940 + numbers.Next(65)),
          numbers.Next(3) == 0 ? athletics::Sex::kWomen : athletics::Sex::kMen};
}

Appearance ToAppearance(const Person& person, int year, int32_t race) {
  Appearance row;
  row.given_name = person.given;
  row.family_name = person.family;
  row.city = person.city;
  row.country = "USA";
  row.sex = person.sex;
  row.age = year - person.birth_year;
  row.race_date = athletics::Date(year, 4, 15);
  row.race = race;
  return row;
}

void Report(absl::string_view what, size_t count, double seconds) {
  std::cout << absl::StrFormat("%-44s %9d in %6.3f s  %9.0f /s\n", what, count, seconds, count / seconds);
}

void MeasureLinking(const std::vector<Person>& people, Linker& linker) {
  auto start = Clock::now();
  for (size_t i = 0; i < people.size(); ++i) linker.Add(static_cast<int64_t>(i), ToAppearance(people[i], 2012, 0));
  Report("athletes added", people.size(), Seconds(start));
  std::cout << absl::StrFormat("bytes an athlete %.0f\n", static_cast<double>(linker.MemoryBytes()) / people.size());
  size_t verdicts[3] = {};
  const size_t rows = std::min<size_t>(people.size(), 100'000);
  start = Clock::now();
  for (size_t i = 0; i < rows; ++i)
    ++verdicts[static_cast<int>(linker.Decide(ToAppearance(people[i], 2013, 1)).verdict)];
  Report("rows of known athletes decided", rows, Seconds(start));
  std::cout << absl::StrFormat("  new %d, linked %d, review %d\n", verdicts[0], verdicts[1], verdicts[2]);
  Numbers numbers(99);
  std::vector<Person> strangers;
  for (size_t i = 0; i < rows; ++i) strangers.push_back(MakePerson(numbers));
  size_t stranger_verdicts[3] = {};
  start = Clock::now();
  for (const Person& person : strangers) {
    ++stranger_verdicts[static_cast<int>(linker.Decide(ToAppearance(person, 2013, 1)).verdict)];
  }
  Report("rows of strangers decided", rows, Seconds(start));
  std::cout << absl::StrFormat("  new %d, linked %d, review %d\n", stranger_verdicts[0], stranger_verdicts[1],
                               stranger_verdicts[2]);
}

void MeasureSearch(const std::vector<Person>& people) {
  NameIndex index;
  auto start = Clock::now();
  for (size_t i = 0; i < people.size(); ++i) {
    index.Add(static_cast<int64_t>(i), absl::StrCat(people[i].given, " ", people[i].family));
  }
  Report("names added", people.size(), Seconds(start));
  std::cout << absl::StrFormat("bytes a name %.0f\n", static_cast<double>(index.MemoryBytes()) / people.size());
  struct Kind {
    absl::string_view name;
    size_t letters;
    bool mistyped, both;
  };
  for (const Kind& kind :
       {Kind{"family name", 99, false, false}, Kind{"first letter", 1, false, false},
        Kind{"three letters", 3, false, false}, Kind{"both names", 99, false, true},
        Kind{"both names, mistyped", 99, true, true}, Kind{"family name, mistyped", 99, true, false}}) {
    double worst = 0;
    size_t hits = 0;
    start = Clock::now();
    const size_t searches = 200;
    for (size_t i = 0; i < searches; ++i) {
      const Person& person = people[i * 97 % people.size()];
      std::string text = person.family.substr(0, kind.letters);
      if (kind.mistyped) text[text.size() / 2] = 'z';
      if (kind.both) text = absl::StrCat(person.given, " ", text);
      const auto one = Clock::now();
      hits += index.Search(text, 20).empty() ? 0 : 1;
      worst = std::max(worst, Seconds(one));
    }
    std::cout << absl::StrFormat("search by %-24s mean %.2f ms, worst %.2f ms, %d of %d found\n", kind.name,
                                 Seconds(start) * 1000 / searches, worst * 1000, hits, searches);
  }
}

}  // namespace
}  // namespace palmares::identity

int main(int argc, char** argv) {
  size_t count = 1'000'000;
  if (argc > 1 && !absl::SimpleAtoi(argv[1], &count)) {
    std::cerr << "want a number of athletes\n";
    return 2;
  }
  palmares::identity::Numbers numbers(7);
  std::vector<palmares::identity::Person> people;
  people.reserve(count);
  for (size_t i = 0; i < count; ++i) people.push_back(palmares::identity::MakePerson(numbers));
  {
    palmares::identity::Linker linker;
    palmares::identity::MeasureLinking(people, linker);
  }
  palmares::identity::MeasureSearch(people);
  return 0;
}
