#include "tools/palmares/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "palmares/v1/events.grpc.pb.h"

namespace palmares::tools {
namespace {

constexpr size_t kLongestId = 63;
constexpr size_t kMostCandidates = 10;

// "COLLECTION/ID" for it and for "ID".
absl::StatusOr<std::string> InCollection(absl::string_view text, absl::string_view collection, absl::string_view hint) {
  absl::string_view id = text;
  if (absl::ConsumePrefix(&id, collection)) absl::ConsumePrefix(&id, "/");
  if (IsId(id)) return absl::StrCat(collection, "/", id);
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\", want a name as ", hint));
}

// The ids of "events/E/editions/Y/races/R": "E/Y/R".
std::string IdsOf(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  return parts.size() == 6 ? absl::StrCat(parts[1], "/", parts[3], "/", parts[5]) : std::string(name);
}

absl::StatusOr<std::vector<std::string>> AllRaces(const Connection& connection) {
  v1::ListRacesRequest request;
  request.set_parent("events/-/editions/-");
  const auto races = connection.CallPages(&v1::EventService::Stub::ListRaces, request, 0,
                                          [](auto& response) { return response.mutable_races(); });
  if (!races.ok()) return races.status();
  std::vector<std::string> names;
  for (const v1::Race& race : races->races()) names.push_back(race.name());
  return names;
}

absl::Status Ambiguous(absl::string_view text, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string message = absl::StrCat("\"", text, "\": ", names.size(), " races end so, want one of");
  for (size_t i = 0; i < names.size() && i < kMostCandidates; ++i)
    absl::StrAppend(&message, "\n  ", ShortName(names[i]));
  if (names.size() > kMostCandidates) absl::StrAppend(&message, "\n  ...");
  return absl::InvalidArgumentError(message);
}

}  // namespace

bool IsId(absl::string_view text) {
  if (text.empty() || text.size() > kLongestId || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; });
}

std::string WholeRaceName(absl::string_view text) {
  absl::ConsumePrefix(&text, "events/");
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  const bool whole = parts.size() == 5 && parts[1] == "editions" && parts[3] == "races" && IsId(parts[0]) &&
                     IsId(parts[2]) && IsId(parts[4]);
  return whole ? absl::StrCat("events/", text) : "";
}

std::vector<std::string> MatchingRaces(absl::string_view text, const std::vector<std::string>& names) {
  std::vector<std::string> matches;
  const std::string end = absl::StrCat("/", text);
  for (const std::string& name : names) {
    if (absl::EndsWith(name, end)) matches.push_back(name);
  }
  if (!matches.empty()) return matches;
  for (const std::string& name : names) {
    const std::string ids = IdsOf(name);
    if (ids == text || absl::EndsWith(ids, end) || absl::StartsWith(ids, absl::StrCat(text, "/")))
      matches.push_back(name);
  }
  return matches;
}

absl::StatusOr<std::string> RaceName(const Connection& connection, absl::string_view text) {
  if (std::string whole = WholeRaceName(text); !whole.empty()) return whole;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (!std::all_of(parts.begin(), parts.end(), IsId)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\", want a race as boston-marathon/editions/2013/races/open or an end of it"));
  }
  const absl::StatusOr<std::vector<std::string>> names = AllRaces(connection);
  if (!names.ok()) return names.status();
  std::vector<std::string> matches = MatchingRaces(text, *names);
  if (matches.size() == 1) return matches.front();
  if (matches.size() > 1) return Ambiguous(text, std::move(matches));
  return absl::NotFoundError(absl::StrCat("\"", text, "\": no race ends so; see palmares races list"));
}

absl::StatusOr<std::string> ResultName(const Connection& connection, absl::string_view text) {
  const std::vector<absl::string_view> halves = absl::StrSplit(text, "/results/");
  if (halves.size() != 2 || !IsId(halves[1])) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text,
        "\", want a result as boston-marathon/editions/2013/races/open/results/7 or 2013/races/open/results/7"));
  }
  absl::StatusOr<std::string> race = RaceName(connection, halves[0]);
  if (!race.ok()) return race;
  return absl::StrCat(*race, "/results/", halves[1]);
}

absl::StatusOr<std::string> EventName(absl::string_view text) {
  return InCollection(text, "events", "events/boston-marathon");
}

absl::StatusOr<std::string> AthleteName(absl::string_view text) {
  return InCollection(text, "athletes", "athletes/1042; palmares athletes search TEXT finds it");
}

absl::StatusOr<std::string> StandardName(absl::string_view text) {
  const std::vector<absl::string_view> halves = absl::StrSplit(text, "/revisions/");
  int64_t revision = 0;
  const bool has_revision = halves.size() == 2;
  if (halves.size() > 2 || (has_revision && !absl::SimpleAtoi(halves[1], &revision))) {
    return InCollection("?", "standards", "standards/boston-2013/revisions/1");
  }
  absl::StatusOr<std::string> name =
      InCollection(halves[0], "standards", "standards/boston-2013; see palmares standards list");
  if (name.ok() && has_revision) absl::StrAppend(&*name, "/revisions/", revision);
  return name;
}

absl::StatusOr<std::string> ClubName(absl::string_view text) { return InCollection(text, "clubs", "clubs/baa"); }

absl::StatusOr<std::string> SeriesName(absl::string_view text) {
  return InCollection(text, "series", "series/winter-league; see palmares series list");
}

absl::StatusOr<std::string> ColumnMappingName(absl::string_view text) {
  return InCollection(text, "columnMappings", "columnMappings/mika; see palmares mappings list");
}

std::string RaceOfResult(absl::string_view result) { return std::string(result.substr(0, result.find("/results/"))); }

std::string ShortName(absl::string_view name) {
  const size_t slash = name.find('/');
  return std::string(slash == absl::string_view::npos ? name : name.substr(slash + 1));
}

std::string LastId(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return std::string(slash == absl::string_view::npos ? name : name.substr(slash + 1));
}

}  // namespace palmares::tools
