#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/qualification/rule_sections.h"

namespace palmares::qualification {
namespace {

auto KeyOf(const Entry& entry) { return std::tuple(entry.discipline, entry.division, entry.sex, entry.tier); }

// Whom an entry is for: "marathon, M, tier A".
std::string Whom(const Standard& standard, const Entry& entry) {
  const std::string& tier = standard.tiers[static_cast<size_t>(entry.tier)].name;
  return absl::StrCat(entry.discipline->code, ", ", athletics::SexCode(entry.sex), tier.empty() ? "" : ", tier ", tier);
}

// Sorts entries and their places together.
void SortEntries(Draft& draft) {
  std::vector<size_t> order(draft.standard.entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return EntryBefore(draft.standard.entries[a], draft.standard.entries[b]);
  });
  std::vector<Entry> entries;
  std::vector<EntryPlace> places;
  for (size_t i : order) {
    entries.push_back(draft.standard.entries[i]);
    places.push_back(std::move(draft.places[i]));
  }
  draft.standard.entries = std::move(entries);
  draft.places = std::move(places);
}

// Bands of one discipline, sex and tier follow each other without overlap or gap. Entries are sorted. A gap is only
// looked for where all entries could be read: one that could not be read is no gap.
void CheckBands(const Draft& draft, Problems* problems) {
  const bool all_read = problems->empty();
  const std::vector<Entry>& entries = draft.standard.entries;
  for (size_t i = 1; i < entries.size(); ++i) {
    const Entry& before = entries[i - 1];
    const Entry& here = entries[i];
    if (KeyOf(before) != KeyOf(here) || here.band.min == before.band.max + 1) continue;
    const bool overlap = here.band.min <= before.band.max;
    if (!overlap && !all_read) continue;
    problems->Add(
        draft.places[i].line, draft.places[i].field, draft.places[i].value,
        absl::StrCat("no ", overlap ? "overlap with" : "gap after", " the band ", athletics::FormatAgeBand(before.band),
                     " of ", Whom(draft.standard, here), " (line ", draft.places[i - 1].line, ")"));
  }
}

// Times of grown-ups do not get harder with age: such a table has two lines mixed up.
void CheckAges(const Draft& draft, Problems* problems) {
  constexpr int kGrownUp = 20;  // years; juniors get faster
  const std::vector<Entry>& entries = draft.standard.entries;
  for (size_t i = 1; i < entries.size(); ++i) {
    const Entry& younger = entries[i - 1];
    const Entry& here = entries[i];
    const bool compared = KeyOf(younger) == KeyOf(here) && younger.band.max >= kGrownUp &&
                          here.discipline->unit == athletics::MarkUnit::kMilliseconds;
    if (!compared || here.mark >= younger.mark) continue;
    problems->Add(
        draft.places[i].line, draft.places[i].field, draft.places[i].value,
        absl::StrCat("a mark not harder than that of the younger band ", athletics::FormatAgeBand(younger.band), " of ",
                     Whom(draft.standard, here), " (line ", draft.places[i - 1].line, ")"),
        Binds::kNewFiles);
  }
}

// A harder tier does not ask for less than an easier one does.
void CheckTiers(const Draft& draft, Problems* problems) {
  const std::vector<Entry>& entries = draft.standard.entries;
  for (size_t i = 0; i < entries.size(); ++i) {
    for (size_t j = i + 1; j < entries.size() && entries[j].discipline == entries[i].discipline &&
                           entries[j].division == entries[i].division && entries[j].sex == entries[i].sex;
         ++j) {
      if (entries[j].tier == entries[i].tier || !(entries[j].band == entries[i].band)) continue;
      if (Reaches(entries[i].mark, entries[j].mark, *entries[i].discipline, false)) continue;
      problems->Add(draft.places[j].line, draft.places[j].field, draft.places[j].value,
                    absl::StrCat("a mark not better than that of the harder tier, ", Whom(draft.standard, entries[i])));
    }
  }
}

// All marks of one discipline, division and sex count for one event within one window, whatever the age and tier.
void CheckShared(const Draft& draft, Problems* problems) {
  const std::vector<Entry>& entries = draft.standard.entries;
  for (size_t i = 1; i < entries.size(); ++i) {
    const Entry& before = entries[i - 1];
    const Entry& here = entries[i];
    if (std::tie(before.discipline, before.division, before.sex) !=
        std::tie(here.discipline, here.division, here.sex)) {
      continue;
    }
    const Window& one = WindowAt(draft.standard, before.window);
    const Window& other = WindowAt(draft.standard, here.window);
    if (before.event == here.event && one.opens == other.opens && one.closes == other.closes) continue;
    problems->Add(draft.places[i].line, draft.places[i].field, draft.places[i].value,
                  absl::StrCat("the same counts_for, opens and closes as the other marks of ",
                               Whom(draft.standard, here), " (line ", draft.places[i - 1].line, ")"));
  }
}

}  // namespace

void CheckWhole(TableReader& file, Draft& draft) {
  SortEntries(draft);
  CheckBands(draft, file.problems());
  CheckAges(draft, file.problems());
  CheckTiers(draft, file.problems());
  CheckShared(draft, file.problems());
  if (draft.standard.entries.empty() && draft.standard.paths.empty() && !file.Has("marks")) {
    file.Problem("marks", "at least one [[marks]] or [[path]]");
  }
  if (draft.standard.superseded_by == draft.standard.id && !draft.standard.id.empty()) {
    file.Problem("superseded_by", "the id of another edition");
  }
}

}  // namespace palmares::qualification
