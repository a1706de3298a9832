// Everything that is derived from the ledger, applied in one order.
#ifndef PALMARES_SERVICES_SERVER_STATE_H_
#define PALMARES_SERVICES_SERVER_STATE_H_

#include <algorithm>
#include <cstdint>
#include <utility>

#include "services/access/grants.h"
#include "services/access/tokens.h"
#include "services/events/calendar.h"
#include "services/goals/goals_view.h"
#include "services/identity/athletes.h"
#include "services/identity/evidence_view.h"
#include "services/identity/links.h"
#include "services/identity/privacies.h"
#include "services/identity/touched_rows.h"
#include "services/ingest/column_mappings.h"
#include "services/portfolio/portfolios_view.h"
#include "services/portfolio/shares_view.h"
#include "services/portfolio/signing_keys.h"
#include "services/profiles/profiles_view.h"
#include "services/qualification/applications.h"
#include "services/qualification/standards_view.h"
#include "services/qualification/touched_athletes.h"
#include "services/rankings/boards.h"
#include "services/results/results.h"
#include "services/results/sanctions.h"
#include "services/series/clubs_view.h"
#include "services/series/series_view.h"
#include "services/server/memory_budget.h"
#include "storage/spill_file.h"
#include "storage/store.h"

namespace palmares::server {

// A view never looks at one that is applied after it. Views that follow rows or athletes bracket the others: they are
// told what an entry touches, before it is applied and after.
class State final : public storage::View {
 public:
  // The ledger, where personal data is read, must outlive it.
  explicit State(const storage::Ledger* ledger, const MemoryBudget& budget = {})
      : results(&calendar, ledger),
        sanctions(&results, [this](int64_t athlete) { return athletes.Members(athletes.Resolve(athlete)); }),
        evidence(&results, &athletes),
        boards(&results, &athletes),
        touches({&results, &athletes, &sanctions, &standards}),
        finder_(&results, &athletes, &sanctions),
        budget_bytes_(budget.bytes),
        spill_file_(budget.spill_directory) {
    if (budget_bytes_ > 0) boards.SetLimit(budget_bytes_ / 4);
  }

  absl::Status Apply(const storage::Entry& entry) override {
    absl::StatusOr<identity::TouchedRows> touched = finder_.Before(entry);
    if (!touched.ok()) return touched.status();
    // The ledger holds no more what an erasure overwrote, so it cannot be taken back from the evidence row by row.
    if (entry.change.kind == storage::EntryKind::kAthleteErased) evidence.Forget();
    if (absl::Status status = evidence.Before(*touched); !status.ok()) return status;
    boards.Before(*touched);
    if (absl::Status status = touches.Before(entry, *touched); !status.ok()) return status;
    if (absl::Status status = tokens.Apply(entry); !status.ok()) return status;
    if (absl::Status status = grants.Apply(entry); !status.ok()) return status;
    if (absl::Status status = standards.Apply(entry); !status.ok()) return status;
    if (absl::Status status = clubs.Apply(entry); !status.ok()) return status;
    if (absl::Status status = series.Apply(entry); !status.ok()) return status;
    if (absl::Status status = mappings.Apply(entry); !status.ok()) return status;
    if (absl::Status status = calendar.Apply(entry); !status.ok()) return status;
    if (absl::Status status = athletes.Apply(entry); !status.ok()) return status;
    if (absl::Status status = privacies.Apply(entry); !status.ok()) return status;
    if (absl::Status status = results.Apply(entry); !status.ok()) return status;
    if (absl::Status status = links.Apply(entry, results); !status.ok()) return status;
    if (absl::Status status = sanctions.Apply(entry); !status.ok()) return status;
    if (absl::Status status = applications.Apply(entry); !status.ok()) return status;
    if (absl::Status status = goals.Apply(entry); !status.ok()) return status;
    if (absl::Status status = signing_keys.Apply(entry); !status.ok()) return status;
    if (absl::Status status = portfolios.Apply(entry); !status.ok()) return status;
    if (absl::Status status = shares.Apply(entry); !status.ok()) return status;
    if (absl::Status status = profiles.Apply(entry); !status.ok()) return status;
    finder_.After(*touched);
    boards.After(*touched);
    if (absl::Status status = evidence.After(*touched); !status.ok()) return status;
    if (budget_bytes_ > 0) KeepWithinBudget();
    return absl::OkStatus();
  }

  // Takes what the other holds, made from the same entries, and gives it what this one held. Evidence and boards are
  // made from the others, when they are asked for.
  void Exchange(State& other) {
    std::swap(tokens, other.tokens);
    std::swap(grants, other.grants);
    std::swap(standards, other.standards);
    std::swap(clubs, other.clubs);
    std::swap(series, other.series);
    std::swap(mappings, other.mappings);
    std::swap(calendar, other.calendar);
    std::swap(athletes, other.athletes);
    std::swap(privacies, other.privacies);
    std::swap(results, other.results);
    std::swap(links, other.links);
    sanctions.Exchange(other.sanctions);
    std::swap(applications, other.applications);
    std::swap(goals, other.goals);
    std::swap(signing_keys, other.signing_keys);
    std::swap(portfolios, other.portfolios);
    std::swap(shares, other.shares);
    std::swap(profiles, other.profiles);
    evidence.Forget();
    boards.Forget();
  }

  // Why rows that have no room in memory are there all the same; OK while the budget is kept.
  const absl::Status& spill_status() const { return spill_status_; }

  access::Tokens tokens;
  access::Grants grants;
  qualification::StandardsView standards;
  series::ClubsView clubs;
  series::SeriesView series;
  ingest::ColumnMappings mappings;
  events::Calendar calendar;
  identity::Athletes athletes;
  identity::Privacies privacies;
  results::Results results;
  identity::Links links;
  results::Sanctions sanctions;
  identity::EvidenceView evidence;
  rankings::Boards boards;
  qualification::Applications applications;
  goals::GoalsView goals;
  portfolio::SigningKeys signing_keys;
  portfolio::PortfoliosView portfolios;
  portfolio::SharesView shares;
  profiles::ProfilesView profiles;
  qualification::TouchLog touches;

 private:
  // What cannot be moved to disk is counted anew when there are an eighth more or fewer rows: it is a pass over all
  // athletes.
  void KeepWithinBudget() {
    const int64_t rows = results.total_rows();
    if (rows > counted_rows_ + counted_rows_ / 8 + 1000 || rows < counted_rows_ - counted_rows_ / 8) {
      counted_rows_ = rows;
      found_by_bytes_ = athletes.memory_bytes() + results.memory_bytes() - results.spillable_bytes();
    }
    const int64_t rest = budget_bytes_ - budget_bytes_ / 4 - found_by_bytes_;
    spill_status_ = results.KeepWithin(std::max<int64_t>(rest, 0), spill_file_);
  }

  const identity::TouchedRowsFinder finder_;
  const int64_t budget_bytes_;
  storage::SpillFile spill_file_;
  absl::Status spill_status_;
  int64_t counted_rows_ = 0;
  int64_t found_by_bytes_ = 0;
};

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_STATE_H_
