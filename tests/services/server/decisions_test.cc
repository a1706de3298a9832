// Any history of decisions about who is who: what was made step by step is what a rebuild makes, and what a naive model
// that keeps one athlete for each result says.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr int kDecisionRaces = 3;
constexpr int kDecisionRunners = 8;

// Runners of whom some run every race and some are like another one; `slower` seconds behind what they were.
std::string MakeSheet(int race, int slower) {
  std::string csv = "bib,name,sex,age,country,city,gun\n";
  for (int runner = 0; runner < kDecisionRunners; ++runner) {
    const int person = runner + (runner % 3 == 0 ? race * 100 : 0);
    const int seconds = 1900 + runner * 13 + race * 5 + slower;
    absl::StrAppend(&csv, runner + 1, ",Given", person % 5, " Family", person, ",", person % 2 == 0 ? "W" : "M", ",",
                    30 + runner + race, ",KEN,Town", person % 4, ",0:", seconds / 60, ":", seconds % 60 < 10 ? "0" : "",
                    seconds % 60, "\n");
  }
  return csv;
}

// Whose each result is, in the plainest way.
class Model {
 public:
  std::string Resolve(std::string athlete) const {
    for (auto at = into_.find(athlete); at != into_.end(); at = into_.find(athlete)) athlete = at->second;
    return athlete;
  }
  std::string Of(const std::string& result) const { return Resolve(owner_.at(result)); }
  void Set(const std::string& result, const std::string& athlete) { owner_[result] = athlete; }
  void Merge(const std::string& merge, const std::string& from, const std::string& into) {
    merges_[merge] = from;
    into_[from] = into;
  }
  void Unmerge(const std::string& merge) { into_.erase(merges_.at(merge)); }
  const std::map<std::string, std::string>& owner() const { return owner_; }
  void Restore(const std::string& race, const std::map<std::string, std::string>& owner) {
    for (const auto& [result, athlete] : owner) {
      if (result.rfind(race, 0) == 0) owner_[result] = athlete;
    }
  }

 private:
  std::map<std::string, std::string> owner_;   // result → athlete, before merges
  std::map<std::string, std::string> into_;    // of merges that stand
  std::map<std::string, std::string> merges_;  // → who was merged
};

class DecisionsTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  void SetUp() override {
    for (int race = 0; race < kDecisionRaces; ++race) {
      races_.push_back(server_.MakeRace("town-run", absl::StrCat(2020 + race), DateOf(2020 + race, 5, 4)));
      if (race == 1) ReviewAll();
      server_.MustImport(races_.back(), MakeSheet(race, 0));
    }
    for (const std::string& race : races_) {
      for (const v1::Result& result : server_.Results(race)) {
        results_.push_back(result.name());
        model_.Set(result.name(), result.athlete());
      }
    }
  }

  void ReviewAll() {
    v1::UpdateEventRequest request;
    v1::Event event;
    request.mutable_event()->set_name("events/town-run");
    request.mutable_event()->mutable_identity_policy()->set_review_all(true);
    request.mutable_update_mask()->add_paths("identity_policy");
    ASSERT_CALL(server_.events->UpdateEvent(server_.AsOperator().get(), request, &event));
  }

  template <typename T>
  const T& Any(const std::vector<T>& of) {
    return of[static_cast<size_t>(random_.Below(static_cast<int64_t>(of.size())))];
  }
  std::string AnyAthlete() { return model_.owner().at(Any(results_)); }
  static std::string Link(const std::string& result, const std::string& athlete) {
    return absl::StrCat(result, "/links/", athlete.substr(athlete.find('/') + 1));
  }
  std::string AthleteOf(const std::string& result) {
    v1::GetResultRequest request;
    v1::Result answer;
    request.set_name(result);
    EXPECT_CALL_OK(server_.results->GetResult(server_.AsOperator().get(), request, &answer));
    return answer.athlete();
  }

  // To confirm such a link again changes nothing; else it is the athlete's from here on, whoever was merged into them.
  bool IsConfirmed(const std::string& result) {
    v1::GetLinkRequest request;
    v1::IdentityLink link;
    request.set_name(result);
    EXPECT_CALL_OK(server_.identity->GetLink(server_.AsOperator().get(), request, &link));
    return link.tier() == v1::LINK_TIER_CONFIRMED;
  }

  void Confirm() {
    const std::string result = Any(results_), athlete = AnyAthlete();
    v1::ConfirmLinkRequest request;
    v1::IdentityLink link;
    request.set_name(Link(result, athlete));
    const bool is_new = !IsConfirmed(result) || model_.Of(result) != model_.Resolve(athlete);
    if (!server_.identity->ConfirmLink(server_.AsOperator().get(), request, &link).ok()) return;
    EXPECT_EQ(link.tier(), v1::LINK_TIER_CONFIRMED);
    if (is_new) model_.Set(result, model_.Resolve(athlete));
  }
  void Reject() {
    const std::string result = Any(results_);
    const std::string athlete = random_.Below(2) == 0 ? model_.Of(result) : AnyAthlete();
    v1::RejectLinkRequest request;
    v1::IdentityLink link;
    request.set_name(Link(result, athlete));
    if (!server_.identity->RejectLink(server_.AsOperator().get(), request, &link).ok()) return;
    if (model_.Of(result) != model_.Resolve(athlete)) return;
    const std::string own = AthleteOf(result);
    EXPECT_NE(own, model_.Resolve(athlete));
    for (const auto& [other, owner] : model_.owner()) {
      EXPECT_NE(owner, own) << other << " is the athlete's whom " << result << " has for itself";
    }
    model_.Set(result, own);
  }
  void Claim() {
    const std::string result = Any(results_), athlete = AnyAthlete();
    v1::ClaimResultsRequest request;
    v1::ClaimResultsResponse response;
    request.set_athlete(athlete);
    request.add_results(result);
    const bool is_new = !IsConfirmed(result) || model_.Of(result) != model_.Resolve(athlete);
    if (!server_.identity->ClaimResults(server_.AsOperator().get(), request, &response).ok()) return;
    if (is_new) model_.Set(result, model_.Resolve(athlete));
  }
  void Split() {
    const std::string athlete = model_.Resolve(AnyAthlete());
    v1::SplitAthleteRequest request;
    v1::AthleteSplit split;
    request.set_name(athlete);
    request.set_reason("two people");
    for (const std::string& result : results_) {
      if (model_.Of(result) == athlete && random_.Below(2) == 0) request.add_results(result);
    }
    if (!server_.identity->SplitAthlete(server_.AsOperator().get(), request, &split).ok()) return;
    std::map<std::string, std::string> before;
    for (const std::string& result : request.results()) before[result] = model_.owner().at(result);
    for (const std::string& result : request.results()) model_.Set(result, split.new_athlete());
    splits_[split.name()] = {athlete, split.new_athlete(), before};
  }
  void UndoSplit() {
    if (splits_.empty()) return;
    const auto chosen = std::next(splits_.begin(), random_.Below(static_cast<int64_t>(splits_.size())));
    v1::UndoSplitRequest request;
    v1::AthleteSplit split;
    request.set_name(chosen->first);
    request.set_reason("one person");
    if (!server_.identity->UndoSplit(server_.AsOperator().get(), request, &split).ok()) return;
    const Taken& taken = chosen->second;
    for (const auto& [result, owner] : std::map(model_.owner())) {
      if (owner != taken.made) continue;
      const auto before = taken.before.find(result);
      model_.Set(result, before == taken.before.end() ? taken.source : before->second);
    }
    splits_.erase(chosen);
  }
  void Merge() {
    v1::MergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_source_athlete(AnyAthlete());
    request.set_target_athlete(AnyAthlete());
    request.set_reason("one person");
    request.set_force(random_.Below(4) == 0);
    const std::string from = model_.Resolve(request.source_athlete()), into = model_.Resolve(request.target_athlete());
    if (!server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge).ok()) return;
    model_.Merge(merge.name(), from, into);
    merges_.push_back(merge.name());
  }
  void Unmerge() {
    if (merges_.empty()) return;
    v1::UnmergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_name(Any(merges_));
    request.set_reason("two people");
    if (!server_.identity->UnmergeAthletes(server_.AsOperator().get(), request, &merge).ok()) return;
    model_.Unmerge(request.name());
  }
  void Disqualify() {
    v1::DisqualifyResultRequest request;
    request.set_rule("TR17.3.1");
    v1::ChangeResultResponse changed;
    request.set_name(Any(results_));
    request.set_reason("seen");
    (void)server_.results->DisqualifyResult(server_.AsOperator().get(), request, &changed).ok();
  }
  int RevisionOf(const std::string& race) {
    v1::GetSheetRequest request;
    v1::Sheet sheet;
    request.set_name(absl::StrCat(race, "/sheet"));
    EXPECT_CALL_OK(server_.sheets->GetSheet(server_.AsOperator().get(), request, &sheet));
    return sheet.revision();
  }
  // The same people in other times keep their links.
  void PublishAnew() {
    const auto race = static_cast<size_t>(random_.Below(kDecisionRaces));
    v1::ImportHeader header;
    header.set_race(races_[race]);
    header.set_file_name("again.csv");
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_reason("timing");
    v1::ImportSheetResponse response;
    ASSERT_CALL(
        server_.Import(header, MakeSheet(static_cast<int>(race), ++slower_), &response, server_.operator_secret));
    ASSERT_TRUE(response.report().accepted());
    published_.push_back({races_[race], RevisionOf(races_[race]), model_.owner()});
  }
  void UndoSheet() {
    if (published_.empty()) return;
    const Published last = published_.back();
    v1::UndoSheetRevisionRequest request;
    v1::ChangeSheetResponse response;
    request.set_name(absl::StrCat(last.race, "/sheet/revisions/", last.revision));
    request.set_reason("the wrong file");
    if (!server_.sheets->UndoSheetRevision(server_.AsOperator().get(), request, &response).ok()) return;
    model_.Restore(last.race, last.owner);
    published_.pop_back();
  }

  void Step() {
    switch (random_.Below(12)) {
      case 0:
      case 1:
        return Confirm();
      case 2:
      case 3:
        return Reject();
      case 4:
        return Claim();
      case 5:
      case 6:
        return Split();
      case 7:
        return UndoSplit();
      case 8:
        return Merge();
      case 9:
        return Unmerge();
      case 10:
        return Disqualify();
      default:
        return random_.Below(2) == 0 ? PublishAnew() : UndoSheet();
    }
  }

  // Everything that a reader can see of it.
  std::vector<std::string> Snapshot() {
    std::vector<std::string> lines;
    for (const std::string& race : races_) {
      for (const v1::Result& result : server_.Results(race)) lines.push_back(result.ShortDebugString());
    }
    for (const v1::Sex sex : {v1::SEX_MEN, v1::SEX_WOMEN}) {
      for (const v1::RankingRow& row : server_.RankingRows(QueryOf("10km-road", sex))) {
        lines.push_back(row.ShortDebugString());
      }
    }
    for (const std::string& race : races_) {
      v1::ListLinksRequest request;
      v1::ListLinksResponse response;
      request.set_parent(race);
      EXPECT_CALL_OK(server_.identity->ListLinks(server_.AsOperator().get(), request, &response));
      for (const v1::IdentityLink& link : response.links()) lines.push_back(link.ShortDebugString());
    }
    return lines;
  }

  void ExpectAsModelled() {
    std::map<std::string, std::set<std::string>> histories;  // by athlete
    std::map<int, std::map<std::string, int64_t>> bests;     // by sex and athlete
    for (const std::string& race : races_) {
      for (const v1::Result& result : server_.Results(race)) {
        const std::string athlete = model_.Of(result.name());
        EXPECT_EQ(result.athlete(), athlete) << result.name();
        histories[athlete].insert(result.name());
        if (result.outcome() != v1::OUTCOME_FINISHED) continue;
        int64_t& best = bests[result.row().sex()][athlete];
        if (best == 0 || result.mark().value() < best) best = result.mark().value();
      }
    }
    for (const auto& [athlete, results] : histories) {
      v1::GetHistoryRequest request;
      v1::GetHistoryResponse response;
      request.set_athlete(athlete);
      ASSERT_CALL(server_.histories->GetHistory(server_.AsOperator().get(), request, &response));
      std::set<std::string> shown;
      for (const v1::HistoryEntry& entry : response.history().entries()) shown.insert(entry.result());
      EXPECT_EQ(shown, results) << athlete;
    }
    for (const v1::Sex sex : {v1::SEX_MEN, v1::SEX_WOMEN}) {
      std::map<std::string, int64_t> shown;
      for (const v1::RankingRow& row : server_.RankingRows(QueryOf("10km-road", sex))) {
        EXPECT_TRUE(shown.emplace(row.athlete(), row.mark().value()).second) << row.athlete() << " is there twice";
      }
      EXPECT_EQ(shown, bests[sex]);
    }
  }

  void ExpectVerified() {
    const auto context = server_.AsOperator();
    const auto reader = server_.administration->Verify(context.get(), v1::VerifyRequest());
    v1::AdministrationJob job;
    while (reader->Read(&job)) {
    }
    EXPECT_CALL_OK(reader->Finish());
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }

  struct Taken {
    std::string source, made;
    std::map<std::string, std::string> before;
  };
  struct Published {
    std::string race;
    int revision;
    std::map<std::string, std::string> owner;  // before it
  };

  RunningServer server_;
  Random random_{GetParam()};
  std::vector<std::string> races_, results_, merges_;
  std::map<std::string, Taken> splits_;
  std::vector<Published> published_;
  Model model_;
  int slower_ = 0;
};

TEST_P(DecisionsTest, StepByStepIsWhatTheLedgerMakesAndWhatANaiveModelSays) {
  ExpectAsModelled();
  for (int round = 0; round < 4 && !HasFailure(); ++round) {
    for (int step = 0; step < 20; ++step) Step();
    SCOPED_TRACE(absl::StrCat("seed ", GetParam(), ", round ", round));
    ExpectAsModelled();
    ExpectVerified();
    const std::vector<std::string> incremental = Snapshot();
    server_.Restart();
    EXPECT_EQ(Snapshot(), incremental);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, DecisionsTest, ::testing::Range<uint64_t>(1, 13));

}  // namespace
}  // namespace palmares::testing
