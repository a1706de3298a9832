#include "services/ingest/lines.h"

#include <algorithm>

namespace palmares::ingest {

bool Lines::Next() {
  if (next_ >= text_.size()) return false;
  offset_ = next_;
  const size_t end = std::min(text_.find_first_of("\r\n", next_), text_.size());
  line_ = text_.substr(offset_, end - offset_);
  const bool both = end + 1 < text_.size() && text_[end] == '\r' && text_[end + 1] == '\n';
  next_ = end + (both ? 2 : 1);
  ++number_;
  return true;
}

size_t ByteOfColumn(absl::string_view line, size_t column) {
  size_t byte = 0;
  for (; byte < line.size(); ++byte) {
    if ((static_cast<unsigned char>(line[byte]) & 0xC0) == 0x80) continue;  // inside a character
    if (column == 0) return byte;
    --column;
  }
  return byte;
}

}  // namespace palmares::ingest
