// How much a reading takes in. A file beyond a limit is refused, never cut.
#ifndef PALMARES_SERVICES_INGEST_LIMITS_H_
#define PALMARES_SERVICES_INGEST_LIMITS_H_

#include <cstddef>

namespace palmares::ingest {

struct Limits {
  size_t bytes = size_t{64} << 20;  // of the file, and of what is inside it when it is compressed
  size_t expansion = 100;           // uncompressed bytes for each compressed byte
  size_t rows = 200'000;
  size_t columns = 256;
  size_t cell_bytes = size_t{64} << 10;
  size_t cells = 8'000'000;  // of the whole file: 64 MiB of bookkeeping
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_LIMITS_H_
