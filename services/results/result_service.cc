#include "services/results/result_service.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/athletics/mark.h"
#include "services/athletics/world_record.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored.pb.h"

namespace palmares::results {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kLargestPage = 1000;
constexpr absl::string_view kFilterFields[] = {"sex",     "division", "outcome", "category",
                                               "country", "club",     "bib",     "athlete"};

bool Visible(const rpc::Call& call, const events::Race& race, const RaceSheet& sheet) {
  return Counts(sheet.state) || (sheet.state != SheetState::kNone && access::MayManage(call.caller, race.name));
}

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

absl::StatusOr<Result> RowOfEntry(const storage::Entry& entry, int64_t split_count) {
  if (entry.change.blocks.size() != 1 || entry.change.personal.size() != 1) return absl::DataLossError("not one row");
  absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(entry.change.blocks[0]);
  absl::StatusOr<storage::ColumnBlock> personal = storage::ColumnBlock::Parse(entry.change.personal[0]);
  if (!facts.ok()) return facts.status();
  if (!personal.ok()) return personal.status();
  Result row;
  facts->Fill(0, split_count, row);
  FillPersonal(*personal, 0, row);
  return row;
}

// A mark that nobody has ever come near on foot is a slip, or another division's.
absl::Status CheckPossible(const Result& before, const Result& after, const athletics::Discipline& discipline) {
  const std::optional<int64_t> record = athletics::WorldRecord(discipline, after.sex);
  const bool changed = after.official_mark != before.official_mark || after.division != before.division;
  if (!changed || !record.has_value() || after.official_mark == 0 || after.division != athletics::Division::kRunning) {
    return absl::OkStatus();
  }
  const bool better = discipline.lower_is_better ? after.official_mark < *record : after.official_mark > *record;
  if (!better) return absl::OkStatus();
  return rpc::InvalidField("row.official_mark", athletics::FormatMark(after.official_mark, discipline),
                           absl::StrCat("a mark not better than the world record of ",
                                        athletics::FormatMark(*record, discipline), ", or another division"));
}

}  // namespace

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
    absl::StatusOr<Result> row = RowReader(&results_).Read(*ref);
    if (!row.ok()) return row.status();
    *response = ToProto(results_, *ref, *row, athlete_names_,
                        access::MayManage(call.caller, results_.calendar().race(ref->race).name));
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
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const events::Race* race = results_.calendar().FindRace(request->parent());
        if (race == nullptr) return rpc::NotFound("race", request->parent());
        response->set_position(reader->position());
        const RaceSheet& sheet = results_.sheet(race->number);
        if (!Visible(call, *race, sheet)) return absl::OkStatus();

        std::vector<Key> keys;
        keys.reserve(static_cast<size_t>(sheet.rows()));
        for (int64_t row = 0; row < sheet.rows(); ++row) {
          const RowFacts facts = sheet.Facts(row);
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
          *response->add_results() = ToProto(results_, ref, *row, athlete_names_, trusted);
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

grpc::Status ResultService::ListResultRevisions(grpc::ServerContext* context,
                                                const v1::ListResultRevisionsRequest* request,
                                                v1::ListResultRevisionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.ListResultRevisions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        absl::StatusOr<RowRef> ref = FindVisible(call, request->parent());
        if (!ref.ok()) return ref.status();
        const RaceSheet& sheet = results_.sheet(ref->race);
        const events::Race& race = results_.calendar().race(ref->race);
        const std::string name = ResultName(race, sheet.Number(ref->row));
        const bool trusted = access::MayManage(call.caller, race.name);
        absl::StatusOr<Result> before = RowReader(&results_).ReadPublished(sheet, ref->row);
        if (!before.ok()) return before.status();
        std::vector<v1::ResultRevision> revisions;
        v1::ResultRevision& first = revisions.emplace_back();
        first.set_name(absl::StrCat(name, "/revisions/1"));
        first.set_kind(v1::ResultRevision::KIND_ADDED);
        *first.mutable_create_time() = rpc::ToTimestamp(sheet.create_time_us);
        for (const Revision& revision : results_.RevisionsOf(ref->race)) {
          if (revision.number != sheet.Number(ref->row)) continue;
          absl::Status status =
              results_.ledger().Read(revision.position, revision.position, [&](storage::Entry entry) -> absl::Status {
                stored::v1::ResultRevised body;
                if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a revision");
                absl::StatusOr<Result> after = RowOfEntry(entry, sheet.split_count());
                if (!after.ok()) return after.status();
                v1::ResultRevision& out = revisions.emplace_back();
                out.set_name(absl::StrCat(name, "/revisions/", revisions.size()));
                out.set_kind(static_cast<v1::ResultRevision::Kind>(body.kind() + 1));
                for (v1::FieldChange& change : Differences(*before, *after, *race.discipline)) {
                  const bool personal = change.path() == "birth_date" || change.path() == "city";
                  if (trusted || !personal) *out.add_changes() = std::move(change);
                }
                out.set_reason(body.reason());
                out.set_evidence(body.evidence());
                if (trusted) {
                  out.mutable_actor()->set_token(entry.actor);
                  out.mutable_actor()->set_display_name(entry.actor);
                }
                *out.mutable_create_time() = rpc::ToTimestamp(entry.time_us);
                out.set_position(entry.position);
                before = std::move(after);
                return absl::OkStatus();
              });
          if (!status.ok()) return status;
        }
        for (auto it = revisions.rbegin(); it != revisions.rend(); ++it) *response->add_revisions() = *it;
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

absl::Status ResultService::Revise(const rpc::Call& call, const google::protobuf::Message& request,
                                   const Change& change, const NewRow& new_row, v1::ChangeResultResponse* response) {
  if (change.reason.empty()) return rpc::MissingField("reason", "why the result changes");
  std::vector<v1::FieldChange> differences;
  absl::StatusOr<storage::Receipt> receipt = call.Write(
      request, change.validate_only ? "" : change.request_id, [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        absl::StatusOr<RowRef> ref = FindResult(results_, change.name);
        if (!ref.ok()) return ref.status();
        const RaceSheet& sheet = results_.sheet(ref->race);
        const events::Race& race = results_.calendar().race(ref->race);
        if (!change.etag.empty() && change.etag != rpc::Etag(sheet.Find(ref->row).position)) {
          return absl::AbortedError("etag: the result has changed since, want it read again");
        }
        absl::StatusOr<Result> before = RowReader(&results_).Read(*ref);
        if (!before.ok()) return before.status();
        absl::StatusOr<Result> after = new_row(*before);
        if (!after.ok()) return after.status();
        if (absl::Status possible = CheckPossible(*before, *after, *race.discipline); !possible.ok()) return possible;
        if (after->bib != before->bib && !after->bib.empty() && !sheet.RowsOfBib(after->bib).empty()) {
          return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat("row.bib: \"", after->bib, "\" is another's")),
                                 "BIB_TAKEN", {{"bib", after->bib}});
        }
        differences = Differences(*before, *after, *race.discipline);
        if (differences.empty() || change.validate_only) return std::nullopt;
        stored::v1::ResultRevised body;
        body.set_race(race.name);
        body.set_number(sheet.Number(ref->row));
        body.set_kind(static_cast<int>(change.kind));
        for (const v1::FieldChange& difference : differences) body.add_fields(difference.path());
        body.set_reason(change.reason);
        body.set_evidence(change.evidence);
        body.set_leave_place_vacant(change.leave_place_vacant);
        const Link link = sheet.Standing(ref->row).link;
        const Link kept{link.athlete, link.kind == LinkKind::kCreated ? LinkKind::kAutomatic : link.kind};
        EncodedBlock block = EncodeBlock({&*after, 1}, {&kept, 1}, sheet.split_count());
        storage::Draft draft;
        draft.kind = storage::EntryKind::kResultRevised;
        draft.body = body.SerializeAsString();
        draft.blocks.push_back(std::move(block.facts));
        draft.personal.push_back(std::move(block.personal));
        return draft;
      });
  if (!receipt.ok()) return receipt.status();
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<RowRef> ref = FindResult(results_, change.name);
  if (!ref.ok()) return ref.status();
  absl::StatusOr<Result> row = RowReader(&results_).Read(*ref);
  if (!row.ok()) return row.status();
  if (receipt->changed) {
    v1::ResultRevision* revision = response->mutable_revision();
    for (v1::FieldChange& difference : differences) *revision->add_changes() = std::move(difference);
    revision->set_kind(static_cast<v1::ResultRevision::Kind>(static_cast<int>(change.kind) + 1));
    revision->set_reason(change.reason);
    revision->set_evidence(change.evidence);
    revision->mutable_actor()->set_token(call.caller.actor());
    revision->mutable_actor()->set_display_name(call.caller.actor());
    revision->set_position(receipt->position);
  }
  *response->mutable_result() = ToProto(results_, *ref, *row, athlete_names_, /*trusted=*/true);
  response->mutable_result()->set_position(receipt->position);
  if (receipt->changed) {
    response->mutable_revision()->set_name(
        absl::StrCat(response->result().name(), "/revisions/", response->result().revision()));
  }
  response->set_position(receipt->position);
  return absl::OkStatus();
}

grpc::Status ResultService::CorrectResult(grpc::ServerContext* context, const v1::CorrectResultRequest* request,
                                          v1::ChangeResultResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.CorrectResult", *request, [&](const rpc::Call& call) -> absl::Status {
        const Change change{
            RevisionKind::kCorrected, request->name(), request->reason(),       request->evidence(), request->etag(),
            request->request_id(),    false,           request->validate_only()};
        return Revise(
            call, *request, change,
            [&](Result row) { return Corrected(std::move(row), request->row(), request->update_mask()); }, response);
      });
}

grpc::Status ResultService::DisqualifyResult(grpc::ServerContext* context, const v1::DisqualifyResultRequest* request,
                                             v1::ChangeResultResponse* response) {
  return rpc::Serve(calls_, *context, "ResultService.DisqualifyResult", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      const Change change{RevisionKind::kDisqualified,   request->name(),         request->reason(),
                                          request->evidence(),           request->etag(),         request->request_id(),
                                          request->leave_place_vacant(), request->validate_only()};
                      const auto disqualify = [&](Result row) -> absl::StatusOr<Result> {
                        if (row.outcome == athletics::Outcome::kDisqualified) {
                          return rpc::WithReason(
                              absl::FailedPreconditionError(absl::StrCat(request->name(), " is disqualified already")),
                              "ALREADY_DISQUALIFIED");
                        }
                        row.outcome = athletics::Outcome::kDisqualified;
                        row.outcome_rule = request->rule();
                        return row;
                      };
                      return Revise(call, *request, change, disqualify, response);
                    });
}

grpc::Status ResultService::ReinstateResult(grpc::ServerContext* context, const v1::ReinstateResultRequest* request,
                                            v1::ChangeResultResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.ReinstateResult", *request, [&](const rpc::Call& call) -> absl::Status {
        const Change change{
            RevisionKind::kReinstated, request->name(), request->reason(),       request->evidence(), request->etag(),
            request->request_id(),     false,           request->validate_only()};
        const auto reinstate = [&](Result row) -> absl::StatusOr<Result> {
          if (row.outcome != athletics::Outcome::kDisqualified) {
            return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(request->name(), " is not disqualified")),
                                   "NOT_DISQUALIFIED");
          }
          const bool has_mark = row.official_mark != 0 || row.gun_mark != 0 || row.chip_mark != 0;
          row.outcome = has_mark ? athletics::Outcome::kFinished : athletics::Outcome::kDidNotFinish;
          row.outcome_rule.clear();
          return row;
        };
        return Revise(call, *request, change, reinstate, response);
      });
}

}  // namespace palmares::results
