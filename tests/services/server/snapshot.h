// Everything that a reader can see of some races: what a change and its inverse must give back, byte for byte but for
// positions, etags, numbers of revisions and times of change.
#ifndef PALMARES_TESTS_SERVICES_SERVER_SNAPSHOT_H_
#define PALMARES_TESTS_SERVICES_SERVER_SNAPSHOT_H_

#include <string>
#include <vector>

#include "tests/services/server/running_server.h"

namespace palmares::testing {

// Clears what every change leaves behind, wherever it is in the message.
void ClearTraces(google::protobuf::Message& message);

// Sheets, results, rankings in both orders of counting, histories with summaries, and verdicts of all athletes.
std::vector<std::string> Snapshot(const RunningServer& server, const std::vector<std::string>& races,
                                  const std::string& discipline, int athletes);

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_SERVER_SNAPSHOT_H_
