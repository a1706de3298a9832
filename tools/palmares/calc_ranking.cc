#include "tools/palmares/calc_ranking.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/typed.h"
#include "services/athletics/world_ranking.h"
#include "tools/palmares/calc_rules.h"

namespace palmares::tools {
namespace {

using athletics::RankedResult;
using athletics::RankingResult;
using athletics::ReadDiscipline;
using athletics::ReadMark;
using athletics::RecordClaim;
using athletics::WorldRankingScore;

// A row of the file by column name.
using Row = std::map<std::string, std::string>;

std::string Value(const Row& row, const std::string& name) {
  const auto found = row.find(name);
  return found == row.end() ? "" : std::string(absl::StripAsciiWhitespace(found->second));
}

std::vector<Row> RowsOf(const CalcTable& table) {
  std::vector<Row> rows;
  for (const auto& fields : table.rows) {
    Row& row = rows.emplace_back();
    for (size_t i = 0; i < fields.size(); ++i) row[absl::AsciiStrToLower(table.columns[i])] = fields[i];
  }
  return rows;
}

// "2026-07-21", or "21 JUL 2026" as World Athletics prints it.
absl::StatusOr<athletics::Date> ReadDay(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ' ', absl::SkipEmpty());
  if (parts.size() != 3) return athletics::ParseDate(text);
  static constexpr absl::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  const size_t month = kMonths.find(absl::AsciiStrToLower(parts[1].substr(0, 3)));
  int day = 0;
  if (month == absl::string_view::npos || month % 3 != 0 || !absl::SimpleAtoi(parts[0], &day)) {
    return athletics::ParseDate(text);
  }
  const std::string two_digits = month / 3 + 1 < 10 ? "0" : "";
  return athletics::ParseDate(absl::StrCat(parts[2], "-", two_digits, month / 3 + 1, "-", day < 10 ? "0" : "", day));
}

// "2.", "=3", "4 q": the first number, and whether the text says that the athlete got through.
void ReadPlace(const std::string& text, RankingResult& result) {
  const auto digit = std::find_if(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
  int place = 0;
  for (auto at = digit; at != text.end() && absl::ascii_isdigit(*at) && place < 100000; ++at)
    place = place * 10 + (*at - '0');
  result.place = place;
  result.got_through = absl::StrContains(absl::AsciiStrToLower(text), "q");
}

absl::Status ReadScoreAndWind(const Row& row, RankingResult& result) {
  if (const std::string score = Value(row, "result_score"); !score.empty()) {
    double value = 0;  // some lists print "1298.0"
    if (!absl::SimpleAtod(score, &value) || value < 0 || value > 2000) {
      return absl::InvalidArgumentError(absl::StrCat("result_score: \"", score, "\", want points"));
    }
    result.result_score = static_cast<int>(value);
  }
  const std::string wind = Value(row, "wind");
  result.wind_was_not_measured = absl::EqualsIgnoreCase(wind, "nwi");
  if (!wind.empty() && !result.wind_was_not_measured) {
    const auto value = ReadWind(wind);
    if (!value.ok()) return value.status();
    result.wind_cm_s = *value;
  }
  return absl::OkStatus();
}

RecordClaim ReadRecord(const Row& row) {
  if (row.count("record") == 0) return RecordClaim::kFromRecords;
  const std::string text = absl::AsciiStrToUpper(Value(row, "record"));
  if (text.empty()) return RecordClaim::kFromRecords;
  if (text == "WR" || text == "WSTR" || text == "WIR") return RecordClaim::kBroken;
  return absl::StartsWith(text, "=W") ? RecordClaim::kEqualled : RecordClaim::kNone;
}

// A discipline that is not known stays in the list under its own name: it is a result of another event.
absl::StatusOr<RankingResult> ReadResult(const Row& row) {
  const auto& tables = athletics::BuiltInScoringTables();
  RankingResult result;
  const auto date = ReadDay(Value(row, "date"));
  if (!date.ok()) return absl::InvalidArgumentError(absl::StrCat("date: ", date.status().message()));
  result.date = *date;
  result.competition = Value(row, "competition");
  result.category = absl::AsciiStrToUpper(Value(row, "category"));
  result.round = row.count("round") > 0 ? Value(row, "round") : Value(row, "race");
  result.split_time = absl::StrContains(absl::AsciiStrToLower(result.competition), "split times");
  result.record = ReadRecord(row);
  ReadPlace(Value(row, "place"), result);
  if (const std::string area = Value(row, "area_championship"); !area.empty()) result.area_championship = ReadYes(area);
  const auto discipline = ReadDiscipline(Value(row, "discipline"), tables);
  if (!discipline.ok()) {
    result.discipline = Value(row, "discipline");
    return result;
  }
  result.discipline = discipline->code;
  const std::string mark_text = Value(row, "mark");
  if (!mark_text.empty() && absl::ascii_isdigit(mark_text[0])) {
    const auto mark = ReadMark(mark_text, *discipline);
    if (!mark.ok()) return mark.status();
    result.mark = mark->mark;
    result.hand_timed = mark->timing == athletics::Timing::kHand;
  }
  if (absl::Status status = ReadScoreAndWind(row, result); !status.ok()) return status;
  return result;
}

std::string CountsText(const RankedResult& result) {
  if (result.counts) return "yes";
  return result.next ? "next" : "no";
}

CalcTable AnswerTable(const WorldRankingScore& score, const std::vector<Row>& rows) {
  CalcTable table;
  table.columns = {"counts",        "date",  "competition",  "discipline",    "category",          "round",
                   "place",         "mark",  "result_score", "placing_score", "performance_score", "record_bonus",
                   "ranking_score", "reason"};
  for (const RankedResult& result : score.results) {
    const Row& row = rows[result.input];
    table.rows.push_back({CountsText(result), Value(row, "date"), Value(row, "competition"), Value(row, "discipline"),
                          Value(row, "category"), row.count("round") > 0 ? Value(row, "round") : Value(row, "race"),
                          Value(row, "place"), Value(row, "mark"), absl::StrCat(result.result_score),
                          absl::StrCat(result.placing_score), absl::StrCat(result.performance_score),
                          absl::StrCat(result.record_bonus), absl::StrCat(score.score), result.reason});
  }
  return table;
}

std::string CamelCase(absl::string_view name) {
  std::string camel;
  bool upper = false;
  for (char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    camel.push_back(upper ? absl::ascii_toupper(c) : c);
    upper = false;
  }
  return camel;
}

void PrintResultJson(const CalcTable& table, const std::vector<std::string>& row, std::ostream& out) {
  static constexpr std::array<absl::string_view, 4> kNumbers = {"result_score", "placing_score", "performance_score",
                                                                "record_bonus"};
  out << "{";
  bool first = true;
  for (size_t i = 0; i < row.size(); ++i) {
    if (table.columns[i] == "ranking_score") continue;
    out << (first ? "" : ", ") << JsonText(CamelCase(table.columns[i])) << ": ";
    first = false;
    const bool number = std::find(kNumbers.begin(), kNumbers.end(), table.columns[i]) != kNumbers.end();
    out << (number ? row[i] : JsonText(row[i]));
  }
  out << "}";
}

void PrintJson(const WorldRankingScore& score, const CalcTable& table, std::ostream& out) {
  out << "{\n  \"edition\": " << JsonText(score.edition) << ",\n  \"windowFirst\": \""
      << athletics::FormatDate(score.window_first) << "\",\n  \"windowLast\": \""
      << athletics::FormatDate(score.window_last) << "\",\n  \"ranked\": " << (score.ranked ? "true" : "false")
      << ",\n  \"score\": " << score.score << ",\n  \"average\": " << score.average
      << ",\n  \"recordBonus\": " << score.record_bonus;
  if (!score.ranked) out << ",\n  \"whyNot\": " << JsonText(score.why_not);
  for (const bool counting : {true, false}) {
    out << ",\n  \"" << (counting ? "counting" : "notCounting") << "\": [";
    bool first = true;
    for (size_t i = 0; i < table.rows.size(); ++i) {
      if (score.results[i].counts != counting) continue;
      out << (first ? "\n    " : ",\n    ");
      first = false;
      PrintResultJson(table, table.rows[i], out);
    }
    out << (first ? "]" : "\n  ]");
  }
  out << "\n}\n";
}

void PrintForPeople(const WorldRankingScore& score, const CalcTable& table, int width, std::ostream& out) {
  if (score.ranked) {
    out << "score " << score.score << " (average " << score.average;
    if (score.record_bonus > 0) out << ", world record bonus " << score.record_bonus;
    out << ")";
  } else {
    out << "not ranked: " << score.why_not;
  }
  out << "; " << score.edition << ", " << athletics::FormatDate(score.window_first) << " to "
      << athletics::FormatDate(score.window_last) << "\n\n";
  PrintRows(out, table, CalcOutput::kTable, width);
}

}  // namespace

absl::Status PrintWorldRanking(absl::string_view text, const CalcRankingRequest& request, CalcOutput output, int width,
                               std::ostream& out) {
  const auto table = ReadCsv(text);
  if (!table.ok()) return table.status();
  const auto& tables = athletics::BuiltInScoringTables();
  const auto discipline = ReadDiscipline(request.discipline, tables);
  if (!discipline.ok()) return discipline.status();
  const auto sex = athletics::ParseSex(request.sex);
  if (!sex.has_value()) return absl::InvalidArgumentError(absl::StrCat("sex: \"", request.sex, "\", want M or W"));
  const auto as_of = ReadDay(request.as_of);
  if (!as_of.ok()) return as_of.status();
  const auto rules = athletics::BuiltInWorldRankingRules(*as_of);
  if (!rules.ok()) return rules.status();
  const std::vector<Row> rows = RowsOf(*table);
  std::vector<RankingResult> results;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto result = ReadResult(rows[i]);
    if (!result.ok()) return absl::InvalidArgumentError(absl::StrCat("results[", i, "].", result.status().message()));
    results.push_back(*result);
  }
  const auto score = athletics::ScoreWorldRanking(results, discipline->code, *sex, *as_of, **rules, tables);
  if (!score.ok()) return score.status();
  const CalcTable answer = AnswerTable(*score, rows);
  if (output == CalcOutput::kJson) {
    PrintJson(*score, answer, out);
  } else if (output == CalcOutput::kCsv) {
    PrintRows(out, answer, output);
  } else {
    PrintForPeople(*score, answer, width, out);
  }
  return absl::OkStatus();
}

}  // namespace palmares::tools
