// Profiles through a whole server: who writes and sees them, what they may hold, merges, and that an erasure leaves
// nothing of them.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "storage/rocks_ledger.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

constexpr char kProfileRace[] =
    "bib,name,sex,age,birth date,country,city,club,gun\n"
    "1,Ada Quicksilver,W,31,1990-02-03,KEN,Iten,Lions,31:00\n"
    "2,Bea Nextdoor,W,36,1985-02-03,KEN,Eldoret,,32:00\n"
    "3,Cy Youngster,M,15,2006-02-03,USA,Boston,,33:00\n";

class ProfileTest : public ::testing::Test {
 protected:
  ProfileTest() : race_(server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4))) {
    server_.MustImport(race_, kProfileRace);
    ada_ = server_.ByBib(race_, "1").athlete();
    bea_ = server_.ByBib(race_, "2").athlete();
    cy_ = server_.ByBib(race_, "3").athlete();
    adas_ = server_.MakeToken(v1::ROLE_ATHLETE, {ada_});
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2022, 5, 4), absl::UTCTimeZone()));
    Connect();
  }

  void Connect() { profiles_ = v1::ProfileService::NewStub(server_.channel); }

  grpc::Status Get(const std::string& athlete, const std::string& secret, v1::Profile* profile) {
    v1::GetProfileRequest request;
    request.set_name(absl::StrCat(athlete, "/profile"));
    profile->Clear();
    return profiles_->GetProfile(RunningServer::As(secret).get(), request, profile);
  }
  v1::Profile MustGet(const std::string& athlete, const std::string& secret) {
    v1::Profile profile;
    EXPECT_CALL_OK(Get(athlete, secret, &profile));
    return profile;
  }
  grpc::Status Set(const std::string& athlete, v1::Profile profile, const std::string& secret, v1::Profile* response,
                   const std::vector<std::string>& paths = {"*"}) {
    v1::UpdateProfileRequest request;
    profile.set_name(absl::StrCat(athlete, "/profile"));
    *request.mutable_profile() = std::move(profile);
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    return profiles_->UpdateProfile(RunningServer::As(secret).get(), request, response);
  }
  v1::Profile MustSet(const std::string& athlete, const v1::Profile& profile, const std::string& secret) {
    v1::Profile response;
    EXPECT_CALL_OK(Set(athlete, profile, secret, &response));
    return response;
  }
  static v1::Profile Saying(const std::string& headline) {
    v1::Profile profile;
    profile.set_headline(headline);
    return profile;
  }
  grpc::Status Open(const std::string& athlete, v1::Privacy::Audience audience, const std::string& secret) {
    v1::UpdatePrivacyRequest request;
    v1::Privacy response;
    request.mutable_privacy()->set_name(absl::StrCat(athlete, "/privacy"));
    request.mutable_privacy()->set_profile(audience);
    request.mutable_update_mask()->add_paths("profile");
    return server_.athletes->UpdatePrivacy(RunningServer::As(secret).get(), request, &response);
  }
  // Lets a new token of that role act for the athlete; gives its secret.
  std::string Granted(const std::string& athlete, v1::Role role, v1::Grant::Relation relation) {
    const std::string secret = server_.MakeToken(role, {});
    v1::Caller caller;
    EXPECT_CALL_OK(server_.access->GetCaller(RunningServer::As(secret).get(), {}, &caller));
    v1::CreateGrantRequest request;
    v1::Grant grant;
    request.set_parent(athlete);
    request.mutable_grant()->set_holder(caller.token());
    request.mutable_grant()->set_relation(relation);
    EXPECT_CALL_OK(server_.access->CreateGrant(server_.AsOperator().get(), request, &grant));
    return secret;
  }
  void Merge(const std::string& from, const std::string& into) {
    v1::MergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_source_athlete(from);
    request.set_target_athlete(into);
    request.set_reason("one person");
    request.set_merge_id("m");
    request.set_force(true);
    EXPECT_CALL_OK(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge));
  }
  void Unmerge() {
    v1::UnmergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_name("merges/m");
    EXPECT_CALL_OK(server_.identity->UnmergeAthletes(server_.AsOperator().get(), request, &merge));
  }
  void Erase(const std::string& athlete, const std::string& secret) {
    v1::EraseAthleteRequest request;
    v1::EraseAthleteResponse response;
    request.set_name(athlete);
    request.set_confirmation(athlete);
    EXPECT_CALL_OK(server_.athletes->EraseAthlete(RunningServer::As(secret).get(), request, &response));
  }
  void ExpectViewsEqualARebuild() {
    v1::VerifyRequest request;
    v1::AdministrationJob job;
    auto context = server_.AsOperator();
    auto stream = server_.administration->Verify(context.get(), request);
    while (stream->Read(&job)) {
    }
    EXPECT_CALL_OK(stream->Finish());
    EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.DebugString();
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }
  // Whether any entry has the text, as the ledger's files give it. Ends the server.
  bool LedgerHolds(const std::string& text) {
    server_.server.reset();
    absl::StatusOr<std::unique_ptr<storage::RocksLedger>> ledger =
        storage::RocksLedger::Open(server_.directory.path() + "/data/ledger", {});
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    bool holds = false;
    const absl::Status status = (*ledger)->Read(1, (*ledger)->LastPosition(), [&](const storage::Entry& entry) {
      holds = holds || absl::StrContains(entry.change.body, text);
      for (const std::string& block : entry.change.personal) holds = holds || absl::StrContains(block, text);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return holds;
  }

  RunningServer server_;
  const std::string race_;
  std::string ada_, bea_, cy_, adas_;
  std::unique_ptr<v1::ProfileService::Stub> profiles_;
};

TEST_F(ProfileTest, AProfileIsWrittenFieldByFieldAndReadBack) {
  const v1::Profile none = MustGet(ada_, adas_);
  EXPECT_EQ(none.name(), ada_ + "/profile");
  EXPECT_EQ(none.etag(), "\"0\"");
  EXPECT_FALSE(none.has_create_time());

  v1::Profile wanted = Saying("Fast");
  wanted.set_biography("<b>Born</b> to run & <script>alert(1)</script>");
  wanted.add_values("fair play");
  v1::ProfileItem* item = wanted.add_items();
  item->set_kind(v1::ProfileItem::KIND_MEDIA_COVERAGE);
  item->set_title("Portrait");
  item->set_uri("https://example.org/portrait");
  const v1::Profile made = MustSet(ada_, wanted, adas_);
  EXPECT_EQ(made.biography(), wanted.biography()) << "kept as it stands, for who shows it to escape";
  ASSERT_EQ(made.items_size(), 1);
  EXPECT_FALSE(made.items(0).item_id().empty());
  EXPECT_EQ(made.items(0).verification(), v1::VERIFICATION_SELF_REPORTED);
  EXPECT_GE(made.create_time().seconds(), server_.now_us / 1'000'000) << "the ledger's time never falls";

  v1::Profile changed;
  v1::Profile patch = Saying("Faster");
  patch.set_etag(made.etag());
  ASSERT_CALL(Set(ada_, patch, adas_, &changed, {}));
  EXPECT_EQ(changed.headline(), "Faster");
  EXPECT_EQ(changed.biography(), wanted.biography()) << "an empty mask is what is set";
  EXPECT_EQ(changed.items(0).item_id(), made.items(0).item_id());
  EXPECT_EQ(Set(ada_, patch, adas_, &changed, {}).error_code(), grpc::StatusCode::ABORTED);
  ASSERT_CALL(Set(ada_, Saying("x"), adas_, &changed, {"biography"}));
  EXPECT_EQ(changed.headline(), "Faster");
  EXPECT_EQ(changed.biography(), "");
  const int64_t position = changed.position();
  ASSERT_CALL(Set(ada_, Saying("Faster"), adas_, &changed, {"headline"}));
  EXPECT_EQ(changed.position(), position) << "nothing had to change";
  server_.Restart();
  Connect();
  const v1::Profile kept = MustGet(ada_, adas_);
  EXPECT_EQ(kept.headline(), "Faster");
  EXPECT_EQ(kept.values(0), "fair play");
  EXPECT_EQ(kept.etag(), changed.etag());
  ExpectViewsEqualARebuild();
}

TEST_F(ProfileTest, MasksNameWhatIsWrittenAndNothingElse) {
  v1::Profile response;
  for (const char* path : {"goals", "etag", "name", "create_time", "update_time", "position", "items.verification",
                           "items.title", "shoe_size", ""}) {
    EXPECT_EQ(ViolatedField(Set(ada_, Saying("x"), adas_, &response, {path})), "update_mask") << path;
  }
  v1::Profile profile = Saying("x");
  profile.add_goals("athletes/1/goals/x");
  v1::ProfileItem* item = profile.add_items();
  item->set_kind(v1::ProfileItem::KIND_AWARD);
  item->set_title("Olympic champion");
  item->set_verification(v1::VERIFICATION_VERIFIED);
  item->set_verifier("the IOC");
  for (const std::vector<std::string>& paths : std::vector<std::vector<std::string>>{{}, {"*"}, {"items"}}) {
    ASSERT_CALL(Set(ada_, profile, adas_, &response, paths));
    EXPECT_EQ(response.items(0).verification(), v1::VERIFICATION_SELF_REPORTED);
    EXPECT_EQ(response.items(0).verifier(), "");
    EXPECT_EQ(response.goals_size(), 0);
  }
}

TEST_F(ProfileTest, ADryRunSaysWhatWouldBeAndChangesNothing) {
  v1::UpdateProfileRequest request;
  v1::Profile response;
  *request.mutable_profile() = Saying("Fast");
  request.mutable_profile()->set_name(ada_ + "/profile");
  request.set_validate_only(true);
  ASSERT_CALL(profiles_->UpdateProfile(RunningServer::As(adas_).get(), request, &response));
  EXPECT_EQ(response.headline(), "Fast");
  EXPECT_EQ(MustGet(ada_, adas_).headline(), "");
  request.mutable_profile()->set_headline("\u202Etsaf");
  EXPECT_EQ(ViolatedField(profiles_->UpdateProfile(RunningServer::As(adas_).get(), request, &response)),
            "profile.headline");
}

TEST_F(ProfileTest, ARepeatedRequestChangesNothingMore) {
  v1::UpdateProfileRequest request;
  v1::Profile first, second;
  *request.mutable_profile() = Saying("Fast");
  request.mutable_profile()->set_name(ada_ + "/profile");
  request.mutable_profile()->add_items()->set_kind(v1::ProfileItem::KIND_COACH);
  request.mutable_profile()->mutable_items(0)->set_title("Coach");
  request.set_request_id("6f1d3c1e-7b1a-4c2e-9d55-0a1b2c3d4e5f");
  ASSERT_CALL(profiles_->UpdateProfile(RunningServer::As(adas_).get(), request, &first));
  ASSERT_CALL(profiles_->UpdateProfile(RunningServer::As(adas_).get(), request, &second));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_profile()->set_headline("Slow");
  EXPECT_EQ(profiles_->UpdateProfile(RunningServer::As(adas_).get(), request, &second).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ProfileTest, HostileTextsAreRefusedWithTheirField) {
  v1::Profile response;
  std::string emoji;
  while (emoji.size() < size_t{1} << 20) absl::StrAppend(&emoji, "🏃");
  v1::Profile profile;
  profile.set_biography(emoji);
  const grpc::Status refused = Set(ada_, profile, adas_, &response);
  EXPECT_EQ(ViolatedField(refused), "profile.biography");
  EXPECT_LT(refused.error_message().size(), 200) << "which does not come back";
  profile.set_biography("see \u2067here\u2069");
  EXPECT_EQ(ViolatedField(Set(ada_, profile, adas_, &response)), "profile.biography");
  profile.clear_biography();
  profile.set_photo_uri("javascript:alert(document.cookie)");
  EXPECT_EQ(ViolatedField(Set(ada_, profile, adas_, &response)), "profile.photo_uri");
  EXPECT_EQ(MustGet(ada_, adas_).etag(), "\"0\"") << "nothing of it was written";
}

TEST_F(ProfileTest, OnlyTheAthleteAndWhoHoldsTheRightWrite) {
  v1::Profile response;
  EXPECT_EQ(Set(ada_, Saying("x"), "", &response).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  const std::string beas = server_.MakeToken(v1::ROLE_ATHLETE, {bea_});
  EXPECT_EQ(Set(ada_, Saying("x"), beas, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  const std::string coach = Granted(ada_, v1::ROLE_COACH, v1::Grant::RELATION_COACH);
  EXPECT_EQ(Set(ada_, Saying("x"), coach, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  const std::string manager = Granted(ada_, v1::ROLE_COACH, v1::Grant::RELATION_MANAGER);
  ASSERT_CALL(Set(ada_, Saying("by the manager"), manager, &response));
  EXPECT_EQ(Set(bea_, Saying("x"), manager, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Set("athletes/99999", Saying("x"), manager, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::UpdateProfileRequest unnamed;
  unnamed.mutable_profile()->set_name(ada_);
  EXPECT_EQ(profiles_->UpdateProfile(RunningServer::As(adas_).get(), unnamed, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  server_.now_us += 1;
  ASSERT_CALL(Set(ada_, Saying("by an operator"), server_.operator_secret, &response));
}

TEST_F(ProfileTest, AProfileIsSeenByConsentAlone) {
  MustSet(ada_, Saying("Fast"), adas_);
  const std::string sponsor = Granted(ada_, v1::ROLE_SPONSOR, v1::Grant::RELATION_SPONSOR);
  const std::string stranger = server_.MakeToken(v1::ROLE_SPONSOR, {});
  v1::Profile seen;
  for (const std::string& secret : {std::string(), stranger, sponsor}) {
    EXPECT_EQ(Reason(Get(ada_, secret, &seen)), "PROFILE_NOT_FOUND") << "by default";
    EXPECT_EQ(Reason(Get(bea_, secret, &seen)), "PROFILE_NOT_FOUND") << "who has none is not told apart";
  }
  EXPECT_EQ(Reason(Get("athletes/99999", "", &seen)), "ATHLETE_NOT_FOUND");
  ASSERT_CALL(Open(ada_, v1::Privacy::AUDIENCE_GRANTED, adas_));
  EXPECT_EQ(MustGet(ada_, sponsor).headline(), "Fast");
  EXPECT_EQ(Get(ada_, stranger, &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_CALL(Open(ada_, v1::Privacy::AUDIENCE_EVERYBODY, adas_));
  EXPECT_EQ(MustGet(ada_, "").headline(), "Fast");
  ASSERT_CALL(Open(ada_, v1::Privacy::AUDIENCE_NOBODY, adas_));
  EXPECT_EQ(Get(ada_, sponsor, &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(MustGet(ada_, adas_).headline(), "Fast");
}

TEST_F(ProfileTest, AMinorsProfileIsOpenedByAGuardianAlone) {
  const std::string cys = server_.MakeToken(v1::ROLE_ATHLETE, {cy_});
  MustSet(cy_, Saying("Young"), cys);
  EXPECT_EQ(Reason(Open(cy_, v1::Privacy::AUDIENCE_EVERYBODY, cys)), "GUARDIAN_REQUIRED");
  EXPECT_EQ(Reason(Open(cy_, v1::Privacy::AUDIENCE_GRANTED, cys)), "GUARDIAN_REQUIRED");
  ASSERT_CALL(Open(cy_, v1::Privacy::AUDIENCE_EVERYBODY, server_.operator_secret));
  v1::Profile seen;
  EXPECT_EQ(Get(cy_, "", &seen).error_code(), grpc::StatusCode::NOT_FOUND) << "there is no guardian yet";
  const std::string guardian = Granted(cy_, v1::ROLE_COACH, v1::Grant::RELATION_GUARDIAN);
  EXPECT_EQ(MustGet(cy_, "").headline(), "Young");
  ASSERT_CALL(Open(cy_, v1::Privacy::AUDIENCE_NOBODY, cys));  // closing it is always theirs
  EXPECT_EQ(Get(cy_, "", &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Reason(Open(cy_, v1::Privacy::AUDIENCE_EVERYBODY, cys)), "GUARDIAN_REQUIRED");
  ASSERT_CALL(Open(cy_, v1::Privacy::AUDIENCE_EVERYBODY, guardian));
  EXPECT_EQ(MustGet(cy_, "").headline(), "Young");
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2024, 2, 3), absl::UTCTimeZone()));
  ASSERT_CALL(Open(cy_, v1::Privacy::AUDIENCE_NOBODY, cys));
  ASSERT_CALL(Open(cy_, v1::Privacy::AUDIENCE_EVERYBODY, cys));  // on the eighteenth birthday
}

TEST_F(ProfileTest, AClubIsVerifiedAsLongAsOfficialResultsNameIt) {
  v1::Profile profile;
  for (const char* club : {"Lions", "Tigers"}) {
    profile.add_items()->set_kind(v1::ProfileItem::KIND_CLUB);
    profile.mutable_items()->rbegin()->set_title(club);
  }
  const v1::Profile made = MustSet(ada_, profile, adas_);
  EXPECT_EQ(made.items(0).verification(), v1::VERIFICATION_VERIFIED);
  EXPECT_EQ(made.items(0).verifier(), "official results of 2021-05-04");
  EXPECT_EQ(made.items(1).verification(), v1::VERIFICATION_SELF_REPORTED);
  v1::CorrectResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race_, "1").name());
  request.mutable_row()->set_club("Tigers");
  request.mutable_update_mask()->add_paths("club");
  request.set_reason("the club's list");
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(MustGet(ada_, adas_).items(0).verification(), v1::VERIFICATION_SELF_REPORTED);
  EXPECT_EQ(MustGet(ada_, adas_).items(1).verification(), v1::VERIFICATION_VERIFIED);
}

TEST_F(ProfileTest, GoalsThatAreListedAreNamed) {
  const auto goals = v1::GoalService::NewStub(server_.channel);
  for (const bool listed : {true, false}) {
    v1::CreateGoalRequest request;
    v1::Goal goal;
    request.set_parent(ada_);
    request.set_goal_id(listed ? "public" : "private");
    request.mutable_goal()->set_listed_in_profile(listed);
    request.mutable_goal()->mutable_mark_target()->set_discipline("10km-road");
    request.mutable_goal()->mutable_mark_target()->mutable_mark()->set_text("30:00");
    *request.mutable_goal()->mutable_due_date() = DateOf(2022, 8, 1);
    ASSERT_CALL(goals->CreateGoal(RunningServer::As(adas_).get(), request, &goal));
  }
  EXPECT_THAT(MustGet(ada_, adas_).goals(), ElementsAre(ada_ + "/goals/public"));
  Merge(ada_, bea_);
  EXPECT_THAT(MustGet(bea_, server_.operator_secret).goals(), ElementsAre(bea_ + "/goals/public"));
}

TEST_F(ProfileTest, AMergeShowsTheProfileThatThereIsAndAnUnmergeRestoresBoth) {
  MustSet(ada_, Saying("Ada's"), adas_);
  Merge(ada_, bea_);
  v1::Profile merged = MustGet(bea_, server_.operator_secret);
  EXPECT_EQ(merged.headline(), "Ada's");
  EXPECT_EQ(merged.name(), bea_ + "/profile");
  EXPECT_EQ(MustGet(ada_, adas_).headline(), "Ada's") << "by the old name too";
  merged.set_headline("Both");
  v1::Profile written;
  ASSERT_CALL(Set(bea_, merged, adas_, &written));
  EXPECT_EQ(MustGet(bea_, server_.operator_secret).headline(), "Both");
  Unmerge();
  EXPECT_EQ(MustGet(ada_, adas_).headline(), "Ada's");
  EXPECT_EQ(MustGet(bea_, server_.operator_secret).headline(), "Both");
  ExpectViewsEqualARebuild();
}

TEST_F(ProfileTest, WhoIsHiddenShowsTheirProfileToNobodyElse) {
  MustSet(ada_, Saying("Fast"), adas_);
  ASSERT_CALL(Open(ada_, v1::Privacy::AUDIENCE_EVERYBODY, adas_));
  v1::HideAthleteRequest request;
  v1::Athlete athlete;
  request.set_name(ada_);
  ASSERT_CALL(server_.athletes->HideAthlete(RunningServer::As(adas_).get(), request, &athlete));
  v1::Profile seen;
  EXPECT_EQ(Reason(Get(ada_, "", &seen)), "ATHLETE_NOT_FOUND");
  EXPECT_EQ(MustGet(ada_, adas_).headline(), "Fast");
}

TEST_F(ProfileTest, AnErasureLeavesNoWordOfAnyProfileInTheAnswersAndInTheFiles) {
  MustSet(ada_, Saying("Quicksilver-first"), adas_);
  MustSet(ada_, Saying("Quicksilver-second"), adas_);
  const std::string beas = server_.MakeToken(v1::ROLE_ATHLETE, {bea_});
  MustSet(bea_, Saying("Quicksilver-by-marriage"), beas);
  const std::string cys = server_.MakeToken(v1::ROLE_ATHLETE, {cy_});
  MustSet(cy_, Saying("Youngster-stays"), cys);
  ASSERT_CALL(Open(ada_, v1::Privacy::AUDIENCE_EVERYBODY, adas_));
  Merge(bea_, ada_);
  Erase(ada_, adas_);
  v1::Profile seen;
  EXPECT_EQ(Get(ada_, "", &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(MustGet(ada_, server_.operator_secret).headline(), "");
  EXPECT_EQ(MustGet(ada_, server_.operator_secret).etag(), "\"0\"");
  v1::Profile written;
  EXPECT_EQ(Reason(Set(ada_, Saying("again"), server_.operator_secret, &written)), "ERASED");
  ExpectViewsEqualARebuild();
  server_.Restart();
  Connect();
  EXPECT_EQ(MustGet(ada_, server_.operator_secret).headline(), "");
  EXPECT_EQ(MustGet(cy_, cys).headline(), "Youngster-stays");
  EXPECT_TRUE(LedgerHolds("Youngster-stays"));
  EXPECT_FALSE(LedgerHolds("Quicksilver"));
}

}  // namespace
}  // namespace palmares::testing
