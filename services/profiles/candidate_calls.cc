// Sponsors look for athletes who agreed to be found: SearchCandidates, CompareCandidates.
#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/identity/visibility.h"
#include "services/profiles/candidate_figures.h"
#include "services/profiles/profile_check.h"
#include "services/profiles/profile_service.h"
#include "services/rpc/errors.h"

namespace palmares::profiles {
namespace {

constexpr int32_t kPageSize = 20;
constexpr int32_t kLargestPage = 200;
constexpr int kLeastCompared = 2;
constexpr int kMostCompared = 10;
constexpr double kThousandths = 1000;
constexpr absl::string_view kByFollowers[] = {"followers"};

// Best first; of equal scores the athlete who became known first.
using Key = std::pair<int64_t, int64_t>;  // score negated, athlete

std::string FormatKey(const Key& key) { return absl::StrCat(key.first, ":", key.second); }

absl::StatusOr<Key> ParseKey(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  Key key;
  const bool good =
      parts.size() == 2 && absl::SimpleAtoi(parts[0], &key.first) && absl::SimpleAtoi(parts[1], &key.second);
  if (!good) return rpc::InvalidField("page_token", text, "the next_page_token of the page before");
  return key;
}

std::vector<absl::string_view> CodesOf(const Criteria& criteria) {
  std::vector<absl::string_view> codes;
  for (const Criterion criterion : Used(criteria)) codes.push_back(CriterionCode(criterion));
  return codes;
}

std::string ResultNameOf(const results::Results& results, const results::RowRef& row) {
  return results::ResultName(results.calendar().race(row.race), results.sheet(row.race).Number(row.row));
}

// What the record of an athlete alone can rule out, before rows are looked at.
bool MayMatch(const identity::Athlete& athlete, const Criteria& criteria) {
  if (criteria.sex.has_value() && athlete.sex != *criteria.sex) return false;
  const std::vector<std::string>& countries = criteria.countries;
  return countries.empty() || std::find(countries.begin(), countries.end(), athlete.country) != countries.end();
}

}  // namespace

bool ProfileService::MayFind(const access::Caller& caller, int64_t athlete,
                             absl::Span<const absl::string_view> criteria) const {
  return identity::IsDiscoverable(views_.privacy, caller, athlete, criteria, NowUs()) &&
         identity::IsVisible(*views_.privacy.athletes, *views_.privacy.results, caller, athlete);
}

absl::StatusOr<Candidate> ProfileService::Gather(const AskedFor& asked, int64_t athlete) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  Candidate candidate = GatherCandidate(athletes, *views_.privacy.results, athlete, Today());
  JudgeStandards(asked.standards, athletes, *views_.privacy.results, Today(), candidate);
  if (asked.criteria.min_followers == 0) return candidate;
  const absl::StatusOr<v1::Profile> profile = Read(ProfileOf(*views_.profiles, athletes, athlete));
  if (!profile.ok()) return profile.status();
  if (!profile->social_reach().empty()) candidate.facts.followers = FollowersOf(*profile);
  return candidate;
}

absl::StatusOr<std::vector<ProfileService::Match>> ProfileService::Matches(const access::Caller& caller,
                                                                           const AskedFor& asked) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const std::vector<absl::string_view> codes = CodesOf(asked.criteria);
  std::vector<Match> matches;
  // Nobody is found who never spoke of privacy.
  for (const auto& [athlete, privacy] : views_.privacy.privacies->all()) {
    const bool may_match = athletes.Resolve(athlete) == athlete &&
                           MayMatch(athletes.athlete(athlete), asked.criteria) && MayFind(caller, athlete, codes);
    if (!may_match) continue;
    absl::StatusOr<Candidate> candidate = Gather(asked, athlete);
    if (!candidate.ok()) return candidate.status();
    std::vector<Part> parts = Judge(candidate->facts, asked.criteria, Today());
    if (!MeetsAll(parts)) continue;
    const int64_t score = ScoreOf(parts);
    matches.push_back({score, *std::move(candidate), std::move(parts)});
  }
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return Key(-a.score, a.candidate.facts.athlete) < Key(-b.score, b.candidate.facts.athlete);
  });
  return matches;
}

absl::StatusOr<v1::Candidate> ProfileService::ToProto(const access::Caller& caller, const Candidate& candidate,
                                                      const std::vector<Part>& parts) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const results::Results& results = *views_.privacy.results;
  const int64_t athlete = candidate.facts.athlete;
  v1::Candidate out;
  out.set_athlete(athletes.Name(athlete));
  out.set_display_name(athletes.athlete(athlete).display_name);
  out.set_country(candidate.facts.country);
  if (candidate.facts.age.has_value()) {
    const athletics::AgeBand told = ToldAges(*candidate.facts.age);
    out.mutable_age_band()->set_min_age(told.min);
    out.mutable_age_band()->set_max_age(told.max);
    out.mutable_age_band()->set_label(AgeLabel(*candidate.facts.age));
  }
  out.set_score(static_cast<double>(ScoreOf(parts)) / kThousandths);
  std::vector<const Part*> weightiest;
  weightiest.reserve(parts.size());
  for (const Part& part : parts) weightiest.push_back(&part);
  std::stable_sort(weightiest.begin(), weightiest.end(),
                   [](const Part* a, const Part* b) { return a->share > b->share; });
  for (const Part* part : weightiest) {
    v1::ScoreReason* reason = out.add_reasons();
    reason->set_criterion(std::string(CriterionCode(part->criterion)));
    reason->set_score(static_cast<double>(ScoreOf(*part, parts.size())) / kThousandths);
    reason->set_text(part->text);
    for (const int index : part->results) {
      reason->add_results(ResultNameOf(results, candidate.rows[static_cast<size_t>(index)]));
    }
    reason->set_verification(part->verified ? v1::VERIFICATION_VERIFIED : v1::VERIFICATION_SELF_REPORTED);
  }
  if (!identity::SeesProfile(views_.privacy, caller, athlete, NowUs())) return out;
  absl::StatusOr<v1::Profile> profile = Read(ProfileOf(*views_.profiles, athletes, athlete));
  if (!profile.ok()) return profile.status();
  out.set_headline(profile->headline());
  return out;
}

Standards ProfileService::StandardsInUse() const {
  Standards standards;
  for (const auto& [id, loaded] : views_.standards->standards()) {
    if (!loaded.retired) standards.push_back(loaded.standard);
  }
  return standards;
}

grpc::Status ProfileService::SearchCandidates(grpc::ServerContext* context, const v1::SearchCandidatesRequest* request,
                                              v1::SearchCandidatesResponse* response) {
  return rpc::Serve(calls_, *context, "ProfileService.SearchCandidates", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (!request->has_criteria()) return rpc::MissingField("criteria", "what is looked for");
                      const absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
                      if (!size.ok()) return size.status();
                      const absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
                      if (!last.ok()) return last.status();
                      std::optional<Key> after;
                      if (!last->empty()) {
                        const absl::StatusOr<Key> key = ParseKey(*last);
                        if (!key.ok()) return key.status();
                        after = *key;
                      }
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const absl::StatusOr<AskedFor> asked = ReadCriteria(request->criteria(), *views_.standards);
                      if (!asked.ok()) return asked.status();
                      const absl::StatusOr<std::vector<Match>> matches = Matches(call.caller, *asked);
                      if (!matches.ok()) return matches.status();
                      response->set_total_size(static_cast<int32_t>(matches->size()));
                      response->set_position(reader->position());
                      Key shown;
                      for (const Match& match : *matches) {
                        const Key key(-match.score, match.candidate.facts.athlete);
                        if (after.has_value() && key <= *after) continue;
                        if (response->candidates_size() == *size) {
                          response->set_next_page_token(call.calls->page_tokens->Make(*request, FormatKey(shown)));
                          break;
                        }
                        absl::StatusOr<v1::Candidate> candidate = ToProto(call.caller, match.candidate, match.parts);
                        if (!candidate.ok()) return candidate.status();
                        *response->add_candidates() = *std::move(candidate);
                        shown = key;
                      }
                      return absl::OkStatus();
                    });
}

grpc::Status ProfileService::CompareCandidates(grpc::ServerContext* context,
                                               const v1::CompareCandidatesRequest* request,
                                               v1::CompareCandidatesResponse* response) {
  return rpc::Serve(
      calls_, *context, "ProfileService.CompareCandidates", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->athletes_size() < kLeastCompared || request->athletes_size() > kMostCompared) {
          return rpc::InvalidField("athletes", absl::StrCat(request->athletes_size(), " athletes"), "2 to 10");
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const absl::StatusOr<AskedFor> asked = ReadCriteria(request->criteria(), *views_.standards);
        if (!asked.ok()) return asked.status();
        const identity::Athletes& athletes = *views_.privacy.athletes;
        const std::vector<absl::string_view> codes = CodesOf(asked->criteria);
        const Standards in_use = StandardsInUse();
        std::vector<Column> columns;
        std::set<int64_t> seen;
        for (const std::string& name : request->athletes()) {
          const int64_t athlete = athletes.Resolve(athletes.Find(name));
          if (athlete == 0 || !MayFind(call.caller, athlete, codes)) return rpc::NotFound("candidate", name);
          if (!seen.insert(athlete).second) return rpc::InvalidField("athletes", name, "each athlete once");
          absl::StatusOr<Candidate> candidate = Gather(*asked, athlete);
          if (!candidate.ok()) return candidate.status();
          absl::StatusOr<v1::Candidate> out =
              ToProto(call.caller, *candidate, Judge(candidate->facts, asked->criteria, Today()));
          if (!out.ok()) return out.status();
          *response->add_candidates() = *std::move(out);
          Column& column = columns.emplace_back();
          column.facts = std::move(candidate->facts);
          for (const results::RowRef& row : candidate->rows) {
            column.result_names.push_back(ResultNameOf(*views_.privacy.results, row));
          }
          column.asked_standards = StatusesOf(asked->standards, athletes, *views_.privacy.results, athlete, Today());
          const auto statuses = StatusesOf(in_use, athletes, *views_.privacy.results, athlete, Today());
          column.standards_met =
              static_cast<int>(std::count(statuses.begin(), statuses.end(), qualification::Status::kQualified));
          // Followers are no public fact: only who agreed to be found by them has them compared.
          if (!MayFind(call.caller, athlete, kByFollowers)) continue;
          absl::StatusOr<v1::Profile> profile = Read(ProfileOf(*views_.profiles, athletes, athlete));
          if (!profile.ok()) return profile.status();
          column.profile = *std::move(profile);
        }
        for (v1::ComparedFigure& figure : FiguresOf(columns, asked->criteria, Today())) {
          *response->add_figures() = std::move(figure);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::profiles
