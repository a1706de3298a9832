// Runs whole command lines in the test's process against a server.
#ifndef PALMARES_TESTS_TOOLS_PALMARES_COMMAND_LINE_HARNESS_H_
#define PALMARES_TESTS_TOOLS_PALMARES_COMMAND_LINE_HARNESS_H_

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tools/palmares/command_line.h"

namespace palmares::tools {

struct Outcome {
  int code = 0;
  std::string out;
  std::string error;
};

struct Surroundings {
  std::string server;
  std::string token = "operator-secret";
  bool terminal = false;
  int width = 0;
  std::string columns = {};  // the variable COLUMNS
};

inline Outcome RunCommandLine(const Surroundings& around, const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream error;
  const std::map<std::string, std::string> variables = {
      {"PALMARES_SERVER", around.server}, {"PALMARES_TOKEN", around.token}, {"COLUMNS", around.columns}};
  Environment environment{.out = out,
                          .error = error,
                          .out_is_terminal = around.terminal,
                          .error_is_terminal = false,
                          .width = around.width,
                          .variable = [&variables](const std::string& name) {
                            const auto found = variables.find(name);
                            return found == variables.end() ? "" : found->second;
                          }};
  const int code = Run(arguments, environment);
  return {code, out.str(), error.str()};
}

inline void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace palmares::tools

#endif  // PALMARES_TESTS_TOOLS_PALMARES_COMMAND_LINE_HARNESS_H_
