#include "storage/backup_record.h"

#include <sodium.h>

#include <map>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace palmares::storage {
namespace {

constexpr absl::string_view kFirstLine = "palmares backup 1\n";
constexpr size_t kLastLineSize = 7 + 64 + 1;  // "sha256 ", the digits, the line's end

}  // namespace

std::string Sha256(absl::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return digest;
}

std::string EncodeBackupRecord(const BackupRecord& record) {
  std::string text =
      absl::StrCat(kFirstLine, "number ", record.number, "\nposition ", record.position, "\ntime_us ", record.time_us,
                   "\nsize_bytes ", record.size_bytes, "\nadded_bytes ", record.added_bytes, "\ndigest ",
                   absl::BytesToHexString(record.digest), "\nmeta ", absl::BytesToHexString(record.meta_sha256), "\n");
  if (!record.operator_token.empty()) absl::StrAppend(&text, "operator_token ", record.operator_token, "\n");
  absl::StrAppend(&text, "sha256 ", absl::BytesToHexString(Sha256(text)), "\n");
  return text;
}

absl::StatusOr<BackupRecord> DecodeBackupRecord(absl::string_view text) {
  const absl::Status damaged = absl::DataLossError("the record is damaged");
  if (text.size() < kFirstLine.size() + kLastLineSize || text.substr(0, kFirstLine.size()) != kFirstLine) {
    return damaged;
  }
  const absl::string_view content = text.substr(0, text.size() - kLastLineSize);
  if (text.substr(content.size()) != absl::StrCat("sha256 ", absl::BytesToHexString(Sha256(content)), "\n")) {
    return damaged;
  }
  std::map<absl::string_view, absl::string_view> values;
  for (absl::string_view line : absl::StrSplit(content.substr(kFirstLine.size()), '\n', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    values.insert(pair);
  }
  BackupRecord record;
  const bool whole = absl::SimpleAtoi(values["number"], &record.number) &&
                     absl::SimpleAtoi(values["position"], &record.position) &&
                     absl::SimpleAtoi(values["time_us"], &record.time_us) &&
                     absl::SimpleAtoi(values["size_bytes"], &record.size_bytes) &&
                     absl::SimpleAtoi(values["added_bytes"], &record.added_bytes);
  record.digest = absl::HexStringToBytes(values["digest"]);
  record.meta_sha256 = absl::HexStringToBytes(values["meta"]);
  record.operator_token = std::string(values["operator_token"]);
  if (!whole) return damaged;
  return record;
}

}  // namespace palmares::storage
