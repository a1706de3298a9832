#include "services/ingest/sheet_service.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/ingest/import_report.h"
#include "services/ingest/reading.h"
#include "services/ingest/sheet_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

std::string Sha256(absl::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return hash;
}

// The content together with how it is to be read: the same file read in another way is another sheet.
std::string ContentHash(const v1::ImportHeader& header, const std::string& content) {
  v1::ImportHeader reading;
  reading.set_format(header.format());
  reading.set_encoding(header.encoding());
  reading.set_delimiter(header.delimiter());
  reading.set_allow_partial(header.allow_partial());
  reading.set_table(header.table());
  reading.set_places_clock(header.places_clock());
  std::string key = absl::StrCat(Sha256(content), rpc::Digest(reading));
  for (const auto* options : {&header.columns(), &header.units()}) {
    std::vector<std::pair<std::string, std::string>> sorted(options->begin(), options->end());
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [name, value] : sorted) absl::StrAppend(&key, "|", name, "=", value);
    absl::StrAppend(&key, "||");
  }
  return Sha256(key);
}

std::string FormatName(v1::FileFormat format) {
  if (format == v1::FILE_FORMAT_UNSPECIFIED) return "";
  absl::string_view name = v1::FileFormat_Name(format);
  absl::ConsumePrefix(&name, "FILE_FORMAT_");
  return absl::AsciiStrToLower(name);
}

absl::StatusOr<ReadOptions> OptionsOf(const v1::ImportHeader& header, const events::Race& race) {
  ReadOptions options;
  options.file_name = header.file_name();
  options.format = FormatName(header.format());
  options.encoding = header.encoding();
  if (header.delimiter().size() > 1) {
    return rpc::InvalidField("header.delimiter", header.delimiter(), "one character, or nothing");
  }
  if (!header.delimiter().empty()) options.delimiter = header.delimiter()[0];
  options.mapping = {header.columns().begin(), header.columns().end()};
  options.units = {header.units().begin(), header.units().end()};
  options.discipline = race.discipline;
  options.race_date = race.date;
  options.allow_partial = header.allow_partial();
  options.section = header.table();
  const bool by_chip = header.places_clock() == v1::CLOCK_CHIP ||
                       (header.places_clock() == v1::CLOCK_UNSPECIFIED && race.data.places_clock() == v1::CLOCK_CHIP);
  options.places_by = by_chip ? Clock::kChip : Clock::kGun;
  return options;
}

absl::Status CheckState(v1::SheetState state) {
  if (state == v1::SHEET_STATE_UNSPECIFIED || state == v1::SHEET_STATE_DRAFT || state == v1::SHEET_STATE_PROVISIONAL ||
      state == v1::SHEET_STATE_OFFICIAL) {
    return absl::OkStatus();
  }
  return rpc::InvalidField("header.state", v1::SheetState_Name(state), "draft, provisional or official");
}

// Reads the whole stream: a header, then the content in chunks.
absl::Status Receive(grpc::ServerReader<v1::ImportSheetRequest>* reader, std::string* content) {
  const size_t cap = Limits().bytes;
  v1::ImportSheetRequest message;
  while (reader->Read(&message)) {
    if (message.payload_case() == v1::ImportSheetRequest::kHeader) {
      return absl::InvalidArgumentError("header: sent again, want it in the first message only");
    }
    if (content->size() + message.chunk().size() > cap) {
      return rpc::WithReason(
          absl::InvalidArgumentError(absl::StrCat("chunk: the file is larger than ", cap >> 20, " MiB")),
          "FILE_TOO_LARGE");
    }
    content->append(message.chunk());
  }
  return absl::OkStatus();
}

}  // namespace

grpc::Status SheetService::GetSheet(grpc::ServerContext* context, const v1::GetSheetRequest* request,
                                    v1::Sheet* response) {
  return rpc::Serve(calls_, *context, "SheetService.GetSheet", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const events::Race*> race = FindVisible(call, request->name());
    if (!race.ok()) return race.status();
    DescribeSheet(**race, views_.results->sheet((*race)->number), access::MayManage(call.caller, (*race)->name),
                  response);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status SheetService::ImportSheet(grpc::ServerContext* context, grpc::ServerReader<v1::ImportSheetRequest>* reader,
                                       v1::ImportSheetResponse* response) {
  v1::ImportSheetRequest first;
  if (!reader->Read(&first) || first.payload_case() != v1::ImportSheetRequest::kHeader) {
    return rpc::ToGrpc(rpc::MissingField("header", "it in the first message"));
  }
  return rpc::Serve(calls_, *context, "SheetService.ImportSheet", first, [&](const rpc::Call& call) -> absl::Status {
    std::string content;
    if (absl::Status status = Receive(reader, &content); !status.ok()) return status;
    return Import(call, first.header(), content, response);
  });
}

absl::Status SheetService::Import(const rpc::Call& call, const v1::ImportHeader& header, const std::string& content,
                                  v1::ImportSheetResponse* response) {
  const absl::Time began = call.calls->clock();
  if (absl::Status status = CheckState(header.state()); !status.ok()) return status;
  if (!header.content_sha256().empty() && header.content_sha256() != Sha256(content)) {
    return absl::InvalidArgumentError(
        "header.content_sha256: not that of the content received, want the upload repeated");
  }
  ReadOptions options;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    const events::Race* race = views_.calendar->FindRace(header.race());
    if (race == nullptr) return rpc::NotFound("race", header.race());
    absl::StatusOr<ReadOptions> found = OptionsOf(header, *race);
    if (!found.ok()) return found.status();
    options = *std::move(found);
    response->set_position(reader->position());
  }
  Reading reading = ReadSheet(content, options);
  v1::ImportReport& report = *response->mutable_report();
  DescribeReading(reading.report, &report);
  report.set_race(header.race());
  report.set_validate_only(header.validate_only());
  report.set_content_sha256(Sha256(content));
  report.set_size_bytes(static_cast<int64_t>(content.size()));
  report.set_state(header.state());
  report.set_accepted(!reading.report.refused);
  if (!reading.report.refused) {
    SheetToPublish sheet{.race = header.race(),
                         .sheet = std::move(reading.sheet),
                         .state = rpc::FromProto(header.state()),
                         .file_name = header.file_name(),
                         .content_sha256 = ContentHash(header, content),
                         .reason = header.reason(),
                         .evidence = header.evidence()};
    PublishSummary summary;
    v1::ImportHeader identity = header;  // what a repeat of the request id must equal
    identity.set_content_sha256(report.content_sha256());
    absl::StatusOr<storage::Receipt> receipt = call.Write(identity, header.validate_only() ? "" : header.request_id(),
                                                          [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                                                            absl::StatusOr<std::optional<storage::Draft>> draft =
                                                                PlanPublish(views_, std::move(sheet), &summary);
                                                            if (draft.ok() && header.validate_only()) draft->reset();
                                                            return draft;
                                                          });
    if (!receipt.ok()) return receipt.status();
    summary.unchanged = summary.unchanged || receipt->repeated;
    DescribePublishing(summary, &report);
    response->set_position(receipt->position);
  }
  const absl::Duration elapsed = call.calls->clock() - began;
  report.mutable_elapsed_duration()->set_seconds(absl::ToInt64Seconds(elapsed));
  report.mutable_elapsed_duration()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(elapsed) % 1'000'000'000));
  return absl::OkStatus();
}

}  // namespace palmares::ingest
