#include "services/qualification/deadlines.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"

namespace palmares::qualification {
namespace {

// The last moment of the window; where it has no end of its own, of the day before the event.
std::optional<absl::CivilSecond> LastMoment(const Standard& standard, int window) {
  if (const auto& closes = WindowAt(standard, window).closes) return closes;
  const auto last = LastDay(standard, window);
  return last ? std::optional(absl::CivilSecond(*last + 1) - 1) : std::nullopt;
}

// The disciplines and paths that have this window.
std::vector<std::string> UsersOf(const Standard& standard, int window) {
  std::vector<std::string> users;
  const auto add = [&](const std::string& user) {
    if (std::find(users.begin(), users.end(), user) == users.end()) users.push_back(user);
  };
  for (const Entry& entry : standard.entries) {
    if (entry.window == window) add(entry.discipline->name);
  }
  for (const PlacePath& path : standard.paths) {
    if (path.window == window) add(path.name.empty() ? std::string(PathKindCode(path.kind)) : path.name);
  }
  return users;
}

// A deadline of windows of single marks and paths: equal ones are told once, with all that they concern.
struct OwnDeadline {
  std::set<std::string> concerns;
  int window = -1;
};

}  // namespace

std::vector<StandardDeadline> DeadlinesOf(const Standard& standard) {
  std::vector<StandardDeadline> deadlines;
  const auto add = [&](v1::Deadline::Kind kind, std::optional<absl::CivilSecond> at) {
    if (at) deadlines.push_back({kind, absl::FromCivil(*at, standard.zone), "", -1});
  };
  const std::optional<absl::CivilSecond> closes = LastMoment(standard, -1);
  add(v1::Deadline::KIND_WINDOW_OPENS, standard.window.opens);
  add(v1::Deadline::KIND_WINDOW_CLOSES, closes);
  add(v1::Deadline::KIND_APPLICATIONS_OPEN, standard.registration.opens);
  add(v1::Deadline::KIND_APPLICATIONS_CLOSE, standard.registration.closes);
  std::map<std::pair<v1::Deadline::Kind, absl::Time>, OwnDeadline> own;
  for (int window = 0; window < static_cast<int>(standard.windows.size()); ++window) {
    const std::vector<std::string> users = UsersOf(standard, window);
    const auto take = [&](v1::Deadline::Kind kind, std::optional<absl::CivilSecond> at,
                          std::optional<absl::CivilSecond> standards) {
      if (!at || at == standards || users.empty()) return;
      OwnDeadline& deadline = own[{kind, absl::FromCivil(*at, standard.zone)}];
      deadline.concerns.insert(users.begin(), users.end());
      if (deadline.window < 0) deadline.window = window;
    };
    take(v1::Deadline::KIND_WINDOW_OPENS, WindowAt(standard, window).opens, standard.window.opens);
    take(v1::Deadline::KIND_WINDOW_CLOSES, LastMoment(standard, window), closes);
  }
  for (const auto& [key, deadline] : own) {
    deadlines.push_back({key.first, key.second, absl::StrJoin(deadline.concerns, ", "), deadline.window});
  }
  return deadlines;
}

std::vector<StandardSpan> SpansOf(const Standard& standard) {
  const Window results = {standard.window.opens, LastMoment(standard, -1)};
  std::vector<StandardSpan> spans;
  if (results.opens || results.closes) spans.push_back({false, results, "", -1});
  if (standard.registration.opens || standard.registration.closes) {
    spans.push_back({true, standard.registration, "", -1});
  }
  using Ends = std::pair<std::optional<absl::CivilSecond>, std::optional<absl::CivilSecond>>;
  std::map<Ends, OwnDeadline> own;
  for (int window = 0; window < static_cast<int>(standard.windows.size()); ++window) {
    const std::vector<std::string> users = UsersOf(standard, window);
    const Ends ends = {WindowAt(standard, window).opens, LastMoment(standard, window)};
    if (users.empty() || ends == Ends{results.opens, results.closes}) continue;
    OwnDeadline& span = own[ends];
    span.concerns.insert(users.begin(), users.end());
    if (span.window < 0) span.window = window;
  }
  for (const auto& [ends, span] : own) {
    spans.push_back({false, {ends.first, ends.second}, absl::StrJoin(span.concerns, ", "), span.window});
  }
  return spans;
}

std::set<absl::Time> TurningTimes(const Standard& standard) {
  std::set<absl::Time> times;
  const auto add = [&](absl::CivilSecond at) { times.insert(absl::FromCivil(at, standard.zone)); };
  if (standard.field.cutoff_decided) add(absl::CivilSecond(*standard.field.cutoff_decided));
  for (int window = -1; window < static_cast<int>(standard.windows.size()); ++window) {
    if (const auto last = LastMoment(standard, window)) add(*last + 1);
  }
  return times;
}

}  // namespace palmares::qualification
