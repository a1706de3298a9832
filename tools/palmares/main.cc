// palmares: the command-line client.
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "tools/palmares/command_line.h"

namespace {

int TerminalWidth(int file) {
  winsize size = {};
  if (::isatty(file) == 0 || ::ioctl(file, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace

int main(int argc, char** argv) {
  palmares::tools::Environment environment{.out = std::cout,
                                           .error = std::cerr,
                                           .out_is_terminal = ::isatty(STDOUT_FILENO) != 0,
                                           .error_is_terminal = ::isatty(STDERR_FILENO) != 0,
                                           .width = TerminalWidth(STDOUT_FILENO),
                                           .error_width = TerminalWidth(STDERR_FILENO),
                                           .variable = [](const std::string& name) -> std::string {
                                             const char* value = std::getenv(name.c_str());
                                             return value == nullptr ? "" : value;
                                           }};
  const int code = palmares::tools::Run(std::vector<std::string>(argv + 1, argv + argc), environment);
  std::cout.flush();
  return code;
}
