#include "services/identity/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <array>
#include <memory>
#include <vector>

namespace palmares::identity {
namespace {

// Russian romanization first, because the generic one (ISO 9) writes "Щукин" with letters that fold to "sukin", which
// no start list does. The rest of Cyrillic and every other script go by ICU's generic rules.
constexpr char kTransliteration[] = "NFKC; Russian-Latin/BGN; Any-Latin; NFKD; [:M:] Remove; Latin-ASCII";

// Code points below this (Latin-1 Supplement, Latin Extended-A and -B) fold one by one, by a table made once from ICU's
// rules.
constexpr UChar32 kTableEnd = 0x250;

bool IsWordCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A Transliterator is expensive to make and must not be shared by threads, so each thread keeps its own. Null where ICU
// was built without transliteration data; then only the letters themselves are left.
icu::Transliterator* ThreadTransliterator() {
  thread_local const std::unique_ptr<icu::Transliterator> transliterator = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(
        icu::Transliterator::createInstance(icu::UnicodeString(kTransliteration), UTRANS_FORWARD, error));
    return U_SUCCESS(error) ? std::move(made) : nullptr;
  }();
  return transliterator.get();
}

// Soft signs and other modifier letters come out of a transliteration as apostrophes inside a word: they are dropped
// there.
void AppendWordCharacters(const icu::UnicodeString& latin, std::string& out) {
  std::string utf8;
  latin.toUTF8String(utf8);
  for (char raw : utf8) {
    const char c = LowerAscii(raw);
    if (IsWordCharacter(c)) {
      out.push_back(c);
    } else if (c == ' ' || c == '-') {
      out.push_back(' ');
    }
  }
}

std::string Transliterated(icu::UnicodeString text) {
  if (icu::Transliterator* transliterator = ThreadTransliterator()) transliterator->transliterate(text);
  std::string out;
  AppendWordCharacters(text, out);
  return out;
}

struct ShortText {
  std::array<char, 4> bytes{};
  uint8_t size = 0;
};

std::vector<ShortText> MakeTable() {
  std::vector<ShortText> table(kTableEnd);
  for (UChar32 c = 0x80; c < kTableEnd; ++c) {
    if (!u_isalpha(c)) continue;
    const std::string folded = Transliterated(icu::UnicodeString(c));
    for (char byte : folded) {
      if (byte != ' ' && table[c].size < table[c].bytes.size()) table[c].bytes[table[c].size++] = byte;
    }
  }
  return table;
}

const std::vector<ShortText>& Table() {
  static const std::vector<ShortText>& table = *new std::vector<ShortText>(MakeTable());
  return table;
}

bool IsHan(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  return c >= 0x2E80 && uscript_getScript(c, &error) == USCRIPT_HAN && U_SUCCESS(error);
}

// Appends words one character at a time and keeps them parted by exactly one space.
class WordWriter {
 public:
  explicit WordWriter(std::string& out) : out_(out), start_(out.size()) {}
  void Part() { parted_ = true; }
  void Put(char c) {
    if (parted_ && out_.size() > start_) out_.push_back(' ');
    parted_ = false;
    out_.push_back(c);
  }

 private:
  std::string& out_;
  size_t start_;
  bool parted_ = false;
};

void PutAll(absl::string_view text, WordWriter& writer) {
  for (char c : text) {
    if (c == ' ') {
      writer.Part();
    } else {
      writer.Put(c);
    }
  }
}

void FlushForeign(icu::UnicodeString& foreign, WordWriter& writer) {
  if (foreign.isEmpty()) return;
  PutAll(Transliterated(foreign), writer);
  foreign.remove();
}

void PutCodePoint(UChar32 c, icu::UnicodeString& foreign, WordWriter& writer) {
  if (c < 0) {
    FlushForeign(foreign, writer);
    writer.Part();
    return;
  }
  const int8_t type = u_charType(c);
  const bool mark = type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || type == U_ENCLOSING_MARK;
  if (mark) {
    if (!foreign.isEmpty()) foreign.append(c);  // vowel signs matter in some scripts; accents on Latin letters do not
    return;
  }
  if (c < 0x80 || (c < kTableEnd && u_isalpha(c))) {
    FlushForeign(foreign, writer);
    if (c >= 0x80) {
      const ShortText& folded = Table()[c];
      for (int i = 0; i < folded.size; ++i) writer.Put(folded.bytes[i]);
    } else if (IsWordCharacter(LowerAscii(static_cast<char>(c)))) {
      writer.Put(LowerAscii(static_cast<char>(c)));
    } else {
      writer.Part();
    }
    return;
  }
  if (IsHan(c)) {
    FlushForeign(foreign, writer);
    std::string utf8;
    icu::UnicodeString(c).toUTF8String(utf8);
    PutAll(utf8, writer);
    return;
  }
  if (u_isalnum(c)) {
    foreign.append(c);
    return;
  }
  FlushForeign(foreign, writer);
  writer.Part();
}

void AppendFoldedUnicode(absl::string_view utf8, std::string& out) {
  WordWriter writer(out);
  icu::UnicodeString foreign;
  const char* bytes = utf8.data();
  const int32_t size = static_cast<int32_t>(utf8.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    PutCodePoint(c, foreign, writer);
  }
  FlushForeign(foreign, writer);
}

}  // namespace

void AppendFolded(absl::string_view utf8, std::string& out) {
  const size_t start = out.size();
  WordWriter writer(out);
  for (char raw : utf8) {
    if (static_cast<unsigned char>(raw) >= 0x80) {
      out.resize(start);
      AppendFoldedUnicode(utf8, out);
      return;
    }
    const char c = LowerAscii(raw);
    if (IsWordCharacter(c)) {
      writer.Put(c);
    } else {
      writer.Part();
    }
  }
}

std::string FoldText(absl::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  AppendFolded(utf8, out);
  return out;
}

uint64_t Fingerprint(absl::string_view bytes, uint64_t seed) {
  uint64_t hash = 0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL);  // FNV-1a
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash ^= hash >> 33;  // and the finalizer of MurmurHash3, since FNV's low bits alone are weak
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33);
}

}  // namespace palmares::identity
