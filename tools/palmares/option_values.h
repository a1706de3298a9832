// What the values of options have to be, told as every message of this product is: the value and what is wanted.
#ifndef PALMARES_TOOLS_PALMARES_OPTION_VALUES_H_
#define PALMARES_TOOLS_PALMARES_OPTION_VALUES_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace palmares::tools {

// A whole number from `least` to `most`.
CLI::Validator WholeNumber(int64_t least, int64_t most = std::numeric_limits<int64_t>::max());

// One of the words, in any case; the option gets it as it is written here.
CLI::Validator OneOf(std::vector<std::string> words);

// The same for an option that is read into an enum: the option gets the word's number in the list.
CLI::Validator NumberOf(std::vector<std::string> words);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_OPTION_VALUES_H_
