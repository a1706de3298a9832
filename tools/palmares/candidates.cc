// palmares candidates: athletes who agreed to be found by sponsors.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct CandidateOptions {
  std::vector<std::string> athletes;  // to compare
  std::vector<std::string> disciplines, countries, levels, standards;
  std::string sex, division, ages;
  int points = 0;
  double improvement = 0;
  int races = 0;
  int64_t followers = 0;
  int64_t limit = -1;
};

// "20-34", "40+".
absl::Status ReadAges(const std::string& text, v1::AgeBand* band) {
  const std::vector<absl::string_view> ends = absl::StrSplit(text, '-');
  int32_t min = 0, max = 0;
  const bool open = !text.empty() && text.back() == '+';
  const bool good = open ? absl::SimpleAtoi(absl::string_view(text).substr(0, text.size() - 1), &min)
                         : ends.size() == 2 && absl::SimpleAtoi(ends[0], &min) && absl::SimpleAtoi(ends[1], &max);
  if (!good) return absl::InvalidArgumentError(absl::StrCat("--ages: \"", text, "\", want 20-34 or 40+"));
  band->set_min_age(min);
  band->set_max_age(max);
  return absl::OkStatus();
}

absl::StatusOr<v1::CandidateCriteria> ReadCriteria(const CandidateOptions& options) {
  v1::CandidateCriteria criteria;
  for (const std::string& discipline : options.disciplines) criteria.add_disciplines(discipline);
  for (const std::string& country : options.countries) criteria.add_countries(country);
  for (const std::string& level : options.levels) criteria.add_levels(level);
  for (const std::string& standard : options.standards) {
    const absl::StatusOr<std::string> name = StandardName(standard);
    if (!name.ok()) return name.status();
    criteria.add_standards_met(*name);
  }
  if (!options.sex.empty()) {
    const absl::StatusOr<v1::Sex> sex = ParseSex(options.sex);
    if (!sex.ok()) return sex.status();
    criteria.set_sex(*sex);
  }
  if (!options.division.empty()) {
    const absl::StatusOr<v1::Division> division = ParseEnumCode<v1::Division>(options.division);
    if (!division.ok()) return absl::InvalidArgumentError(absl::StrCat("--division: ", division.status().message()));
    criteria.set_division(*division);
  }
  if (!options.ages.empty()) {
    if (absl::Status status = ReadAges(options.ages, criteria.mutable_age_band()); !status.ok()) return status;
  }
  criteria.set_min_points(options.points);
  criteria.set_min_improvement_percent(options.improvement);
  criteria.set_min_races_per_season(options.races);
  criteria.set_min_followers(options.followers);
  return criteria;
}

std::string ReasonsText(const v1::Candidate& candidate) {
  return absl::StrJoin(candidate.reasons(), "; ", [](std::string* out, const v1::ScoreReason& reason) {
    absl::StrAppendFormat(out, "%.1f %s", reason.score(), reason.text());
    if (reason.verification() == v1::VERIFICATION_SELF_REPORTED) absl::StrAppend(out, " (self-reported)");
  });
}

Table CandidateTable(const google::protobuf::RepeatedPtrField<v1::Candidate>& candidates) {
  Table table{{{"score", ColumnKind::kNumber},
               {"name"},
               {"athlete", ColumnKind::kKey},
               {"country", ColumnKind::kCode},
               {"ages", ColumnKind::kCode},
               {"reasons", ColumnKind::kSentence},
               {"headline", ColumnKind::kSentence}},
              {}};
  for (const v1::Candidate& candidate : candidates) {
    table.rows.push_back({FormatDown(candidate.score(), 1), candidate.display_name(), candidate.athlete(),
                          candidate.country(), candidate.age_band().label(), ReasonsText(candidate),
                          candidate.headline()});
  }
  return table;
}

absl::StatusOr<ExitCode> Search(Session& session, const CandidateOptions& options) {
  absl::StatusOr<v1::CandidateCriteria> criteria = ReadCriteria(options);
  if (!criteria.ok()) return criteria.status();
  v1::SearchCandidatesRequest request;
  *request.mutable_criteria() = *std::move(criteria);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto found =
      (*connection)
          ->CallPages(&v1::ProfileService::Stub::SearchCandidates, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_candidates(); });
  if (!found.ok()) return found.status();
  session.Print(*found, CandidateTable(found->candidates()));
  session.SayIfCut(found->candidates_size(), found->total_size());
  if (!found->candidates().empty()) return ExitCode::kDone;
  session.Say("Nobody who agreed to be found so matches.");
  return ExitCode::kNo;
}

// One row a figure, one column a candidate.
Table FigureTable(const v1::CompareCandidatesResponse& compared) {
  Table table{{{"figure"}}, {}};
  for (const v1::Candidate& candidate : compared.candidates()) {
    table.columns.push_back(
        {Printable(absl::StrCat(candidate.display_name(), " (", LastId(candidate.athlete()), ")"))});
  }
  table.columns.push_back({"verification", ColumnKind::kCode});
  std::vector<std::string> scores = {"score"};
  for (const v1::Candidate& candidate : compared.candidates()) {
    scores.push_back(FormatDown(candidate.score(), 1));
  }
  scores.emplace_back();
  table.rows.push_back(std::move(scores));
  for (const v1::ComparedFigure& figure : compared.figures()) {
    std::vector<std::string> row = {figure.label()};
    row.insert(row.end(), figure.values().begin(), figure.values().end());
    row.push_back(EnumCode(figure.verification()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

absl::StatusOr<ExitCode> Compare(Session& session, const CandidateOptions& options) {
  absl::StatusOr<v1::CandidateCriteria> criteria = ReadCriteria(options);
  if (!criteria.ok()) return criteria.status();
  v1::CompareCandidatesRequest request;
  *request.mutable_criteria() = *std::move(criteria);
  for (const std::string& text : options.athletes) {
    const absl::StatusOr<std::string> athlete = AthleteName(text);
    if (!athlete.ok()) return athlete.status();
    request.add_athletes(*athlete);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto compared = (*connection)->Call(&v1::ProfileService::Stub::CompareCandidates, request);
  if (!compared.ok()) return compared.status();
  session.Print(*compared, FigureTable(*compared));
  return ExitCode::kDone;
}

void AddList(CLI::App* command, const std::string& name, std::vector<std::string>* values, const std::string& help,
             const std::string& type) {
  command->add_option(name, *values, absl::StrCat(help, "; may be repeated"))->expected(1)->take_all()->type_name(type);
}

void AddCriteria(CLI::App* command, CandidateOptions* options) {
  AddList(command, "--discipline", &options->disciplines, "Who does one of these disciplines", "D");
  AddList(command, "--country", &options->countries, "Who represents one of these countries", "C");
  AddList(command, "--level", &options->levels, "Who finished at one of these levels of competition", "LEVEL");
  AddList(command, "--standard", &options->standards, "Who meets all of these standards", "S");
  command->add_option("--sex", options->sex, "Only this category")->type_name("W|M|X");
  command->add_option("--division", options->division, "Only of this division")
      ->type_name("running|wheelchair|handcycle|other-para");
  command->add_option("--ages", options->ages, "Age today: 20-34 or 40+")->type_name("AGES");
  command->add_option("--points", options->points, "World Athletics points in the last two years, at least")
      ->type_name("N");
  command
      ->add_option("--improvement", options->improvement,
                   "How much better the season's best is than two years before, in per cent, at least")
      ->type_name("PERCENT");
  command->add_option("--races", options->races, "Races a season, at least")->type_name("N");
  command->add_option("--followers", options->followers, "Followers in all, as they say themselves, at least")
      ->type_name("N");
}

}  // namespace

void AddCandidateCommands(Commands& commands) {
  CLI::App* candidates = commands.Group("candidates", "Candidates for sponsors: athletes who agreed to be found");
  const auto searching = std::make_shared<CandidateOptions>();
  CLI::App* search =
      commands.Add(candidates, "search", "Finds candidates, best match first, and says why",
                   {"palmares candidates search --discipline marathon --sex W --points 1000 --ages 20-34"},
                   [searching](Session& session) { return Search(session, *searching); });
  AddCriteria(search, searching.get());
  AddLimit(search, &searching->limit);
  const auto comparing = std::make_shared<CandidateOptions>();
  CLI::App* compare = commands.Add(candidates, "compare", "Puts candidates side by side, figure by figure",
                                   {"palmares candidates compare 1042 7311 --discipline marathon"},
                                   [comparing](Session& session) { return Compare(session, *comparing); });
  compare->add_option("ATHLETE", comparing->athletes, "Two to ten athletes: 1042 or athletes/1042")
      ->required()
      ->expected(2, 10);
  AddCriteria(compare, comparing.get());
}

}  // namespace palmares::tools
