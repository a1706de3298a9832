#include "services/portfolio/portfolios_view.h"

#include <algorithm>

#include "services/portfolio/grounds.h"
#include "storage/stored_portfolio.pb.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::portfolio {

using storage::EntryKind;

absl::Status PortfoliosView::Publish(const storage::Entry& entry) {
  stored::v1::Portfolio body;
  stored::v1::PortfolioText text;
  if (!body.ParseFromString(entry.change.body) || entry.change.personal.size() != 1 ||
      !text.ParseFromString(entry.change.personal[0])) {
    return absl::DataLossError("not a portfolio");
  }
  if (body.status_index() != next_status_index())
    return absl::DataLossError("a portfolio's status index is no next one");
  const Key key(body.athlete(), body.id());
  Portfolio& portfolio = portfolios_[key];
  portfolio.athlete = body.athlete();
  portfolio.id = body.id();
  portfolio.display_name = text.display_name();
  portfolio.selection = body.selection();
  portfolio.erased = text.credential().empty();
  if (portfolio.create_time_us == 0) portfolio.create_time_us = entry.time_us;
  portfolio.update_time_us = entry.time_us;
  portfolio.position = entry.position;
  PortfolioVersion& version = portfolio.versions.emplace_back();
  version.version = body.version();
  version.position = entry.position;
  version.ledger_position = body.ledger_position();
  version.sign_time_us = body.sign_time_us();
  version.expire_time_us = body.expire_time_us();
  version.signing_key = body.signing_key();
  version.content_sha256 = body.content_sha256();
  version.status_index = body.status_index();
  for (const auto& result : body.results()) {
    const auto race = static_cast<int32_t>(result.race());
    version.results.push_back({race, result.number(), result.digest()});
    by_race_.emplace(std::pair(race, key), 0);
    if (IsOfRecords(GroundOf(version.results.back()))) record_races_.insert(race);
  }
  by_status_index_.push_back(key);
  return absl::OkStatus();
}

absl::Status PortfoliosView::Revoke(const storage::Entry& entry) {
  stored::v1::PortfolioRevoked body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a revocation of a portfolio");
  const auto found = portfolios_.find(Key(body.athlete(), body.id()));
  if (found == portfolios_.end()) return absl::DataLossError("no portfolio is revoked");
  found->second.revoke_time_us = entry.time_us;
  found->second.revoke_reason = body.reason();
  found->second.update_time_us = entry.time_us;
  found->second.position = entry.position;
  return absl::OkStatus();
}

// With the athlete goes what was signed of them: it can be verified no more, and its status says that it is revoked.
absl::Status PortfoliosView::Erase(const storage::Entry& entry) {
  stored::v1::AthleteErased body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an erasure");
  for (const int64_t member : body.members()) {
    for (auto it = portfolios_.lower_bound(Key(member, "")); it != portfolios_.end() && it->first.first == member;
         ++it) {
      Portfolio& portfolio = it->second;
      portfolio.display_name.clear();
      portfolio.erased = true;
      if (portfolio.revoke_time_us == 0) portfolio.revoke_time_us = entry.time_us;
      portfolio.update_time_us = entry.time_us;
      portfolio.position = entry.position;
    }
  }
  return absl::OkStatus();
}

absl::Status PortfoliosView::Apply(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kPortfolioPublished:
      return Publish(entry);
    case EntryKind::kPortfolioRevoked:
      return Revoke(entry);
    case EntryKind::kAthleteErased:
      return Erase(entry);
    default:
      return absl::OkStatus();
  }
}

const Portfolio* PortfoliosView::Find(int64_t athlete, absl::string_view id) const {
  const auto found = portfolios_.find(Key(athlete, std::string(id)));
  return found == portfolios_.end() ? nullptr : &found->second;
}

std::vector<const Portfolio*> PortfoliosView::Of(int64_t athlete) const {
  std::vector<const Portfolio*> own;
  for (auto it = portfolios_.lower_bound(Key(athlete, "")); it != portfolios_.end() && it->first.first == athlete;
       ++it) {
    own.push_back(&it->second);
  }
  return own;
}

const Portfolio* PortfoliosView::WithStatusIndex(int64_t index) const {
  if (index < 0 || index >= next_status_index()) return nullptr;
  return &portfolios_.at(by_status_index_[static_cast<size_t>(index)]);
}

std::vector<const Portfolio*> PortfoliosView::OfRace(int32_t race) const {
  std::vector<const Portfolio*> found;
  for (auto it = by_race_.lower_bound({race, Key(0, "")}); it != by_race_.end() && it->first.first == race; ++it) {
    const Portfolio& portfolio = portfolios_.at(it->first.second);
    const auto& results = portfolio.newest().results;
    const auto shown = [race](const SignedResult& result) { return result.race == race; };
    if (std::any_of(results.begin(), results.end(), shown)) found.push_back(&portfolio);
  }
  return found;
}

}  // namespace palmares::portfolio
