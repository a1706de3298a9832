#include "services/ingest/compressed.h"

#include <zip.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace palmares::ingest {
namespace {

// Small files may expand more: a header alone is a good part of them.
constexpr size_t kFreeExpansion = size_t{1} << 20;

size_t MostBytes(size_t compressed, const Limits& limits) {
  return std::min(limits.bytes, std::max(compressed * limits.expansion, kFreeExpansion));
}

absl::Status TooMuch(size_t most) {
  return absl::ResourceExhaustedError(absl::StrCat("the file holds over ", most, " bytes when it is decompressed"));
}

}  // namespace

absl::StatusOr<std::string> Gunzip(absl::string_view bytes, const Limits& limits) {
  const size_t most = MostBytes(bytes.size(), limits);
  z_stream stream = {};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return absl::InternalError("zlib cannot start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 65536> buffer;
  int code = Z_OK;
  while (code == Z_OK && out.size() <= most) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
    // Files may be made of several members.
    if (code == Z_STREAM_END && stream.avail_in > 0 && inflateReset(&stream) == Z_OK) code = Z_OK;
  }
  inflateEnd(&stream);
  if (out.size() > most) return TooMuch(most);
  if (code != Z_STREAM_END) return absl::InvalidArgumentError("the gzip file is damaged or cut off");
  return out;
}

ZipFile::ZipFile(void* archive, size_t compressed_bytes, const Limits& limits)
    : archive_(archive), left_(MostBytes(compressed_bytes, limits)) {}

ZipFile::ZipFile(ZipFile&& other) noexcept : archive_(std::exchange(other.archive_, nullptr)), left_(other.left_) {}

ZipFile::~ZipFile() {
  if (archive_ != nullptr) zip_discard(static_cast<zip_t*>(archive_));
}

absl::StatusOr<ZipFile> ZipFile::Open(absl::string_view bytes, const Limits& limits) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    if (source != nullptr) zip_source_free(source);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    return absl::InvalidArgumentError(absl::StrCat("the zip file is damaged or cut off: ", why));
  }
  zip_error_fini(&error);
  return ZipFile(archive, bytes.size(), limits);
}

std::vector<std::string> ZipFile::Names() const {
  std::vector<std::string> names;
  const auto count = zip_get_num_entries(static_cast<zip_t*>(archive_), 0);
  for (zip_int64_t i = 0; i < count && names.size() < 1000; ++i) {
    const char* name = zip_get_name(static_cast<zip_t*>(archive_), static_cast<zip_uint64_t>(i), 0);
    const absl::string_view text = absl::NullSafeStringView(name);
    if (text.empty() || text.back() == '/' || absl::StartsWith(text, "__MACOSX/") || absl::EndsWith(text, ".DS_Store"))
      continue;
    names.emplace_back(text);
  }
  return names;
}

absl::StatusOr<std::string> ZipFile::Read(const std::string& name) {
  zip_file_t* file = zip_fopen(static_cast<zip_t*>(archive_), name.c_str(), 0);
  if (file == nullptr) return absl::NotFoundError(absl::StrCat("the zip file has no readable \"", name, "\""));
  std::string out;
  std::array<char, 65536> buffer;
  zip_int64_t count = 0;
  while (out.size() <= left_ && (count = zip_fread(file, buffer.data(), buffer.size())) > 0) {
    out.append(buffer.data(), static_cast<size_t>(count));
  }
  zip_fclose(file);
  if (out.size() > left_) return TooMuch(left_);
  if (count < 0) return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" in the zip file is damaged"));
  left_ -= out.size();
  return out;
}

}  // namespace palmares::ingest
