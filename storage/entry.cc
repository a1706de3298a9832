#include "storage/entry.h"

#include "absl/strings/str_cat.h"
#include "storage/coding.h"

namespace palmares::storage {
namespace {

constexpr char kEntryFormat = 1;

bool TakeByte(absl::string_view& in, uint8_t& byte) {
  if (in.empty()) return false;
  byte = static_cast<uint8_t>(in.front());
  in.remove_prefix(1);
  return true;
}

}  // namespace

std::string EncodeEntryHeader(const Entry& entry) {
  std::string out(1, kEntryFormat);
  out.push_back(static_cast<char>(entry.change.kind));
  PutVarint(out, static_cast<uint64_t>(entry.time_us));
  PutBytes(out, entry.actor);
  PutBytes(out, entry.request_id);
  PutVarint(out, entry.request_digest);
  PutVarint(out, entry.change.blocks.size());
  out.push_back(entry.change.personal.empty() ? 0 : 1);
  PutBytes(out, entry.change.body);
  return out;
}

absl::StatusOr<EntryHeader> DecodeEntryHeader(absl::string_view bytes) {
  EntryHeader header;
  Entry& entry = header.entry;
  uint8_t format = 0, kind = 0, has_personal = 0;
  uint64_t time_us = 0, blocks = 0;
  absl::string_view actor, request_id, body;
  if (!TakeByte(bytes, format) || format != kEntryFormat) return absl::DataLossError("entry of an unknown format");
  const bool whole = TakeByte(bytes, kind) && TakeVarint(bytes, time_us) && TakeBytes(bytes, actor) &&
                     TakeBytes(bytes, request_id) && TakeVarint(bytes, entry.request_digest) &&
                     TakeVarint(bytes, blocks) && TakeByte(bytes, has_personal) && has_personal <= 1 &&
                     TakeBytes(bytes, body) && bytes.empty();
  if (!whole) return absl::DataLossError("entry is damaged");
  entry.change.kind = static_cast<EntryKind>(kind);
  entry.time_us = static_cast<int64_t>(time_us);
  entry.actor = std::string(actor);
  entry.request_id = std::string(request_id);
  entry.change.body = std::string(body);
  header.blocks = static_cast<int64_t>(blocks);
  header.has_personal = has_personal == 1;
  return header;
}

absl::Status Damaged(const Entry& entry, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("entry ", entry.position, ": ", what));
}

}  // namespace palmares::storage
