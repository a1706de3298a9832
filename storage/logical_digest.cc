#include "storage/logical_digest.h"

#include <sodium.h>

#include "storage/coding.h"

namespace palmares::storage {

absl::StatusOr<std::string> LogicalDigest(const Ledger& ledger, int64_t last, EntryProgress progress) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const auto add = [&state](absl::string_view bytes) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  };
  std::string length;
  const auto add_sized = [&](absl::string_view bytes) {
    length.clear();
    PutVarint(length, bytes.size());
    add(length);
    add(bytes);
  };
  absl::Status status = ledger.Read(1, last, [&](const Entry& entry) {
    std::string position;
    PutBigEndian(position, static_cast<uint64_t>(entry.position), 8);
    add(position);
    add_sized(EncodeEntryHeader(entry));
    for (const std::string& block : entry.change.blocks) add_sized(block);
    for (const std::string& block : entry.change.personal) add_sized(block);
    return progress(entry.position);
  });
  if (!status.ok()) return status;
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace palmares::storage
