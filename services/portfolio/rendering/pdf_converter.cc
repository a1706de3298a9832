#include "services/portfolio/rendering/pdf_converter.h"

#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/portfolio/rendering/embedded.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr size_t kLongestPage = size_t{16} << 20;
constexpr uint64_t kLongestPdf = uint64_t{64} << 20;
constexpr size_t kHeader = 9;  // of an answer: how it went, and its length

std::string BigEndian(uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
  return bytes;
}

uint64_t FromBigEndian(absl::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

// An answer of the worker; INTERNAL with what it says when it failed.
absl::StatusOr<std::string> ReceiveAnswer(WorkerProcess& worker, absl::Time deadline) {
  const absl::StatusOr<std::string> header = worker.Receive(kHeader, deadline);
  if (!header.ok()) return header.status();
  const uint64_t size = FromBigEndian(absl::string_view(*header).substr(1));
  if (size > kLongestPdf) return absl::UnavailableError("the worker's answer is over 64 MiB");
  absl::StatusOr<std::string> content = worker.Receive(size, deadline);
  if (content.ok() && (*header)[0] != 0) return absl::InternalError(absl::StrCat("WeasyPrint: ", *content));
  return content;
}

absl::Status NotInstalled(absl::string_view python, absl::string_view why) {
  return rpc::WithReason(
      absl::UnavailableError(absl::StrCat("PDF needs WeasyPrint, which ", python,
                                          " cannot load; install it (Debian: apt-get install weasyprint): ", why)),
      "PDF_NOT_INSTALLED");
}

}  // namespace

WeasyPrintConverter::WeasyPrintConverter(Options options) : options_(std::move(options)) {}

absl::Status WeasyPrintConverter::Start(absl::Time deadline) {
  const int64_t seconds = absl::ToInt64Seconds(options_.timeout) + 1;
  absl::StatusOr<std::unique_ptr<WorkerProcess>> started =
      WorkerProcess::Start({options_.python, "-I", "-B", "-c", std::string(kPdfWorker), absl::StrCat(seconds),
                            absl::StrCat(options_.memory_bytes)});
  if (!started.ok()) return NotInstalled(options_.python, started.status().message());
  const absl::StatusOr<std::string> ready = ReceiveAnswer(**started, deadline);
  if (absl::IsDeadlineExceeded(ready.status())) return ready.status();
  if (!ready.ok()) return NotInstalled(options_.python, ready.status().message());
  worker_ = *std::move(started);
  return absl::OkStatus();
}

absl::StatusOr<std::string> WeasyPrintConverter::ConvertInWorker(absl::string_view html, absl::Time deadline) {
  const std::string request = absl::StrCat(BigEndian(html.size()), html);
  // A worker that was kept may have ended since: then once more, with a new one.
  for (bool kept = worker_ != nullptr;; kept = false) {
    if (worker_ == nullptr) {
      if (absl::Status status = Start(deadline); !status.ok()) return status;
    }
    absl::Status sent = worker_->Send(request, deadline);
    absl::StatusOr<std::string> pdf = sent.ok() ? ReceiveAnswer(*worker_, deadline) : std::move(sent);
    if (pdf.ok() || absl::IsInternal(pdf.status())) return pdf;
    worker_.reset();
    if (!kept || !absl::IsUnavailable(pdf.status())) return pdf;
  }
}

absl::StatusOr<std::string> WeasyPrintConverter::Convert(absl::string_view html) {
  if (html.size() > kLongestPage) {
    return rpc::InvalidField("html", absl::StrCat(html.size(), " bytes"), "at most 16 MiB");
  }
  const absl::Time deadline = absl::Now() + options_.timeout;
  {
    absl::MutexLock lock(&waiting_);
    const auto is_free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(waiting_) { return !busy_; };
    if (!waiting_.AwaitWithDeadline(absl::Condition(&is_free), deadline)) {
      return absl::ResourceExhaustedError("other PDFs are being made; try again later");
    }
    busy_ = true;
  }
  const absl::Cleanup done = [this] {
    absl::MutexLock lock(&waiting_);
    busy_ = false;
  };
  absl::MutexLock lock(&mutex_);
  return ConvertInWorker(html, deadline);
}

}  // namespace palmares::portfolio
