// Compressed files, within limits: a few kilobytes can hold gigabytes of zeros.
#ifndef PALMARES_SERVICES_INGEST_COMPRESSED_H_
#define PALMARES_SERVICES_INGEST_COMPRESSED_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"

namespace palmares::ingest {

// What is in a gzip file. RESOURCE_EXHAUSTED beyond limits.bytes or limits.expansion; INVALID_ARGUMENT for a damaged
// file.
absl::StatusOr<std::string> Gunzip(absl::string_view bytes, const Limits& limits);

// A zip file in memory. The bytes must outlive it. Not safe for use by two threads at once.
class ZipFile {
 public:
  static absl::StatusOr<ZipFile> Open(absl::string_view bytes, const Limits& limits);
  ZipFile(ZipFile&& other) noexcept;
  ZipFile& operator=(ZipFile&& other) = delete;
  ZipFile(const ZipFile&) = delete;
  ZipFile& operator=(const ZipFile&) = delete;
  ~ZipFile();

  // The files in it, without folders and what systems add ("__MACOSX/", ".DS_Store").
  std::vector<std::string> Names() const;
  // Limits as for Gunzip, over all files read together. NOT_FOUND when there is no such file.
  absl::StatusOr<std::string> Read(const std::string& name);

 private:
  ZipFile(void* archive, size_t compressed_bytes, const Limits& limits);

  void* archive_;  // zip_t
  size_t left_;    // bytes that may still come out
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_COMPRESSED_H_
