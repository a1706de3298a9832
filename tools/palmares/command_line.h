// The whole command line: options of every command, the tree of commands, and what a mistake in them is answered with.
#ifndef PALMARES_TOOLS_PALMARES_COMMAND_LINE_H_
#define PALMARES_TOOLS_PALMARES_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "tools/palmares/session.h"

namespace palmares::tools {

// Runs one command line, without the program's name. The answer is the process's exit code. Throws nothing.
int Run(const std::vector<std::string>& arguments, Environment& environment);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_COMMAND_LINE_H_
