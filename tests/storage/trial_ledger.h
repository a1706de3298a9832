// A real ledger under a small view, for trials of what it survives: entries whose every byte follows from a number, so
// that anything else is recognised.
#ifndef PALMARES_TESTS_STORAGE_TRIAL_LEDGER_H_
#define PALMARES_TESTS_STORAGE_TRIAL_LEDGER_H_

#include <memory>
#include <string>
#include <vector>

#include "rocksdb/env.h"
#include "storage/rocks_ledger.h"
#include "storage/store.h"
#include "tests/testing.h"

namespace palmares::testing {

// The draft that belongs to a number: between none and a few blocks, up to some kilobytes, personal data in most.
storage::Draft TrialDraft(uint64_t number);
// A request id that belongs to a number.
std::string TrialRequestId(uint64_t number);

// Remembers the numbers of the entries it was given, and refuses one that is not whole or not as it was made.
class TrialView : public storage::View {
 public:
  absl::Status Apply(const storage::Entry& entry) override;
  std::vector<uint64_t> numbers;
};

// A store over the ledger in `path`. Buffers are small, so that tables are written and merged all the time.
struct TrialStore {
  static absl::StatusOr<std::unique_ptr<TrialStore>> Open(const std::string& path, rocksdb::Env* env);

  absl::StatusOr<storage::Receipt> Write(uint64_t number);

  TrialView view;
  storage::RocksLedger* ledger = nullptr;  // owned by the store
  std::unique_ptr<storage::Store> store;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_STORAGE_TRIAL_LEDGER_H_
