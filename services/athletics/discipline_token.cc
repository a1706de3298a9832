#include "services/athletics/discipline_token.h"

#include "services/athletics/characters.h"

namespace palmares::athletics {
namespace {

using Token = DisciplineToken;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || static_cast<uint8_t>(c) >= 0x80; }

// Reads a number at the start of `text`: "10,000", "7.5", "7,5", "10 000". `thousandths` is -1 if it is too large or
// too fine.
Token TakeNumber(absl::string_view text) {
  constexpr int64_t kLargest = 1'000'000'000;
  int64_t value = 0;
  size_t i = 0;
  for (; i < text.size() && IsDigit(text[i]) && value < kLargest; ++i) value = value * 10 + (text[i] - '0');
  const auto digits_from = [&text](size_t from) {
    size_t n = 0;
    while (from + n < text.size() && IsDigit(text[from + n])) ++n;
    return n;
  };
  Token token{Token::Kind::kNumber, {}, 0, 0, false};
  const bool grouped = i < text.size() && i <= 3 && digits_from(i + 1) == 3 &&
                       (text[i] == ',' || text[i] == '\'' || (text[i] == ' ' && text.substr(i + 1, 3) == "000"));
  if (grouped) {
    for (size_t k = i + 1; k < i + 4; ++k) value = value * 10 + (text[k] - '0');
    i += 4;
  }
  value *= 1000;
  if (i + 1 < text.size() && (text[i] == '.' || text[i] == ',') && IsDigit(text[i + 1])) {
    const size_t decimals = digits_from(i + 1);
    int64_t unit = 100;
    for (size_t k = i + 1; k < i + 1 + decimals; ++k, unit /= 10) value += unit * (text[k] - '0');
    token.decimals = static_cast<int>(decimals);
    i += 1 + decimals;
  }
  token.text = text.substr(0, i);
  // 21.0975 and 42.195 km apart, nobody measures a course finer than to the metre.
  token.thousandths = value > kLargest * 100 || token.decimals > 4 ? -1 : value;
  return token;
}

}  // namespace

std::vector<Token> TokenizeDiscipline(absl::string_view folded) {
  std::vector<Token> tokens;
  bool attached = false;
  while (!folded.empty()) {
    const char c = folded[0];
    Token token{Token::Kind::kSign, folded.substr(0, 1), 0, 0, attached};
    if (IsDigit(c)) {
      token = TakeNumber(folded);
    } else if (IsLetter(c)) {
      size_t n = 1;
      while (n < folded.size() && IsLetter(folded[n])) ++n;
      token = {Token::Kind::kWord, folded.substr(0, n), 0, 0, attached};
    }
    token.attached = attached;
    folded.remove_prefix(token.text.size());
    attached = c != ' ' && c != '-' && c != '_';
    if (token.kind != Token::Kind::kSign || c == '"' || c == '/' || c == '*') tokens.push_back(token);
  }
  return tokens;
}

bool IsCompetitorClass(const std::vector<Token>& tokens, size_t i) {
  if (tokens[i].kind != Token::Kind::kWord || i + 1 >= tokens.size()) return false;
  const Token& number = tokens[i + 1];
  if (number.kind != Token::Kind::kNumber || !number.attached || number.decimals > 0) return false;
  const absl::string_view word = tokens[i].text;
  if (word == "u" || word == "mu" || word == "wu" || word == "fu" || word == "t") return true;
  const bool last = i + 2 == tokens.size();
  return !last && (i == 0 || !tokens[i].attached) && number.thousandths >= 20'000 && number.thousandths <= 110'000 &&
         (word == "m" || word == "w" || word == "f" || word == "v" || word == "mv" || word == "fv");
}

}  // namespace palmares::athletics
