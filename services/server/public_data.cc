#include "services/server/public_data.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/events/event_messages.h"
#include "services/identity/athlete_messages.h"
#include "services/identity/visibility.h"
#include "services/ingest/sheet_messages.h"
#include "services/qualification/verdict_messages.h"
#include "services/results/result_messages.h"
#include "services/series/club_messages.h"
#include "services/series/series_messages.h"

namespace palmares::server {
namespace {

using administration::TakeRecord;

const access::Caller& Anybody() {
  static const auto* const kAnybody = new access::Caller;
  return *kAnybody;
}

identity::PrivacyViews PrivacyOf(const State& state) {
  return {&state.athletes, &state.results, &state.privacies, &state.grants};
}

// Gives a record for each member of an ordered map of names.
template <typename Map, typename Fill>
absl::Status TakeEach(const Map& map, TakeRecord take, Fill fill) {
  for (const auto& [name, value] : map) {
    v1::PublicRecord record;
    fill(value, record);
    if (absl::Status status = take(record); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status WalkRaces(const State& state, TakeRecord take) {
  return TakeEach(state.calendar.races(), take, [&state](const events::Race* race, v1::PublicRecord& record) {
    *record.mutable_race() = events::ToProto(*race, 0);
    const results::RaceSheet& sheet = state.results.sheet(race->number);
    if (results::Counts(sheet.state)) results::DescribeSheet(sheet, record.mutable_race());
  });
}

absl::Status WalkSheets(const State& state, TakeRecord take) {
  for (const auto& [name, race] : state.calendar.races()) {
    const results::RaceSheet& sheet = state.results.sheet(race->number);
    if (!results::Counts(sheet.state)) continue;
    v1::PublicRecord record;
    ingest::DescribeSheet(*race, sheet, /*trusted=*/false, record.mutable_sheet());
    if (absl::Status status = take(record); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Whether everybody finds the athlete, who was not merged into another.
bool IsListed(const State& state, int64_t number, int64_t now_us) {
  return identity::IsVisible(state.athletes, state.results, Anybody(), number) &&
         identity::IsFindable(PrivacyOf(state), Anybody(), number, now_us);
}

// The same as it is by now.
absl::StatusOr<bool> IsStillListed(const Serving& serving, int64_t number, int64_t now_us) {
  const absl::StatusOr<storage::Store::Reader> reader = serving.store->Read();
  if (!reader.ok()) return reader.status();
  return identity::MayBeNamed(serving.state->athletes, number) &&
         identity::IsFindable(PrivacyOf(*serving.state), Anybody(), serving.state->athletes.Resolve(number), now_us);
}

absl::Status WalkListedAthletes(const State& state, const Serving& serving, int64_t now_us, TakeRecord take) {
  for (int64_t number = 1; number <= state.athletes.count(); ++number) {
    if (state.athletes.Resolve(number) != number || !IsListed(state, number, now_us)) continue;
    const absl::StatusOr<bool> listed = IsStillListed(serving, number, now_us);
    if (!listed.ok()) return listed.status();
    if (!*listed) continue;
    v1::PublicRecord record;
    *record.mutable_athlete() = identity::ToProto(PrivacyOf(state), number, Anybody(), now_us);
    if (absl::Status status = take(record); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Whether it may be said whose the row is: then, and by now.
absl::StatusOr<bool> MayNameRow(const State& state, const Serving& serving, results::RowRef ref) {
  const int64_t athlete = state.results.sheet(ref.race).LinkOf(ref.row).athlete;
  if (athlete != 0 && !identity::MayBeNamed(state.athletes, athlete)) return false;
  const absl::StatusOr<storage::Store::Reader> reader = serving.store->Read();
  if (!reader.ok()) return reader.status();
  const int64_t resolved = athlete == 0 ? 0 : state.athletes.Resolve(athlete);
  return identity::MayName({&serving.state->results, &serving.state->athletes}, state.results, ref, resolved);
}

// Gives the results of races, one by one.
class ResultRecords {
 public:
  ResultRecords(const State& state, const Serving& serving)
      : state_(state), serving_(serving), field_sizes_(&state.results), reader_(&state.results) {}

  absl::Status Walk(const events::Race& race, TakeRecord take) {
    const results::RaceSheet& sheet = state_.results.sheet(race.number);
    if (!results::Counts(sheet.state)) return absl::OkStatus();
    for (int64_t at = 0; at < sheet.rows(); ++at) {
      if (sheet.Standing(at).outcome == athletics::Outcome::kWithdrawn) continue;
      v1::PublicRecord record;
      absl::Status status = Fill({race.number, static_cast<int32_t>(at)}, record.mutable_result());
      if (status.ok()) status = take(record);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Fill(results::RowRef ref, v1::Result* out) {
    absl::StatusOr<results::Result> row = reader_.Read(ref);
    if (!row.ok()) return row.status();
    const absl::StatusOr<bool> named = MayNameRow(state_, serving_, ref);
    if (!named.ok()) return named.status();
    if (!*named) results::RemovePersonalData(*row);
    const results::AthleteNames names = [&](int64_t number) {
      return number == 0 || !*named ? std::string() : state_.athletes.Name(state_.athletes.Resolve(number));
    };
    *out = results::ToProto(state_.results, ref, *row, names, /*trusted=*/false);
    results::DescribeScores(state_.results, field_sizes_, ref, *row, out);
    const auto& sanctioned = state_.results.sheet(ref.race).sanctioned();
    if (const auto found = sanctioned.find(ref.row); found != sanctioned.end() && *named) {
      const results::Sanction* sanction = state_.sanctions.At(found->second.sanction);
      if (sanction != nullptr) out->set_sanction(absl::StrCat(names(sanction->athlete), "/sanctions/", sanction->id));
    }
    return absl::OkStatus();
  }

  const State& state_;
  const Serving& serving_;
  const results::FieldSizes field_sizes_;
  results::RowReader reader_;
};

absl::Status WalkResults(const State& state, const Serving& serving, TakeRecord take) {
  ResultRecords records(state, serving);
  for (const auto& [name, race] : state.calendar.races()) {
    if (absl::Status status = records.Walk(*race, take); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status WalkClubs(const State& state, TakeRecord take) {
  if (state.clubs.clubs().empty()) return absl::OkStatus();
  const series::MemberCounts members =
      series::CountMembers({&state.series, &state.clubs, &state.results, &state.athletes});
  return TakeEach(state.clubs.clubs(), take, [&members](const series::Club& club, v1::PublicRecord& record) {
    *record.mutable_club() = series::ToProto(club, members, 0);
  });
}

std::vector<administration::PublicKind> CalendarKinds(const State& state) {
  const events::Calendar& calendar = state.calendar;
  return {
      {"events",
       [&calendar](TakeRecord take) {
         return TakeEach(calendar.events(), take, [](const events::Event* event, v1::PublicRecord& record) {
           *record.mutable_event() = events::ToProto(*event, 0);
         });
       }},
      {"courses",
       [&calendar](TakeRecord take) {
         return TakeEach(calendar.courses(), take, [](const events::Course* course, v1::PublicRecord& record) {
           *record.mutable_course() = events::ToProto(*course, 0);
         });
       }},
      {"editions",
       [&calendar](TakeRecord take) {
         return TakeEach(calendar.editions(), take, [](const events::Edition* edition, v1::PublicRecord& record) {
           *record.mutable_edition() = events::ToProto(*edition, 0);
         });
       }},
      {"races", [&state](TakeRecord take) { return WalkRaces(state, take); }},
      {"sheets", [&state](TakeRecord take) { return WalkSheets(state, take); }},
  };
}

}  // namespace

std::vector<administration::PublicKind> PublicKinds(const State& state, const Serving& serving, absl::Time now) {
  const int64_t now_us = absl::ToUnixMicros(now);
  std::vector<administration::PublicKind> kinds = CalendarKinds(state);
  kinds.push_back({"athletes", [&state, serving, now_us](TakeRecord take) {
                     return WalkListedAthletes(state, serving, now_us, take);
                   }});
  kinds.push_back({"results", [&state, serving](TakeRecord take) { return WalkResults(state, serving, take); }});
  kinds.push_back({"clubs", [&state](TakeRecord take) { return WalkClubs(state, take); }});
  kinds.push_back({"series", [&state](TakeRecord take) {
                     return TakeEach(state.series.series(), take,
                                     [](const series::Series& one, v1::PublicRecord& record) {
                                       *record.mutable_series() = series::ToProto(one, 0);
                                     });
                   }});
  kinds.push_back({"standards", [&state](TakeRecord take) {
                     return TakeEach(state.standards.standards(), take,
                                     [](const qualification::LoadedStandard& loaded, v1::PublicRecord& record) {
                                       *record.mutable_standard() = qualification::ToProto(loaded, /*with_rules=*/true);
                                     });
                   }});
  return kinds;
}

}  // namespace palmares::server
