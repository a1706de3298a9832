#include "tools/palmares/resumable_upload.h"

#include <sodium.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "palmares/v1/uploads.grpc.pb.h"
#include "tools/palmares/exit_code.h"

namespace palmares::tools {
namespace {

constexpr size_t kPiece = 256 << 10;  // the API takes up to 1 MiB
constexpr int kMostCutsWithoutProgress = 6;
constexpr absl::Duration kLongestPause = absl::Seconds(8);
constexpr size_t kIdDigits = 40;

using Stub = v1::UploadService::Stub;

std::string Sha256(absl::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return hash;
}

// The same file for the same race in the same way has the same id, so that a later run finds what an earlier one sent.
std::string UploadId(const v1::ImportHeader& header) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    header.SerializeToCodedStream(&coded);
  }
  return absl::BytesToHexString(Sha256(bytes)).substr(0, kIdDigits);
}

// Whether trying again may help: the way to the server broke, or it is busy or restarting.
bool IsCut(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsCancelled(status) ||
         absl::IsUnknown(status) || absl::IsInternal(status);
}

class Upload {
 public:
  Upload(const Connection& connection, v1::ImportHeader header, absl::string_view content, const UploadHooks& hooks)
      : connection_(connection), header_(std::move(header)), content_(content), hooks_(hooks) {
    header_.set_size_bytes(static_cast<int64_t>(content.size()));
    header_.set_content_sha256(Sha256(content));
  }

  absl::StatusOr<v1::ImportJob> Run() {
    absl::Status status = Mending([this] { return Begin(); });
    if (!status.ok()) return status;
    status = SendAndWait();
    if (!status.ok()) return IsCut(status) ? WithWhatIsKnown(status) : status;
    if (job_.status().state() == v1::JobStatus::STATE_SUCCEEDED) return std::move(job_);
    const std::string reason = job_.status().error_reason();
    return WithExitCode(
        absl::FailedPreconditionError(absl::StrCat("the server said no: ", job_.status().error(),
                                                   reason.empty() ? "" : " (", reason, reason.empty() ? "" : ")")),
        ExitCode::kRefused);
  }

 private:
  absl::Status SendAndWait() {
    if (upload_.state() == v1::Upload::STATE_ACTIVE) {
      absl::Status status = Mending([this] { return Send(); });
      if (!status.ok()) return status;
      status = Mending([this] { return Complete(); });
      if (!status.ok()) return status;
    }
    return Mending([this] { return Wait(); });
  }

  bool Arrived() const { return upload_.received_bytes() == static_cast<int64_t>(content_.size()); }

  // A cut does not say what became of what was sent: the server may have read it all the same.
  absl::Status WithWhatIsKnown(const absl::Status& cut) const {
    std::string known = absl::StrCat(upload_.received_bytes(), " of ", content_.size(),
                                     " bytes have arrived: the same import again goes on from there");
    if (!upload_.import_job().empty()) {
      known = absl::StrCat("the whole file has arrived, and the server reads it or goes on once it is back (",
                           upload_.import_job(), "); the same import again says whether it is there, and ",
                           "changes nothing twice");
    }
    absl::Status status(cut.code(), absl::StrCat(cut.message(), "\n  ", known));
    cut.ForEachPayload(
        [&status](absl::string_view type, const absl::Cord& payload) { status.SetPayload(type, payload); });
    return status;
  }

  // Does a step until it is done, over cuts.
  template <typename Step>
  absl::Status Mending(Step step) {
    int cuts = 0;
    absl::Duration pause = hooks_.first_pause;
    for (;;) {
      const int64_t before = upload_.received_bytes();
      absl::Status status = step();
      if (status.ok() || !IsCut(status)) return status;
      if (upload_.received_bytes() > before) {
        cuts = 0;
        pause = hooks_.first_pause;
      }
      if (++cuts >= kMostCutsWithoutProgress) return status;
      if (hooks_.cut) hooks_.cut(status, Arrived());
      absl::SleepFor(pause);
      pause = std::min(2 * pause, kLongestPause);
    }
  }

  absl::Status Take(absl::StatusOr<v1::Upload> upload) {
    if (!upload.ok()) return upload.status();
    upload_ = *std::move(upload);
    return absl::OkStatus();
  }

  absl::Status Refresh() {
    v1::GetUploadRequest request;
    request.set_name(upload_.name());
    return Take(connection_.Call(&Stub::GetUpload, request));
  }

  // Begins an upload, or finds the one that an earlier run has begun.
  absl::Status Begin() {
    v1::StartUploadRequest request;
    *request.mutable_header() = header_;
    request.set_upload_id(UploadId(header_));
    absl::Status status = Take(connection_.Call(&Stub::StartUpload, request));
    if (!absl::IsAlreadyExists(status)) return status;
    upload_.set_name(absl::StrCat("uploads/", request.upload_id()));
    status = Refresh();
    // Of another caller, or one that has ended: what is there may have changed since.
    const bool usable = status.ok() && upload_.state() == v1::Upload::STATE_ACTIVE;
    if (usable || (!status.ok() && !absl::IsNotFound(status))) return status;
    request.clear_upload_id();
    return Take(connection_.Call(&Stub::StartUpload, request));
  }

  void Tell() const {
    const auto total = static_cast<int64_t>(content_.size());
    if (hooks_.progress) hooks_.progress(upload_.received_bytes(), total, "sending");
  }

  // Sends what is missing, on one stream.
  absl::Status Send() {
    if (absl::Status status = Refresh(); !status.ok()) return status;
    const auto size = static_cast<int64_t>(content_.size());
    while (upload_.received_bytes() < size) {
      if (absl::Status status = SendFrom(upload_.received_bytes()); !status.ok()) {
        // What has arrived is told when it is asked for again.
        Refresh().IgnoreError();
        return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status SendFrom(int64_t offset) {
    grpc::ClientContext context;
    connection_.Prepare(context, 0);
    Stub stub(connection_.channel());
    v1::Upload answer;
    const std::unique_ptr<grpc::ClientWriter<v1::WriteUploadRequest>> writer = stub.WriteUpload(&context, &answer);
    v1::WriteUploadRequest piece;
    piece.set_name(upload_.name());
    const auto size = static_cast<int64_t>(content_.size());
    for (bool open = true; open && offset < size;) {
      const absl::string_view bytes = content_.substr(static_cast<size_t>(offset), kPiece);
      piece.set_offset(offset);
      piece.set_data(bytes.data(), bytes.size());
      open = writer->Write(piece);
      piece.clear_name();
      offset += static_cast<int64_t>(bytes.size());
      if (hooks_.progress) hooks_.progress(offset, size, offset < size ? "sending" : "waiting");
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return FromServer(status, connection_.options().server);
    upload_ = std::move(answer);
    return absl::OkStatus();
  }

  absl::Status Complete() {
    v1::CompleteUploadRequest request;
    request.set_name(upload_.name());
    request.set_content_sha256(header_.content_sha256());
    absl::StatusOr<v1::ImportJob> job = connection_.Call(&Stub::CompleteUpload, request);
    if (!job.ok()) return job.status();
    upload_.set_import_job(job->name());
    return absl::OkStatus();
  }

  absl::Status Wait() {
    v1::WatchImportJobRequest request;
    request.set_name(upload_.import_job());
    absl::Status status = connection_.CallStream(&Stub::WatchImportJob, request, [this](const v1::ImportJob& job) {
      job_ = job;
      const v1::JobStatus& state = job.status();
      if (hooks_.progress && state.total() > 0) hooks_.progress(state.done(), state.total(), state.stage());
      return true;
    });
    if (!status.ok() || job_.status().has_end_time()) return status;
    return absl::UnavailableError("the job was not told to its end");
  }

  const Connection& connection_;
  v1::ImportHeader header_;
  const absl::string_view content_;
  const UploadHooks& hooks_;
  v1::Upload upload_;
  v1::ImportJob job_;
};

}  // namespace

absl::StatusOr<v1::ImportJob> UploadResumably(const Connection& connection, const v1::ImportHeader& header,
                                              absl::string_view content, const UploadHooks& hooks) {
  return Upload(connection, header, content, hooks).Run();
}

absl::StatusOr<std::string> DownloadRejectedRows(const Connection& connection, const std::string& job) {
  v1::DownloadRejectedRowsRequest request;
  request.set_name(job);
  return connection.CallFile(&Stub::DownloadRejectedRows, request);
}

}  // namespace palmares::tools
