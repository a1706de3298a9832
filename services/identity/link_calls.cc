// Links: shown, listed for review, confirmed and rejected.
#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/access/grants_on.h"
#include "services/identity/identity_service.h"
#include "services/identity/visibility.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::identity {
namespace {

using results::LinkKind;
using results::RowRef;

constexpr int32_t kLinkPageSize = 50;
constexpr int32_t kLargestLinkPage = 500;
constexpr absl::string_view kLinkFilterFields[] = {"tier", "probability", "actor.token"};
constexpr absl::string_view kMiddle = "/links/";

v1::LinkTier TierOf(const std::string& text) {
  v1::LinkTier tier = v1::LINK_TIER_UNSPECIFIED;
  const std::string upper = absl::AsciiStrToUpper(text);
  if (!v1::LinkTier_Parse(upper, &tier)) v1::LinkTier_Parse(absl::StrCat("LINK_TIER_", upper), &tier);
  return tier;
}

bool Matches(const std::vector<rpc::Condition>& conditions, const LinkState& state) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    if (condition.field != "tier") {
      return condition.field != "actor.token" ||
             (state.decision != nullptr && state.decision->actor == condition.value);
    }
    return TierOf(condition.value) == static_cast<v1::LinkTier>(state.tier);
  });
}

// The review queue above all, for which the many other links need not be looked at.
bool IsAboutOpinions(const rpc::Condition& condition) {
  const v1::LinkTier tier = condition.field == "tier" ? TierOf(condition.value) : v1::LINK_TIER_UNSPECIFIED;
  return tier != v1::LINK_TIER_UNSPECIFIED && !Ties(static_cast<LinkTier>(tier));
}

absl::Status CheckFilter(const std::vector<rpc::Condition>& conditions) {
  for (const rpc::Condition& condition : conditions) {
    if (condition.field == "probability") {
      return rpc::InvalidField("filter", condition.value, "tier or actor.token: links are listed most likely first");
    }
    if (condition.field == "tier" && TierOf(condition.value) == v1::LINK_TIER_UNSPECIFIED)
      return rpc::InvalidField("filter", condition.value, "a tier of links");
  }
  return absl::OkStatus();
}

// Waiting ones most likely first, then the others in the order of races and rows.
auto OrderOf(const LinkState& state) {
  const bool waits = state.tier == LinkTier::kProposed || state.tier == LinkTier::kClaimed;
  return std::make_tuple(!waits, waits ? -static_cast<int64_t>(state.weight) : 0, state.row.race, state.row.row,
                         state.athlete);
}
using Order = decltype(OrderOf(LinkState()));

std::string KeyOf(const LinkState& state) {
  const Order order = OrderOf(state);
  return absl::StrCat(static_cast<int>(std::get<0>(order)), " ", std::get<1>(order), " ", std::get<2>(order), " ",
                      std::get<3>(order), " ", std::get<4>(order));
}

std::optional<Order> FromKey(const std::string& key) {
  const std::vector<std::string> parts = absl::StrSplit(key, ' ');
  int waits = 0;
  Order order;
  const bool read = parts.size() == 5 && absl::SimpleAtoi(parts[0], &waits) &&
                    absl::SimpleAtoi(parts[1], &std::get<1>(order)) &&
                    absl::SimpleAtoi(parts[2], &std::get<2>(order)) &&
                    absl::SimpleAtoi(parts[3], &std::get<3>(order)) && absl::SimpleAtoi(parts[4], &std::get<4>(order));
  std::get<0>(order) = waits != 0;
  return read ? std::optional(order) : std::nullopt;
}

absl::Status CheckEtag(const std::string& wanted, const v1::IdentityLink& now) {
  if (wanted.empty() || wanted == now.etag()) return absl::OkStatus();
  return absl::AbortedError("etag: the link has changed since, want it read again");
}

}  // namespace

Asker IdentityService::AskerOf(const rpc::Call& call) const {
  return {&call.caller, absl::ToUnixMicros(calls_.clock())};
}

absl::Status IdentityService::GatherEvidence(const rpc::Call& call, const google::protobuf::Message& request) const {
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    if (views_.evidence->Find() != nullptr) return absl::OkStatus();
  }
  return call
      .Write(request, "",
             [this]() -> absl::StatusOr<std::optional<storage::Draft>> {
               absl::StatusOr<const Linker*> linker = views_.evidence->Gathered();
               if (!linker.ok()) return linker.status();
               return std::nullopt;
             })
      .status();
}

absl::StatusOr<IdentityService::LinkParts> IdentityService::FindLink(const Asker& asker,
                                                                     const std::string& name) const {
  const size_t middle = absl::string_view(name).rfind(kMiddle);
  const absl::string_view result = absl::string_view(name).substr(0, middle);
  absl::StatusOr<RowRef> row = results::FindResult(results_, result);
  if (absl::IsNotFound(row.status())) return rpc::NotFound("result", result);
  if (!row.ok()) return row.status();
  if (!MaySeeSheet(views_, asker, row->race)) return rpc::NotFound("result", result);
  if (middle == std::string::npos) {
    const std::optional<LinkState> current = views_.States().Current(*row);
    return LinkParts{*row, current.has_value() ? current->athlete : 0};
  }
  const int64_t athlete = athletes_.Resolve(athletes_.Find(absl::string_view(name).substr(middle + kMiddle.size())));
  if (athlete == 0) return rpc::NotFound("link", name);
  return LinkParts{*row, athlete};
}

absl::Status IdentityService::CheckNotInRace(int64_t athlete, RowRef row) const {
  if (!views_.States().HasOtherRow(athlete, row)) return absl::OkStatus();
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(athletes_.Name(athlete), " has another result in ",
                                                 results_.calendar().race(row.race).name, ": nobody runs twice")),
      "SAME_RACE", {{"athlete", athletes_.Name(athlete)}});
}

absl::Status IdentityService::CheckIsOfPerson(RowRef row) const {
  const events::Race& race = results_.calendar().race(row.race);
  if (race.discipline->relay_legs == 0) return absl::OkStatus();
  const std::string name = results::ResultName(race, results_.sheet(row.race).Number(row.row));
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(name, " is the result of a relay's team, want one of a person")),
      "TEAM_RESULT", {{"result", name}});
}

stored::v1::LinkChange IdentityService::ChangeOf(RowRef row, int64_t athlete, LinkKind kind) const {
  const results::RaceSheet& sheet = results_.sheet(row.race);
  stored::v1::LinkChange change;
  change.set_race(results_.calendar().race(row.race).name);
  change.set_number(sheet.Number(row.row));
  change.set_base(sheet.Published(row.row).position);
  change.set_athlete(athlete);
  change.set_kind(static_cast<int>(kind));
  return change;
}

absl::Status IdentityService::MakeAthlete(RowRef row, stored::v1::NewAthlete* made, storage::Draft* draft) const {
  absl::StatusOr<results::Result> result = results::RowReader(&results_, results::PersonalData::kAll).Read(row);
  if (!result.ok()) return result.status();
  made->set_number(athletes_.count() + 1);
  made->set_sex(static_cast<int>(result->sex));
  made->set_country(result->country);
  stored::v1::AthletePersonal personal;
  personal.set_display_name(result->name);
  personal.set_family_name(result->family_name);
  personal.set_given_name(result->given_name);
  personal.set_birth(athletics::PackPartialDate(result->birth));
  draft->blocks.emplace_back();
  draft->personal.push_back(personal.SerializeAsString());
  return absl::OkStatus();
}

absl::StatusOr<v1::IdentityLink> IdentityService::LinkAfter(const rpc::Call& call, const std::string& name,
                                                            int64_t position, std::optional<LinkTier> tier) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(position);
  if (!reader.ok()) return reader.status();
  const Asker asker = AskerOf(call);
  absl::StatusOr<LinkParts> parts = FindLink(asker, name);
  if (!parts.ok()) return parts.status();
  if (parts->athlete == 0) return rpc::NotFound("link", name);
  std::optional<LinkState> state = views_.States().Of(parts->row, parts->athlete);
  if (!state.has_value() && !tier.has_value()) return rpc::NotFound("link", name);
  if (!state.has_value()) state = LinkState{parts->row, parts->athlete, *tier, 0, nullptr};
  if (tier.has_value()) state->tier = *tier;
  const bool opinion = !Ties(state->tier);
  if (opinion && !MayDecide(views_, asker, parts->row.race) && !ActsFor(asker, parts->athlete)) {
    return rpc::NotFound("link", name);
  }
  absl::StatusOr<v1::IdentityLink> link = identity::ToProto(views_, asker, *state, /*detailed=*/true);
  if (link.ok()) link->set_position(reader->position());
  return link;
}

grpc::Status IdentityService::GetLink(grpc::ServerContext* context, const v1::GetLinkRequest* request,
                                      v1::IdentityLink* response) {
  return rpc::Serve(calls_, *context, "IdentityService.GetLink", *request, [&](const rpc::Call& call) -> absl::Status {
    if (absl::Status status = GatherEvidence(call, *request); !status.ok()) return status;
    absl::StatusOr<v1::IdentityLink> link = LinkAfter(call, request->name(), request->min_position(), std::nullopt);
    if (!link.ok()) return link.status();
    *response = *std::move(link);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<LinkState>> IdentityService::StatesUnder(const Asker& asker,
                                                                    const v1::ListLinksRequest& request) const {
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request.filter(), kLinkFilterFields);
  if (!conditions.ok()) return conditions.status();
  if (absl::Status status = CheckFilter(*conditions); !status.ok()) return status;
  const LinkStates states = views_.States();
  const bool opinions = std::any_of(conditions->begin(), conditions->end(), IsAboutOpinions);
  std::vector<LinkState> found;
  const std::string& parent = request.parent();
  bool own = false;
  if (absl::StartsWith(parent, "athletes/")) {
    const int64_t athlete = FindVisible(athletes_, results_, *asker.caller, parent);
    if (athlete == 0) return rpc::NotFound("athlete", parent);
    found = states.OfAthlete(athlete);
    own = ActsFor(asker, athlete);
  } else if (const events::Race* race = results_.calendar().FindRace(parent); race != nullptr) {
    found = opinions ? states.OpinionsOf(race->number) : states.OfRace(race->number);
  } else if (results_.calendar().FindEvent(parent) != nullptr) {
    for (int32_t number = 0; number < results_.calendar().race_count(); ++number) {
      if (results_.calendar().race(number).event->name != parent || !MaySeeSheet(views_, asker, number)) continue;
      const std::vector<LinkState> more = opinions ? states.OpinionsOf(number) : states.OfRace(number);
      found.insert(found.end(), more.begin(), more.end());
    }
  } else {
    return rpc::NotFound("parent", parent);
  }
  const auto hidden = [&](const LinkState& state) {
    if (!Matches(*conditions, state) || !MaySeeSheet(views_, asker, state.row.race)) return true;
    return !Ties(state.tier) && !own && !MayDecide(views_, asker, state.row.race);
  };
  found.erase(std::remove_if(found.begin(), found.end(), hidden), found.end());
  std::sort(found.begin(), found.end(), [](const LinkState& a, const LinkState& b) { return OrderOf(a) < OrderOf(b); });
  return found;
}

grpc::Status IdentityService::ListLinks(grpc::ServerContext* context, const v1::ListLinksRequest* request,
                                        v1::ListLinksResponse* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.ListLinks", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->parent().empty()) return rpc::MissingField("parent", "an athlete, a race or an event");
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kLinkPageSize, kLargestLinkPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        if (absl::Status status = GatherEvidence(call, *request); !status.ok()) return status;
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const Asker asker = AskerOf(call);
        absl::StatusOr<std::vector<LinkState>> states = StatesUnder(asker, *request);
        if (!states.ok()) return states.status();
        const std::optional<Order> after = FromKey(*last);
        auto at = states->begin();
        if (after.has_value()) {
          at = std::find_if(at, states->end(), [&](const LinkState& state) { return *after < OrderOf(state); });
        }
        for (; at != states->end(); ++at) {
          if (response->links_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, KeyOf(*std::prev(at))));
            break;
          }
          absl::StatusOr<v1::IdentityLink> link = identity::ToProto(views_, asker, *at, !Ties(at->tier));
          if (!link.ok()) return link.status();
          *response->add_links() = *std::move(link);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

absl::StatusOr<std::optional<storage::Draft>> IdentityService::PlanConfirmation(
    const Asker& asker, const v1::ConfirmLinkRequest& request) const {
  absl::StatusOr<LinkParts> parts = FindLink(asker, request.name());
  if (!parts.ok()) return parts.status();
  if (parts->athlete == 0) return rpc::NotFound("link", request.name());
  const std::optional<LinkState> state = views_.States().Of(parts->row, parts->athlete);
  if (state.has_value()) {
    absl::StatusOr<v1::IdentityLink> now = identity::ToProto(views_, asker, *state, false);
    if (!now.ok()) return now.status();
    if (absl::Status status = CheckEtag(request.etag(), *now); !status.ok()) return status;
    if (state->tier == LinkTier::kConfirmed) return std::nullopt;
  } else if (!request.etag().empty()) {
    return absl::AbortedError("etag: there is no such link any more");
  }
  if (absl::Status status = CheckIsOfPerson(parts->row); !status.ok()) return status;
  if (absl::Status status = CheckNotInRace(parts->athlete, parts->row); !status.ok()) return status;
  stored::v1::LinkConfirmed body;
  *body.mutable_change() = ChangeOf(parts->row, parts->athlete, LinkKind::kConfirmed);
  body.set_reason(request.reason());
  storage::Draft draft;
  draft.kind = storage::EntryKind::kLinkConfirmed;
  draft.body = body.SerializeAsString();
  return draft;
}

grpc::Status IdentityService::ConfirmLink(grpc::ServerContext* context, const v1::ConfirmLinkRequest* request,
                                          v1::IdentityLink* response) {
  return rpc::Serve(calls_, *context, "IdentityService.ConfirmLink", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Receipt> receipt =
                          call.Write(*request, request->validate_only() ? "" : request->request_id(), [&] {
                            auto draft = PlanConfirmation(AskerOf(call), *request);
                            if (draft.ok() && request->validate_only()) draft->reset();
                            return draft;
                          });
                      if (!receipt.ok()) return receipt.status();
                      absl::StatusOr<v1::IdentityLink> link =
                          LinkAfter(call, request->name(), receipt->position, LinkTier::kConfirmed);
                      if (!link.ok()) return link.status();
                      *response = *std::move(link);
                      response->set_position(receipt->position);
                      return absl::OkStatus();
                    });
}

// The athlete that was made of the row, where nothing is theirs now; 0 where there is none.
int64_t IdentityService::OwnAthlete(RowRef row) const {
  const results::RaceSheet& sheet = results_.sheet(row.race);
  const auto is_free = [this](int64_t athlete) {
    return athlete != 0 && athletes_.Members(athletes_.Resolve(athlete)).size() == 1 &&
           !athletes_.athlete(athlete).registered && results_.OfAthlete(athlete).empty();
  };
  const results::RaceSheet::Address stated = sheet.Published(row.row);
  const results::Link own = stated.facts->link(stated.row);
  if (own.kind == LinkKind::kCreated && is_free(own.athlete)) return own.athlete;
  for (const LinkDecision& decision : views_.links->DecisionsOf(row.race, sheet.Number(row.row))) {
    if (is_free(decision.own_athlete)) return decision.own_athlete;
  }
  return 0;
}

// A row that is linked goes back to the athlete that was made from it, where nobody else's row is theirs since, else to
// a new one.
absl::StatusOr<std::optional<storage::Draft>> IdentityService::PlanRejection(
    const Asker& asker, const v1::RejectLinkRequest& request) const {
  absl::StatusOr<LinkParts> parts = FindLink(asker, request.name());
  if (!parts.ok()) return parts.status();
  if (parts->athlete == 0) return rpc::NotFound("link", request.name());
  if (!MayDecide(views_, asker, parts->row.race) && !ActsFor(asker, parts->athlete)) {
    return absl::PermissionDeniedError(
        absl::StrCat("IdentityService.RejectLink needs a token of an organizer of the event, or the athlete's (",
                     request.name(), ")"));
  }
  const LinkStates states = views_.States();
  const std::optional<LinkState> state = states.Of(parts->row, parts->athlete);
  if (state.has_value()) {
    absl::StatusOr<v1::IdentityLink> now = identity::ToProto(views_, asker, *state, false);
    if (!now.ok()) return now.status();
    if (absl::Status status = CheckEtag(request.etag(), *now); !status.ok()) return status;
    if (state->tier == LinkTier::kRejected) return std::nullopt;
  }
  const results::RaceSheet& sheet = results_.sheet(parts->row.race);
  stored::v1::LinkRejected body;
  storage::Draft draft;
  body.set_race(results_.calendar().race(parts->row.race).name);
  body.set_number(sheet.Number(parts->row.row));
  body.set_athlete(parts->athlete);
  body.set_reason(request.reason());
  body.set_own_athlete(sheet.LinkOf(parts->row.row).athlete);
  if (state.has_value() && Ties(state->tier)) {
    const std::vector<int64_t> members = athletes_.Members(parts->athlete);
    const bool only_result = std::all_of(members.begin(), members.end(), [&](int64_t member) {
      const auto rows = results_.OfAthlete(member);
      return std::all_of(rows.begin(), rows.end(), [&](const RowRef& row) { return row == parts->row; });
    });
    if (only_result) {
      return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(
                                 athletes_.Name(parts->athlete), " has no other result: the athlete is the row's own")),
                             "OWN_ATHLETE");
    }
    int64_t athlete = OwnAthlete(parts->row);
    if (athlete == 0) {
      if (absl::Status status = MakeAthlete(parts->row, body.mutable_made(), &draft); !status.ok()) return status;
      athlete = body.made().number();
    }
    *body.mutable_change() = ChangeOf(parts->row, athlete, LinkKind::kCreated);
    body.set_own_athlete(athlete);
  }
  draft.kind = storage::EntryKind::kLinkRejected;
  draft.body = body.SerializeAsString();
  return draft;
}

grpc::Status IdentityService::RejectLink(grpc::ServerContext* context, const v1::RejectLinkRequest* request,
                                         v1::IdentityLink* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.RejectLink", *request, [&](const rpc::Call& call) -> absl::Status {
        std::string name = request->name();
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(), [&] {
              const Asker asker = AskerOf(call);
              // A result's name says another link afterwards.
              absl::StatusOr<LinkParts> parts = FindLink(asker, request->name());
              if (parts.ok() && parts->athlete != 0) {
                name = LinkName(views_, {parts->row, parts->athlete, LinkTier::kRejected, 0, nullptr});
              }
              auto draft = PlanRejection(asker, *request);
              if (draft.ok() && request->validate_only()) draft->reset();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<v1::IdentityLink> link = LinkAfter(call, name, receipt->position, LinkTier::kRejected);
        if (!link.ok()) return link.status();
        *response = *std::move(link);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

bool IdentityService::ActsFor(const Asker& asker, int64_t athlete) const {
  return access::MayActFor(*asker.caller, athletes_.Name(athlete), access::Right::kClaimResults,
                           access::GrantsOn(*views_.grants, athletes_, athlete), absl::ToUnixMicros(calls_.clock()));
}

}  // namespace palmares::identity
