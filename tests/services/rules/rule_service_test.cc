// The rules over the API answer what `palmares calc` answers, and refuse with field, value and what is wanted.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "palmares/v1/rules.grpc.pb.h"
#include "services/athletics/discipline.h"
#include "tests/services/server/running_server.h"
#include "tools/palmares/calc_rules.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RuleServiceTest : public ::testing::Test {
 protected:
  grpc::Status Points(const v1::CalculatePointsRequest& request, v1::CalculatePointsResponse* response) {
    return rules_->CalculatePoints(RunningServer::As("").get(), request, response);
  }
  grpc::Status AgeGrades(const v1::CalculateAgeGradesRequest& request, v1::CalculateAgeGradesResponse* response) {
    return rules_->CalculateAgeGrades(RunningServer::As("").get(), request, response);
  }
  grpc::Status Equivalents(const v1::CalculateEquivalentsRequest& request, v1::CalculateEquivalentsResponse* response) {
    return rules_->CalculateEquivalents(RunningServer::As("").get(), request, response);
  }

  static v1::CalculatePointsRequest::Query* AddMark(v1::CalculatePointsRequest& request, const std::string& discipline,
                                                    const std::string& mark, v1::Sex sex = v1::SEX_MEN) {
    v1::CalculatePointsRequest::Query* query = request.add_queries();
    query->set_discipline(discipline);
    query->set_sex(sex);
    query->mutable_mark()->set_text(mark);
    return query;
  }

  RunningServer server_;
  std::unique_ptr<v1::RuleService::Stub> rules_ = v1::RuleService::NewStub(server_.channel);
};

std::string Calculated(const std::string& calculation, const std::vector<std::pair<std::string, std::string>>& values,
                       const std::string& answer) {
  tools::CalcInputs inputs;
  for (const auto& [name, value] : values) inputs.Set(name, value);
  for (const tools::Calculation& candidate : tools::Calculations()) {
    if (candidate.name != calculation) continue;
    const auto answers = candidate.compute(inputs, athletics::BuiltInScoringTables());
    EXPECT_TRUE(answers.ok()) << answers.status();
    if (!answers.ok()) return "";
    for (const auto& [name, value] : *answers) {
      if (name == answer) return value;
    }
  }
  ADD_FAILURE() << calculation << " does not answer " << answer;
  return "";
}

TEST_F(RuleServiceTest, PointsAreThoseOfTheCalculator) {
  const std::vector<std::vector<std::string>> marks = {
      {"marathon", "M", "2:00:35", "", ""},   {"HM", "W", "1:05:16", "", ""},
      {"100m", "M", "9.67", "+4.1", ""},      {"100m", "M", "9.9h", "", ""},
      {"100m", "W", "10.90", "NWI", ""},      {"Mile sh", "M", "3:50.1", "", ""},
      {"10km-road", "M", "27:00", "", "2.5"}, {"long jump", "M", "8.95", "-0.4", ""},
      {"decathlon", "M", "9126", "", ""},     {"4x400m", "W", "3:15.17", "", ""},
      {"800m", "W", "1:55.30", "", ""}};
  v1::CalculatePointsRequest request;
  std::vector<std::string> wanted;
  for (const std::vector<std::string>& row : marks) {
    v1::CalculatePointsRequest::Query* query =
        AddMark(request, row[0], row[2], row[1] == "M" ? v1::SEX_MEN : v1::SEX_WOMEN);
    double wind = 0, drop = 0;
    if (row[3] == "NWI") {
      query->set_wind_not_measured(true);
    } else if (absl::SimpleAtod(row[3].empty() ? row[3] : row[3].substr(row[3][0] == '+'), &wind)) {
      query->set_wind_cm_s(static_cast<int32_t>(std::lround(wind * 100)));
    }
    if (absl::SimpleAtod(row[4], &drop)) query->set_net_drop_mm(static_cast<int64_t>(drop * 1000 * 10));
    wanted.push_back(Calculated(
        "points", {{"discipline", row[0]}, {"sex", row[1]}, {"mark", row[2]}, {"wind", row[3]}, {"drop", row[4]}},
        "points"));
  }
  v1::CalculatePointsResponse response;
  ASSERT_CALL(Points(request, &response));
  ASSERT_EQ(response.answers_size(), static_cast<int>(wanted.size()));
  for (int i = 0; i < response.answers_size(); ++i) {
    const auto& answer = response.answers(i);
    EXPECT_EQ(absl::StrCat(answer.points()), wanted[static_cast<size_t>(i)]) << request.queries(i).ShortDebugString();
    EXPECT_EQ(answer.points(), answer.table_points() + answer.wind_adjustment() + answer.downhill_adjustment());
  }
  EXPECT_EQ(response.rules(), "rules/world-athletics-scoring-2025");
}

TEST_F(RuleServiceTest, TheMarkForPointsIsTheSlowestThatIsWorthThem) {
  v1::CalculatePointsRequest request;
  const auto add = [&](const std::string& discipline, int points) {
    v1::CalculatePointsRequest::Query* query = request.add_queries();
    query->set_discipline(discipline);
    query->set_sex(v1::SEX_MEN);
    query->set_points(points);
    return query;
  };
  add("marathon", 1150);
  add("100m", 1150)->set_wind_cm_s(-150);
  add("100m", 1150)->set_wind_cm_s(310);
  add("100m", 1150)->set_timing(v1::TIMING_HAND);
  add("10km-road", 1150)->set_net_drop_mm(30'000);
  add("high-jump", 1150);
  v1::CalculatePointsResponse response;
  ASSERT_CALL(Points(request, &response));
  EXPECT_EQ(response.answers(0).mark().text(),
            Calculated("mark", {{"discipline", "marathon"}, {"sex", "M"}, {"points", "1150"}}, "mark"));
  for (int i = 0; i < request.queries_size(); ++i) {
    EXPECT_GE(response.answers(i).points(), 1150) << request.queries(i).ShortDebugString();
    v1::CalculatePointsRequest worse;
    *worse.add_queries() = request.queries(i);
    const bool jump = request.queries(i).discipline() == "high-jump";
    const int64_t step = request.queries(i).discipline().find("00m") != std::string::npos ? 10 : jump ? 10 : 1000;
    worse.mutable_queries(0)->mutable_mark()->set_value(response.answers(i).mark().value() + (jump ? -step : step));
    v1::CalculatePointsResponse less;
    ASSERT_CALL(Points(worse, &less));
    EXPECT_LT(less.answers(0).points(), 1150) << worse.ShortDebugString();
  }
}

TEST_F(RuleServiceTest, AgeGradesAreThoseOfTheCalculator) {
  v1::CalculateAgeGradesRequest request;
  std::vector<std::string> grades, standards, opens;
  const std::vector<std::vector<std::string>> runs = {
      {"marathon", "M", "45", "2:59:59"}, {"5km-road", "W", "72", "26:10"}, {"10km-road", "M", "8", "52:00"}};
  for (const auto& row : runs) {
    auto* query = request.add_queries();
    query->set_discipline(row[0]);
    query->set_sex(row[1] == "M" ? v1::SEX_MEN : v1::SEX_WOMEN);
    query->set_age(std::stoi(row[2]));
    query->mutable_mark()->set_text(row[3]);
    const std::vector<std::pair<std::string, std::string>> inputs = {
        {"discipline", row[0]}, {"sex", row[1]}, {"age", row[2]}, {"mark", row[3]}, {"table", "2015"}};
    grades.push_back(Calculated("age-grade", inputs, "age_grade"));
    standards.push_back(Calculated("age-grade", inputs, "standard"));
    opens.push_back(Calculated("age-grade", inputs, "open_equivalent"));
  }
  request.set_rules("rules/age-grading-road-2015");
  v1::CalculateAgeGradesResponse response;
  ASSERT_CALL(AgeGrades(request, &response));
  for (size_t i = 0; i < runs.size(); ++i) {
    const auto& answer = response.answers(static_cast<int>(i));
    EXPECT_EQ(absl::StrFormat("%d.%02d", answer.age_grade_per_myriad() / 100, answer.age_grade_per_myriad() % 100),
              grades[i]);
    EXPECT_EQ(answer.age_standard().text(), standards[i]);
    EXPECT_EQ(answer.open_equivalent().text(), opens[i]);
  }
  EXPECT_EQ(response.rules(), "rules/age-grading-road-2015");
}

TEST_F(RuleServiceTest, TheTimeForAnAgeGradeHasIt) {
  v1::CalculateAgeGradesRequest request;
  auto* query = request.add_queries();
  query->set_discipline("half-marathon");
  query->set_sex(v1::SEX_WOMEN);
  query->set_age(61);
  query->set_age_grade_per_myriad(7000);
  v1::CalculateAgeGradesResponse response;
  ASSERT_CALL(AgeGrades(request, &response));
  EXPECT_GE(response.answers(0).age_grade_per_myriad(), 7000);
  EXPECT_EQ(response.answers(0).mark().text(),
            Calculated("age-grade", {{"discipline", "half-marathon"}, {"sex", "W"}, {"age", "61"}, {"percent", "70"}},
                       "mark"));
  query->mutable_mark()->set_value(response.answers(0).mark().value() + 1000);
  ASSERT_CALL(AgeGrades(request, &response));
  EXPECT_LT(response.answers(0).age_grade_per_myriad(), 7000);
}

TEST_F(RuleServiceTest, EquivalentsAreThoseOfTheCalculatorByEachMethod) {
  v1::CalculateEquivalentsRequest request;
  request.set_discipline("half-marathon");
  request.set_sex(v1::SEX_MEN);
  request.mutable_mark()->set_text("1:10:00");
  request.add_target_disciplines("marathon");
  request.add_target_disciplines("12km-road");
  v1::CalculateEquivalentsResponse response;
  ASSERT_CALL(Equivalents(request, &response));
  for (const auto& equivalent : response.equivalents()) {
    EXPECT_EQ(equivalent.mark().text(),
              Calculated(
                  "equivalent",
                  {{"discipline", "half-marathon"}, {"sex", "M"}, {"mark", "1:10:00"}, {"to", equivalent.discipline()}},
                  "equivalent"));
  }
  request.set_method("age-grade");
  request.set_age(30);
  v1::CalculateEquivalentsResponse graded;
  ASSERT_CALL(Equivalents(request, &graded));
  EXPECT_EQ(graded.equivalents(0).method(), "age-grade");
  v1::CalculateAgeGradesRequest grades;
  for (const auto& [discipline, value] : std::vector<std::pair<std::string, int64_t>>{
           {"half-marathon", 4'200'000}, {"marathon", graded.equivalents(0).mark().value()}}) {
    auto* query = grades.add_queries();
    query->set_discipline(discipline);
    query->set_sex(v1::SEX_MEN);
    query->set_age(30);
    query->mutable_mark()->set_value(value);
  }
  v1::CalculateAgeGradesResponse both;
  ASSERT_CALL(AgeGrades(grades, &both));
  EXPECT_NEAR(both.answers(0).age_grade_per_myriad(), both.answers(1).age_grade_per_myriad(), 1);
}

TEST_F(RuleServiceTest, WithoutTargetsTheUsualRunsAreAnswered) {
  v1::CalculateEquivalentsRequest request;
  request.set_discipline("5000m");
  request.set_sex(v1::SEX_WOMEN);
  request.mutable_mark()->set_text("15:00.00");
  v1::CalculateEquivalentsResponse response;
  ASSERT_CALL(Equivalents(request, &response));
  std::vector<std::string> codes;
  for (const auto& equivalent : response.equivalents()) codes.push_back(equivalent.discipline());
  EXPECT_THAT(codes, ::testing::Contains("marathon"));
  EXPECT_THAT(codes, ::testing::Not(::testing::Contains("5000m")));
  EXPECT_EQ(response.rules(), "rules/world-athletics-scoring-2025");
}

TEST_F(RuleServiceTest, AMarkIsReadAndRoundedByTheRuleThatIsNamed) {
  const auto parse = [&](const std::string& text, const std::string& discipline, v1::Timing timing) {
    v1::ParseMarkRequest request;
    v1::ParseMarkResponse response;
    request.set_text(text);
    request.set_discipline(discipline);
    request.set_timing(timing);
    EXPECT_CALL_OK(rules_->ParseMark(RunningServer::As("").get(), request, &response));
    return response;
  };
  const v1::ParseMarkResponse hand = parse("59.83h", "400m", v1::TIMING_UNSPECIFIED);
  EXPECT_EQ(hand.timing(), v1::TIMING_HAND);
  EXPECT_EQ(hand.official_mark().value(), 59900);
  EXPECT_EQ(hand.decimals(), 2);
  EXPECT_THAT(hand.rule(), HasSubstr("hand"));
  EXPECT_EQ(parse("2:09:44.3", "marathon", v1::TIMING_TRANSPONDER).official_mark().text(), "2:09:45");
  EXPECT_EQ(parse("13:01.001", "5000m", v1::TIMING_AUTOMATIC).official_mark().text(), "13:01.01");
  EXPECT_EQ(parse("19-04.25", "long-jump", v1::TIMING_UNSPECIFIED).official_mark().text(), "5.89");
}

TEST_F(RuleServiceTest, AMarkThatNobodyCanMakeIsMendedWhereOneSlipExplainsItAndRefusedElsewhere) {
  v1::ParseMarkRequest request;
  v1::ParseMarkResponse response;
  request.set_text("3:53:17");
  request.set_discipline("1500m");
  ASSERT_CALL(rules_->ParseMark(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.mark().text(), "3:53.17");
  EXPECT_TRUE(response.reinterpreted());
  request.set_text("3:53.17");
  ASSERT_CALL(rules_->ParseMark(RunningServer::As("").get(), request, &response));
  EXPECT_FALSE(response.reinterpreted());
  request.set_text("25");
  request.set_discipline("high-jump");
  const grpc::Status refused = rules_->ParseMark(RunningServer::As("").get(), request, &response);
  EXPECT_EQ(ViolatedField(refused), "text");
  EXPECT_THAT(refused.error_message(), HasSubstr("want at most 2.695"));
}

TEST_F(RuleServiceTest, ADropOfAMillimetreMoreThanIsFreeIsNotFree) {
  v1::CalculatePointsRequest request;
  v1::CalculatePointsResponse response;
  AddMark(request, "marathon", "2:10:00")->set_net_drop_mm(42'195);
  AddMark(request, "marathon", "2:10:00")->set_net_drop_mm(42'196);
  ASSERT_CALL(Points(request, &response));
  EXPECT_EQ(response.answers(0).downhill_adjustment(), 0);
  EXPECT_EQ(response.answers(1).downhill_adjustment(), -6);
}

TEST_F(RuleServiceTest, DisciplinesAreFoundByAnyFormAndPagedInOrder) {
  v1::GetDisciplineRequest get;
  v1::Discipline discipline;
  get.set_discipline("10,000m");
  ASSERT_CALL(rules_->GetDiscipline(RunningServer::As("").get(), get, &discipline));
  EXPECT_EQ(discipline.code(), "10000m");
  EXPECT_EQ(discipline.decimals(), 2);
  EXPECT_TRUE(discipline.lower_is_better());
  get.set_discipline("marathn");
  const grpc::Status unknown = rules_->GetDiscipline(RunningServer::As("").get(), get, &discipline);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(unknown.error_message(), HasSubstr("marathon"));

  std::vector<std::string> codes;
  v1::ListDisciplinesRequest list;
  list.set_page_size(37);
  do {
    v1::ListDisciplinesResponse response;
    ASSERT_CALL(rules_->ListDisciplines(RunningServer::As("").get(), list, &response));
    for (const auto& item : response.disciplines()) codes.push_back(item.code());
    list.set_page_token(response.next_page_token());
  } while (!list.page_token().empty());
  std::vector<std::string> wanted;
  for (const auto* item : athletics::AllDisciplines()) wanted.push_back(item->code);
  EXPECT_EQ(codes, wanted);
}

TEST_F(RuleServiceTest, EveryAliasFindsItsDiscipline) {
  v1::ListDisciplinesRequest list;
  list.set_page_size(1000);
  v1::ListDisciplinesResponse response;
  ASSERT_CALL(rules_->ListDisciplines(RunningServer::As("").get(), list, &response));
  int aliases = 0;
  for (const auto& item : response.disciplines()) {
    for (const std::string& alias : item.aliases()) {
      const auto found = athletics::FindDiscipline(alias);
      ASSERT_TRUE(found.ok()) << alias;
      EXPECT_EQ((*found)->code, item.code()) << alias;
      ++aliases;
    }
  }
  EXPECT_GT(aliases, 50);
}

TEST_F(RuleServiceTest, FiltersNarrowDisciplinesAndRefuseWhatTheyDoNotKnow) {
  v1::ListDisciplinesRequest list;
  list.set_filter("surface = road AND walk = true");
  v1::ListDisciplinesResponse response;
  ASSERT_CALL(rules_->ListDisciplines(RunningServer::As("").get(), list, &response));
  ASSERT_GT(response.disciplines_size(), 0);
  for (const auto& item : response.disciplines()) {
    EXPECT_EQ(item.surface(), v1::Discipline::SURFACE_ROAD) << item.code();
    EXPECT_TRUE(item.walk()) << item.code();
  }
  for (const char* filter : {"surface = sand", "hurdles = 10", "walk = perhaps"}) {
    list.set_filter(filter);
    const grpc::Status refused = rules_->ListDisciplines(RunningServer::As("").get(), list, &response);
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << filter;
    EXPECT_EQ(ViolatedField(refused), "filter") << filter;
  }
}

TEST_F(RuleServiceTest, EditionsAreDatedAndDistinct) {
  v1::ListRuleEditionsRequest list;
  v1::ListRuleEditionsResponse response;
  ASSERT_CALL(rules_->ListRuleEditions(RunningServer::As("").get(), list, &response));
  std::set<std::string> names, digests;
  for (const auto& edition : response.rule_editions()) {
    names.insert(edition.name());
    digests.insert(edition.content_sha256());
    EXPECT_EQ(edition.content_sha256().size(), 32u) << edition.name();
    EXPECT_FALSE(edition.display_name().empty()) << edition.name();
    EXPECT_TRUE(edition.validity().has_start_date()) << edition.name();
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(response.rule_editions_size()));
  EXPECT_EQ(digests.size(), names.size());
  list.set_filter("kind = world-ranking AND validity = 2025-07-01");
  v1::ListRuleEditionsResponse narrowed;
  ASSERT_CALL(rules_->ListRuleEditions(RunningServer::As("").get(), list, &narrowed));
  ASSERT_EQ(narrowed.rule_editions_size(), 1);
  EXPECT_EQ(narrowed.rule_editions(0).name(), "rules/world-ranking-2025");
}

TEST_F(RuleServiceTest, WrongQueriesAreRefusedByField) {
  v1::CalculatePointsRequest request;
  v1::CalculatePointsResponse response;
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries");
  AddMark(request, "marathon", "2:10:00");
  AddMark(request, "marathn", "2:10:00");
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries[1].discipline");
  request.mutable_queries(1)->set_discipline("marathon");
  request.mutable_queries(1)->mutable_mark()->set_text("1:75:00");
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries[1].mark.text");
  request.mutable_queries(1)->set_points(5000);
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries[1].points");
  request.mutable_queries(1)->set_points(1000);
  request.mutable_queries(1)->set_wind_cm_s(100);
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries[1].wind_cm_s");
  request.mutable_queries(1)->clear_wind_cm_s();
  request.mutable_queries(1)->set_net_drop_mm(14'800'000);
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries[1].net_drop_mm");
  request.mutable_queries(1)->clear_net_drop_mm();
  request.mutable_queries(1)->clear_sex();
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries[1].sex");
  request.mutable_queries(1)->set_sex(v1::SEX_X);
  const grpc::Status no_table = Points(request, &response);
  EXPECT_EQ(no_table.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(no_table), "NO_TABLE");
  request.set_rules("rules/world-athletics-scoring-1985");
  EXPECT_EQ(Points(request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  for (int i = 0; i < 1001; ++i) AddMark(request, "marathon", "2:10:00");
  EXPECT_EQ(ViolatedField(Points(request, &response)), "queries");

  v1::CalculatePointsRequest sprints;
  AddMark(sprints, "100m", "3");
  EXPECT_EQ(ViolatedField(Points(sprints, &response)), "queries[0].mark.text");
  sprints.mutable_queries(0)->mutable_mark()->set_value(3'000);
  EXPECT_EQ(ViolatedField(Points(sprints, &response)), "queries[0].mark.value");
  sprints.mutable_queries(0)->mutable_mark()->set_value(9'450);
  const grpc::Status beyond = Points(sprints, &response);
  EXPECT_EQ(ViolatedField(beyond), "queries[0].mark");
  EXPECT_THAT(beyond.error_message(), HasSubstr("want 9.46 or slower"));
  sprints.mutable_queries(0)->mutable_mark()->set_value(10'000);
  sprints.mutable_queries(0)->set_wind_cm_s(4'500);
  EXPECT_EQ(ViolatedField(Points(sprints, &response)), "queries[0].wind_cm_s");

  v1::CalculateAgeGradesRequest grades;
  v1::CalculateAgeGradesResponse graded;
  auto* query = grades.add_queries();
  query->set_discipline("110mh");
  query->set_sex(v1::SEX_MEN);
  query->set_age(40);
  query->mutable_mark()->set_text("15.00");
  EXPECT_EQ(Reason(AgeGrades(grades, &graded)), "NO_TABLE");
  query->set_discipline("marathon");
  query->mutable_mark()->set_text("3:00:00");
  query->set_age(300);
  EXPECT_EQ(ViolatedField(AgeGrades(grades, &graded)), "queries[0].age");
  query->set_age(40);
  grades.set_rules("rules/age-grading-track-2023");
  EXPECT_EQ(Reason(AgeGrades(grades, &graded)), "NO_TABLE");
}

}  // namespace
}  // namespace palmares::testing
