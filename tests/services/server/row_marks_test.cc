// What stands beside a mark on a sheet: who advances, and how the time was taken.
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kSprintSheet[] =
    "place,bib,name,sex,mark,wind,qual\n"
    "1,1,Ada Quick,M,10.2h,0.0,Q\n"
    "2,2,Bo Steady,M,10.30q,0.0,\n"
    "3,3,Cy Even,M,10.43,0.0,q YC\n"
    "4,4,Di Later,M,11.73,0.0,\n";

class RowMarksTest : public ::testing::Test {
 protected:
  RowMarksTest() : race_(server_.MakeRace("track-meet", "2025", DateOf(2025, 6, 7), "100m")) {
    server_.MustImport(race_, kSprintSheet);
  }

  grpc::Status Correct(const std::string& bib, const std::vector<std::string>& paths, const v1::ResultRow& row) {
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_reason("the referee's decision");
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    *request.mutable_row() = row;
    return server_.results->CorrectResult(server_.AsOperator().get(), request, &response);
  }
  v1::Result Get(const std::string& bib) {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(server_.ByBib(race_, bib).name());
    EXPECT_CALL_OK(server_.results->GetResult(server_.AsOperator().get(), request, &result));
    return result;
  }
  std::string Export() {
    v1::ExportSheetRequest request;
    request.set_name(race_ + "/sheet");
    request.set_format(v1::EXPORT_FORMAT_CSV);
    const auto context = server_.AsOperator();
    const auto reader = server_.sheets->ExportSheet(context.get(), request);
    std::string content;
    for (v1::FileChunk chunk; reader->Read(&chunk);) content += chunk.data();
    EXPECT_CALL_OK(reader->Finish());
    return content;
  }
  static v1::Legality::State RecordLegality(const v1::Result& result) {
    for (const v1::Legality& legality : result.legality()) {
      if (legality.purpose() == v1::Legality::PURPOSE_RECORD) return legality.state();
    }
    return v1::Legality::STATE_UNSPECIFIED;
  }

  RunningServer server_;
  std::string race_;
};

TEST_F(RowMarksTest, MarksOfAdvancementAreReadFromTheirColumnAndFromBehindTheTime) {
  EXPECT_THAT(Get("1").row().qualification_marks(), ElementsAre("Q"));
  EXPECT_THAT(Get("2").row().qualification_marks(), ElementsAre("q"));
  EXPECT_EQ(Get("2").row().official_mark(), 10'300);
  EXPECT_EQ(Get("2").row().mark_text(), "") << "what stands behind the time is kept apart";
  EXPECT_THAT(Get("3").row().qualification_marks(), ElementsAre("q", "YC"));
  EXPECT_THAT(server_.ByBib(race_, "4").row().qualification_marks(), IsEmpty());
}

TEST_F(RowMarksTest, TheyAreCorrectedUndoneAndExported) {
  v1::ResultRow row;
  row.add_qualification_marks("P");
  row.add_qualification_marks("qR");
  ASSERT_CALL(Correct("4", {"qualification_marks"}, row));
  EXPECT_THAT(Get("4").row().qualification_marks(), ElementsAre("qR", "P"));
  EXPECT_THAT(Export(), HasSubstr("\"qR, P\""));
  v1::UndoResultRevisionRequest undo;
  v1::ChangeResultResponse undone;
  undo.set_name(Get("4").name() + "/revisions/2");
  undo.set_reason("a slip");
  ASSERT_CALL(server_.results->UndoResultRevision(server_.AsOperator().get(), undo, &undone));
  EXPECT_THAT(Get("4").row().qualification_marks(), IsEmpty());
  row.add_qualification_marks("PB");
  EXPECT_EQ(ViolatedField(Correct("4", {"qualification_marks"}, row)), "row.qualification_marks");
}

TEST_F(RowMarksTest, TheyComeBackFromTheExportedFile) {
  const std::string file = Export();
  const std::string again = server_.MakeRace("track-meet", "2026", DateOf(2026, 6, 7), "100m");
  server_.MustImport(again, file);
  for (const char* bib : {"1", "2", "3", "4"}) {
    const v1::ResultRow before = server_.ByBib(race_, bib).row(), after = server_.ByBib(again, bib).row();
    EXPECT_EQ(after.official_mark(), before.official_mark()) << bib;
    EXPECT_EQ(after.timing(), before.timing()) << bib;
    EXPECT_THAT(after.qualification_marks(), ::testing::ElementsAreArray(before.qualification_marks())) << bib;
  }
}

TEST_F(RowMarksTest, TypedRowsHaveThem) {
  const auto context = server_.AsOperator();
  const auto stream = server_.sheets->AppendResults(context.get());
  v1::AppendResultsRequest batch;
  batch.set_race(server_.MakeRace("track-meet", "2024", DateOf(2024, 6, 8), "100m"));
  batch.set_sequence(1);
  v1::ResultRow& row = *batch.add_results();
  row.set_bib("7");
  row.set_name("Ed Behind");
  row.set_sex(v1::SEX_MEN);
  row.set_official_mark(10'900);
  row.set_timing(v1::TIMING_HAND);
  row.add_qualification_marks("qJ");
  stream->Write(batch);
  stream->WritesDone();
  v1::AppendResultsResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  ASSERT_CALL(stream->Finish());
  const v1::ResultRow kept = server_.ByBib(batch.race(), "7").row();
  EXPECT_EQ(kept.timing(), v1::TIMING_HAND);
  EXPECT_THAT(kept.qualification_marks(), ElementsAre("qJ"));
}

// The scoring tables add 0.24 s to a time taken by hand: 10.2 scores as 10.44.
TEST_F(RowMarksTest, ATimeTakenByHandIsScoredAndJudgedAsOneInAnAutomaticRace) {
  const v1::Result hand = Get("1");
  EXPECT_EQ(hand.row().timing(), v1::TIMING_HAND);
  EXPECT_EQ(hand.row().official_mark(), 10'200);
  EXPECT_EQ(hand.points(), 1059);
  EXPECT_EQ(RecordLegality(hand), v1::Legality::STATE_NOT_LEGAL);
  EXPECT_EQ(Get("3").row().timing(), v1::TIMING_UNSPECIFIED);
  EXPECT_EQ(Get("3").points(), 1063);
  v1::RankingQuery query = QueryOf("100m", v1::SEX_MEN);
  query.set_order(v1::RANKING_ORDER_POINTS);
  std::vector<std::string> lines;
  for (const v1::RankingRow& line : server_.RankingRows(query)) {
    lines.push_back(absl::StrCat(line.athlete_display_name(), " ", line.score()));
  }
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[1], "Cy Even 1063");
  EXPECT_EQ(lines[2], "Ada Quick 1059");
}

TEST_F(RowMarksTest, ACorrectedTimingCountsAtOnce) {
  v1::ResultRow row;
  row.set_timing(v1::TIMING_AUTOMATIC);
  ASSERT_CALL(Correct("1", {"timing"}, row));
  EXPECT_EQ(Get("1").points(), 1138);
  row.set_timing(v1::TIMING_HAND);
  ASSERT_CALL(Correct("1", {"timing"}, row));
  EXPECT_EQ(Get("1").points(), 1059);
}

}  // namespace
}  // namespace palmares::testing
