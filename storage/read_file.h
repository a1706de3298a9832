// A small file's bytes, all at once.
#ifndef PALMARES_STORAGE_READ_FILE_H_
#define PALMARES_STORAGE_READ_FILE_H_

#include <fstream>
#include <iterator>
#include <string>

namespace palmares::storage {

// Empty if there is no such file, or it cannot be read.
inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_READ_FILE_H_
