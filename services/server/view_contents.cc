#include "services/server/view_contents.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace palmares::server {
namespace {

using administration::TakeLine;
using administration::ViewContent;

constexpr int64_t kAthletesAPart = 4096;

// A view that is small enough to be one part.
template <typename Walk>
ViewContent Whole(std::string view, Walk walk) {
  return {std::move(view), [] { return int64_t{1}; }, [walk](int64_t, TakeLine take) { walk(take); }};
}

std::string Text(const events::Stamps& stamps) {
  return absl::StrCat(stamps.create_time_us, " ", stamps.update_time_us, " ", stamps.position);
}

void WalkTokens(const access::Tokens& tokens, TakeLine take) {
  for (const auto& [id, token] : tokens.tokens()) {
    take(id, absl::StrCat(static_cast<int>(token.role), "\n", absl::StrJoin(token.resources, ","), "\n",
                          token.display_name, "\n", token.creator, "\n", token.secret_hash, "\n", token.create_time_us,
                          " ", token.expire_time_us, " ", token.revoke_time_us, " ", token.position));
  }
}

void WalkStandards(const qualification::StandardsView& view, TakeLine take) {
  for (const auto& [id, loaded] : view.standards()) {
    std::string text = absl::StrCat(loaded.retired, " ", loaded.change_position, " ", loaded.change_time_us, "\n");
    for (const qualification::StandardRevision& revision : loaded.revisions) {
      absl::StrAppend(&text, revision.position, " ", revision.time_us, " ", revision.actor, " ", revision.file_name,
                      "\n", revision.source, "\n");
    }
    take(id, text);
  }
}

void WalkGrants(const access::Grants& grants, TakeLine take) {
  for (const auto& [key, grant] : grants.all()) {
    take(absl::StrCat("athletes/", key.first, "/grants/", key.second),
         absl::StrCat(grant.holder, "\n", static_cast<int>(grant.relation), " ", grant.rights.bits(), " ",
                      grant.create_time_us, " ", grant.expire_time_us, " ", grant.revoke_time_us, " ") +
             absl::StrCat(grant.waiting, " ", grant.position));
  }
}

void WalkSigningKeys(const portfolio::SigningKeys& keys, TakeLine take) {
  for (const portfolio::SigningKey& key : keys.all()) {
    take(key.id, absl::StrCat(absl::BytesToHexString(key.public_key), " ", key.create_time_us, " ", key.retire_time_us,
                              " ", key.compromise_time_us));
  }
}

void WalkPortfolios(const portfolio::PortfoliosView& view, TakeLine take) {
  for (const auto& [key, portfolio] : view.all()) {
    std::string text = absl::StrCat(portfolio.display_name, "\n", portfolio.selection, "\n", portfolio.create_time_us,
                                    " ", portfolio.update_time_us, " ", portfolio.revoke_time_us, " ") +
                       absl::StrCat(portfolio.revoke_reason, " ", portfolio.erased, " ", portfolio.position);
    for (const portfolio::PortfolioVersion& version : portfolio.versions) {
      absl::StrAppend(&text, "\n", version.version, " ", version.position, " ", version.ledger_position, " ");
      absl::StrAppend(&text, version.sign_time_us, " ", version.expire_time_us, " ", version.signing_key, " ");
      absl::StrAppend(&text, absl::BytesToHexString(version.content_sha256), " ", version.status_index);
      for (const portfolio::SignedResult& result : version.results) {
        absl::StrAppend(&text, " ", result.race, "/", result.number, "=", absl::BytesToHexString(result.digest));
      }
    }
    take(absl::StrCat("athletes/", key.first, "/portfolios/", key.second), text);
  }
}

void WalkShares(const portfolio::SharesView& view, TakeLine take) {
  for (const auto& [id, share] : view.all()) {
    std::string text = absl::StrCat(share.display_name, "\n", share.athlete, " ", share.portfolio, "\n") +
                       absl::StrCat(share.selection, "\n", share.expire_time_us, " ", share.view_limit, " ") +
                       absl::StrCat(share.holder, " ", absl::BytesToHexString(share.secret_sha256), " ", share.prefix) +
                       absl::StrCat(" ", share.create_time_us, " ", share.update_time_us, " ", share.revoke_time_us) +
                       absl::StrCat(" ", share.erased, " ", share.position, " ", share.view_count);
    for (const portfolio::ShareView& seen : share.views) {
      absl::StrAppend(&text, "\n", seen.time_us, " ", seen.viewer, " ", seen.method, " ", seen.network);
      absl::StrAppend(&text, " ", seen.refused);
    }
    take(absl::StrCat("shares/", id), text);
  }
}

void WalkApplications(const qualification::Applications& applications, TakeLine take) {
  for (const auto& [standard, all] : applications.all()) {
    for (const auto& [athlete, application] : all.by_athlete) {
      take(absl::StrCat("standards/", standard, "/applications/", athlete),
           absl::StrCat(static_cast<int>(application.state), " ", application.apply_time_us, " ", application.path, " ",
                        application.create_time_us, " ", application.update_time_us, " ", application.position, "\n",
                        application.reason));
    }
  }
}

void WalkGoals(const goals::GoalsView& view, TakeLine take) {
  for (const auto& [key, goal] : view.goals()) {
    take(absl::StrCat("athletes/", key.first, "/goals/", key.second),
         absl::StrCat(goal.display_name, "\n", goal.discipline == nullptr ? "" : goal.discipline->code, " ", goal.mark,
                      " ", goal.legal, " ", goal.standard, " ", goal.listed_in_profile, " ") +
             absl::StrCat(goal.due.has_value() ? athletics::FormatDate(*goal.due) : "", " ", goal.create_time_us, " ",
                          goal.update_time_us, " ", goal.position));
  }
  for (const auto& [id, board] : view.boards()) {
    take(absl::StrCat("boards/", id),
         absl::StrCat(board.owner, "\n", board.display_name, "\n", absl::StrJoin(board.athletes, ","), "\n", board.club,
                      "\n", absl::StrJoin(board.standards, ","), "\n", board.goals, " ") +
             absl::StrCat(board.create_time_us, " ", board.update_time_us, " ", board.position));
  }
}

void WalkProfiles(const profiles::ProfilesView& view, TakeLine take) {
  for (const auto& [athlete, profile] : view.profiles()) {
    take(absl::StrCat("athletes/", athlete, "/profile"),
         absl::StrCat(profile.create_time_us, " ", profile.update_time_us, " ", profile.position));
  }
}

// Of clubs and series, which are kept alike: what each holds and since when.
template <typename Kept>
void WalkKept(const Kept& kept, TakeLine take) {
  for (const auto& [name, one] : kept) {
    take(name, absl::StrCat(one.data.SerializeAsString(), "\n", one.create_time_us, " ", one.update_time_us, " ",
                            one.position));
  }
}

void WalkMappings(const ingest::ColumnMappings& mappings, TakeLine take) {
  for (const auto& [name, one] : mappings.mappings()) {
    take(name,
         absl::StrCat(ingest::BytesOf(one.data), "\n", one.create_time_us, " ", one.update_time_us, " ", one.position));
  }
}

void WalkCalendar(const events::Calendar& calendar, TakeLine take) {
  for (const auto& [name, event] : calendar.events()) {
    take(name, absl::StrCat(event->data.SerializeAsString(), "\n", Text(event->stamps), " ", event->editions));
  }
  for (const auto& [name, edition] : calendar.editions()) {
    take(name, absl::StrCat(edition->data.SerializeAsString(), "\n", Text(edition->stamps), " ", edition->races));
  }
  for (const auto& [name, race] : calendar.races()) {
    take(name, absl::StrCat(race->data.SerializeAsString(), "\n", Text(race->stamps), " ", race->number, " ",
                            race->discipline->code, " ", race->event->name, " ", race->edition->name));
  }
}

void WalkPrivacies(const identity::Privacies& privacies, TakeLine take) {
  for (const auto& [athlete, privacy] : privacies.all()) {
    take(absl::StrCat("athletes/", athlete, "/privacy"),
         absl::StrCat(static_cast<int>(privacy.search), " ", static_cast<int>(privacy.birth_date), " ",
                      static_cast<int>(privacy.profile), " ", static_cast<int>(privacy.discovery), " ",
                      absl::StrJoin(privacy.discovery_criteria, ","), "\n", privacy.reason, "\n") +
             absl::StrCat(privacy.create_time_us, " ", privacy.update_time_us, " ", privacy.position));
  }
}

std::string Text(const std::vector<identity::AthleteDetails::Dated>& all) {
  return absl::StrJoin(all, ",", [](std::string* out, const identity::AthleteDetails::Dated& dated) {
    absl::StrAppend(out, dated.value, " ", dated.first.has_value() ? athletics::FormatDate(*dated.first) : "", " ",
                    dated.last.has_value() ? athletics::FormatDate(*dated.last) : "");
  });
}

std::string Text(const identity::AthleteDetails& details) {
  std::string ids;
  for (const identity::AthleteDetails::ExternalId& id : details.external_ids) {
    absl::StrAppend(&ids, id.scheme, " ", id.value, " ", id.confidential, "\n");
  }
  return absl::StrCat(details.city, "\n", details.region, "\n", absl::StrJoin(details.other_names, ","), "\n",
                      Text(details.nationalities), "\n", Text(details.clubs), "\n", ids);
}

int64_t AthleteParts(const identity::Athletes& athletes) { return athletes.count() / kAthletesAPart + 2; }

// The last part holds the merges, the others the athletes by number.
void WalkAthletes(const identity::Athletes& athletes, int64_t part, TakeLine take) {
  const int64_t end = std::min((part + 1) * kAthletesAPart, athletes.count() + 1);
  for (int64_t number = std::max<int64_t>(part * kAthletesAPart, 1); number < end; ++number) {
    const identity::Athlete& athlete = athletes.athlete(number);
    const identity::Names names = athletes.NamesOf(number);
    take(absl::StrCat("athletes/", number),
         absl::StrCat(athletes.Name(number), " ", static_cast<int>(athlete.state), "\n", athlete.display_name, "\n",
                      names.display, "\n", names.family, "\n", names.given, "\n", Text(athletes.details(number))) +
             absl::StrCat(athlete.country, " ", static_cast<int>(athlete.sex), " ",
                          athletics::PackPartialDate(athlete.birth), " ", athlete.position, " ", athlete.registered,
                          " ", athletes.Resolve(number), " ", absl::StrJoin(athletes.Members(number), ",")));
  }
  if (part + 1 < AthleteParts(athletes)) return;
  take("names", absl::StrCat(athletes.names().size()));
  for (const auto& [position, merge] : athletes.merges()) {
    take(absl::StrCat("merge ", position),
         absl::StrCat(merge.id, " ", merge.from, " ", merge.into, " ", merge.undone, " ", merge.time_us, " ",
                      merge.undone_time_us, " ", merge.actor, "\n", merge.reason));
  }
}

void WalkLinks(const identity::Links& links, TakeLine take) {
  for (const auto& [race, proposals] : links.proposals()) {
    std::string text;
    for (const identity::Proposal& one : proposals) {
      absl::StrAppend(&text, one.base, " ", one.number, " ", one.athlete, " ", one.weight, " ", one.same_person, "\n");
    }
    take(absl::StrCat("proposals of race ", race), text);
  }
  for (const auto& [key, decisions] : links.decisions()) {
    std::string text;
    for (const identity::LinkDecision& one : decisions) {
      absl::StrAppend(&text, static_cast<int>(one.kind), " ", one.athlete, " ", one.position, " ", one.time_us, " ");
      absl::StrAppend(&text, one.own_athlete, " ", one.taken_back, " ", one.actor, "\n", one.reason, "\n");
    }
    take(absl::StrCat("decisions about ", key.first, "/", key.second), text);
  }
  for (const auto& [pair, decisions] : links.different()) {
    take(absl::StrCat("different ", pair.first, " and ", pair.second), absl::StrCat(decisions));
  }
  for (const auto& [position, split] : links.splits()) {
    std::string text = absl::StrCat(split.source, " ", split.made, " ", split.time_us, " ", split.undone, " ",
                                    split.undone_time_us, " ", split.actor, "\n", split.reason, "\n");
    for (size_t i = 0; i < split.changes.size(); ++i) {
      const results::LinkChange& change = split.changes[i];
      absl::StrAppend(&text, change.race, " ", change.number, " ", change.base, " ", split.before[i].athlete, " ",
                      static_cast<int>(split.before[i].kind), "\n");
    }
    take(absl::StrCat("split ", position), text);
  }
  for (const auto& [position, claim] : links.claims()) {
    take(absl::StrCat("claim ", position),
         absl::StrCat(claim.athlete, " ", claim.token, " ", claim.granted, "\n", claim.reason));
  }
}

std::string Text(const results::RaceSheet& sheet, int64_t row) {
  const results::RowFacts facts = sheet.Facts(row);
  const results::RaceSheet::Address address = sheet.Find(row);
  const results::FactsBlock& block = *address.facts;
  return absl::StrCat(facts.link.athlete, " ", static_cast<int>(facts.link.kind), " ", static_cast<int>(facts.sex), " ",
                      static_cast<int>(facts.division), " ", static_cast<int>(facts.outcome), " ", facts.age, " ",
                      facts.official_mark, " ", facts.gun_mark, " ", facts.chip_mark, " ") +
         absl::StrCat(facts.place, " ", facts.sex_place, " ", facts.category_place, " ", address.position, " ",
                      address.part, " ", address.row, "\n", block.bib(address.row), "\n", block.category(address.row),
                      "\n", block.country(address.row)) +
         absl::StrCat("\n", block.region(address.row), "\n", block.club(address.row));
}

void WalkSheet(const results::Results& results, int64_t race, TakeLine take) {
  const results::RaceSheet& sheet = results.sheet(static_cast<int32_t>(race));
  const std::string& name = results.calendar().race(static_cast<int32_t>(race)).name;
  std::string head =
      absl::StrCat(static_cast<int>(sheet.state), " ", sheet.revision, " ", sheet.create_time_us, " ",
                   sheet.update_time_us, " ", sheet.announce_time_us, " ", sheet.embargo_time_us, " ",
                   static_cast<int>(sheet.state_after_embargo), " ", sheet.position, " ", sheet.rows(), " ") +
      absl::StrCat(sheet.last_number(), " ", sheet.finishers(), "\n", sheet.actor, "\n", sheet.file_name, "\n",
                   sheet.content_sha256, "\n");
  for (const results::SplitPoint& point : sheet.split_points) {
    absl::StrAppend(&head, point.label, " ", point.distance_mm, "\n");
  }
  absl::StrAppend(&head, sheet.protest, "\n");
  const auto number_of_race = static_cast<int32_t>(race);
  for (const results::SheetLog::Revision& revision : results.log(number_of_race).Revisions()) {
    absl::StrAppend(&head, revision.first, "-", revision.last, ":", static_cast<int>(revision.kind), " ");
  }
  take(name, head);
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    std::string text = Text(sheet, row);
    if (results.RevisionCount(number_of_race, sheet.Number(row)) > 0) {
      for (const auto& revision : results.RevisionsOf(number_of_race, sheet.Number(row))) {
        absl::StrAppend(&text, "\n", revision.race, " ", revision.number, " ", revision.position, " ",
                        static_cast<int>(revision.kind), " ", revision.undone);
      }
    }
    take(absl::StrCat(name, "/results/", sheet.Number(row)), text);
  }
}

void WalkSanctions(const results::Sanctions& sanctions, TakeLine take) {
  for (const auto& [position, sanction] : sanctions.all()) {
    take(absl::StrCat("athletes/", sanction.athlete, "/sanctions/", sanction.id),
         absl::StrCat(position, " ", athletics::FormatDate(sanction.from), " ",
                      sanction.to.has_value() ? athletics::FormatDate(*sanction.to) : "", "\n", sanction.rule, "\n",
                      sanction.reason, "\n") +
             absl::StrCat(sanction.evidence, "\n", sanction.leave_places_vacant, " ", sanction.create_time_us, " ",
                          sanction.update_time_us, " ", sanction.changed, " ", sanction.lifted, "\n",
                          sanction.lift_reason));
  }
}

void WalkRowsOfAthletes(const State& state, int64_t part, TakeLine take) {
  const int64_t end = std::min((part + 1) * kAthletesAPart, state.athletes.count() + 1);
  for (int64_t number = part * kAthletesAPart; number < end; ++number) {
    std::string rows;
    for (const results::RowRef& ref : state.results.OfAthlete(number)) {
      absl::StrAppend(&rows, ref.race, ":", ref.row, " ");
    }
    take(absl::StrCat("athletes/", number), absl::StrCat(rows, state.results.IsAnonymous(number)));
  }
}

}  // namespace

std::vector<ViewContent> ViewContents(const State& state) {
  const State* views = &state;
  return {
      Whole("tokens", [views](TakeLine take) { WalkTokens(views->tokens, take); }),
      Whole("grants", [views](TakeLine take) { WalkGrants(views->grants, take); }),
      Whole("standards", [views](TakeLine take) { WalkStandards(views->standards, take); }),
      Whole("applications", [views](TakeLine take) { WalkApplications(views->applications, take); }),
      Whole("goals", [views](TakeLine take) { WalkGoals(views->goals, take); }),
      Whole("signing keys", [views](TakeLine take) { WalkSigningKeys(views->signing_keys, take); }),
      Whole("portfolios", [views](TakeLine take) { WalkPortfolios(views->portfolios, take); }),
      Whole("shares", [views](TakeLine take) { WalkShares(views->shares, take); }),
      Whole("profiles", [views](TakeLine take) { WalkProfiles(views->profiles, take); }),
      Whole("clubs", [views](TakeLine take) { WalkKept(views->clubs.clubs(), take); }),
      Whole("series", [views](TakeLine take) { WalkKept(views->series.series(), take); }),
      Whole("column mappings", [views](TakeLine take) { WalkMappings(views->mappings, take); }),
      Whole("calendar", [views](TakeLine take) { WalkCalendar(views->calendar, take); }),
      {"athletes", [views] { return AthleteParts(views->athletes); },
       [views](int64_t part, TakeLine take) { WalkAthletes(views->athletes, part, take); }},
      Whole("privacies", [views](TakeLine take) { WalkPrivacies(views->privacies, take); }),
      {"results", [views] { return int64_t{views->calendar.race_count()}; },
       [views](int64_t race, TakeLine take) { WalkSheet(views->results, race, take); }},
      Whole("links", [views](TakeLine take) { WalkLinks(views->links, take); }),
      Whole("sanctions", [views](TakeLine take) { WalkSanctions(views->sanctions, take); }),
      {"histories", [views] { return AthleteParts(views->athletes); },
       [views](int64_t part, TakeLine take) { WalkRowsOfAthletes(*views, part, take); }},
  };
}

}  // namespace palmares::server
