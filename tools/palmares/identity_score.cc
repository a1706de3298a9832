#include "tools/palmares/identity_score.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace palmares::tools {
namespace {

using identity::Appearance;
using identity::Decision;
using identity::Linker;
using identity::Verdict;

int64_t PairsOf(int64_t count) { return count * (count - 1) / 2; }

// The linker's answers so far: athletes are numbered by the first of their rows.
class Run {
 public:
  Run(absl::Span<const LabelledRow> rows, const identity::Policy& policy, std::vector<WrongLink>* wrong)
      : rows_(rows), policy_(policy), wrong_(wrong), athlete_of_(rows.size(), -1) {}

  // Decides the rows of one race, then adds them. A row without a race is a group of its own.
  void Link(absl::Span<const size_t> group, int32_t race) {
    std::vector<Appearance> appearances;
    for (size_t row : group) {
      appearances.push_back(rows_[row].ToAppearance());
      appearances.back().race = race;
    }
    const std::vector<Decision> decisions = linker_.DecideSheet(appearances, policy_);
    for (size_t i = 0; i < group.size(); ++i) Take(group[i], appearances[i], decisions[i]);
  }

  IdentityScore Score() {
    score_.rows = static_cast<int64_t>(rows_.size());
    absl::flat_hash_map<std::string, int64_t> people;
    absl::flat_hash_map<int64_t, int64_t> athletes;
    absl::flat_hash_map<std::pair<int64_t, std::string>, int64_t> both;
    for (size_t i = 0; i < rows_.size(); ++i) {
      const std::string person = Person(i);
      ++people[person];
      ++athletes[athlete_of_[i]];
      ++both[{athlete_of_[i], person}];
    }
    for (const auto& [person, count] : people) score_.true_pairs += PairsOf(count);
    for (const auto& [athlete, count] : athletes) score_.linked_pairs += PairsOf(count);
    for (const auto& [pair, count] : both) score_.correct_pairs += PairsOf(count);
    return score_;
  }

 private:
  std::string Person(size_t row) const { return rows_[row].truth.empty() ? absl::StrCat("\n", row) : rows_[row].truth; }

  void Take(size_t row, const Appearance& appearance, const Decision& decision) {
    int64_t athlete = static_cast<int64_t>(row);
    if (decision.verdict == Verdict::kLinked) {
      athlete = decision.candidates.front().athlete;
      ++score_.linked_rows;
      if (wrong_ != nullptr && Person(static_cast<size_t>(athlete)) != Person(row)) {
        wrong_->push_back({row, static_cast<size_t>(athlete), identity::Explain(decision.candidates.front())});
      }
      for (const identity::Candidate& same : decision.same_person) Merge(same.athlete, athlete);
    } else if (decision.verdict == Verdict::kReview) {
      ++score_.review_rows;
      const bool found = std::any_of(
          decision.candidates.begin(), decision.candidates.end(),
          [&](const auto& candidate) { return Person(static_cast<size_t>(candidate.athlete)) == Person(row); });
      score_.review_found += found ? 1 : 0;
    }
    Assign(row, appearance, athlete);
  }

  void Assign(size_t row, const Appearance& appearance, int64_t athlete) {
    athlete_of_[row] = athlete;
    rows_of_[athlete].emplace_back(row, appearance);
    linker_.Add(athlete, appearance);
  }

  void Merge(int64_t from, int64_t into) {
    const auto found = rows_of_.find(from);
    if (from == into || found == rows_of_.end()) return;
    const auto moved = std::move(found->second);
    rows_of_.erase(found);
    for (const auto& [row, appearance] : moved) {
      linker_.Remove(from, appearance);
      Assign(row, appearance, into);
    }
  }

  absl::Span<const LabelledRow> rows_;
  const identity::Policy& policy_;
  std::vector<WrongLink>* wrong_;
  Linker linker_;
  std::vector<int64_t> athlete_of_;
  absl::flat_hash_map<int64_t, std::vector<std::pair<size_t, Appearance>>> rows_of_;
  IdentityScore score_;
};

struct Options {
  std::string file;
  std::string truth;
  std::string columns;
  std::string output = "table";
  bool show_wrong = false;
  identity::Policy policy;
};

void Print(const IdentityScore& score, absl::string_view output) {
  if (output == "json") {
    std::cout << absl::StrFormat(
        "{\"precision\":%.6f,\"recall\":%.6f,\"review_share\":%.6f,\"pairs\":%d,\"linked_pairs\":%d,\"correct_pairs\":%"
        "d,"
        "\"rows\":%d,\"races\":%d,\"linked_rows\":%d,\"review_rows\":%d,\"review_found\":%d}\n",
        score.precision(), score.recall(), score.review_share(), score.true_pairs, score.linked_pairs,
        score.correct_pairs, score.rows, score.races, score.linked_rows, score.review_rows, score.review_found);
  } else if (output == "csv") {
    std::cout << "precision,recall,review_share,pairs,linked_pairs,correct_pairs,rows,races,linked_rows,review_rows,"
                 "review_found\n"
              << absl::StrFormat("%.6f,%.6f,%.6f,%d,%d,%d,%d,%d,%d,%d,%d\n", score.precision(), score.recall(),
                                 score.review_share(), score.true_pairs, score.linked_pairs, score.correct_pairs,
                                 score.rows, score.races, score.linked_rows, score.review_rows, score.review_found);
  } else {
    std::cout << absl::StrFormat("precision     %8.4f  %d of %d linked pairs are right\n", score.precision(),
                                 score.correct_pairs, score.linked_pairs)
              << absl::StrFormat("recall        %8.4f  %d of %d pairs are linked\n", score.recall(),
                                 score.correct_pairs, score.true_pairs)
              << absl::StrFormat("review share  %8.4f  %d of %d rows, of which %d have their person proposed\n",
                                 score.review_share(), score.review_rows, score.rows, score.review_found)
              << absl::StrFormat("pairs         %8d  in %d races\n", score.true_pairs, score.races);
  }
}

std::string Describe(const LabelledRow& row) {
  return absl::StrCat(row.given_name, " ", row.family_name, row.name, " ", athletics::FormatPartialDate(row.birth), " ",
                      row.age > 0 ? absl::StrCat(row.age) : "", " ", row.city, " ", row.region, " ", row.country, " [",
                      row.race, "]");
}

int RunScore(const Options& options) {
  std::ifstream in(options.file, std::ios::binary);
  if (!in) {
    std::cerr << options.file << ": cannot be read\n";
    return 2;
  }
  std::stringstream text;
  text << in.rdbuf();
  std::vector<std::string> notes;
  const absl::StatusOr<std::vector<LabelledRow>> rows =
      ReadLabelledRows(text.str(), options.truth, options.columns, &notes);
  if (!rows.ok()) {
    std::cerr << options.file << ": " << rows.status().message() << "\n";
    return 2;
  }
  for (const std::string& note : notes) std::cerr << "column " << note << "\n";
  std::vector<WrongLink> wrong;
  const IdentityScore score = ScoreIdentity(*rows, options.policy, &wrong);
  for (const WrongLink& link : wrong) {
    if (!options.show_wrong) break;
    std::cerr << "wrong: " << Describe((*rows)[link.row]) << " | " << Describe((*rows)[link.other]) << " | "
              << link.explanation << "\n";
  }
  Print(score, options.output);
  return 0;
}

}  // namespace

IdentityScore ScoreIdentity(absl::Span<const LabelledRow> rows, const identity::Policy& policy,
                            std::vector<WrongLink>* wrong) {
  std::vector<size_t> order(rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&rows](size_t a, size_t b) {
    return std::tie(rows[a].date, rows[a].race) < std::tie(rows[b].date, rows[b].race);
  });
  Run run(rows, policy, wrong);
  int32_t races = 0;
  for (size_t i = 0; i < order.size();) {
    size_t end = i + 1;
    const LabelledRow& first = rows[order[i]];
    const bool alone = first.race.empty();
    while (!alone && end < order.size() && rows[order[end]].race == first.race) ++end;
    run.Link(absl::MakeConstSpan(order).subspan(i, end - i), alone ? identity::kNoRace : races);
    races += alone ? 0 : 1;
    i = end;
  }
  IdentityScore score = run.Score();
  score.races = races;
  return score;
}

void AddIdentityCommands(CLI::App& identity, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* score =
      identity.add_subcommand("score", "Link the rows of a labelled file and say how many pairs are right");
  score->add_option("file", options->file, "CSV with a header, one row for each result")->required();
  score->add_option("--truth", options->truth, "The column that says who a row is; empty is a person of its own")
      ->required();
  score->add_option("--columns", options->columns, "HEADER=FIELD,... where the headers do not tell what a column is");
  score->add_option("--output", options->output, "table, json or csv")
      ->check(CLI::IsMember(std::set<std::string>{"table", "json", "csv"}));
  score->add_option("--link-weight", options->policy.link_weight, "Thousandths of bits from which on a row is linked");
  score->add_option("--review-weight", options->policy.review_weight,
                    "Thousandths of bits from which on it is proposed");
  score->add_option("--margin", options->policy.margin, "Thousandths of bits by which the best must lead the next");
  score->add_flag("--wrong", options->show_wrong, "Print each wrong link with its evidence to standard error");
  score->callback([options, &exit_code] { exit_code = RunScore(*options); });
}

}  // namespace palmares::tools
