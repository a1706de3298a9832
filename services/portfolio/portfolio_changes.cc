// What the change feed tells of portfolios.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/portfolio/grounds.h"
#include "services/portfolio/portfolio_service.h"
#include "storage/stored.pb.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr int32_t kNoRace = -1;

std::string StateCode(v1::Portfolio::State state) {
  return absl::AsciiStrToLower(absl::StripPrefix(v1::Portfolio::State_Name(state), "STATE_"));
}

// The races of whose record the entry changed anything, but for one that it made.
absl::StatusOr<std::vector<int32_t>> RacesSetBy(const events::Calendar& calendar, const storage::Entry& entry) {
  std::vector<int32_t> races;
  if (entry.change.kind == storage::EntryKind::kRaceSet) {
    const absl::StatusOr<stored::v1::Race> body = storage::BodyOf<stored::v1::Race>(entry);
    if (!body.ok()) return body.status();
    const events::Race* race = calendar.FindRace(events::RaceName(body->event(), body->edition(), body->id()));
    if (race != nullptr && race->stamps.create_position != entry.position) races.push_back(race->number);
  } else if (entry.change.kind == storage::EntryKind::kCourseSet) {
    const absl::StatusOr<stored::v1::Course> body = storage::BodyOf<stored::v1::Course>(entry);
    if (!body.ok()) return body.status();
    races = calendar.RacesOn(events::CourseName(body->event(), body->id()));
  } else if (entry.change.kind == storage::EntryKind::kCatalogueRemoved) {
    const absl::StatusOr<stored::v1::CatalogueRemoved> body = storage::BodyOf<stored::v1::CatalogueRemoved>(entry);
    if (!body.ok()) return body.status();
    for (int32_t number = 0; number < calendar.race_count(); ++number) {
      if (events::IsUnder(calendar.race(number).name, body->name())) races.push_back(number);
    }
  }
  return races;
}

}  // namespace

std::vector<const Portfolio*> PortfolioService::RestingOn(int32_t race) const {
  const events::Calendar& calendar = sources_.results->calendar();
  std::vector<const Portfolio*> resting;
  absl::flat_hash_set<const Portfolio*> known;
  for (const int32_t of : views_.portfolios->record_races()) {
    for (const Portfolio* portfolio : views_.portfolios->OfRace(of)) {
      if (known.contains(portfolio)) continue;
      const std::vector<SignedResult>& results = portfolio->newest().results;
      const bool rests = std::any_of(results.begin(), results.end(), [&](const SignedResult& result) {
        return result.race == of && RestsOn(result, calendar.race(of), calendar.race(race));
      });
      if (!rests) continue;
      known.insert(portfolio);
      resting.push_back(portfolio);
    }
  }
  return resting;
}

absl::StatusOr<administration::ConcernedPortfolio> PortfolioService::Concerned(const access::Caller& caller,
                                                                               const Portfolio& portfolio,
                                                                               int32_t race) const {
  const PortfolioVersion& version = portfolio.newest();
  absl::StatusOr<bool> superseded = IsSuperseded(sources_, portfolio, version);
  if (!superseded.ok()) return superseded.status();
  administration::ConcernedPortfolio out;
  out.name = NameOf(portfolio);
  out.athlete = sources_.athletes->Name(sources_.athletes->Resolve(portfolio.athlete));
  out.ledger_position = version.ledger_position;
  out.state = StateCode(StateOf(portfolio, version, *superseded));
  if (race == kNoRace) return out;
  const absl::StatusOr<DisclosedPart> part = PartOfCaller(caller, portfolio);
  if (!part.ok()) return part.status();
  // A part names nothing but the results in it: neither those that a verdict counts, nor those of opponents.
  std::set<std::string> named;
  if (!part->everything() && !portfolio.erased) {
    absl::StatusOr<std::set<std::string>> in_version = ResultsIn(portfolio, version);
    if (!in_version.ok()) return in_version.status();
    named = *std::move(in_version);
  }
  const events::Race& of = sources_.results->calendar().race(race);
  for (const SignedResult& result : version.results) {
    if (result.race != race) continue;
    const std::string name = results::ResultName(of, result.number);
    const bool shown = part->everything() || (part->HasResult(name) && named.count(name) > 0);
    (shown ? out.results : out.withheld_results).push_back(result.number);
  }
  return out;
}

absl::StatusOr<std::vector<administration::ConcernedPortfolio>> PortfolioService::ConcernedBy(
    const access::Caller& caller, int32_t race) const {
  std::vector<const Portfolio*> portfolios = views_.portfolios->OfRace(race);
  const absl::flat_hash_set<const Portfolio*> showing(portfolios.begin(), portfolios.end());
  const std::vector<const Portfolio*> all_resting = RestingOn(race);
  const absl::flat_hash_set<const Portfolio*> resting(all_resting.begin(), all_resting.end());
  std::copy_if(all_resting.begin(), all_resting.end(), std::back_inserter(portfolios),
               [&showing](const Portfolio* portfolio) { return !showing.contains(portfolio); });
  std::vector<administration::ConcernedPortfolio> concerned;
  for (const Portfolio* portfolio : portfolios) {
    if (!Sees(caller, *portfolio)) continue;
    absl::StatusOr<administration::ConcernedPortfolio> one = Concerned(caller, *portfolio, race);
    if (!one.ok()) return one.status();
    one->rests_on_race = resting.contains(portfolio);
    concerned.push_back(*std::move(one));
  }
  return concerned;
}

v1::Change PortfolioService::Shaken(const administration::ConcernedPortfolio& portfolio,
                                    const events::Race* race) const {
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_PORTFOLIO);
  change.set_action(v1::Change::ACTION_UPDATED);
  change.set_name(portfolio.name);
  change.add_athletes(portfolio.athlete);
  change.set_new_value(portfolio.state);
  const bool shows_race = race != nullptr && !portfolio.results.empty();
  if (shows_race) change.set_cause(race->name);
  change.set_summary(race == nullptr ? "whose results are in it changed"
                     : shows_race    ? "what is known of a race in it changed"
                                     : "something in it changed");
  return change;
}

// What is known of a race, its wind, course or day, decides what its results are worth.
absl::StatusOr<std::vector<v1::Change>> PortfolioService::ChangesOfRaces(const access::Caller& caller,
                                                                         const storage::Entry& entry,
                                                                         const std::vector<int32_t>& races) const {
  std::vector<v1::Change> changes;
  std::set<std::string> told;  // one that shows several of the races is told of once
  for (const int32_t race : races) {
    const absl::StatusOr<std::vector<administration::ConcernedPortfolio>> concerned = ConcernedBy(caller, race);
    if (!concerned.ok()) return concerned.status();
    for (const administration::ConcernedPortfolio& portfolio : *concerned) {
      if (entry.position <= portfolio.ledger_position || !told.insert(portfolio.name).second) continue;
      changes.push_back(Shaken(portfolio, &sources_.results->calendar().race(race)));
    }
  }
  return changes;
}

absl::StatusOr<std::vector<v1::Change>> PortfolioService::ChangesOfMerge(const access::Caller& caller,
                                                                         const storage::Entry& entry) const {
  const identity::Athletes& athletes = *sources_.athletes;
  const auto merge = std::find_if(athletes.merges().begin(), athletes.merges().end(), [&entry](const auto& known) {
    return known.first == entry.position || known.second.undone == entry.position;
  });
  std::vector<v1::Change> changes;
  if (merge == athletes.merges().end()) return changes;
  std::set<int64_t> members;
  for (const int64_t number : {merge->second.from, merge->second.into}) {
    for (const int64_t member : athletes.Members(athletes.Resolve(number))) members.insert(member);
  }
  for (const int64_t member : members) {
    for (const Portfolio* portfolio : views_.portfolios->Of(member)) {
      if (entry.position <= portfolio->newest().ledger_position || !Sees(caller, *portfolio)) continue;
      const absl::StatusOr<administration::ConcernedPortfolio> one = Concerned(caller, *portfolio, kNoRace);
      if (!one.ok()) return one.status();
      changes.push_back(Shaken(*one, nullptr));
    }
  }
  return changes;
}

absl::StatusOr<std::vector<v1::Change>> PortfolioService::ChangesOf(const access::Caller& caller,
                                                                    const storage::Entry& entry) const {
  const storage::EntryKind kind = entry.change.kind;
  if (kind == storage::EntryKind::kAthletesMerged || kind == storage::EntryKind::kAthletesUnmerged) {
    return ChangesOfMerge(caller, entry);
  }
  const absl::StatusOr<std::vector<int32_t>> races = RacesSetBy(sources_.results->calendar(), entry);
  if (!races.ok()) return races.status();
  if (!races->empty()) return ChangesOfRaces(caller, entry, *races);
  int64_t athlete = 0;
  std::string id;
  bool revoked = false;
  int32_t version = 0;
  if (kind == storage::EntryKind::kPortfolioPublished) {
    stored::v1::Portfolio body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a portfolio");
    athlete = body.athlete();
    id = body.id();
    version = body.version();
  } else if (kind == storage::EntryKind::kPortfolioRevoked) {
    stored::v1::PortfolioRevoked body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a revocation of a portfolio");
    athlete = body.athlete();
    id = body.id();
    revoked = true;
  }
  const Portfolio* portfolio = athlete == 0 ? nullptr : views_.portfolios->Find(athlete, id);
  if (portfolio == nullptr || !Sees(caller, *portfolio)) return std::vector<v1::Change>();
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_PORTFOLIO);
  change.set_action(version == 1 ? v1::Change::ACTION_CREATED : v1::Change::ACTION_UPDATED);
  change.set_name(NameOf(*portfolio));
  change.add_athletes(sources_.athletes->Name(sources_.athletes->Resolve(athlete)));
  change.set_new_value(revoked ? "revoked" : "valid");
  change.set_summary(revoked ? "was revoked" : absl::StrCat("version ", version, " was signed"));
  return std::vector<v1::Change>{std::move(change)};
}

}  // namespace palmares::portfolio
