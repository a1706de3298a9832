#include "tests/tools/palmares/fake_uploads.h"

#include <algorithm>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "palmares/v1/uploads.grpc.pb.h"
#include "tests/tools/palmares/fake_server.h"

namespace palmares::tools {
namespace {

class FakeUploads final : public v1::UploadService::Service {
 public:
  explicit FakeUploads(FakeData& data) : data_(data) {}

  grpc::Status StartUpload(grpc::ServerContext*, const v1::StartUploadRequest* request, v1::Upload* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    const std::string name = absl::StrCat(
        "uploads/", request->upload_id().empty() ? absl::StrCat(data_.uploads.size()) : request->upload_id());
    if (data_.uploads.contains(name)) return {grpc::StatusCode::ALREADY_EXISTS, "the id is taken"};
    data_.headers.push_back(request->header());
    FakeUpload& upload = data_.uploads[name];
    upload.upload.set_name(name);
    *upload.upload.mutable_header() = request->header();
    upload.upload.set_state(v1::Upload::STATE_ACTIVE);
    *answer = upload.upload;
    return grpc::Status::OK;
  }
  grpc::Status GetUpload(grpc::ServerContext*, const v1::GetUploadRequest* request, v1::Upload* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    const auto found = data_.uploads.find(request->name());
    if (found == data_.uploads.end()) return {grpc::StatusCode::NOT_FOUND, "no such upload"};
    *answer = found->second.upload;
    return grpc::Status::OK;
  }
  // Cut off as often as `cuts` says, each time in the middle of the third piece.
  grpc::Status WriteUpload(grpc::ServerContext*, grpc::ServerReader<v1::WriteUploadRequest>* reader,
                           v1::Upload* answer) override {
    v1::WriteUploadRequest piece;
    FakeUpload* upload = nullptr;
    for (int pieces = 1; reader->Read(&piece); ++pieces) {
      const std::lock_guard<std::mutex> lock(data_.mutex);
      if (upload == nullptr) upload = &data_.uploads.at(piece.name());
      if (data_.chunks.size() >= data_.most_chunks) return {grpc::StatusCode::PERMISSION_DENIED, "no more"};
      const bool cut = data_.cuts > 0 && pieces == 3;
      if (piece.offset() != static_cast<int64_t>(upload->content.size())) {
        return {grpc::StatusCode::INVALID_ARGUMENT, "not where it ended"};
      }
      upload->content += cut ? piece.data().substr(0, piece.data().size() / 2) : piece.data();
      upload->upload.set_received_bytes(static_cast<int64_t>(upload->content.size()));
      data_.chunks.push_back(piece.data().size());
      if (!cut) continue;
      --data_.cuts;
      return {grpc::StatusCode::UNAVAILABLE, "Socket closed"};
    }
    const std::lock_guard<std::mutex> lock(data_.mutex);
    *answer = upload->upload;
    return grpc::Status::OK;
  }
  grpc::Status CompleteUpload(grpc::ServerContext*, const v1::CompleteUploadRequest* request,
                              v1::ImportJob* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    FakeUpload& upload = data_.uploads.at(request->name());
    upload.upload.set_state(v1::Upload::STATE_COMPLETE);
    const std::string race = upload.upload.header().race();
    data_.contents[race] = upload.content;
    v1::ImportJob& job = upload.job;
    job.set_name(absl::StrCat("importJobs/", absl::StripPrefix(request->name(), "uploads/")));
    job.mutable_status()->set_state(v1::JobStatus::STATE_SUCCEEDED);
    job.mutable_status()->mutable_end_time()->set_seconds(1);
    job.mutable_report()->set_race(race);
    job.mutable_report()->set_accepted(true);
    job.mutable_report()->set_rows_rejected(data_.rejected.empty() ? 0 : 1);
    *answer = job;
    return grpc::Status::OK;
  }
  grpc::Status WatchImportJob(grpc::ServerContext*, const v1::WatchImportJobRequest* request,
                              grpc::ServerWriter<v1::ImportJob>* writer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    if (data_.job_cuts > 0) {
      --data_.job_cuts;
      return {grpc::StatusCode::UNAVAILABLE, "Socket closed"};
    }
    writer->Write(data_.uploads.at(absl::StrCat("uploads/", absl::StripPrefix(request->name(), "importJobs/"))).job);
    return grpc::Status::OK;
  }
  grpc::Status DownloadRejectedRows(grpc::ServerContext*, const v1::DownloadRejectedRowsRequest*,
                                    grpc::ServerWriter<v1::FileChunk>* writer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    v1::FileChunk chunk;
    chunk.set_data(data_.rejected);
    writer->Write(chunk);
    return grpc::Status::OK;
  }

 private:
  FakeData& data_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeFakeUploads(FakeData& data) { return std::make_unique<FakeUploads>(data); }

}  // namespace palmares::tools
