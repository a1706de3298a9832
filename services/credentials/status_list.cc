#include "services/credentials/status_list.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "services/credentials/signature.h"

namespace palmares::credentials {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: 16 more asks for a gzip wrapper

std::string Gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT: zlib reads it only
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);  // ends in one call: the buffer is as large as the bound
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

absl::StatusOr<std::string> Gunzip(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, kGzipWindow);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT: zlib reads it only
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 65'536> part{};
  int result = Z_OK;
  while (result == Z_OK && static_cast<int64_t>(out.size()) <= kLongestStatusList / 8) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END) return absl::InvalidArgumentError("a status list is damaged or too long");
  return out;
}

}  // namespace

std::string EncodeStatusList(const std::vector<int64_t>& set) {
  int64_t bits = kShortestStatusList;
  for (const int64_t index : set) bits = std::max(bits, (index / 8 + 1) * 8);
  std::string bytes(static_cast<size_t>(bits / 8), '\0');
  for (const int64_t index : set) {
    char& byte = bytes[static_cast<size_t>(index / 8)];
    byte = static_cast<char>(static_cast<unsigned char>(byte) | (0x80U >> (index % 8)));
  }
  return absl::StrCat("u", ToBase64(Gzip(bytes)));
}

absl::StatusOr<bool> StatusAt(absl::string_view encoded, int64_t index) {
  if (encoded.empty() || encoded.front() != 'u') {
    return absl::InvalidArgumentError("a status list is not in base64url (multibase \"u\")");
  }
  const absl::StatusOr<std::string> compressed = FromBase64(encoded.substr(1));
  if (!compressed.ok()) return compressed.status();
  const absl::StatusOr<std::string> bytes = Gunzip(*compressed);
  if (!bytes.ok()) return bytes.status();
  if (index < 0 || static_cast<size_t>(index / 8) >= bytes->size()) {
    return absl::InvalidArgumentError(absl::StrCat("a status list of ", bytes->size() * 8, " has no ", index));
  }
  return (static_cast<unsigned char>((*bytes)[static_cast<size_t>(index / 8)]) & (0x80U >> (index % 8))) != 0;
}

}  // namespace palmares::credentials
