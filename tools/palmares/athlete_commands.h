// What the commands about athletes share.
#ifndef PALMARES_TOOLS_PALMARES_ATHLETE_COMMANDS_H_
#define PALMARES_TOOLS_PALMARES_ATHLETE_COMMANDS_H_

#include "palmares/v1/athletes.pb.h"
#include "tools/palmares/commands.h"

namespace palmares::tools {

// A line for each athlete found.
Table AthleteTable(const v1::SearchAthletesResponse& matches);

// One athlete, as text for people.
void PrintAthlete(Session& session, const v1::Athlete& athlete);

// Adds list, update, privacy, hide, unhide and erase.
void AddAthletePrivacyCommands(Commands& commands, CLI::App* athletes);
// Adds profile show and profile set.
void AddProfileCommands(Commands& commands, CLI::App* athletes);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_ATHLETE_COMMANDS_H_
