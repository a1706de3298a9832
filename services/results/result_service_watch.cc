// Results told as they appear and change.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_split.h"
#include "services/results/result_service.h"
#include "services/results/sheet_difference.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/watch.h"
#include "storage/stored.pb.h"

namespace palmares::results {
namespace {

constexpr int kResultsAMessage = 500;

// Which races a watcher asks for: a name of which any id may be "-".
class RacePattern {
 public:
  static absl::StatusOr<RacePattern> Parse(const std::string& parent) {
    RacePattern pattern;
    pattern.parts_ = absl::StrSplit(parent, '/');
    const std::vector<std::string>& parts = pattern.parts_;
    if (parts.size() != 6 || parts[0] != "events" || parts[2] != "editions" || parts[4] != "races") {
      return rpc::InvalidField("parent", parent, "events/{event}/editions/{edition}/races/{race}, any id may be -");
    }
    return pattern;
  }
  bool IsOneRace() const { return parts_[1] != "-" && parts_[3] != "-" && parts_[5] != "-"; }
  bool Takes(absl::string_view name) const {
    const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (i >= parts.size() || (parts_[i] != "-" && parts_[i] != parts[i])) return false;
    }
    return true;
  }

 private:
  std::vector<std::string> parts_;
};

// Athletes whose results are another's now, by an entry that merges them or takes that back.
absl::StatusOr<std::vector<int64_t>> AthletesRelinked(const storage::Ledger& ledger, const storage::Entry& entry) {
  std::vector<int64_t> athletes;
  if (entry.change.kind == storage::EntryKind::kAthletesMerged) {
    stored::v1::AthletesMerged body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a merge");
    athletes = {body.from()};
  } else if (entry.change.kind == storage::EntryKind::kAthletesUnmerged) {
    stored::v1::AthletesUnmerged body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an unmerge");
    absl::Status status =
        ledger.Read(body.merge_position(), body.merge_position(), [&](const storage::Entry& merge) -> absl::Status {
          absl::StatusOr<std::vector<int64_t>> merged = AthletesRelinked(ledger, merge);
          if (!merged.ok()) return merged.status();
          athletes = *std::move(merged);
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
  }
  return athletes;
}

}  // namespace

// Tells one caller. Rows are read as they are when they are told of, not as the entry left them: a later change is told
// again at its own position.
class ResultService::Watcher {
 public:
  Watcher(const ResultService& service, const rpc::Call& call, RacePattern races, std::string athlete,
          grpc::ServerWriter<v1::WatchResultsResponse>* writer)
      : service_(service),
        call_(call),
        races_(std::move(races)),
        athlete_(std::move(athlete)),
        writer_(*writer),
        follower_(&service.results_) {}

  // False when the caller has left.
  absl::StatusOr<bool> Take(const storage::Entry& entry) {
    std::set<RowRef> shown;
    std::set<std::string> gone;
    absl::StatusOr<int64_t> position = Find(entry, shown, gone);
    if (!position.ok()) return position.status();
    if (shown.empty() && gone.empty()) return true;
    return Send({shown.begin(), shown.end()}, {gone.begin(), gone.end()}, entry.position, entry.time_us, false);
  }

  // All results of the one race as they are now; the position they are of.
  absl::StatusOr<int64_t> SendAll(const std::string& name) {
    std::vector<RowRef> rows;
    int64_t position = 0;
    {
      absl::StatusOr<storage::Store::Reader> reader = call_.Read();
      if (!reader.ok()) return reader.status();
      position = reader->position();
      const events::Race* race = service_.results_.calendar().FindRace(name);
      if (race == nullptr) return rpc::NotFound("race", name);
      const RaceSheet& sheet = service_.results_.sheet(race->number);
      for (int64_t row = 0; row < sheet.rows() && Visible(call_, *race, sheet); ++row) {
        if (sheet.Facts(row).outcome != athletics::Outcome::kWithdrawn) {
          rows.push_back({race->number, static_cast<int32_t>(row)});
        }
      }
    }
    absl::StatusOr<bool> here = Send(rows, {}, position, 0, true);
    if (!here.ok()) return here.status();
    return *here ? absl::StatusOr<int64_t>(position) : absl::CancelledError("the caller has left");
  }

  bool Keep(int64_t position) {
    v1::WatchResultsResponse message;
    message.set_position(position);
    return writer_.Write(message);
  }

 private:
  absl::StatusOr<int64_t> Find(const storage::Entry& entry, std::set<RowRef>& shown, std::set<std::string>& gone) {
    const Results& results = service_.results_;
    absl::StatusOr<storage::Store::Reader> reader = call_.Read(entry.position);
    if (!reader.ok()) return reader.status();
    absl::StatusOr<std::vector<int64_t>> relinked = AthletesRelinked(results.ledger(), entry);
    if (!relinked.ok()) return relinked.status();
    for (const int64_t athlete : *relinked) {
      for (const RowRef& row : results.OfAthlete(athlete)) Add(row, shown);
    }
    if (entry.change.kind == storage::EntryKind::kCatalogueRemoved) {
      stored::v1::CatalogueRemoved body;
      if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a removal");
      if (absl::StrContains(body.name(), "/races/") && races_.Takes(body.name())) {
        gone.insert(absl::StrCat(body.name(), "/results/-"));
      }
    }
    absl::StatusOr<std::vector<SheetStep>> steps = follower_.Steps(entry);
    if (!steps.ok()) return steps.status();
    for (SheetStep& step : *steps) {
      if (!races_.Takes(step.race_name)) continue;
      if (absl::Status status = FindRows(step, shown, gone); !status.ok()) return status;
    }
    return reader->position();
  }

  absl::Status FindRows(SheetStep& step, std::set<RowRef>& shown, std::set<std::string>& gone) {
    const events::Race& race = service_.results_.calendar().race(step.race);
    if (!Visible(call_, race, step.before)) step.before = RaceSheet();
    if (!Visible(call_, race, step.after)) step.after = RaceSheet();
    RowReader rows(&service_.results_);
    absl::StatusOr<std::vector<RowDifference>> differences = DifferencesOf(step, rows);
    if (!differences.ok()) return differences.status();
    const RaceSheet& now = service_.results_.sheet(step.race);
    for (const RowDifference& row : *differences) {
      if (!IsTheirs(row.athlete_before) && !IsTheirs(row.athlete_after)) continue;
      const std::optional<int64_t> at = now.RowOfNumber(row.number);
      const bool is_there = at.has_value() && now.Facts(*at).outcome != athletics::Outcome::kWithdrawn;
      if (is_there && Visible(call_, race, now)) {
        if (row.action != RowDifference::Action::kRemoved) shown.insert({step.race, static_cast<int32_t>(*at)});
      } else if (row.action != RowDifference::Action::kAdded) {
        gone.insert(ResultName(race, row.number));
      }
    }
    return absl::OkStatus();
  }

  void Add(RowRef row, std::set<RowRef>& shown) const {
    const events::Race& race = service_.results_.calendar().race(row.race);
    const RaceSheet& sheet = service_.results_.sheet(row.race);
    if (races_.Takes(race.name) && Visible(call_, race, sheet) && IsTheirs(sheet.Facts(row.row).link.athlete)) {
      shown.insert(row);
    }
  }

  bool IsTheirs(int64_t athlete) const {
    return athlete_.empty() || (athlete != 0 && service_.athlete_names_(athlete) == athlete_);
  }

  // In messages of bearable size. Rows that are gone by now are left out: they are told of at their own position.
  absl::StatusOr<bool> Send(const std::vector<RowRef>& rows, const std::vector<std::string>& gone, int64_t position,
                            int64_t time_us, bool initial) {
    v1::WatchResultsResponse message;
    if (time_us != 0) *message.mutable_change_time() = rpc::ToTimestamp(time_us);
    for (const std::string& name : gone) message.add_removed_results(name);
    for (size_t begin = 0; begin == 0 || begin < rows.size(); begin += kResultsAMessage) {
      const size_t end = std::min(rows.size(), begin + kResultsAMessage);
      if (absl::Status status = Fill(rows, begin, end, message); !status.ok()) return status;
      const bool last = end == rows.size();
      // Only the last part of an entry tells its position, from which a caller may go on.
      message.set_position(last ? position : position - 1);
      message.set_initial_state_complete(initial && last);
      if (!writer_.Write(message)) return false;
      message.clear_results();
      message.clear_removed_results();
    }
    return true;
  }

  absl::Status Fill(const std::vector<RowRef>& rows, size_t begin, size_t end, v1::WatchResultsResponse& message) {
    const Results& results = service_.results_;
    absl::StatusOr<storage::Store::Reader> reader = call_.Read();
    if (!reader.ok()) return reader.status();
    RowReader row_reader(&results);
    for (size_t i = begin; i < end; ++i) {
      const events::Race& race = results.calendar().race(rows[i].race);
      const RaceSheet& sheet = results.sheet(rows[i].race);
      if (rows[i].row >= sheet.rows() || !Visible(call_, race, sheet)) continue;
      absl::StatusOr<Result> row = row_reader.Read(rows[i]);
      if (!row.ok()) return row.status();
      if (row->outcome == athletics::Outcome::kWithdrawn) continue;
      *message.add_results() = service_.Describe(rows[i], *row, access::MayManage(call_.caller, race.name));
    }
    return absl::OkStatus();
  }

  const ResultService& service_;
  const rpc::Call& call_;
  const RacePattern races_;
  const std::string athlete_;
  grpc::ServerWriter<v1::WatchResultsResponse>& writer_;
  SheetFollower follower_;
};

grpc::Status ResultService::WatchResults(grpc::ServerContext* context, const v1::WatchResultsRequest* request,
                                         grpc::ServerWriter<v1::WatchResultsResponse>* writer) {
  return rpc::Serve(
      calls_, *context, "ResultService.WatchResults", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<RacePattern> races = RacePattern::Parse(request->parent());
        if (!races.ok()) return races.status();
        if (request->initial_state() && (!races->IsOneRace() || request->start_position() != 0)) {
          return rpc::InvalidField("initial_state", "true", "a single race, and no start_position");
        }
        std::string athlete = request->athlete();
        if (!athlete.empty()) {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          const int64_t number = athlete_numbers_(athlete);
          if (number == 0) return rpc::NotFound("athlete", athlete);
          athlete = athlete_names_(number);
        }
        const bool is_one = races->IsOneRace();
        Watcher watcher(*this, call, *std::move(races), std::move(athlete), writer);
        int64_t start = request->start_position();
        if (is_one && !request->initial_state()) {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          if (results_.calendar().FindRace(request->parent()) == nullptr) {
            return rpc::NotFound("race", request->parent());
          }
        }
        if (request->initial_state()) {
          absl::StatusOr<int64_t> position = watcher.SendAll(request->parent());
          if (!position.ok()) return position.status();
          start = *position;
        }
        return rpc::Watch(
            call, *context, start, [&watcher](const storage::Entry& entry) { return watcher.Take(entry); },
            [&watcher](int64_t position) { return watcher.Keep(position); });
      });
}

}  // namespace palmares::results
