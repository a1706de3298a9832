#include "services/athletics/outcome.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "services/athletics/fold.h"

namespace palmares::athletics {
namespace {

using OutcomeWords = absl::flat_hash_map<absl::string_view, Outcome>;

// Whole markers, folded. The short forms are those of World Athletics, the French, German, Spanish, Italian and
// Portuguese federations, and of the timing systems' exports.
const OutcomeWords& AllOutcomeWords() {
  static const auto* words = new OutcomeWords{
      {"finished", Outcome::kFinished},
      {"finisher", Outcome::kFinished},
      {"dnf", Outcome::kDidNotFinish},
      {"didnotfinish", Outcome::kDidNotFinish},
      {"notfinished", Outcome::kDidNotFinish},
      {"dropped", Outcome::kDidNotFinish},
      {"droppedout", Outcome::kDidNotFinish},
      {"retired", Outcome::kDidNotFinish},
      {"ret", Outcome::kDidNotFinish},
      {"ab", Outcome::kDidNotFinish},
      {"abd", Outcome::kDidNotFinish},
      {"aband", Outcome::kDidNotFinish},
      {"abandon", Outcome::kDidNotFinish},
      {"abandono", Outcome::kDidNotFinish},
      {"abandonne", Outcome::kDidNotFinish},
      {"retirado", Outcome::kDidNotFinish},
      {"ritirato", Outcome::kDidNotFinish},
      {"ritirata", Outcome::kDidNotFinish},
      {"rit", Outcome::kDidNotFinish},
      {"aufgegeben", Outcome::kDidNotFinish},
      {"aufgabe", Outcome::kDidNotFinish},
      {"aufg", Outcome::kDidNotFinish},
      {"opgegeven", Outcome::kDidNotFinish},
      {"brutet", Outcome::kDidNotFinish},
      {"途中棄権", Outcome::kDidNotFinish},
      {"dns", Outcome::kDidNotStart},
      {"didnotstart", Outcome::kDidNotStart},
      {"notstarted", Outcome::kDidNotStart},
      {"noshow", Outcome::kDidNotStart},
      {"scr", Outcome::kDidNotStart},
      {"scratch", Outcome::kDidNotStart},
      {"scratched", Outcome::kDidNotStart},
      {"np", Outcome::kDidNotStart},
      {"nonpartant", Outcome::kDidNotStart},
      {"nopresentado", Outcome::kDidNotStart},
      {"nosepresento", Outcome::kDidNotStart},
      {"nonpartito", Outcome::kDidNotStart},
      {"nonpartita", Outcome::kDidNotStart},
      {"naocompareceu", Outcome::kDidNotStart},
      {"nichtamstart", Outcome::kDidNotStart},
      {"nichtangetreten", Outcome::kDidNotStart},
      {"nietgestart", Outcome::kDidNotStart},
      {"欠場", Outcome::kDidNotStart},
      {"dq", Outcome::kDisqualified},
      {"dsq", Outcome::kDisqualified},
      {"dqd", Outcome::kDisqualified},
      {"disqualified", Outcome::kDisqualified},
      {"disqualification", Outcome::kDisqualified},
      {"disqualifie", Outcome::kDisqualified},
      {"disqualifiee", Outcome::kDisqualified},
      {"disqualifiziert", Outcome::kDisqualified},
      {"disq", Outcome::kDisqualified},
      {"descalificado", Outcome::kDisqualified},
      {"descalificada", Outcome::kDisqualified},
      {"desc", Outcome::kDisqualified},
      {"desclassificado", Outcome::kDisqualified},
      {"squalificato", Outcome::kDisqualified},
      {"squalificata", Outcome::kDisqualified},
      {"squ", Outcome::kDisqualified},
      {"gediskwalificeerd", Outcome::kDisqualified},
      {"diskad", Outcome::kDisqualified},
      {"fs", Outcome::kDisqualified},
      {"falsestart", Outcome::kDisqualified},
      {"失格", Outcome::kDisqualified},
      {"nm", Outcome::kNoMark},
      {"nomark", Outcome::kNoMark},
      {"nh", Outcome::kNoMark},
      {"noheight", Outcome::kNoMark},
      {"nd", Outcome::kNoMark},
      {"nodistance", Outcome::kNoMark},
      {"nt", Outcome::kNoMark},
      {"notime", Outcome::kNoMark},
      {"foul", Outcome::kNoMark},
      {"nc", Outcome::kNoMark},
      {"nonclasse", Outcome::kNoMark},
      {"ogv", Outcome::kNoMark},
      {"ohnegultigenversuch", Outcome::kNoMark},
      {"記録なし", Outcome::kNoMark},
      {"otl", Outcome::kOverTimeLimit},
      {"overtime", Outcome::kOverTimeLimit},
      {"overtimelimit", Outcome::kOverTimeLimit},
      {"timelimit", Outcome::kOverTimeLimit},
      {"outsidetimelimit", Outcome::kOverTimeLimit},
      {"cutoff", Outcome::kOverTimeLimit},
      {"missedcutoff", Outcome::kOverTimeLimit},
      {"horsdelai", Outcome::kOverTimeLimit},
      {"horsdelais", Outcome::kOverTimeLimit},
      {"hd", Outcome::kOverTimeLimit},
      {"fueradecontrol", Outcome::kOverTimeLimit},
      {"fueradetiempo", Outcome::kOverTimeLimit},
      {"fuoritempomassimo", Outcome::kOverTimeLimit},
      {"zielschluss", Outcome::kOverTimeLimit},
      {"zeituberschreitung", Outcome::kOverTimeLimit},
      {"withdrawn", Outcome::kWithdrawn},
      {"wd", Outcome::kWithdrawn},
  };
  return *words;
}

// The rule that follows a disqualification: "R 162.7", "(TR17.3.1)", "Rule 168.7b", "- TR16.8". Kept as written,
// without the brackets and the word for rule; empty when what follows cannot be a rule (no digit, or too long to be
// one).
std::string RuleIn(absl::string_view rest) {
  absl::ConsumePrefix(&rest, ".");
  rest = absl::StripAsciiWhitespace(rest);
  absl::ConsumePrefix(&rest, ":");
  absl::ConsumePrefix(&rest, "-");
  rest = absl::StripAsciiWhitespace(rest);
  if (absl::ConsumePrefix(&rest, "(")) absl::ConsumeSuffix(&rest, ")");
  if (absl::ConsumePrefix(&rest, "[")) absl::ConsumeSuffix(&rest, "]");
  for (absl::string_view word : {"rule", "regel", "regle", "règle", "regla", "regola", "regra", "art."}) {
    if (absl::StartsWithIgnoreCase(rest, word)) {
      rest.remove_prefix(word.size());
      break;
    }
  }
  rest = absl::StripAsciiWhitespace(rest);
  if (rest.size() > 1 && (rest[0] == 'R' || rest[0] == 'r') && (rest[1] == ' ' || absl::ascii_isdigit(rest[1]))) {
    rest = absl::StripAsciiWhitespace(rest.substr(1));
  }
  constexpr size_t kLongestRule = 40;
  const bool has_digit = rest.find_first_of("0123456789") != absl::string_view::npos;
  return has_digit && rest.size() <= kLongestRule ? std::string(rest) : std::string();
}

// "DQ R 162.7", "DSQ(TR17.3.1)": the marker up to the first character that cannot belong to it, then a rule.
std::optional<ParsedOutcome> ParseDisqualification(absl::string_view text) {
  size_t end = 0;
  while (end < text.size() && absl::ascii_isalpha(text[end])) ++end;
  const auto found = AllOutcomeWords().find(FoldKey(text.substr(0, end)));
  if (found == AllOutcomeWords().end() || found->second != Outcome::kDisqualified) return std::nullopt;
  const std::string rule = RuleIn(text.substr(end));
  if (rule.empty()) return std::nullopt;
  return ParsedOutcome{Outcome::kDisqualified, rule};
}

}  // namespace

absl::string_view OutcomeCode(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFinished:
      return "finished";
    case Outcome::kDidNotFinish:
      return "DNF";
    case Outcome::kDidNotStart:
      return "DNS";
    case Outcome::kDisqualified:
      return "DQ";
    case Outcome::kNoMark:
      return "NM";
    case Outcome::kOverTimeLimit:
      return "OTL";
    case Outcome::kWithdrawn:
      return "withdrawn";
  }
  return "";
}

std::optional<ParsedOutcome> ParseOutcome(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  // Times and places make up nearly all cells: they begin with a digit, which no marker does.
  if (text.empty() || absl::ascii_isdigit(text[0])) return std::nullopt;
  const auto found = AllOutcomeWords().find(FoldKey(text));
  if (found != AllOutcomeWords().end()) return ParsedOutcome{found->second, ""};
  return ParseDisqualification(text);
}

}  // namespace palmares::athletics
