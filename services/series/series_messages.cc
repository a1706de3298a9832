#include "services/series/series_messages.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/mark.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::series {
namespace {

constexpr int kMostRaces = 1000;
constexpr size_t kLongestRules = 256 << 10;
constexpr int64_t kThousandths = 1000;
constexpr int kLongestChain = 100;

// A number of thousandths without zeros at the end.
std::string Decimal(int64_t thousandths) {
  std::string text = absl::StrFormat("%d.%03d", thousandths / kThousandths, thousandths % kThousandths);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

// Who has no result in the series but scores that were carried over is told by their number alone.
bool MayNameAthlete(const StandingRow& row, const Views& views, const identity::PeopleNow& now) {
  if (now.athletes->Exists(row.athlete) && !identity::MayBeNamed(*now.athletes, row.athlete)) return false;
  for (const RaceScore& race : row.races) {
    for (const ScoredRow& scored : race.rows) {
      if (!identity::MayName(now, *views.results, scored.row, row.athlete)) return false;
    }
  }
  return true;
}

}  // namespace

v1::Series ToProto(const Series& series, int64_t position) {
  v1::Series out;
  out.set_name(series.name);
  out.set_display_name(series.data.display_name());
  for (const std::string& race : series.data.races()) out.add_races(race);
  out.set_rules_text(series.data.rules_text());
  for (const Category& category : series.rules->categories) out.add_categories(category.name);
  out.set_source(series.data.source());
  if (series.position == 0) return out;  // of a dry run
  *out.mutable_create_time() = rpc::ToTimestamp(series.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(series.update_time_us);
  out.set_etag(rpc::Etag(series.position));
  out.set_position(position);
  return out;
}

absl::StatusOr<stored::v1::Series> ToStored(const v1::Series& series, absl::string_view id) {
  stored::v1::Series stored;
  stored.set_id(std::string(id));
  if (series.display_name().empty()) return rpc::MissingField("series.display_name", "the series' name as printed");
  stored.set_display_name(series.display_name());
  if (series.races().empty()) return rpc::MissingField("series.races", "at least one race");
  if (series.races_size() > kMostRaces) {
    return rpc::InvalidField("series.races", absl::StrCat(series.races_size(), " races"), "at most 1000");
  }
  std::set<std::string> races;
  for (int i = 0; i < series.races_size(); ++i) {
    if (!races.insert(series.races(i)).second) {
      return rpc::InvalidField(absl::StrCat("series.races[", i, "]"), series.races(i), "each race once");
    }
    stored.add_races(series.races(i));
  }
  if (series.rules_text().empty()) return rpc::MissingField("series.rules_text", "the rules of the standings, as TOML");
  if (series.rules_text().size() > kLongestRules) {
    return rpc::InvalidField("series.rules_text", absl::StrCat(series.rules_text().size(), " bytes"),
                             "at most 256 KiB");
  }
  const auto rules = ParseSeriesRules(series.rules_text(), "rules_text");
  if (!rules.ok()) {
    return rpc::WithReason(absl::InvalidArgumentError(absl::StrCat("series.rules_text: ", rules.status().message())),
                           "RULES_INVALID");
  }
  stored.set_rules_text(series.rules_text());
  stored.set_source(series.source());
  return stored;
}

absl::Status CheckAgainstViews(const stored::v1::Series& series, const Views& views) {
  for (int i = 0; i < series.races_size(); ++i) {
    if (views.results->calendar().FindRace(series.races(i)) != nullptr) continue;
    return rpc::InvalidField(absl::StrCat("series.races[", i, "]"), series.races(i),
                             "a race that exists: events/{event}/editions/{edition}/races/{race}");
  }
  const auto rules = ParseSeriesRules(series.rules_text(), "rules_text");
  if (!rules.ok()) return rules.status();
  std::string carried_from = rules->carried_from;
  for (int depth = 0; !carried_from.empty() && depth < kLongestChain; ++depth) {
    const Series* earlier = views.series->Find(carried_from);
    if (earlier == nullptr) {
      return rpc::InvalidField("series.rules_text", carried_from, "carried_from.series: a series that exists");
    }
    if (carried_from == SeriesName(series.id())) {
      return rpc::InvalidField("series.rules_text", carried_from,
                               "carried_from.series: one that does not carry over from this series");
    }
    carried_from = earlier->rules->carried_from;
  }
  return absl::OkStatus();
}

std::string ClubDisplayName(const std::string& key, const std::string& text, const ClubsView& clubs) {
  const Club* club = clubs.Find(key);
  return club == nullptr ? text : club->data.display_name();
}

std::string ScoreText(int64_t score, Scoring scoring) {
  switch (scoring) {
    case Scoring::kPoints:
    case Scoring::kPlaces:
    case Scoring::kWorldAthletics:
      return Decimal(score);
    case Scoring::kTime:
      return athletics::FormatTime(score, score % 1000 == 0 ? 0 : score % 10 == 0 ? 2 : 3);
    case Scoring::kAgeGrade:
      return absl::StrFormat("%d.%02d", score / kThousandths, score % kThousandths / 10);
  }
  return absl::StrCat(score);
}

v1::Standing ToProto(const StandingRow& row, const SeriesRules& rules, const Views& views,
                     const identity::PeopleNow& now) {
  v1::Standing out;
  out.set_rank(static_cast<int32_t>(row.rank));
  if (row.athlete != 0 && MayNameAthlete(row, views, now)) {
    out.set_athlete(views.athletes->Name(row.athlete));
    out.set_display_name(views.athletes->athlete(row.athlete).display_name);
  } else if (row.athlete == 0) {
    out.set_display_name(ClubDisplayName(row.club_key, row.club_text, *views.clubs));
    out.set_club(views.clubs->Find(row.club_key) == nullptr ? row.club_text : row.club_key);
  }
  out.set_score(row.score);
  out.set_score_text(ScoreText(row.score, rules.scoring));
  out.set_carried_score(row.carried);
  if (row.tie_break.has_value()) out.set_tie_break(std::string(TieRuleCode(*row.tie_break)));
  for (const RaceScore& race : row.races) {
    for (const ScoredRow& scored : race.rows) {
      v1::StandingResult* result = out.add_results();
      const events::Race& of = views.results->calendar().race(scored.row.race);
      result->set_result(results::ResultName(of, views.results->sheet(of.number).Number(scored.row.row)));
      if (row.athlete == 0 && scored.athlete != 0 &&
          identity::MayName(now, *views.results, scored.row, scored.athlete)) {
        result->set_athlete(views.athletes->Name(scored.athlete));
      }
      result->set_score(scored.score);
      result->set_place(static_cast<int32_t>(scored.place));
      result->set_counts(race.counts);
      result->set_excluded_reason(race.why_not);
    }
  }
  return out;
}

}  // namespace palmares::series
