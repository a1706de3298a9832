#include "services/identity/link_messages.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "services/identity/athlete_messages.h"
#include "services/identity/event_policy.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"

namespace palmares::identity {
namespace {

using google::protobuf::RepeatedPtrField;

constexpr int kOtherResults = 5;
constexpr size_t kMostResultsOfASplit = 1000;

absl::string_view FeatureOf(Field field) {
  switch (field) {
    case Field::kFamilyName:
      return "family_name";
    case Field::kGivenName:
      return "given_name";
    case Field::kSuffix:
      return "suffix";
    case Field::kBirth:
      return "birth_date";
    case Field::kSex:
      return "sex";
    case Field::kCountry:
      return "country";
    case Field::kRegion:
      return "region";
    case Field::kCity:
      return "city";
    case Field::kClub:
      return "club";
    case Field::kBib:
      return "bib";
    case Field::kExternalId:
      return "external_id";
    case Field::kSameDay:
      return "same_day";
    case Field::kMark:
      return "plausible_mark";
    case Field::kPopulation:
      break;
  }
  return "population";
}

// The two values that were compared, where they may be shown.
void FillValues(Field field, const results::Result& row, const Athlete& athlete, bool trusted, v1::Evidence* out) {
  switch (field) {
    case Field::kFamilyName:
    case Field::kGivenName:
    case Field::kSuffix:
      out->set_row_value(row.name);
      out->set_athlete_value(athlete.display_name);
      break;
    case Field::kBirth:
      if (!trusted) break;
      out->set_row_value(row.birth.known() ? athletics::FormatPartialDate(row.birth)
                                           : (row.age > 0 ? absl::StrCat("age ", row.age) : row.category));
      out->set_athlete_value(athletics::FormatPartialDate(athlete.birth));
      break;
    case Field::kSex:
      out->set_row_value(std::string(athletics::SexCode(row.sex)));
      out->set_athlete_value(std::string(athletics::SexCode(athlete.sex)));
      break;
    case Field::kCountry:
      out->set_row_value(row.country);
      out->set_athlete_value(athlete.country);
      break;
    case Field::kRegion:
      out->set_row_value(row.region);
      break;
    case Field::kCity:
      if (trusted) out->set_row_value(row.city);
      break;
    case Field::kClub:
      out->set_row_value(row.club);
      break;
    case Field::kBib:
      out->set_row_value(row.bib);
      break;
    case Field::kExternalId:
    case Field::kPopulation:
    case Field::kSameDay:
    case Field::kMark:
      break;
  }
}

std::string TextOf(const FieldEvidence& line) {
  if (line.field == Field::kSameDay) {
    return line.agreement == Agreement::kBothLong ? "another race of a half marathon or longer on the same day"
                                                  : "another race on the same day, at another place";
  }
  if (line.field == Field::kMark) return "the mark is far from all of theirs within three years";
  if (line.field == Field::kPopulation) return "how many athletes there are that it could be instead";
  return absl::StrCat(FieldName(line.field), ": ", AgreementName(line.agreement));
}

// The row's race and the athlete's other one, where its sheet may be seen.
void FillRaces(const IdentityViews& views, const Asker& asker, int32_t own, int32_t other, v1::Evidence* out) {
  const events::Calendar& calendar = views.results->calendar();
  out->set_row_value(calendar.race(own).name);
  if (MaySeeSheet(views, asker, other)) out->set_athlete_value(calendar.race(other).name);
}

// Whose row is weighed, for whom to read.
struct Weighed {
  const IdentityViews& views;
  const Asker& asker;
  int32_t race;
  const results::Result& row;
  const Athlete& athlete;
  bool trusted;
};

void DescribeEvidence(const Candidate& candidate, const Weighed& weighed, RepeatedPtrField<v1::Evidence>* out) {
  std::vector<FieldEvidence> lines = candidate.evidence;
  std::stable_sort(lines.begin(), lines.end(), [](const FieldEvidence& a, const FieldEvidence& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  for (const FieldEvidence& line : lines) {
    v1::Evidence* evidence = out->Add();
    evidence->set_feature(std::string(FeatureOf(line.field)));
    evidence->set_weight(line.weight / 1000.0);
    FillValues(line.field, weighed.row, weighed.athlete, weighed.trusted, evidence);
    if (line.field == Field::kSameDay || line.field == Field::kMark)
      FillRaces(weighed.views, weighed.asker, weighed.race, line.race, evidence);
    evidence->set_text(TextOf(line));
  }
  if (candidate.obstacle == Obstacle::kNone) return;
  v1::Evidence* obstacle = out->Add();
  obstacle->set_feature(candidate.obstacle == Obstacle::kAlreadyInRace ? "same_race" : "obstacle");
  obstacle->set_text(std::string(ObstacleName(candidate.obstacle)));
}

std::optional<Candidate> WeighNow(const IdentityViews& views, results::RowRef ref, const results::Result& row,
                                  int64_t athlete) {
  const Linker* linker = views.evidence->Find();
  if (linker == nullptr) return std::nullopt;
  return linker->Weigh(AppearanceOf(row, views.results->calendar().race(ref.race)), athlete);
}

void DescribeOthers(const IdentityViews& views, const Asker& asker, const LinkState& state, v1::IdentityLink* out) {
  for (int64_t member : views.athletes->Members(state.athlete)) {
    for (const results::RowRef& ref : views.results->OfAthlete(member)) {
      if (ref == state.row || !MaySeeSheet(views, asker, ref.race)) continue;
      if (out->other_results_size() == kOtherResults) return;
      out->add_other_results(results::ResultName(views.results->calendar().race(ref.race),
                                                 views.results->sheet(ref.race).Number(ref.row)));
    }
  }
}

}  // namespace

std::string LinkName(const IdentityViews& views, const LinkState& state) {
  const results::RaceSheet& sheet = views.results->sheet(state.row.race);
  const std::string athlete = views.athletes->Name(state.athlete);
  return absl::StrCat(results::ResultName(views.results->calendar().race(state.row.race), sheet.Number(state.row.row)),
                      "/links/", absl::StripPrefix(athlete, "athletes/"));
}

bool MayDecide(const IdentityViews& views, const Asker& asker, int32_t race) {
  return access::MayManage(*asker.caller, views.results->calendar().race(race).name);
}

bool MaySeeSheet(const IdentityViews& views, const Asker& asker, int32_t race) {
  return results::Counts(views.results->sheet(race).state) || MayDecide(views, asker, race);
}

absl::StatusOr<v1::IdentityLink> ToProto(const IdentityViews& views, const Asker& asker, const LinkState& state,
                                         bool detailed) {
  const results::RaceSheet& sheet = views.results->sheet(state.row.race);
  const events::Race& race = views.results->calendar().race(state.row.race);
  const bool trusted = MayDecide(views, asker, state.row.race);
  v1::IdentityLink out;
  out.set_name(LinkName(views, state));
  out.set_result(results::ResultName(race, sheet.Number(state.row.row)));
  out.set_athlete(views.athletes->Name(state.athlete));
  out.set_tier(static_cast<v1::LinkTier>(state.tier));
  *out.mutable_create_time() = rpc::ToTimestamp(sheet.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(sheet.update_time_us);
  int64_t changed = sheet.Published(state.row.row).position;
  if (state.decision != nullptr) {
    changed = std::max(changed, state.decision->position);
    *out.mutable_update_time() = rpc::ToTimestamp(state.decision->time_us);
    if (trusted) {
      out.mutable_actor()->set_token(state.decision->actor);
      out.set_reason(state.decision->reason);
    }
  }
  out.set_etag(rpc::Etag(changed));
  absl::StatusOr<results::Result> row = results::RowReader(views.results).Read(state.row);
  if (!row.ok()) return row.status();
  const Athlete& athlete = views.athletes->athlete(state.athlete);
  const std::optional<Candidate> weighed = WeighNow(views, state.row, *row, state.athlete);
  if (weighed.has_value()) {
    DescribeEvidence(*weighed, {views, asker, state.row.race, *row, athlete, trusted}, out.mutable_evidence());
  }
  const int32_t weight = weighed.has_value() ? weighed->weight : state.weight;
  const bool certain = Ties(state.tier) && state.tier != LinkTier::kAutomatic;
  out.set_probability(certain ? 1.0 : ProbabilityOf(weight));
  if (!detailed) return out;
  const results::AthleteNames names = [&views](int64_t number) {
    return number == 0 ? std::string() : views.athletes->Name(views.athletes->Resolve(number));
  };
  *out.mutable_row() = results::ToProto(race, sheet, state.row.row, *row, names, trusted).row();
  *out.mutable_athlete_summary() = ToProto(views.Privacy(), state.athlete, *asker.caller, asker.now_us);
  DescribeOthers(views, asker, state, &out);
  return out;
}

v1::AthleteSplit ToProto(const IdentityViews& views, const Asker& asker, const Split& split) {
  v1::AthleteSplit out;
  out.set_name(absl::StrCat("splits/", split.position));
  out.set_source_athlete(views.athletes->Name(views.athletes->Resolve(split.source)));
  out.set_new_athlete(views.athletes->Name(split.made));
  for (const results::LinkChange& change : split.changes) {
    if (static_cast<size_t>(out.results_size()) == kMostResultsOfASplit) break;
    out.add_results(absl::StrCat(change.race, "/results/", change.number));
  }
  out.set_reason(split.reason);
  out.set_undone(split.undone != 0);
  if (asker.caller->role == access::Role::kOperator) out.mutable_actor()->set_token(split.actor);
  *out.mutable_create_time() = rpc::ToTimestamp(split.time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(split.undone != 0 ? split.undone_time_us : split.time_us);
  out.set_etag(rpc::Etag(std::max(split.position, split.undone)));
  return out;
}

absl::StatusOr<v1::MergeProposal> ToProto(const IdentityViews& views, const Asker& asker,
                                          const MergeCandidate& candidate) {
  v1::MergeProposal out;
  const auto describe = [&](int64_t athlete) { return ToProto(views.Privacy(), athlete, *asker.caller, asker.now_us); };
  *out.mutable_first_athlete() = describe(candidate.first);
  *out.mutable_second_athlete() = describe(candidate.second);
  absl::StatusOr<results::Result> row = results::RowReader(views.results).Read(candidate.row);
  if (!row.ok()) return row.status();
  const std::optional<Candidate> weighed = WeighNow(views, candidate.row, *row, candidate.other);
  if (weighed.has_value()) {
    const Athlete& other = views.athletes->athlete(candidate.other);
    DescribeEvidence(*weighed, {views, asker, candidate.row.race, *row, other, true}, out.mutable_evidence());
  }
  out.set_probability(ProbabilityOf(candidate.weight));
  return out;
}

}  // namespace palmares::identity
