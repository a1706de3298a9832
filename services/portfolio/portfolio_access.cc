// Who may make, read and hand on which portfolio, and how much of it.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "services/access/grants_on.h"
#include "services/portfolio/portfolio_sections.h"
#include "services/portfolio/portfolio_service.h"
#include "services/rpc/errors.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

using Selection = v1::PortfolioSelection;

absl::Status NeedsRight(absl::string_view what, absl::string_view right) {
  return absl::PermissionDeniedError(
      absl::StrCat("selection: ", what, " needs the athlete's token, or one with their grant of ", right));
}

bool IsOfProfile(Selection::Section section) {
  return section >= Selection::SECTION_PROFILE && section <= Selection::SECTION_REACH;
}

void Keep(google::protobuf::RepeatedPtrField<std::string>* names,
          absl::FunctionRef<bool(const std::string& name)> wanted) {
  names->erase(std::remove_if(names->begin(), names->end(), [&](const std::string& name) { return !wanted(name); }),
               names->end());
}

}  // namespace

bool PortfolioService::MayAct(const access::Caller& caller, int64_t athlete) const {
  return identity::ActsFor(views_.privacy, caller, access::Right::kMakePortfolios, athlete, NowUs());
}

absl::StatusOr<int64_t> PortfolioService::FindAthlete(const access::Caller& caller, const std::string& name,
                                                      bool to_sign) const {
  const int64_t athlete = identity::FindKnown(views_.privacy, caller, name, access::Right::kMakePortfolios, NowUs());
  if (athlete == 0) return rpc::NotFound("athlete", name);
  if (!MayAct(caller, athlete)) {
    return absl::PermissionDeniedError(
        absl::StrCat("this needs the athlete's token, or one with their grant (", name, ")"));
  }
  if (!to_sign) return athlete;
  if (absl::Status status = CheckGuardian(caller, athlete); !status.ok()) return status;
  return athlete;
}

int64_t PortfolioService::FindToStream(const access::Caller& caller, const std::string& name) const {
  const int64_t known = identity::FindKnown(views_.privacy, caller, name, access::Right::kMakePortfolios, NowUs());
  if (known != 0) return known;
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const int64_t athlete = athletes.Resolve(athletes.Find(name));
  const std::vector<const Share*> held = views_.shares->OfHolder(caller.token_id);
  const bool shared = std::any_of(held.begin(), held.end(),
                                  [&](const Share* share) { return athletes.Resolve(share->athlete) == athlete; });
  return shared ? athlete : 0;
}

absl::Status PortfolioService::CheckGuardian(const access::Caller& caller, int64_t athlete) const {
  const bool is_free = caller.role == access::Role::kOperator || !identity::IsMinor(views_.privacy, athlete, Today());
  if (is_free) return absl::OkStatus();
  const auto grants = access::GrantsOn(*views_.privacy.grants, *views_.privacy.athletes, athlete);
  const bool guardian = std::any_of(grants.begin(), grants.end(), [&](const access::Grant* grant) {
    return grant->relation == access::Relation::kGuardian && grant->holder == caller.actor() && grant->InForce(NowUs());
  });
  if (guardian) return absl::OkStatus();
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(views_.privacy.athletes->Name(athlete),
                                                 " is under 18, or may be: want the call made by a guardian with "
                                                 "their grant")),
      "GUARDIAN_REQUIRED");
}

absl::Status PortfolioService::CheckMayShow(const access::Caller& caller, int64_t athlete,
                                            const Selection& selection) const {
  const auto has = [&](access::Right right) {
    return identity::ActsFor(views_.privacy, caller, right, athlete, NowUs());
  };
  if (selection.personal_data() == Selection::PERSONAL_DATA_BIRTH_DATE &&
      !identity::SeesBirthDate(views_.privacy, caller, athlete, NowUs())) {
    return NeedsRight("personal_data with the date of birth", "READ_BIRTH_DATE");
  }
  const bool sees_profile =
      has(access::Right::kReadProfile) || identity::SeesProfile(views_.privacy, caller, athlete, NowUs());
  const std::set<Selection::Section> sections = SectionsOf(selection);
  if (!sees_profile && std::any_of(sections.begin(), sections.end(), IsOfProfile)) {
    return NeedsRight("what the athlete says of themselves", "READ_PROFILE");
  }
  if (sections.count(Selection::SECTION_GOALS) == 0 || has(access::Right::kReadGoals)) return absl::OkStatus();
  const absl::StatusOr<std::vector<v1::Goal>> goals = sources_.goals(athlete, selection.goals());
  const bool listed = goals.ok() && std::all_of(goals->begin(), goals->end(),
                                                [](const v1::Goal& goal) { return goal.listed_in_profile(); });
  return listed && sees_profile ? absl::OkStatus() : NeedsRight("goals that are not in the profile", "READ_GOALS");
}

absl::Status PortfolioService::CheckMayShow(const access::Caller& caller, const Portfolio& portfolio) const {
  Selection selection;
  if (!selection.ParseFromString(portfolio.selection)) return absl::DataLossError("a portfolio's selection is damaged");
  return CheckMayShow(caller, sources_.athletes->Resolve(portfolio.athlete), selection);
}

bool PortfolioService::IsOpen(const Share& share, const access::Caller& caller) const {
  const bool is_holders = share.holder.empty() || share.holder == caller.token_id;
  if (!is_holders || !share.IsOpen(NowUs())) return false;
  if (!identity::MayBeOpen(views_.privacy, sources_.athletes->Resolve(share.athlete), NowUs())) return false;
  if (share.portfolio.empty()) return true;
  const Portfolio* portfolio = views_.portfolios->Find(share.athlete, share.portfolio);
  return portfolio != nullptr && portfolio->revoke_time_us == 0;
}

std::vector<const Share*> PortfolioService::SharesWith(const access::Caller& caller, const Portfolio& portfolio) const {
  std::vector<const Share*> shares;
  for (const Share* share : views_.shares->OfHolder(caller.token_id)) {
    const bool shows = share->portfolio == portfolio.id && share->athlete == portfolio.athlete;
    if (shows && (portfolio.revoke_time_us != 0 ? share->IsOpen(NowUs()) : IsOpen(*share, caller))) {
      shares.push_back(share);
    }
  }
  return shares;
}

bool PortfolioService::Sees(const access::Caller& caller, const Portfolio& portfolio) const {
  return MayAct(caller, sources_.athletes->Resolve(portfolio.athlete)) || !SharesWith(caller, portfolio).empty();
}

absl::StatusOr<DisclosedPart> PortfolioService::PartOfCaller(const access::Caller& caller,
                                                             const Portfolio& portfolio) const {
  if (MayAct(caller, sources_.athletes->Resolve(portfolio.athlete))) return DisclosedPart();
  const std::vector<const Share*> shares = SharesWith(caller, portfolio);
  v1::PortfolioSelection selection;
  const bool read = !shares.empty() && selection.ParseFromString(shares.front()->selection);
  if (!read) return absl::DataLossError("a share's selection is damaged");
  return PartOf(selection);
}

absl::StatusOr<std::optional<PortfolioService::SharedPortfolio>> PortfolioService::Shared(
    const access::Caller& caller, const Portfolio& portfolio) const {
  if (!Sees(caller, portfolio)) return std::nullopt;
  SharedPortfolio shared;
  if (MayAct(caller, sources_.athletes->Resolve(portfolio.athlete))) {
    absl::Status may = CheckMayShow(caller, portfolio);
    if (absl::IsPermissionDenied(may)) return std::nullopt;
    if (!may.ok()) return may;
  } else {
    shared.share = SharesWith(caller, portfolio).front()->id;
  }
  const absl::StatusOr<DisclosedPart> part = PartOfCaller(caller, portfolio);
  if (!part.ok()) return part.status();
  absl::StatusOr<v1::Portfolio> message = ToProto(portfolio, portfolio.newest());
  if (!message.ok()) return message.status();
  shared.portfolio = *std::move(message);
  if (portfolio.revoke_time_us != 0) {
    Narrow(*part, {}, &shared.portfolio);
    return shared;
  }
  absl::StatusOr<std::string> disclosed = PartToShow(portfolio, *part, &shared.portfolio);
  if (!disclosed.ok()) return disclosed.status();
  shared.credential = *std::move(disclosed);
  return shared;
}

absl::StatusOr<std::string> PortfolioService::PartToShow(const Portfolio& portfolio, const DisclosedPart& part,
                                                         v1::Portfolio* message) const {
  absl::StatusOr<std::string> text = TextOf(portfolio, portfolio.newest());
  if (!text.ok()) return text.status();
  absl::StatusOr<std::string> disclosed = Disclose(*text, part);
  if (!disclosed.ok()) return disclosed.status();
  Narrow(part, VerifyCredential(*disclosed, Published(*views_.keys), calls_.clock()).content, message);
  return disclosed;
}

absl::StatusOr<std::set<std::string>> PortfolioService::ResultsIn(const Portfolio& portfolio,
                                                                  const PortfolioVersion& version) const {
  const absl::StatusOr<std::string> text = TextOf(portfolio, version);
  if (!text.ok()) return text.status();
  const VerifiedPortfolio verified = VerifyCredential(*text, Published(*views_.keys), calls_.clock());
  std::set<std::string> names;
  for (const v1::HistoryEntry& entry : verified.content.verified().results()) names.insert(entry.result());
  return names;
}

absl::Status PortfolioService::CheckPart(const DisclosedPart& part, const Portfolio& portfolio,
                                         const PortfolioVersion& version, absl::string_view path) const {
  Selection whole;
  if (!whole.ParseFromString(portfolio.selection)) return absl::DataLossError("a portfolio's selection is damaged");
  const std::set<Selection::Section> sections = SectionsOf(whole);
  for (const Selection::Section section : part.sections) {
    if (sections.count(section) > 0) continue;
    return rpc::InvalidField(absl::StrCat(path, "sections"), absl::StrCat(static_cast<int>(section)),
                             "sections that the portfolio has");
  }
  if (part.results.empty()) return absl::OkStatus();
  const std::string field = absl::StrCat(path, "results");
  if (!part.Has(Selection::SECTION_RESULTS)) {
    return rpc::InvalidField(field, *part.results.begin(), "none, or the section of results among the sections");
  }
  const absl::StatusOr<std::set<std::string>> shown = ResultsIn(portfolio, version);
  if (!shown.ok()) return shown.status();
  for (const std::string& result : part.results) {
    if (shown->count(result) == 0) return rpc::InvalidField(field, result, "results that the portfolio shows");
  }
  return absl::OkStatus();
}

void PortfolioService::Narrow(const DisclosedPart& part, const v1::PortfolioContent& shown, v1::Portfolio* message) {
  if (part.everything()) return;
  std::set<absl::string_view> results;
  for (const v1::HistoryEntry& entry : shown.verified().results()) results.insert(entry.result());
  Selection& selection = *message->mutable_selection();
  Keep(selection.mutable_results(), [&](const std::string& name) { return results.count(name) > 0; });
  if (!part.Has(Selection::SECTION_GOALS)) selection.clear_goals();
  if (!part.Has(Selection::SECTION_QUALIFICATIONS)) selection.clear_standards();
  auto& corrections = *message->mutable_corrections();
  corrections.erase(
      std::remove_if(corrections.begin(), corrections.end(),
                     [&](const v1::Correction& correction) { return results.count(correction.result()) == 0; }),
      corrections.end());
}

}  // namespace palmares::portfolio
