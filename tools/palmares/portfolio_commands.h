// What the commands about portfolios share.
#ifndef PALMARES_TOOLS_PALMARES_PORTFOLIO_COMMANDS_H_
#define PALMARES_TOOLS_PALMARES_PORTFOLIO_COMMANDS_H_

#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <vector>

#include "palmares/v1/portfolios.pb.h"
#include "tools/palmares/commands.h"

namespace palmares::tools {

// "athletes/1042/portfolios/2013" for it and for "1042/portfolios/2013".
absl::StatusOr<std::string> PortfolioName(absl::string_view text);
// The last second of a day in UTC.
absl::StatusOr<google::protobuf::Timestamp> ParseExpiry(const std::string& text);
absl::Status ReadSections(const std::vector<std::string>& texts, google::protobuf::RepeatedField<int>* sections);

// Adds verify, keys, rotate-key and status-list.
void AddPortfolioVerificationCommands(Commands& commands, CLI::App* group);
// Adds share, shares, views and open.
void AddShareCommands(Commands& commands, CLI::App* group);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_PORTFOLIO_COMMANDS_H_
