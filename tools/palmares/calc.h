// palmares calc: the rules of the sport as a calculator. Needs no server.
//
//   palmares calc points marathon M 2:10:22
//   palmares calc points --batch marks.csv              adds the column "points" to the file's rows
//   palmares calc world-ranking --discipline 1500m --sex M --as-of 2026-07-21 results.csv
//
// Inputs can be given by name (--discipline marathon) or in their order. A batch reads CSV with the inputs as columns
// and prints it with the answers added; a row that cannot be computed has the reason in the column "error". A mark that
// nobody can make as it stands and was mended ("2.33" over 800 m is 2:33) is said on `error`, and in JSON by the key
// "reinterpreted".
#ifndef PALMARES_TOOLS_PALMARES_CALC_H_
#define PALMARES_TOOLS_PALMARES_CALC_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <istream>
#include <ostream>
#include <string>

namespace palmares::tools {

// Where the calculator reads and writes. `output`: "table", "json", "csv"; empty where nobody chose: table, and CSV for
// a batch.
struct CalcStreams {
  std::istream& in;
  std::ostream& out;
  std::ostream& error;
  std::string output;
  int width = 0;       // columns of a table; 0 for no limit
  bool quiet = false;  // errors alone on `error`, no remarks
};

// Runs the command that was read and answers its exit code: 0 done, 1 rows of a batch were refused, 2 bad usage.
using CalcAction = std::function<int(CalcStreams&)>;

// Adds `calc` and its commands to a command line. When one of them is read, `chosen` is called with what it does. The
// options --output and --quiet are the caller's.
void AddCalcCommands(CLI::App& app, const std::function<void(CalcAction)>& chosen);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALC_H_
