#include "services/ingest/upload_service.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/ingest/column_mapping_messages.h"
#include "services/ingest/import_options.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

constexpr size_t kLargestPiece = size_t{1} << 20;
constexpr size_t kIdBytes = 10;

absl::Status TooLarge(int64_t most) {
  return rpc::WithReason(absl::ResourceExhaustedError(absl::StrCat("header.size_bytes: the file is larger than ", most,
                                                                   " bytes, the most that one may have")),
                         "FILE_TOO_LARGE");
}

absl::Status Closed(const Spool::Record& record) {
  const bool expired = record.state() == v1::Upload::STATE_EXPIRED;
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          UploadName(record.id()), expired ? " was not completed in time" : " was given up", ", want a new upload")),
      expired ? "UPLOAD_EXPIRED" : "UPLOAD_CANCELLED");
}

absl::Status Incomplete(int64_t received, int64_t wanted) {
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat("name: ", received, " bytes are there and ", wanted,
                                                                    " were announced, want the rest first")),
                         "CONTENT_INCOMPLETE",
                         {{"received_bytes", absl::StrCat(received)}, {"size_bytes", absl::StrCat(wanted)}});
}

absl::Status OtherContent() {
  return rpc::WithReason(
      absl::FailedPreconditionError("content_sha256: not that of the content received, want the upload begun anew"),
      "HASH_MISMATCH");
}

v1::ImportJob NewJob(const Spool::Record& record, const v1::ImportHeader& header) {
  v1::ImportJob job;
  job.set_name(ImportJobName(record.id()));
  job.set_upload(UploadName(record.id()));
  job.set_race(header.race());
  job.mutable_status()->set_state(v1::JobStatus::STATE_QUEUED);
  *job.mutable_create_time() = rpc::ToTimestamp(record.create_time_us());
  return job;
}

// The job of content that is on the sheet already. It counts the file's rows as when they were read.
v1::ImportJob UnchangedJob(const Spool::Record& record, const v1::ImportHeader& header, const results::RaceSheet& sheet,
                           const FileCounts& counts, int64_t position) {
  v1::ImportJob job = NewJob(record, header);
  job.mutable_status()->set_state(v1::JobStatus::STATE_SUCCEEDED);
  *job.mutable_status()->mutable_end_time() = job.create_time();
  job.mutable_report()->set_race(header.race());
  job.mutable_report()->set_accepted(true);
  job.mutable_report()->set_unchanged(true);
  const int64_t rows = sheet.Count().rows;
  const int64_t read = counts.read != 0 ? counts.read : rows;
  job.mutable_report()->set_rows_read(static_cast<int32_t>(read));
  job.mutable_report()->set_rows_accepted(static_cast<int32_t>(read - counts.rejected - counts.repeated));
  job.mutable_report()->set_rows_rejected(static_cast<int32_t>(counts.rejected));
  job.mutable_report()->set_rows_skipped(static_cast<int32_t>(counts.repeated));
  job.mutable_report()->set_rows_unchanged(static_cast<int32_t>(rows));
  job.mutable_report()->set_revision(sheet.revision);
  job.mutable_report()->set_content_sha256(header.content_sha256());
  job.set_position(position);
  return job;
}

}  // namespace

absl::StatusOr<Spool::Record> UploadService::FindOwn(const rpc::Call& call, absl::string_view collection,
                                                     absl::string_view name) const {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, collection) || !absl::ConsumePrefix(&id, "/")) {
    return rpc::InvalidField("name", name, absl::StrCat(collection, "/{id}"));
  }
  if (absl::Status status = rpc::CheckId("name", id); !status.ok()) return status;
  absl::StatusOr<Spool::Record> record = spool_.Get(id);
  v1::ImportHeader header;
  if (!record.ok() || !header.ParseFromString(record->header()) || !access::MayManage(call.caller, header.race()) ||
      (collection == "importJobs" && record->job().empty())) {
    return rpc::NotFound(collection == "uploads" ? "upload" : "job", name);
  }
  return record;
}

absl::Status UploadService::Describe(const rpc::Call& call, const std::string& id, v1::Upload* out) {
  absl::StatusOr<int64_t> received = spool_.Received(id);
  if (!received.ok()) return received.status();
  absl::StatusOr<Spool::Record> record = spool_.Get(id);
  if (!record.ok()) return record.status();
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  out->set_name(UploadName(id));
  if (!out->mutable_header()->ParseFromString(record->header()))
    return absl::DataLossError("an upload without a header");
  out->set_state(static_cast<v1::Upload::State>(record->state()));
  const bool complete = record->state() == v1::Upload::STATE_COMPLETE;
  out->set_received_bytes(complete ? out->header().size_bytes() : *received);
  if (complete) out->set_import_job(ImportJobName(id));
  *out->mutable_create_time() = rpc::ToTimestamp(record->create_time_us());
  *out->mutable_expire_time() = rpc::ToTimestamp(record->expire_time_us());
  out->set_position(reader->position());
  return absl::OkStatus();
}

absl::StatusOr<bool> UploadService::CheckRace(const rpc::Call& call, const v1::ImportHeader& header) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  const events::Race* race = views_.calendar->FindRace(header.race());
  if (race == nullptr) return rpc::NotFound("race", header.race());
  absl::StatusOr<UsedMapping> used = UseMapping(*views_.mappings, call.caller, header);
  if (!used.ok()) return used.status();
  if (IsOnSheet(views_, used->mapped.header)) return true;
  const bool official = views_.results->sheet(race->number).NeedsReason();
  // A trial says it in its report, and may find that the content is the same.
  const bool known_to_be_refused = !header.content_sha256().empty() && !header.validate_only();
  if (known_to_be_refused && official && header.reason().empty()) return SheetIsOfficial(race->name);
  return false;
}

absl::Status UploadService::Start(const rpc::Call& call, const v1::StartUploadRequest& request, v1::Upload* response) {
  const v1::ImportHeader& header = request.header();
  if (absl::Status status = CheckHeader(header); !status.ok()) return status;
  if (absl::Status status = rpc::CheckRequestId(request.request_id()); !status.ok()) return status;
  if (header.size_bytes() < 0) {
    return rpc::InvalidField("header.size_bytes", absl::StrCat(header.size_bytes()), "0 or the size of the file");
  }
  if (header.size_bytes() > spool_.limits().upload_bytes) return TooLarge(spool_.limits().upload_bytes);
  const uint64_t digest = rpc::Digest(request);
  for (const Spool::Record& earlier : spool_.List()) {
    if (request.request_id().empty() || earlier.request_id() != request.request_id() ||
        earlier.owner() != call.caller.actor()) {
      continue;
    }
    if (earlier.request_digest() == digest) return Describe(call, earlier.id(), response);
    return rpc::InvalidField("request_id", request.request_id(), "an id of its own for another request");
  }
  absl::StatusOr<bool> there = CheckRace(call, header);
  if (!there.ok()) return there.status();
  jobs_.Clean();
  Spool::Record record;
  record.set_id(request.upload_id());
  if (record.id().empty()) {
    std::string bytes(kIdBytes, '\0');
    call.calls->random(bytes.data(), bytes.size());
    record.set_id(absl::BytesToHexString(bytes));
  } else if (absl::Status status = rpc::CheckId("upload_id", record.id()); !status.ok()) {
    return status;
  }
  const absl::Time now = call.calls->clock();
  record.set_owner(call.caller.actor());
  record.set_header(header.SerializeAsString());
  record.set_state(*there ? v1::Upload::STATE_COMPLETE : v1::Upload::STATE_ACTIVE);
  record.set_create_time_us(absl::ToUnixMicros(now));
  record.set_expire_time_us(absl::ToUnixMicros(now + spool_.limits().active));
  record.set_request_id(request.request_id());
  record.set_request_digest(digest);
  if (*there) {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    const events::Race* race = views_.calendar->FindRace(header.race());
    if (race == nullptr) return rpc::NotFound("race", header.race());
    absl::StatusOr<FileCounts> counts = CountsOfFile(*views_.results, race->number);
    if (!counts.ok()) return counts.status();
    const results::RaceSheet& sheet = views_.results->sheet(race->number);
    record.set_job(UnchangedJob(record, header, sheet, *counts, reader->position()).SerializeAsString());
  }
  if (absl::Status status = spool_.Add(record); !status.ok()) return status;
  return Describe(call, record.id(), response);
}

grpc::Status UploadService::StartUpload(grpc::ServerContext* context, const v1::StartUploadRequest* request,
                                        v1::Upload* response) {
  return rpc::Serve(calls_, *context, "UploadService.StartUpload", *request,
                    [&](const rpc::Call& call) { return Start(call, *request, response); });
}

grpc::Status UploadService::WriteUpload(grpc::ServerContext* context,
                                        grpc::ServerReader<v1::WriteUploadRequest>* reader, v1::Upload* response) {
  v1::WriteUploadRequest message;
  if (!reader->Read(&message)) return rpc::ToGrpc(rpc::MissingField("name", "uploads/{upload} in the first message"));
  const v1::WriteUploadRequest first = message;
  return rpc::Serve(calls_, *context, "UploadService.WriteUpload", first, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<Spool::Record> record = FindOwn(call, "uploads", first.name());
    if (!record.ok()) return record.status();
    absl::Status status;
    do {
      if (!message.name().empty() && message.name() != first.name()) {
        status = rpc::InvalidField("name", message.name(), absl::StrCat("\"", first.name(), "\", as the stream began"));
      } else if (message.data().size() > kLargestPiece) {
        status = absl::InvalidArgumentError(
            absl::StrCat("data: ", message.data().size(), " bytes, want at most ", kLargestPiece));
      } else {
        status = spool_.Write(record->id(), message.offset(), message.data());
      }
    } while (status.ok() && reader->Read(&message));
    absl::Status synced = spool_.Sync(record->id());
    if (!status.ok()) return status;
    if (!synced.ok()) return synced;
    return Describe(call, record->id(), response);
  });
}

absl::Status UploadService::Complete(const rpc::Call& call, const v1::CompleteUploadRequest& request,
                                     v1::ImportJob* response) {
  if (absl::Status status = rpc::CheckRequestId(request.request_id()); !status.ok()) return status;
  absl::StatusOr<Spool::Record> record = FindOwn(call, "uploads", request.name());
  if (!record.ok()) return record.status();
  const std::string id = record->id();
  absl::StatusOr<int64_t> received = spool_.Received(id);
  if (!received.ok()) return received.status();
  v1::ImportJob job;
  const bool failed = job.ParseFromString(record->job()) && job.status().state() == v1::JobStatus::STATE_FAILED;
  const bool complete = record->state() == v1::Upload::STATE_COMPLETE;
  if (complete && (!failed || *received == 0)) return Describe(call, id, response);
  if (!complete && record->state() != v1::Upload::STATE_ACTIVE) return Closed(*record);
  v1::ImportHeader header;
  if (!header.ParseFromString(record->header())) return absl::DataLossError("an upload without a header");
  if (*received == 0 || (header.size_bytes() != 0 && *received != header.size_bytes())) {
    return Incomplete(*received, header.size_bytes());
  }
  absl::StatusOr<MappedFile> content = spool_.Content(id);
  if (!content.ok()) return content.status();
  const std::string sha256 = Sha256(content->view());
  for (const std::string& said : {request.content_sha256(), header.content_sha256()}) {
    if (!said.empty() && said != sha256) return OtherContent();
  }
  // The job checks both again, so that bytes that come now are noticed.
  header.set_content_sha256(sha256);
  header.set_size_bytes(*received);
  absl::Status status = spool_.Change(id, [&](Spool::Record& changed) -> absl::Status {
    if (changed.state() != record->state()) return absl::AbortedError("name: the upload has changed meanwhile");
    changed.set_state(v1::Upload::STATE_COMPLETE);
    changed.set_header(header.SerializeAsString());
    changed.set_job(NewJob(changed, header).SerializeAsString());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  jobs_.Start(id);
  return Describe(call, id, response);
}

grpc::Status UploadService::CompleteUpload(grpc::ServerContext* context, const v1::CompleteUploadRequest* request,
                                           v1::ImportJob* response) {
  return rpc::Serve(calls_, *context, "UploadService.CompleteUpload", *request,
                    [&](const rpc::Call& call) { return Complete(call, *request, response); });
}

grpc::Status UploadService::GetUpload(grpc::ServerContext* context, const v1::GetUploadRequest* request,
                                      v1::Upload* response) {
  return rpc::Serve(calls_, *context, "UploadService.GetUpload", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<Spool::Record> record = FindOwn(call, "uploads", request->name());
    return record.ok() ? Describe(call, record->id(), response) : record.status();
  });
}

grpc::Status UploadService::CancelUpload(grpc::ServerContext* context, const v1::CancelUploadRequest* request,
                                         v1::Upload* response) {
  return rpc::Serve(
      calls_, *context, "UploadService.CancelUpload", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<Spool::Record> record = FindOwn(call, "uploads", request->name());
        if (!record.ok()) return record.status();
        absl::Status status = spool_.Change(record->id(), [](Spool::Record& changed) -> absl::Status {
          if (changed.state() == v1::Upload::STATE_COMPLETE) {
            return rpc::WithReason(
                absl::FailedPreconditionError(absl::StrCat(UploadName(changed.id()), " is complete: cancel its job")),
                "ALREADY_COMPLETE");
          }
          changed.set_state(v1::Upload::STATE_CANCELLED);
          return absl::OkStatus();
        });
        if (!status.ok()) return status;
        spool_.DropContent(record->id());
        return Describe(call, record->id(), response);
      });
}

}  // namespace palmares::ingest
