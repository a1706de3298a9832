#include "services/administration/view_content.h"

#include <sodium.h>

#include <algorithm>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace palmares::administration {
namespace {

constexpr size_t kLongestShown = 400;

std::string DigestOf(const ViewContent& content, int64_t part) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  const auto add = [&state](absl::string_view bytes) {
    const uint64_t size = bytes.size();
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  };
  if (part < content.parts()) {
    content.walk(part, [&add](absl::string_view key, const std::string& value) {
      add(key);
      add(value);
    });
  }
  std::string digest(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
  return digest;
}

std::map<std::string, std::string> LinesOf(const ViewContent& content, int64_t part) {
  std::map<std::string, std::string> lines;
  if (part >= content.parts()) return lines;
  content.walk(part, [&lines](absl::string_view key, const std::string& value) { lines[std::string(key)] = value; });
  return lines;
}

std::string Shown(const std::string& value) {
  const std::string text = absl::CHexEscape(value);
  return text.size() <= kLongestShown ? text : text.substr(0, kLongestShown) + " …";
}

}  // namespace

int64_t ComparePart(const ViewContent& expected, const ViewContent& found, int64_t part, int64_t most,
                    std::vector<v1::Difference>& differences) {
  if (DigestOf(expected, part) == DigestOf(found, part)) return 0;
  const std::map<std::string, std::string> want = LinesOf(expected, part);
  std::map<std::string, std::string> have = LinesOf(found, part);
  int64_t count = 0;
  const auto add = [&](const std::string& key, const std::string& wanted, const std::string& is) {
    ++count;
    if (static_cast<int64_t>(differences.size()) >= most) return;
    v1::Difference& difference = differences.emplace_back();
    difference.set_where(expected.view);
    difference.set_key(key);
    difference.set_expected(Shown(wanted));
    difference.set_found(Shown(is));
  };
  for (const auto& [key, value] : want) {
    const auto other = have.find(key);
    if (other == have.end()) {
      add(key, value, "");
    } else if (other->second != value) {
      add(key, value, other->second);
    }
    if (other != have.end()) have.erase(other);
  }
  for (const auto& [key, value] : have) add(key, "", value);
  if (count == 0) add(absl::StrCat("part ", part), "another order", "the same lines");
  return count;
}

}  // namespace palmares::administration
