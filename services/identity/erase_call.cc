// What identifies an athlete is destroyed: every row of theirs, in every revision of every sheet, and what was said of
// them.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/identity/athlete_service.h"
#include "services/results/sheet_blocks.h"
#include "services/rpc/errors.h"
#include "storage/erasure.h"
#include "storage/stored.pb.h"
#include "storage/stored_identity.pb.h"
#include "storage/stored_portfolio.pb.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::identity {
namespace {

using storage::EntryKind;

// Where the ledger holds personal data of these athletes.
class PersonalSearch {
 public:
  PersonalSearch(const storage::Ledger& ledger, const std::vector<int64_t>& members)
      : ledger_(ledger), members_(members.begin(), members.end()) {}

  // Goes on from where it stopped, so that most is done before the writer is held up.
  absl::Status UpTo(int64_t position) {
    absl::Status status = ledger_.Read(searched_ + 1, position, [this](const storage::Entry& entry) {
      return entry.change.personal.empty() ? absl::OkStatus() : Look(entry);
    });
    searched_ = std::max(searched_, position);
    return status;
  }

  void Add(int64_t position, int64_t block, int64_t row) {
    std::vector<int64_t>& rows = rows_[{position, block}];
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }

  const storage::PersonalRows& rows() const { return rows_; }
  // Portfolios, each of any number of versions.
  size_t portfolios() const { return portfolios_.size(); }

 private:
  absl::Status Look(const storage::Entry& entry) {
    switch (entry.change.kind) {
      case EntryKind::kAthleteSet:
        return LookAtMade<stored::v1::Athlete>(entry, [](const auto& body) { return body.number(); });
      case EntryKind::kLinkRejected:
        return LookAtMade<stored::v1::LinkRejected>(entry, [](const auto& body) { return body.made().number(); });
      case EntryKind::kPortfolioPublished:
        return LookAtMade<stored::v1::Portfolio>(entry, [this](const auto& body) {
          if (members_.contains(body.athlete())) portfolios_.insert({body.athlete(), body.id()});
          return body.athlete();
        });
      case EntryKind::kShareSet:
        return LookAtMade<stored::v1::Share>(entry, [](const auto& body) { return body.athlete(); });
      case EntryKind::kAthleteSplit:
        return LookAtMade<stored::v1::AthleteSplit>(entry, [](const auto& body) { return body.made().number(); });
      case EntryKind::kProfileSet:
        return LookAtMade<stored::v1::Profile>(entry, [](const auto& body) { return body.athlete(); });
      default:
        break;
    }
    for (size_t block = 0; block < entry.change.blocks.size(); ++block) {
      if (entry.change.blocks[block].empty()) continue;
      absl::StatusOr<results::FactsBlock> facts = results::FactsBlock::Parse(entry.change.blocks[block]);
      if (!facts.ok()) return facts.status();
      for (int64_t row = 0; row < facts->rows(); ++row) {
        if (members_.contains(facts->athlete(row))) Add(entry.position, static_cast<int64_t>(block), row);
      }
    }
    return absl::OkStatus();
  }

  // Of an entry whose personal data is one athlete's.
  template <typename Body, typename NumberOf>
  absl::Status LookAtMade(const storage::Entry& entry, NumberOf number_of) {
    Body body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("an entry about athletes is damaged");
    if (members_.contains(number_of(body))) Add(entry.position, 0, storage::kWholeBlock);
    return absl::OkStatus();
  }

  const storage::Ledger& ledger_;
  const std::set<int64_t> members_;
  int64_t searched_ = 0;
  storage::PersonalRows rows_;
  std::set<std::pair<int64_t, std::string>> portfolios_;  // athlete, id
};

}  // namespace

grpc::Status AthleteService::EraseAthlete(grpc::ServerContext* context, const v1::EraseAthleteRequest* request,
                                          v1::EraseAthleteResponse* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.EraseAthlete", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->confirmation() != request->name()) {
          return rpc::WithReason(
              rpc::InvalidField("confirmation", request->confirmation(), absl::StrCat("\"", request->name(), "\"")),
              "CONFIRMATION_REQUIRED");
        }
        std::vector<int64_t> members;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          const absl::StatusOr<int64_t> athlete = FindToChange(call, request->name(), access::Right::kManagePrivacy);
          if (!athlete.ok()) return athlete.status();
          members = views_.athletes->Members(*athlete);
        }
        PersonalSearch search(ledger_, members);
        if (absl::Status status = search.UpTo(ledger_.LastPosition()); !status.ok()) return status;
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const absl::StatusOr<int64_t> athlete =
                  FindToChange(call, request->name(), access::Right::kManagePrivacy);
              if (!athlete.ok()) return athlete.status();
              if (views_.athletes->Members(*athlete) != members) {
                return absl::AbortedError("the athlete was merged or taken apart just now, want the call made again");
              }
              if (absl::Status status = search.UpTo(ledger_.LastPosition()); !status.ok()) return status;
              int32_t rows = 0;
              for (int64_t member : members) {
                for (const results::RowRef& ref : views_.results->OfAthlete(member)) {
                  const results::RaceSheet& sheet = views_.results->sheet(ref.race);
                  for (const results::RaceSheet::Address& address : {sheet.Find(ref.row), sheet.Published(ref.row)}) {
                    search.Add(address.position, address.part, address.row);
                  }
                  ++rows;
                }
              }
              response->set_anonymous_rows(rows);
              response->set_portfolios_revoked(static_cast<int32_t>(search.portfolios()));
              const bool erased = views_.athletes->athlete(*athlete).state == AthleteState::kErased;
              if (request->validate_only() || erased) return std::nullopt;
              stored::v1::AthleteErased body;
              body.set_athlete(*athlete);
              for (int64_t member : members) body.add_members(member);
              body.set_reason(request->reason());
              for (const auto& [block, block_rows] : search.rows()) {
                for (int64_t row : block_rows) {
                  auto* overwritten = body.add_overwritten();
                  overwritten->set_position(block.first);
                  overwritten->set_block(block.second);
                  overwritten->set_row(row);
                }
              }
              absl::StatusOr<std::vector<storage::Overwritten>> blocks =
                  storage::WithoutPersonalRows(ledger_, search.rows());
              if (!blocks.ok()) return blocks.status();
              storage::Draft draft;
              draft.kind = EntryKind::kAthleteErased;
              draft.body = body.SerializeAsString();
              draft.overwritten = *std::move(blocks);
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        response->set_position(receipt->position);
        // Of somebody who is erased already, too: so a purge that failed can be made again.
        return request->validate_only() ? absl::OkStatus() : ledger_.PurgeOverwritten();
      });
}

}  // namespace palmares::identity
