// PDF of a rendered portfolio.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_PDF_CONVERTER_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_PDF_CONVERTER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/portfolio/rendering/worker_process.h"

namespace palmares::portfolio {

// The seam: tests and other programs may convert in another way.
class PdfConverter {
 public:
  virtual ~PdfConverter() = default;
  // The PDF of a page as RenderHtml makes it. May be called from any thread.
  virtual absl::StatusOr<std::string> Convert(absl::string_view html) = 0;
};

// By WeasyPrint, in a program of its own that is started with the first document and kept: loading WeasyPrint takes
// about as long as laying out a page. Documents are converted one after another, each in a process with limits of its
// own, which can load nothing from anywhere (pdf_worker.py). A program that hangs or dies is replaced at the next
// document.
class WeasyPrintConverter : public PdfConverter {
 public:
  struct Options {
    std::string python = "/usr/bin/python3";     // the interpreter that has the module weasyprint: Debian's
    absl::Duration timeout = absl::Seconds(20);  // of a document, with the wait for those before it
    int64_t memory_bytes = int64_t{1} << 30;     // of a document
  };
  explicit WeasyPrintConverter(Options options);

  // UNAVAILABLE with reason `PDF_NOT_INSTALLED` where WeasyPrint is not installed; RESOURCE_EXHAUSTED when the
  // documents before it take all its time (try again later); DEADLINE_EXCEEDED when it takes too long itself;
  // INVALID_ARGUMENT above 16 MiB; INTERNAL, with what WeasyPrint says, when it cannot be laid out.
  absl::StatusOr<std::string> Convert(absl::string_view html) override;

 private:
  absl::Status Start(absl::Time deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::string> ConvertInWorker(absl::string_view html, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  absl::Mutex waiting_;  // guards `busy_`, so that who waits for the worker can give up
  bool busy_ ABSL_GUARDED_BY(waiting_) = false;
  absl::Mutex mutex_;
  std::unique_ptr<WorkerProcess> worker_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_PDF_CONVERTER_H_
