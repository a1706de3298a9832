#include "storage/entry.h"

#include "absl/strings/escaping.h"
#include "tests/testing.h"

namespace palmares::storage {
namespace {

Entry Example() {
  Entry entry;
  entry.time_us = 1;
  entry.actor = "tokens/a";
  entry.request_id = "r";
  entry.request_digest = 300;
  entry.change = {EntryKind::kSheetPublished, "body", {"b1", "b2"}, {"p1", "p2"}, {}};
  return entry;
}

TEST(EntryTest, TheHeaderComesBack) {
  absl::StatusOr<EntryHeader> header = DecodeEntryHeader(EncodeEntryHeader(Example()));
  ASSERT_OK(header.status());
  EXPECT_EQ(header->entry.actor, "tokens/a");
  EXPECT_EQ(header->entry.request_id, "r");
  EXPECT_EQ(header->entry.request_digest, 300U);
  EXPECT_EQ(header->entry.time_us, 1);
  EXPECT_EQ(header->entry.change.kind, EntryKind::kSheetPublished);
  EXPECT_EQ(header->entry.change.body, "body");
  EXPECT_EQ(header->blocks, 2);
  EXPECT_TRUE(header->has_personal);
}

TEST(EntryTest, TheBytesAreWhatTheFormatSays) {
  EXPECT_EQ(absl::BytesToHexString(EncodeEntryHeader(Example())),
            "01"
            "04"
            "01"
            "08746f6b656e732f61"
            "0172"
            "ac02"
            "02"
            "01"
            "04626f6479");
}

TEST(EntryTest, AHeaderOfANewerFormatIsRefusedAsSuch) {
  std::string bytes = EncodeEntryHeader(Example());
  bytes.front() = 2;
  const absl::Status status = DecodeEntryHeader(bytes).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(status.message(), "entry of an unknown format");
}

TEST(EntryTest, ACutHeaderIsDataLoss) {
  const std::string bytes = EncodeEntryHeader(Example());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(DecodeEntryHeader(bytes.substr(0, length)).status().code(), absl::StatusCode::kDataLoss) << length;
  }
  EXPECT_FALSE(DecodeEntryHeader(bytes + "x").ok());
}

}  // namespace
}  // namespace palmares::storage
