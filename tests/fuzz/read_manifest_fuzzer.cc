// Any text as the manifest of an import: what a person got wrong is told with file and line; what is accepted names an
// edition of its event and races of that edition.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/palmares/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = palmares::tools::ParseManifest(text, "folder/any.toml");
  if (!manifest.ok()) {
    if (!absl::IsInvalidArgument(manifest.status())) std::abort();
    if (!absl::StartsWith(manifest.status().message(), "folder/any.toml:")) std::abort();
    return 0;
  }
  if (!absl::StartsWith(manifest->event.name(), "events/")) std::abort();
  if (!absl::StartsWith(manifest->edition.name(), absl::StrCat(manifest->event.name(), "/editions/"))) std::abort();
  for (const palmares::tools::ManifestRace& race : manifest->races) {
    if (!absl::StartsWith(race.race.name(), absl::StrCat(manifest->edition.name(), "/races/"))) std::abort();
    if (race.race.discipline().empty()) std::abort();
  }
  return 0;
}
