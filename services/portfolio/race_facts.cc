#include "services/portfolio/race_facts.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/competition_round.h"
#include "services/results/mark_facts.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"

namespace palmares::portfolio {
namespace {

// Whether the row says nothing that its race does not say of all.
bool IsAsRace(const events::Race& race, std::optional<int32_t> wind_cm_s, athletics::Timing of_row) {
  return of_row == athletics::Timing::kUnknown && !(race.discipline->wind_matters && wind_cm_s.has_value());
}

bool IsLegal(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s, athletics::Timing of_row) {
  const athletics::MarkFacts facts = results::MarkFactsOf(race, sex, wind_cm_s, of_row);
  const auto verdict = athletics::JudgeLegality(facts, athletics::Purpose::kList);
  return verdict.ok() && verdict->legality == athletics::Legality::kLegal;
}

v1::HistoryEntry BasicEntry(const events::Race& race, const results::RaceSheet& sheet) {
  v1::HistoryEntry entry;
  *entry.mutable_date() = rpc::ToProto(race.date);
  entry.set_discipline(race.discipline->code);
  entry.set_race_display_name(events::DisplayName(race));
  entry.set_sheet_state(rpc::ToProto(sheet.state));
  return entry;
}

void AddProvenance(const events::Race& race, const results::RaceSheet& sheet, v1::Provenance* provenance) {
  provenance->set_sheet(absl::StrCat(race.name, "/sheet"));
  provenance->set_sheet_revision(sheet.revision);
  provenance->set_content_sha256(results::FileSha256(sheet.content_sha256));
  provenance->set_organizer(race.event->data.organizer());
  *provenance->mutable_publish_time() = rpc::ToTimestamp(sheet.create_time_us);
  *provenance->mutable_change_time() = rpc::ToTimestamp(sheet.update_time_us);
}

std::vector<size_t> InOrder(const std::vector<results::SplitPoint>& points) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&points](size_t a, size_t b) {
    const auto distance = [&points](size_t at) {
      return points[at].distance_mm == 0 ? std::numeric_limits<int64_t>::max() : points[at].distance_mm;
    };
    return distance(a) < distance(b);
  });
  return order;
}

}  // namespace

RaceFacts::RaceFacts(const events::Race& race, const results::RaceSheet& sheet) {
  full_ = basic_ = BasicEntry(race, sheet);
  full_.set_venue_country(race.event->data.country());
  full_.set_venue_city(race.event->data.city());
  full_.set_level(race.data.level());
  AddProvenance(race, sheet, full_.mutable_provenance());
  for (size_t i = 0; i < kSexes; ++i) {
    const auto sex = static_cast<athletics::Sex>(i);
    OfSex& of_sex = of_sex_.emplace_back(OfSex{results::MarkScores(race, sex, athletics::Division::kRunning),
                                               IsLegal(race, sex, std::nullopt, athletics::Timing::kUnknown),
                                               {}});
    results::DescribeLegality(race, sex, std::nullopt, athletics::Timing::kUnknown, &of_sex.legality);
  }
  splits_in_order_ = InOrder(sheet.split_points);
  const athletics::Round round = athletics::RoundOf(race.data.round());
  is_final_ = round.kind == athletics::RoundKind::kFinal && !round.numbered;
}

bool RaceFacts::IsListLegal(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                            athletics::Timing of_row) const {
  return IsAsRace(race, wind_cm_s, of_row) ? of_sex(sex).list_legal : IsLegal(race, sex, wind_cm_s, of_row);
}

void RaceFacts::DescribeLegality(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                                 athletics::Timing of_row, v1::HistoryEntry* out) const {
  if (IsAsRace(race, wind_cm_s, of_row)) {
    *out->mutable_legality() = of_sex(sex).legality;
  } else {
    results::DescribeLegality(race, sex, wind_cm_s, of_row, out->mutable_legality());
  }
}

std::shared_ptr<const RaceFacts> RaceFactsCache::Of(int32_t race) const {
  const events::Race& record = results_.calendar().race(race);
  const Version version{results_.ChangedAt(race), record.edition->stamps.position, record.event->stamps.position};
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto kept = kept_.find(race);
    if (kept != kept_.end() && kept->second.first == version) return kept->second.second;
  }
  auto made = std::make_shared<const RaceFacts>(record, results_.sheet(race));
  absl::MutexLock lock(&mutex_);
  kept_[race] = {version, made};
  return made;
}

}  // namespace palmares::portfolio
