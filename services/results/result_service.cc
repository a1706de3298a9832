#include "services/results/result_service.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/reading_messages.h"
#include "services/ingest/row_rules.h"
#include "services/results/own_bests.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::results {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kLargestPage = 1000;
constexpr absl::string_view kFilterFields[] = {"sex",     "division", "outcome", "category",
                                               "country", "club",     "bib",     "athlete"};

// Where a row stands in the list: runners first, by place; then those without one, in the order of the sheet.
struct Key {
  int division = 0;
  int64_t place = 0;
  int64_t row = 0;
  friend bool operator<(const Key& a, const Key& b) {
    return std::tie(a.division, a.place, a.row) < std::tie(b.division, b.place, b.row);
  }
};

Key KeyOf(const RowFacts& facts, int64_t row) {
  return {static_cast<int>(facts.division), facts.place == 0 ? int64_t{1} << 40 : facts.place, row};
}

std::string Encode(const Key& key) { return absl::StrCat(key.division, ",", key.place, ",", key.row); }

Key Decode(absl::string_view text) {
  Key key;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &key.division) && absl::SimpleAtoi(parts[1], &key.place) &&
      absl::SimpleAtoi(parts[2], &key.row)) {
    return key;
  }
  return {};
}

// An outcome in the words of files or of this API becomes its code; a value that no row can have is a mistake.
absl::Status CheckCodes(std::vector<rpc::Condition>& conditions) {
  for (rpc::Condition& condition : conditions) {
    const std::string& value = condition.value;
    if (condition.field == "sex" && !athletics::ParseSex(value).has_value()) {
      return rpc::InvalidField("filter", value, "sex = M, W or X");
    }
    if (condition.field == "division" && !athletics::ParseDivision(value).has_value()) {
      return rpc::InvalidField("filter", value, "division = running, wheelchair or handcycle");
    }
    if (condition.field != "outcome" || absl::EqualsIgnoreCase(value, "withdrawn")) continue;
    if (absl::EqualsIgnoreCase(value, "finished")) continue;
    const std::optional<athletics::ParsedOutcome> outcome = athletics::ParseOutcome(value);
    if (!outcome.has_value()) {
      return rpc::InvalidField("filter", value, "outcome = finished, DNF, DNS, DQ, NM, OTL or withdrawn");
    }
    condition.value = std::string(athletics::OutcomeCode(outcome->outcome));
  }
  return absl::OkStatus();
}

// Whether a row meets every condition of a filter.
bool Meets(const std::vector<rpc::Condition>& conditions, const RaceSheet& sheet, int64_t row, const RowFacts& facts,
           const AthleteNames& athlete_names) {
  const RaceSheet::Address address = sheet.Find(row);
  for (const rpc::Condition& condition : conditions) {
    const std::string& value = condition.value;
    bool met = false;
    if (condition.field == "sex") met = athletics::ParseSex(value) == facts.sex;
    if (condition.field == "division") met = athletics::ParseDivision(value) == facts.division;
    if (condition.field == "outcome") met = absl::EqualsIgnoreCase(value, athletics::OutcomeCode(facts.outcome));
    if (condition.field == "category") met = address.facts->category(address.row) == value;
    if (condition.field == "country") met = absl::EqualsIgnoreCase(value, address.facts->country(address.row));
    if (condition.field == "club") met = absl::EqualsIgnoreCase(value, address.facts->club(address.row));
    if (condition.field == "bib") met = address.facts->bib(address.row) == value;
    if (condition.field == "athlete") met = athlete_names(facts.link.athlete) == value;
    if (!met) return false;
  }
  return true;
}

}  // namespace

bool Visible(const rpc::Call& call, const events::Race& race, const RaceSheet& sheet) {
  return Counts(sheet.state) || (sheet.state != SheetState::kNone && access::MayManage(call.caller, race.name));
}

v1::Result ResultService::Describe(RowRef ref, const Result& row, bool trusted) const {
  v1::Result out = ToProto(results_, ref, row, athlete_names_, trusted);
  const auto& sanctioned = results_.sheet(ref.race).sanctioned();
  if (const auto found = sanctioned.find(ref.row); found != sanctioned.end()) {
    const Sanction* sanction = sanctions_.At(found->second.sanction);
    if (sanction != nullptr) out.set_sanction(SanctionName(*sanction));
  }
  return out;
}

// Nothing is told of other results of who is hidden.
std::vector<BestThen> ResultService::BestsOf(RowRef ref) const {
  std::vector<BestThen> bests;
  const int64_t athlete = results_.sheet(ref.race).LinkOf(ref.row).athlete;
  if (athlete != 0 && !results_.IsAnonymous(athlete)) {
    std::vector<RowRef> rows;
    for (const int64_t member : athlete_members_(athlete)) {
      const absl::Span<const RowRef> of_member = results_.OfAthlete(member);
      rows.insert(rows.end(), of_member.begin(), of_member.end());
    }
    bests = OwnBests(results_, ref, rows);
  }
  const std::vector<BestThen> of_all = bests_.Of(ref);
  bests.insert(bests.end(), of_all.begin(), of_all.end());
  return bests;
}

absl::StatusOr<RowRef> ResultService::FindVisible(const rpc::Call& call, absl::string_view name) const {
  absl::StatusOr<RowRef> ref = FindResult(results_, name);
  if (!ref.ok()) return ref.status();
  if (!Visible(call, results_.calendar().race(ref->race), results_.sheet(ref->race)))
    return rpc::NotFound("result", name);
  return ref;
}

grpc::Status ResultService::GetResult(grpc::ServerContext* context, const v1::GetResultRequest* request,
                                      v1::Result* response) {
  return rpc::Serve(calls_, *context, "ResultService.GetResult", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<RowRef> ref = FindVisible(call, request->name());
    if (!ref.ok()) return ref.status();
    if (request->revision() != 0) {
      absl::Status status = PastResult(call, *ref, request->revision(), response);
      response->set_position(reader->position());
      return status;
    }
    absl::StatusOr<Result> row = RowReader(&results_).Read(*ref);
    if (!row.ok()) return row.status();
    const events::Race& race = results_.calendar().race(ref->race);
    *response = Describe(*ref, *row, access::MayManage(call.caller, race.name));
    DescribeScores(results_, field_sizes_, *ref, *row, response);
    DescribeLegality(race, row->sex, row->wind_cm_s, row->timing, response->mutable_legality());
    DescribeBests(results_, BestsOf(*ref), response->mutable_bests());
    if (access::MayManage(call.caller, race.name)) {
      for (const ingest::Issue& issue : ingest::CheckRow(*row, *race.discipline, race.date)) {
        ingest::DescribeIssue(issue, response->add_issues());
      }
    }
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status ResultService::ListResults(grpc::ServerContext* context, const v1::ListResultsRequest* request,
                                        v1::ListResultsResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.ListResults", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        if (!request->order_by().empty() && request->order_by() != "place") {
          return rpc::InvalidField("order_by", request->order_by(), "place, or nothing");
        }
        absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kFilterFields);
        if (!conditions.ok()) return conditions.status();
        if (absl::Status status = CheckCodes(*conditions); !status.ok()) return status;
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const events::Race* race = results_.calendar().FindRace(request->parent());
        if (race == nullptr) return rpc::NotFound("race", request->parent());
        response->set_position(reader->position());
        const RaceSheet& sheet = results_.sheet(race->number);
        if (!Visible(call, *race, sheet)) return absl::OkStatus();

        const bool wants_withdrawn = std::any_of(conditions->begin(), conditions->end(), [](const rpc::Condition& one) {
          return one.field == "outcome" && absl::EqualsIgnoreCase(one.value, "withdrawn");
        });
        std::vector<Key> keys;
        keys.reserve(static_cast<size_t>(sheet.rows()));
        for (int64_t row = 0; row < sheet.rows(); ++row) {
          const RowFacts facts = sheet.Facts(row);
          if (facts.outcome == athletics::Outcome::kWithdrawn && !wants_withdrawn) continue;
          if (Meets(*conditions, sheet, row, facts, athlete_names_)) keys.push_back(KeyOf(facts, row));
        }
        response->set_total_size(static_cast<int32_t>(keys.size()));
        const auto begin = last->empty() ? keys.begin() : std::partition(keys.begin(), keys.end(), [&](const Key& key) {
          return !(Decode(*last) < key);
        });
        const auto end = keys.end() - begin > *size ? begin + *size : keys.end();
        std::partial_sort(begin, end, keys.end());
        const bool trusted = access::MayManage(call.caller, race->name);
        RowReader rows(&results_);
        for (auto it = begin; it != end; ++it) {
          const RowRef ref{race->number, static_cast<int32_t>(it->row)};
          absl::StatusOr<Result> row = rows.Read(ref);
          if (!row.ok()) return row.status();
          v1::Result* result = response->add_results();
          *result = Describe(ref, *row, trusted);
          DescribeScores(results_, field_sizes_, ref, *row, result);
        }
        if (end != keys.end()) {
          response->set_next_page_token(call.calls->page_tokens->Make(*request, Encode(*std::prev(end))));
        }
        response->mutable_race()->set_name(race->name);
        response->mutable_race()->set_display_name(race->data.display_name());
        response->mutable_race()->set_discipline(race->discipline->code);
        response->mutable_race()->set_event_display_name(race->event->data.display_name());
        *response->mutable_race()->mutable_date() = rpc::ToProto(race->date);
        DescribeSheet(sheet, response->mutable_race());
        for (const SplitPoint& point : sheet.split_points) {
          v1::SplitPoint* split = response->add_split_points();
          split->set_label(point.label);
          split->set_distance_mm(point.distance_mm);
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::results
