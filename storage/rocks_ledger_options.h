// How the embedded ledger uses the machine.
#ifndef PALMARES_STORAGE_ROCKS_LEDGER_OPTIONS_H_
#define PALMARES_STORAGE_ROCKS_LEDGER_OPTIONS_H_

#include <cstdint>

namespace rocksdb {
class Env;
}

namespace palmares::storage {

struct RocksLedgerOptions {
  rocksdb::Env* env = nullptr;  // not owned; nullptr: the machine's own
  int64_t block_cache_bytes = int64_t{128} << 20;
  int64_t write_buffer_bytes = int64_t{64} << 20;
  bool read_only = false;  // looks at a database that nobody changes, and leaves it as it is: Append is refused
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ROCKS_LEDGER_OPTIONS_H_
