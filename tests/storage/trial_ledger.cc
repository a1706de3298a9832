#include "tests/storage/trial_ledger.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace palmares::testing {

using storage::Draft;
using storage::Entry;

Draft TrialDraft(uint64_t number) {
  Random random(number);
  const auto bytes = [&random](int64_t most) {
    std::string text(static_cast<size_t>(random.Below(most)), '\0');
    for (char& c : text) c = static_cast<char>(random.Next());
    return text;
  };
  Draft draft;
  draft.kind = storage::EntryKind::kSheetPublished;
  draft.body = absl::StrCat(number);
  const int64_t blocks = random.Below(4);
  const bool personal = random.Below(4) != 0;
  for (int64_t i = 0; i < blocks; ++i) {
    draft.blocks.push_back(bytes(random.Below(8) == 0 ? 12000 : 900));
    if (personal) draft.personal.push_back(bytes(700));
  }
  return draft;
}

std::string TrialRequestId(uint64_t number) { return absl::StrCat("request ", number); }

absl::Status TrialView::Apply(const Entry& entry) {
  uint64_t number = 0;
  if (!absl::SimpleAtoi(entry.change.body, &number)) return absl::DataLossError("a body that nobody wrote");
  const Draft want = TrialDraft(number);
  if (entry.change.blocks != want.blocks || entry.change.personal != want.personal || entry.change.kind != want.kind ||
      entry.request_id != TrialRequestId(number)) {
    return absl::DataLossError(absl::StrCat("entry ", entry.position, " is not as it was written"));
  }
  numbers.push_back(number);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<TrialStore>> TrialStore::Open(const std::string& path, rocksdb::Env* env) {
  storage::RocksLedgerOptions options;
  options.env = env;
  options.write_buffer_bytes = 64 << 10;
  options.block_cache_bytes = 0;  // what is read is read from the disk
  absl::StatusOr<std::unique_ptr<storage::RocksLedger>> ledger = storage::RocksLedger::Open(path, options);
  if (!ledger.ok()) return ledger.status();
  auto trial = std::make_unique<TrialStore>();
  trial->ledger = ledger->get();
  absl::StatusOr<std::unique_ptr<storage::Store>> store =
      storage::Store::Open(*std::move(ledger), &trial->view, [] { return absl::FromUnixSeconds(1'700'000'000); });
  if (!store.ok()) return store.status();
  trial->store = *std::move(store);
  return trial;
}

absl::StatusOr<storage::Receipt> TrialStore::Write(uint64_t number) {
  return store->Write({.actor = "trial", .request_id = TrialRequestId(number), .request_digest = number},
                      [number]() -> absl::StatusOr<std::optional<Draft>> { return TrialDraft(number); });
}

}  // namespace palmares::testing
