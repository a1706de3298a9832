#include "services/results/place_order.h"

#include <algorithm>
#include <tuple>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_set.h"
#include "services/athletics/mark.h"
#include "services/results/race_sheet.h"

namespace palmares::results {
namespace {

using athletics::Outcome;

// Those who are placed together: division, sex, category; the last two where they matter.
using Group = std::tuple<int, int, absl::string_view>;

struct Runner {
  int64_t row = 0;
  int64_t mark = 0;
  int64_t finer = 0;    // the reading that decides between equal marks; 0: there is none
  int32_t given = 0;    // the published place; 0 of who joins
  bool vacant = false;  // holds its place open, and has none
};

// One group's order: who keeps the published place, places that were left, and who joins by the mark.
struct Order {
  std::vector<Runner> kept;
  std::vector<int32_t> left;
  std::vector<Runner> joined;
};

// Rounding hides who was first: equal marks stand by the finer reading, where all of them have it.
void DropFinerWhereOneHasNone(Order& order) {
  absl::flat_hash_set<int64_t> coarse;
  bool any_finer = false;
  for (const std::vector<Runner>* runners : {&order.kept, &order.joined}) {
    for (const Runner& runner : *runners) any_finer = any_finer || runner.finer != 0;
  }
  if (!any_finer) return;
  for (const std::vector<Runner>* runners : {&order.kept, &order.joined}) {
    for (const Runner& runner : *runners) {
      if (runner.finer == 0) coarse.insert(runner.mark);
    }
  }
  for (std::vector<Runner>* runners : {&order.kept, &order.joined}) {
    for (Runner& runner : *runners) {
      if (coarse.contains(runner.mark)) runner.finer = 0;
    }
  }
}

// Numbers one group.
class Numbering {
 public:
  Numbering(Order order, bool lower_is_better) : order_(std::move(order)), lower_is_better_(lower_is_better) {
    DropFinerWhereOneHasNone(order_);
    const auto by_place = [](const Runner& a, const Runner& b) { return a.given < b.given; };
    std::stable_sort(order_.kept.begin(), order_.kept.end(), by_place);
    std::sort(order_.left.begin(), order_.left.end());
    std::stable_sort(order_.joined.begin(), order_.joined.end(),
                     [this](const Runner& a, const Runner& b) { return Worse(b, a); });
  }

  void Write(std::vector<Places>& places, int32_t Places::*out) {
    std::vector<int32_t> joined_before(order_.kept.size() + 1, 0);
    size_t next = 0;  // the first of the kept with a worse mark
    int32_t place = 0;
    for (size_t i = 0; i < order_.joined.size(); ++i) {
      const Runner& runner = order_.joined[i];
      while (next < order_.kept.size() && !(order_.kept[next].mark != 0 && Worse(order_.kept[next], runner))) {
        ++next;
      }
      const bool tied = i > 0 && Equal(order_.joined[i - 1], runner);
      if (!tied) place = PlaceBefore(next, runner) + static_cast<int32_t>(i);
      if (!runner.vacant) places[static_cast<size_t>(runner.row)].*out = place;
      ++joined_before[next];
    }
    int32_t joined = 0;
    for (size_t i = 0; i < order_.kept.size(); ++i) {
      joined += joined_before[i];
      const Runner& runner = order_.kept[i];
      if (!runner.vacant) places[static_cast<size_t>(runner.row)].*out = MovedUp(i) + joined;
    }
  }

 private:
  bool Worse(const Runner& a, const Runner& b) const {
    const bool by_finer = a.mark == b.mark;
    const int64_t first = by_finer ? a.finer : a.mark, second = by_finer ? b.finer : b.mark;
    return lower_is_better_ ? first > second : first < second;
  }

  static bool Equal(const Runner& a, const Runner& b) { return a.mark == b.mark && a.finer == b.finer; }

  // The place of one of the kept once those who left are gone.
  int32_t MovedUp(size_t i) const {
    const int32_t given = order_.kept[i].given;
    const auto before = std::lower_bound(order_.left.begin(), order_.left.end(), given) - order_.left.begin();
    return given - static_cast<int32_t>(before);
  }

  // The place, those who join not counted, of one who joins before the kept at `next`.
  int32_t PlaceBefore(size_t next, const Runner& joining) const {
    const std::vector<Runner>& kept = order_.kept;
    if (next > 0 && Equal(kept[next - 1], joining) && !kept[next - 1].vacant) return MovedUp(next - 1);
    if (next < kept.size()) return MovedUp(next);
    if (kept.empty()) return 1;
    const auto shares = [&kept](const Runner& runner) { return runner.given == kept.back().given; };
    return MovedUp(kept.size() - 1) + static_cast<int32_t>(std::count_if(kept.begin(), kept.end(), shares));
  }

  Order order_;
  const bool lower_is_better_;
};

class PlaceKeeper {
 public:
  PlaceKeeper(const RaceSheet& sheet, PlaceRule rule) : sheet_(sheet), rule_(rule) {}

  std::vector<Places> Run() {
    std::vector<Places> places(static_cast<size_t>(sheet_.rows()));
    Rank(places, &Places::place, &RowFacts::place,
         [](const RowFacts& facts, absl::string_view) { return Group(static_cast<int>(facts.division), 0, ""); });
    Rank(places, &Places::sex_place, &RowFacts::sex_place, [](const RowFacts& facts, absl::string_view) {
      return Group(static_cast<int>(facts.division), static_cast<int>(facts.sex), "");
    });
    Rank(places, &Places::category_place, &RowFacts::category_place,
         [](const RowFacts& facts, absl::string_view category) {
           return Group(static_cast<int>(facts.division), static_cast<int>(facts.sex), category);
         });
    return places;
  }

 private:
  template <typename GroupOf>
  void Rank(std::vector<Places>& places, int32_t Places::*out, int32_t RowFacts::*given, GroupOf group_of) {
    absl::btree_map<Group, Order> orders;
    bool any_given = false;
    for (int64_t row = 0; row < sheet_.rows(); ++row) {
      if (row >= sheet_.first_appended_row()) {
        Join(row, out, group_of, orders);
        continue;
      }
      const RaceSheet::Address published = sheet_.Published(row);
      const RowFacts before = published.facts->Facts(published.row);
      const Group group = group_of(before, published.facts->category(published.row));
      const int32_t place = before.*given;
      any_given = any_given || place != 0;
      if (!sheet_.IsChanged(row)) {
        if (place != 0) orders[group].kept.push_back({row, MarkOn(before, rule_.clock), FinerOf(before), place, false});
        continue;
      }
      const RaceSheet::Address address = sheet_.Find(row);
      const RowFacts now = sheet_.Standing(row);
      const Group new_group = group_of(now, address.facts->category(address.row));
      const int64_t mark = MarkOn(now, rule_.clock);
      const bool finished = now.outcome == Outcome::kFinished;
      if (const int32_t stated = sheet_.StatedPlaces(row).*out; stated != 0) {
        any_given = true;
        const bool leaves_vacant = !finished && sheet_.LeavesPlaceVacant(row);
        HoldStated({row, mark, FinerOf(now), stated, leaves_vacant}, finished, orders[new_group]);
        continue;
      }
      const bool same = finished && before.outcome == Outcome::kFinished && mark == MarkOn(before, rule_.clock) &&
                        FinerOf(now) == FinerOf(before) && group == new_group;
      if (place != 0) {
        const bool vacant = !finished && sheet_.LeavesPlaceVacant(row);
        if (same || vacant) {
          orders[group].kept.push_back({row, mark, FinerOf(now), place, vacant});
        } else {
          orders[group].left.push_back(place);
        }
      }
      if (finished && !same && mark != 0) orders[new_group].joined.push_back({row, mark, FinerOf(now), 0, false});
    }
    if (!any_given && sheet_.first_appended_row() > 0) return;
    for (auto& [group, order] : orders) Numbering(std::move(order), rule_.lower_is_better).Write(places, out);
  }

  // Who is disqualified since by a sanction leaves the place that was stated.
  static void HoldStated(const Runner& runner, bool finished, Order& order) {
    if (finished || runner.vacant) {
      order.kept.push_back(runner);
    } else {
      order.left.push_back(runner.given);
    }
  }

  // An appended row joins by its mark where it has what the kind of place goes by: a sex, a category. One that leaves
  // its place vacant goes on holding it.
  template <typename GroupOf>
  void Join(int64_t row, int32_t Places::*out, GroupOf group_of, absl::btree_map<Group, Order>& orders) const {
    const RaceSheet::Address address = sheet_.Find(row);
    const absl::string_view category = address.facts->category(address.row);
    const RowFacts now = sheet_.Standing(row);
    if (out == &Places::sex_place && now.sex == athletics::Sex::kUnknown) return;
    if (out == &Places::category_place && category.empty()) return;
    const bool finished = now.outcome == Outcome::kFinished;
    const bool vacant = !finished && sheet_.IsChanged(row) && sheet_.LeavesPlaceVacant(row);
    const int64_t on_clock = MarkOn(now, rule_.clock);
    const int64_t mark = on_clock != 0 ? on_clock : now.official_mark;
    if (mark == 0 || (!finished && !vacant)) return;
    orders[group_of(now, category)].joined.push_back({row, mark, FinerOf(now), 0, vacant});
  }

  int64_t FinerOf(const RowFacts& facts) const {
    if (rule_.clock != Clock::kOfficial) return 0;
    return athletics::FinerReading(facts.official_mark, facts.gun_mark);
  }

  const RaceSheet& sheet_;
  const PlaceRule rule_;
};

}  // namespace

std::vector<Places> KeepPlaces(const RaceSheet& sheet, PlaceRule rule) { return PlaceKeeper(sheet, rule).Run(); }

}  // namespace palmares::results
