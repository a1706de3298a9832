#include "services/ingest/sheet_import.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/ingest/column_mapping_messages.h"
#include "services/ingest/import_options.h"
#include "services/ingest/import_report.h"
#include "services/ingest/reading.h"
#include "services/ingest/reading_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

absl::Status Cancelled() { return absl::CancelledError("the import was cancelled"); }

// `mapped` is the header with what a saved mapping adds: how the file was read.
SheetToPublish SheetOf(const SheetImport& import, const v1::ImportHeader& mapped, const ImportOutcome& outcome,
                       results::Sheet sheet) {
  const v1::ImportHeader& header = import.header;
  return {.race = header.race(),
          .sheet = std::move(sheet),
          .state = rpc::FromProto(header.state()),
          .file_name = header.file_name(),
          .content_sha256 = ContentKey(mapped, outcome.report.content_sha256()),
          .reason = header.reason(),
          .evidence = header.evidence(),
          .keep_others = header.keep_others(),
          .list_changes = header.validate_only(),
          .counts = {outcome.report.rows_read(), outcome.report.rows_rejected(), outcome.report.rows_skipped()}};
}

absl::Status Publish(const rpc::Call& call, const PublishViews& views, const SheetImport& import,
                     const v1::ImportHeader& mapped, results::Sheet read, ImportOutcome& outcome) {
  const v1::ImportHeader& header = import.header;
  SheetToPublish sheet = SheetOf(import, mapped, outcome, std::move(read));
  PublishSummary summary;
  v1::ImportHeader identity = header;  // what a repeat of the request id must equal
  identity.set_content_sha256(outcome.report.content_sha256());
  const auto plan = [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
    const events::Race* race = views.calendar->FindRace(header.race());
    if (race == nullptr) return rpc::NotFound("race", header.race());
    outcome.sheet_position = views.results->sheet(race->number).position;
    if (import.sheet_position.value_or(outcome.sheet_position) != outcome.sheet_position) {
      return SheetHasChanged(header.race());
    }
    absl::StatusOr<std::optional<storage::Draft>> draft = PlanPublish(views, std::move(sheet), &summary);
    if (draft.ok() && header.validate_only()) draft->reset();
    return draft;
  };
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(identity, header.validate_only() ? "" : header.request_id(), plan);
  if (!receipt.ok()) return receipt.status();
  if (receipt->repeated) {  // the first answer again
    absl::StatusOr<std::optional<PublishSummary>> first = SummaryOf(views.results->ledger(), receipt->position);
    if (!first.ok()) return first.status();
    if (first->has_value()) {
      summary = **std::move(first);
    } else {
      summary.unchanged = true;
    }
  }
  DescribePublishing(summary, &outcome.report);
  outcome.position = receipt->position;
  return absl::OkStatus();
}

void Describe(const SheetImport& import, const Reading& reading, const std::string& sha256, ImportOutcome& outcome) {
  v1::ImportReport& report = outcome.report;
  DescribeReading(reading.report, &report);
  report.set_race(import.header.race());
  report.set_validate_only(import.header.validate_only());
  report.set_content_sha256(sha256);
  report.set_size_bytes(static_cast<int64_t>(import.content.size()));
  report.set_state(import.header.state());
  report.set_accepted(!reading.report.refused);
}

}  // namespace

absl::Status SheetHasChanged(const std::string& race) {
  return rpc::WithReason(
      absl::AbortedError(absl::StrCat("race: the sheet of \"", race, "\" has changed since, want it checked again")),
      "SHEET_CHANGED", {{"race", race}});
}

absl::StatusOr<ImportOutcome> ImportFile(const rpc::Call& call, const PublishViews& views, const SheetImport& import) {
  const v1::ImportHeader& header = import.header;
  if (absl::Status status = CheckHeader(header); !status.ok()) return status;
  const std::string sha256 = Sha256(import.content);
  if (!header.content_sha256().empty() && header.content_sha256() != sha256) {
    return rpc::WithReason(
        absl::InvalidArgumentError("header.content_sha256: not that of the content received, want the upload repeated"),
        "HASH_MISMATCH");
  }
  ImportOutcome outcome;
  ReadOptions options;
  UsedMapping used;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    const events::Race* race = views.calendar->FindRace(header.race());
    if (race == nullptr) return rpc::NotFound("race", header.race());
    absl::StatusOr<UsedMapping> mapping = UseMapping(*views.mappings, call.caller, header);
    if (!mapping.ok()) return mapping.status();
    used = *std::move(mapping);
    outcome.mapping_position = used.position;
    if (import.mapping_position.value_or(used.position) != used.position) return MappingHasChanged(header.race());
    absl::StatusOr<ReadOptions> found = OptionsOf(used.mapped.header, *race);
    if (!found.ok()) return found.status();
    options = *std::move(found);
    options.saved = used.mapped.saved;
    outcome.position = reader->position();
  }
  bool going_on = true;
  if (import.progress) {
    options.progress = [&](int64_t done, int64_t total) { return going_on = import.progress("parsing", done, total); };
  }
  Reading reading = ReadSheet(import.content, options);
  if (!going_on) return Cancelled();
  Describe(import, reading, sha256, outcome);
  outcome.report.set_column_mapping(used.mapped.saved.name);
  if (!reading.report.refused) {
    const auto rows = static_cast<int64_t>(reading.sheet.results.size());
    if (import.progress && !import.progress("linking", 0, rows)) return Cancelled();
    absl::Status status = Publish(call, views, import, used.mapped.header, std::move(reading.sheet), outcome);
    if (!status.ok()) return status;
  }
  outcome.issues = std::move(reading.report.issues);
  outcome.rejected_rows = std::move(reading.report.rejected_rows);
  const absl::Duration elapsed = call.calls->clock() - import.began;
  auto& duration = *outcome.report.mutable_elapsed_duration();
  duration.set_seconds(absl::ToInt64Seconds(elapsed));
  duration.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(elapsed) % 1'000'000'000));
  return outcome;
}

bool IsOnSheet(const PublishViews& views, const v1::ImportHeader& header) {
  if (header.content_sha256().empty() || header.validate_only()) return false;
  const events::Race* race = views.calendar->FindRace(header.race());
  if (race == nullptr) return false;
  const results::RaceSheet& sheet = views.results->sheet(race->number);
  const results::SheetState state =
      header.state() == v1::SHEET_STATE_UNSPECIFIED ? sheet.state : rpc::FromProto(header.state());
  return sheet.rows() > 0 && sheet.revised().empty() && sheet.state == state && !HoldsLinkedTeams(*race, sheet) &&
         sheet.content_sha256 == ContentKey(header, header.content_sha256());
}

}  // namespace palmares::ingest
