#include "services/portfolio/key_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "storage/data_directory.h"

namespace palmares::portfolio {

std::string KeyFiles::PathOf(absl::string_view id) const { return absl::StrCat(directory_, "/", id, ".key"); }

absl::Status KeyFiles::Save(const credentials::KeyPair& key) {
  std::error_code failed;
  std::filesystem::create_directories(directory_, failed);
  if (!failed) std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, failed);
  if (failed) return absl::UnavailableError(absl::StrCat(directory_, " cannot be made: ", failed.message()));
  return storage::WriteDurably(PathOf(key.id), key.seed);
}

std::optional<credentials::KeyPair> KeyFiles::Load(absl::string_view id) const {
  std::ifstream in(PathOf(id), std::ios::binary);
  const std::string seed(std::istreambuf_iterator<char>(in), {});
  if (seed.size() != credentials::kSeedBytes) return std::nullopt;
  credentials::KeyPair key = credentials::KeyPairFromSeed(seed);
  return key.id == id ? std::optional(std::move(key)) : std::nullopt;
}

}  // namespace palmares::portfolio
