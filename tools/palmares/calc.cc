#include "tools/palmares/calc.h"

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/palmares/calc_mended.h"
#include "tools/palmares/calc_ranking.h"
#include "tools/palmares/calc_rules.h"
#include "tools/palmares/calc_table.h"
#include "tools/palmares/printable.h"

namespace palmares::tools {
namespace {

constexpr int kDone = 0;
constexpr int kRowsRefused = 1;
constexpr int kBadUsage = 2;
constexpr char kReinterpreted[] = "reinterpreted";  // the key of JSON, as in the API

// What the command line gave to one calculation.
struct Request {
  std::map<std::string, std::string> values;
  std::string batch;         // a file, or "-"
  std::string scoring_file;  // another edition of the scoring tables
};

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

absl::StatusOr<std::string> ReadInput(const std::string& name, std::istream& in) {
  if (name == "-") return ReadAll(in);
  std::ifstream file(name, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("file: \"", name, "\" cannot be read"));
  return ReadAll(file);
}

absl::StatusOr<CalcOutput> OutputOf(const std::string& text, CalcOutput otherwise) {
  if (text.empty()) return otherwise;
  if (text == "table") return CalcOutput::kTable;
  if (text == "json") return CalcOutput::kJson;
  if (text == "csv") return CalcOutput::kCsv;
  return absl::InvalidArgumentError(absl::StrCat("output: \"", text, "\", want table, json or csv"));
}

int Fail(CalcStreams& streams, const absl::Status& status) {
  streams.error << "palmares calc: " << status.message() << "\n";
  return kBadUsage;
}

// The edition named by --scoring-tables, else the one compiled in.
absl::StatusOr<std::shared_ptr<const athletics::ScoringTables>> TablesOf(const Request& request, std::istream& in) {
  if (request.scoring_file.empty()) {
    return std::shared_ptr<const athletics::ScoringTables>(&athletics::BuiltInScoringTables(), [](const auto*) {});
  }
  const auto text = ReadInput(request.scoring_file, in);
  if (!text.ok()) return text.status();
  auto tables = athletics::ParseScoringTables(*text);
  if (!tables.ok()) return tables.status();
  return std::make_shared<const athletics::ScoringTables>(*std::move(tables));
}

// The column of the file that holds an input: its own name, or one that other files give it.
std::optional<size_t> ColumnOf(const CalcTable& table, const std::string& input) {
  static const auto& others = *new std::map<std::string, std::vector<std::string>>{
      {"discipline", {"event"}}, {"sex", {"gender"}}, {"mark", {"time", "mark_value", "performance"}}};
  std::vector<std::string> names = {input};
  if (const auto found = others.find(input); found != others.end()) {
    names.insert(names.end(), found->second.begin(), found->second.end());
  }
  for (const std::string& name : names) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (absl::AsciiStrToLower(absl::StripAsciiWhitespace(table.columns[i])) == name) return i;
    }
  }
  return std::nullopt;
}

// The column of an answer: the file's own where it has one of that name, which the answer then replaces.
size_t AnswerColumn(CalcTable& table, const std::string& name) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i] == name) return i;
  }
  table.columns.push_back(name);
  for (auto& row : table.rows) row.emplace_back();
  return table.columns.size() - 1;
}

// Says of which rows a mark was read otherwise than it was written, of the first ones how.
class MendedRows {
 public:
  void Add(size_t row, const std::string& mended) {
    constexpr size_t kShown = 10;
    if (++count_ <= kShown) lines_.push_back(absl::StrCat("palmares calc: row ", row + 1, ": ", mended, "\n"));
  }
  void Say(CalcStreams& streams) const {
    if (streams.quiet) return;
    for (const std::string& line : lines_) streams.error << PrintableLines(line);
    if (count_ > lines_.size()) {
      streams.error << "palmares calc: " << count_ - lines_.size() << " more rows so; --output json says it of each\n";
    }
  }

 private:
  std::vector<std::string> lines_;
  size_t count_ = 0;
};

int RunBatch(const Calculation& calculation, const Request& request, const athletics::ScoringTables& tables,
             CalcStreams& streams) {
  const auto output = OutputOf(streams.output, CalcOutput::kCsv);
  if (!output.ok()) return Fail(streams, output.status());
  const auto text = ReadInput(request.batch, streams.in);
  if (!text.ok()) return Fail(streams, text.status());
  auto table = ReadCsv(*text);
  if (!table.ok()) return Fail(streams, table.status());
  std::map<std::string, size_t> columns;
  for (const auto& [input, help] : calculation.inputs) {
    if (const auto column = ColumnOf(*table, input)) columns[input] = *column;
  }
  const CalcTable read = *table;
  std::map<std::string, size_t> answers;
  for (const std::string& answer : calculation.answers) answers[answer] = AnswerColumn(*table, answer);
  std::optional<size_t> error_column;
  size_t refused = 0;
  MendedRows mended_rows;
  for (size_t i = 0; i < read.rows.size(); ++i) {
    CalcInputs inputs;
    for (const auto& [name, value] : request.values) inputs.Set(name, value);
    for (const auto& [name, column] : columns) {
      if (!read.rows[i][column].empty()) inputs.Set(name, read.rows[i][column]);
    }
    const auto computed = calculation.compute(inputs, tables);
    if (computed.ok()) {
      for (const auto& [name, value] : *computed)
        table->rows[i][answers.count(name) > 0 ? answers[name] : AnswerColumn(*table, name)] = value;
      const std::string mended = MendedMarks(inputs, tables);
      if (mended.empty()) continue;
      mended_rows.Add(i, mended);
      if (*output == CalcOutput::kJson) table->rows[i][AnswerColumn(*table, kReinterpreted)] = mended;
      continue;
    }
    if (!error_column.has_value()) error_column = AnswerColumn(*table, "error");
    for (const auto& [name, column] : answers) table->rows[i][column].clear();
    table->rows[i][*error_column] = std::string(computed.status().message());
    ++refused;
  }
  PrintRows(streams.out, *table, *output, streams.width);
  mended_rows.Say(streams);
  if (refused == 0) return kDone;
  streams.error << "palmares calc: " << refused << " of " << read.rows.size()
                << " rows refused; see the column \"error\"\n";
  return kRowsRefused;
}

int RunOne(const Calculation& calculation, const Request& request, const athletics::ScoringTables& tables,
           CalcStreams& streams) {
  const auto output = OutputOf(streams.output, CalcOutput::kTable);
  if (!output.ok()) return Fail(streams, output.status());
  CalcInputs inputs;
  for (const auto& [name, value] : request.values) inputs.Set(name, value);
  const auto answers = calculation.compute(inputs, tables);
  if (!answers.ok()) return Fail(streams, answers.status());
  const std::string mended = MendedMarks(inputs, tables);
  if (!mended.empty() && !streams.quiet) streams.error << "palmares calc: " << Printable(mended) << "\n";
  if (*output == CalcOutput::kJson) {
    streams.out << "{";
    for (size_t i = 0; i < answers->size(); ++i) {
      streams.out << (i == 0 ? "" : ", ") << JsonText((*answers)[i].first) << ": " << JsonText((*answers)[i].second);
    }
    if (!mended.empty()) streams.out << ", " << JsonText(kReinterpreted) << ": " << JsonText(mended);
    streams.out << "}\n";
    return kDone;
  }
  CalcTable table;
  std::vector<std::string>& row = table.rows.emplace_back();
  for (const auto& [name, value] : *answers) {
    table.columns.push_back(name);
    row.push_back(value);
  }
  PrintRows(streams.out, table, *output, streams.width);
  return kDone;
}

int RunCalculation(const Calculation& calculation, const Request& request, CalcStreams& streams) {
  const auto tables = TablesOf(request, streams.in);
  if (!tables.ok()) return Fail(streams, tables.status());
  return request.batch.empty() ? RunOne(calculation, request, **tables, streams)
                               : RunBatch(calculation, request, **tables, streams);
}

void AddCalculation(CLI::App& calc, const Calculation& calculation, const std::function<void(CalcAction)>& chosen) {
  auto request = std::make_shared<Request>();
  CLI::App* command = calc.add_subcommand(calculation.name, calculation.description);
  command->fallthrough();
  for (const auto& [input, help] : calculation.inputs) {
    const std::string option = "--" + absl::StrReplaceAll(input, {{"_", "-"}});
    if (input == "short_track") {
      command->add_flag_callback(
          option, [request] { request->values["short_track"] = "yes"; }, help);
    } else {
      command->add_option(absl::StrCat(option, ",", input), request->values[input], help);
    }
  }
  command->add_option("--batch", request->batch,
                      "reads CSV with these inputs as columns (- for standard input) and adds columns");
  command->add_option("--scoring-tables", request->scoring_file, "another edition of the scoring tables");
  command->callback([&calculation, request, chosen] {
    chosen([&calculation, request](CalcStreams& streams) { return RunCalculation(calculation, *request, streams); });
  });
}

void AddWorldRanking(CLI::App& calc, const std::function<void(CalcAction)>& chosen) {
  auto request = std::make_shared<CalcRankingRequest>();
  auto file = std::make_shared<std::string>();
  CLI::App* command = calc.add_subcommand("world-ranking", "world ranking score of one athlete's results in a file");
  command->fallthrough();
  command->add_option("--discipline", request->discipline, "the main event of the group: 1500m")->required();
  command->add_option("--sex", request->sex, "M or W")->required();
  command->add_option("--as-of", request->as_of, "the day of the ranking")->required();
  command
      ->add_option(
          "FILE", *file,
          "CSV: date,competition,discipline,category,round,place,mark[,result_score][,wind][,area_championship]"
          "[,record]; - for standard input")
      ->required();
  command->callback([request, file, chosen] {
    chosen([request, file](CalcStreams& streams) {
      const auto output = OutputOf(streams.output, CalcOutput::kTable);
      if (!output.ok()) return Fail(streams, output.status());
      const auto text = ReadInput(*file, streams.in);
      if (!text.ok()) return Fail(streams, text.status());
      const absl::Status status = PrintWorldRanking(*text, *request, *output, streams.width, streams.out);
      return status.ok() ? kDone : Fail(streams, status);
    });
  });
}

}  // namespace

void AddCalcCommands(CLI::App& app, const std::function<void(CalcAction)>& chosen) {
  CLI::App* calc = app.add_subcommand("calc", "the rules of the sport as a calculator; needs no server");
  calc->fallthrough();
  calc->require_subcommand(1);
  for (const Calculation& calculation : Calculations()) AddCalculation(*calc, calculation, chosen);
  AddWorldRanking(*calc, chosen);
}

}  // namespace palmares::tools
