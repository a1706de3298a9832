// The same of what grows with the number of people: ranks and links.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "services/identity/linker.h"
#include "services/rankings/board.h"
#include "storage/entry.h"
#include "storage/stored.pb.h"
#include "tests/bench/synthetic.h"

namespace palmares::bench {
namespace {

void Apply(events::Calendar& calendar, storage::EntryKind kind, const google::protobuf::MessageLite& body) {
  storage::Entry entry;
  entry.change.kind = kind;
  entry.change.body = body.SerializeAsString();
  if (!calendar.Apply(entry).ok()) std::abort();
}

// A calendar of one race, and a list with one line of each of so many athletes.
class List {
 public:
  explicit List(int athletes) {
    stored::v1::Event event;
    event.set_id("e");
    Apply(calendar_, storage::EntryKind::kEventSet, event);
    stored::v1::Edition edition;
    edition.set_event("e");
    edition.set_id("1");
    Apply(calendar_, storage::EntryKind::kEditionSet, edition);
    stored::v1::Race race;
    race.set_event("e");
    race.set_edition("1");
    race.set_id("r");
    race.set_discipline("marathon");
    Apply(calendar_, storage::EntryKind::kRaceSet, race);
    std::vector<rankings::Line> lines;
    lines.reserve(static_cast<size_t>(athletes));
    for (int athlete = 1; athlete <= athletes; ++athlete) {
      // Spread as a bell over the whole seconds of two to eight hours.
      uint32_t hash = static_cast<uint32_t>(athlete) * 2654435761U;
      int64_t seconds = 7'200;
      for (int i = 0; i < 4; ++i, hash = hash * 1664525U + 1013904223U) seconds += (hash >> 8) % 5'400;
      lines.push_back({seconds * 1000, {0, athlete}, athlete});
    }
    board_ = std::make_unique<rankings::Board>(&calendar_, rankings::Board::Index::kByAthlete, std::move(lines));
  }
  const rankings::Board& board() const { return *board_; }

 private:
  events::Calendar calendar_;
  std::unique_ptr<rankings::Board> board_;
};

void FindRank(benchmark::State& state) {
  const int athletes = static_cast<int>(state.range(0));
  const List list(athletes);
  uint64_t number = 0;
  for (auto _ : state) {
    number = number * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto athlete = static_cast<int64_t>((number >> 33) % static_cast<uint64_t>(athletes)) + 1;
    const auto order = list.board().OrderOf(athlete);
    benchmark::DoNotOptimize(list.board().CountBetter(*order) + 1);
  }
}
BENCHMARK(FindRank)->Name("rank in process")->Arg(1'000'000)->Arg(10'000'000);

void ReadPage(benchmark::State& state) {
  const List list(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(list.board().Slice(0, 100));
}
BENCHMARK(ReadPage)->Name("page of 100 lines in process")->Arg(1'000'000);

identity::Appearance ToAppearance(const Person& person, int32_t race) {
  identity::Appearance row;
  row.given_name = person.given_name;
  row.family_name = person.family_name;
  row.sex = person.woman ? athletics::Sex::kWomen : athletics::Sex::kMen;
  row.birth = {static_cast<int16_t>(person.birth_year), static_cast<int8_t>(person.birth_month),
               static_cast<int8_t>(person.birth_day)};
  row.race_date = athletics::Date(2020, 4, 15);
  row.country = person.country;
  row.race = race;
  return row;
}

void Decide(benchmark::State& state) {
  const World world(1, static_cast<int>(state.range(0)) / 4, 1);
  identity::Linker linker;
  for (int i = 0; i < world.athletes(); ++i) linker.Add(i, ToAppearance(world.PersonOf(i), 0));
  std::vector<Person> people;
  for (uint64_t i = 0; i < 4096; ++i) people.push_back(world.PersonOf(world.Anybody(i)));
  size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(linker.Decide(ToAppearance(people[number++ % people.size()], 1)));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}
BENCHMARK(Decide)->Name("linking of a row in process")->Arg(1'000'000);

}  // namespace
}  // namespace palmares::bench
