// palmares-calc: the calculator alone.
#include <CLI/CLI.hpp>
#include <iostream>
#include <utility>

#include "tools/palmares/calc.h"

int main(int argc, char** argv) {
  CLI::App app("The rules of the sport as a calculator");
  palmares::tools::CalcStreams streams{std::cin, std::cout, std::cerr, ""};
  app.add_option("--output", streams.output, "table, json or csv");
  app.require_subcommand(1);
  palmares::tools::CalcAction action;
  palmares::tools::AddCalcCommands(app, [&action](palmares::tools::CalcAction chosen) { action = std::move(chosen); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return action(streams);
}
