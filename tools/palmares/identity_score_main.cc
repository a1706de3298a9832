// The identity commands by themselves: palmares-identity score FILE.csv --truth COLUMN.
#include <CLI/CLI.hpp>

#include "tools/palmares/identity_score.h"

int main(int argc, char** argv) {
  CLI::App app("Measures identity linking on a labelled file");
  app.require_subcommand(1);
  int exit_code = 0;
  palmares::tools::AddIdentityCommands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}
