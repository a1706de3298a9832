// palmares identity score: how well the linker does on a file that says who each row is. Needs no server.
#ifndef PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_H_
#define PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/identity/linker.h"
#include "tools/palmares/identity_score_reader.h"

namespace CLI {
class App;
}

namespace palmares::tools {

// Pairs are pairs of rows. The linker's are those that automatic links put together; a row in review is a person of its
// own.
struct IdentityScore {
  int64_t rows = 0;
  int64_t races = 0;          // 0: the rows stood alone
  int64_t true_pairs = 0;     // of one person by the truth
  int64_t linked_pairs = 0;   // of one person by the linker
  int64_t correct_pairs = 0;  // both
  int64_t linked_rows = 0;
  int64_t review_rows = 0;
  int64_t review_found = 0;  // rows in review whose person is among the candidates

  double precision() const { return linked_pairs == 0 ? 1.0 : static_cast<double>(correct_pairs) / linked_pairs; }
  double recall() const { return true_pairs == 0 ? 1.0 : static_cast<double>(correct_pairs) / true_pairs; }
  double review_share() const { return rows == 0 ? 0.0 : static_cast<double>(review_rows) / rows; }
};

// A row that was linked to somebody else, with the linker's explanation.
struct WrongLink {
  size_t row = 0;
  size_t other = 0;  // a row of the athlete it was linked to
  std::string explanation;
};

// Links the rows race by race in the order of their dates, and rows without a race one by one in the order given. The
// truth is looked at only for counting. `wrong` (may be null) gets the wrong links.
IdentityScore ScoreIdentity(absl::Span<const LabelledRow> rows, const identity::Policy& policy,
                            std::vector<WrongLink>* wrong);

// Adds `score` to the command `identity`. The command's exit code is written to `exit_code` when it runs: 0 done, 2
// where the file or an option cannot be used.
void AddIdentityCommands(CLI::App& identity, int& exit_code);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_H_
