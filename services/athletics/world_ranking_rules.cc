#include "services/athletics/world_ranking_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

using data::DataError;
using data::DataLine;

std::string OrEmpty(absl::string_view text) { return text == "-" ? std::string() : std::string(text); }

absl::Status WantValues(const DataLine& line, size_t count, absl::string_view form) {
  return line.values.size() == count ? absl::OkStatus() : DataError(line, absl::StrCat("want ", form));
}

absl::Status ReadEdition(const DataLine& line, WorldRankingRules& rules) {
  if (absl::Status status = WantValues(line, 3, "edition,NAME,YYYY-MM-DD"); !status.ok()) return status;
  const auto from = ParseDate(line.values[2]);
  if (!from.ok()) return DataError(line, from.status().message());
  rules.edition = std::string(line.values[1]);
  rules.from = *from;
  return absl::OkStatus();
}

absl::Status ReadPlacing(const DataLine& line, WorldRankingRules& rules) {
  if (absl::Status status = WantValues(line, 4, "placing,TABLE,CATEGORY,PLACE:SCORE ..."); !status.ok()) return status;
  PlacingScores scores;
  for (absl::string_view item : absl::StrSplit(line.values[3], ' ')) {
    const std::vector<absl::string_view> pair = absl::StrSplit(item, ':');
    int place = 0;
    int score = 0;
    if (pair.size() != 2 || !absl::SimpleAtoi(pair[1], &score) || score < 1 ||
        (pair[0] != "Q" && (!absl::SimpleAtoi(pair[0], &place) || place < 1))) {
      return DataError(line, absl::StrCat("\"", item, "\", want PLACE:SCORE or Q:SCORE"));
    }
    if (pair[0] == "Q") {
      scores.got_through = score;
    } else if (!scores.by_place.emplace(place, score).second) {
      return DataError(line, absl::StrCat("place ", place, " was given before"));
    }
  }
  auto& table = rules.placing[std::string(line.values[1])];
  if (!table.emplace(std::string(line.values[2]), std::move(scores)).second) {
    return DataError(line,
                     absl::StrCat("category ", line.values[2], " of table ", line.values[1], " was given before"));
  }
  return absl::OkStatus();
}

absl::Status ReadGroup(const DataLine& line, WorldRankingRules& rules) {
  if (absl::Status status = WantValues(line, 9, "group,NAME,MAIN,COUNTED,MIN_MAIN,MONTHS,FINAL,BEFORE,BEFORE_OW");
      !status.ok()) {
    return status;
  }
  EventGroup group;
  group.name = std::string(line.values[1]);
  group.main = std::string(line.values[2]);
  const auto counted = data::DataInteger(line, 3, "counted");
  const auto min_main = data::DataInteger(line, 4, "min main");
  const auto months = data::DataInteger(line, 5, "months");
  for (const auto* value : {&counted, &min_main, &months}) {
    if (!value->ok()) return value->status();
  }
  if (*counted < 1 || *min_main < 0 || *min_main > *counted || *months < 1) {
    return DataError(line, "want at least 1 counted result and month, and no more in the main event than are counted");
  }
  group.counted = static_cast<int>(*counted);
  group.min_main = static_cast<int>(*min_main);
  group.window_months = static_cast<int>(*months);
  group.final_table = std::string(line.values[6]);
  group.before_final_table = OrEmpty(line.values[7]);
  group.before_final_table_championship = OrEmpty(line.values[8]);
  for (const std::string& table :
       {group.final_table, group.before_final_table, group.before_final_table_championship}) {
    if (!table.empty() && rules.placing.count(table) == 0) {
      return DataError(line, absl::StrCat("no placing table ", table, " above this line"));
    }
  }
  rules.groups.push_back(std::move(group));
  return absl::OkStatus();
}

absl::Status ReadSimilar(const DataLine& line, WorldRankingRules& rules) {
  if (absl::Status status = WantValues(line, 3, "similar,CODE,FINAL"); !status.ok()) return status;
  if (rules.groups.empty()) return DataError(line, "want a group above it");
  SimilarEvent similar{std::string(line.values[1]), OrEmpty(line.values[2])};
  if (!similar.final_table.empty() && rules.placing.count(similar.final_table) == 0) {
    return DataError(line, absl::StrCat("no placing table ", similar.final_table, " above this line"));
  }
  rules.groups.back().similar.push_back(std::move(similar));
  return absl::OkStatus();
}

absl::Status ReadBonus(const DataLine& line, WorldRankingRules& rules) {
  const auto broken = data::DataInteger(line, 2, "broken");
  if (!broken.ok()) return broken.status();
  const auto equalled = data::DataInteger(line, 3, "equalled");
  if (!equalled.ok()) return equalled.status();
  if (line.values[1] != "main" && line.values[1] != "similar") return DataError(line, "want bonus,main or similar,...");
  (line.values[1] == "main" ? rules.main_bonus : rules.similar_bonus) = {static_cast<int>(*broken),
                                                                         static_cast<int>(*equalled)};
  return absl::OkStatus();
}

absl::Status ReadLine(const DataLine& line, WorldRankingRules& rules) {
  const absl::string_view keyword = line.values[0];
  if (keyword == "edition") return ReadEdition(line, rules);
  if (keyword == "placing") return ReadPlacing(line, rules);
  if (keyword == "group") return ReadGroup(line, rules);
  if (keyword == "similar") return ReadSimilar(line, rules);
  if (keyword == "bonus") return ReadBonus(line, rules);
  if (keyword == "demoted" && line.values.size() == 2) {
    rules.demoted_category = std::string(line.values[1]);
    return absl::OkStatus();
  }
  if (keyword == "area_years") {
    const auto years = data::DataInteger(line, 1, "area years");
    if (!years.ok()) return years.status();
    rules.area_years = static_cast<int>(*years);
    return absl::OkStatus();
  }
  return DataError(
      line, absl::StrCat("\"", keyword, "\", want edition, placing, group, similar, area_years, bonus or demoted"));
}

// Adds the groups that the edition does not have, with their placing tables.
void TakeMissingGroups(const WorldRankingRules& earlier, WorldRankingRules& rules) {
  for (const EventGroup& group : earlier.groups) {
    if (rules.FindGroup(group.main) != nullptr) continue;
    EventGroup& taken = rules.groups.emplace_back(group);
    if (taken.edition.empty()) taken.edition = earlier.edition;
    std::vector<std::string> tables = {group.final_table, group.before_final_table,
                                       group.before_final_table_championship};
    for (const SimilarEvent& similar : group.similar) tables.push_back(similar.final_table);
    for (const std::string& table : tables) {
      const auto found = earlier.placing.find(table);
      if (found != earlier.placing.end()) rules.placing.insert(*found);
    }
  }
}

// Oldest first.
const std::vector<WorldRankingRules>& BuiltInEditions() {
  // Never destroyed: other objects may use it at the program's end.
  static const std::vector<WorldRankingRules>& editions = *[] {
    auto* made = new std::vector<WorldRankingRules>();
    for (const char* file : {"world_ranking_2025.csv", "world_ranking_2026.csv"}) {
      WorldRankingRules rules = ParseWorldRankingRules(data::Embedded(file)).value();
      if (!made->empty()) TakeMissingGroups(made->back(), rules);
      made->push_back(std::move(rules));
    }
    return made;
  }();
  return editions;
}

using RecordsByEvent = std::map<std::pair<Sex, std::string>, std::vector<DatedRecord>>;

const RecordsByEvent& BuiltInRecords() {
  static const RecordsByEvent& records = *[] {
    auto* made = new RecordsByEvent();
    for (const DataLine& line : data::SplitDataFile(data::Embedded("world_record_progression.csv"))) {
      const Sex sex = line.values[1] == "M" ? Sex::kMen : Sex::kWomen;
      (*made)[{sex, std::string(line.values[2])}].push_back(
          {ParseDate(line.values[3]).value(), data::DataInteger(line, 4, "mark").value()});
    }
    return made;
  }();
  return records;
}

}  // namespace

const EventGroup* WorldRankingRules::FindGroup(absl::string_view main_code) const {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [main_code](const EventGroup& group) { return group.main == main_code; });
  return found == groups.end() ? nullptr : &*found;
}

bool WorldRankingRules::KnowsCategory(absl::string_view category) const {
  return std::any_of(placing.begin(), placing.end(),
                     [&](const auto& table) { return table.second.count(std::string(category)) > 0; });
}

absl::StatusOr<WorldRankingRules> ParseWorldRankingRules(absl::string_view text) {
  WorldRankingRules rules;
  for (const DataLine& line : data::SplitDataFile(text)) {
    if (absl::Status status = ReadLine(line, rules); !status.ok()) return status;
  }
  if (rules.edition.empty()) return absl::InvalidArgumentError("no edition line, want edition,NAME,YYYY-MM-DD");
  return rules;
}

absl::StatusOr<const WorldRankingRules*> BuiltInWorldRankingRules(Date as_of) {
  const WorldRankingRules* found = nullptr;
  for (const WorldRankingRules& rules : BuiltInEditions()) {
    if (rules.from <= as_of) found = &rules;
  }
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat("no world ranking rules for ", FormatDate(as_of), ", want ",
                                            FormatDate(BuiltInEditions().front().from), " or later"));
  }
  return found;
}

std::vector<DatedRecord> WorldRecordProgression(absl::string_view code, Sex sex) {
  const auto found = BuiltInRecords().find({sex, std::string(code)});
  return found == BuiltInRecords().end() ? std::vector<DatedRecord>() : found->second;
}

}  // namespace palmares::athletics
