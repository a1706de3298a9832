// palmares.v1.GoalService: what an athlete wants to reach by when, and the boards on which coaches follow it.
//
// Progress is computed when it is read. Who may read and write goals: the athlete, and who holds the right by a grant
// in force; a goal that is listed in the profile is read by anybody with a token. A board is its owner's.
#ifndef PALMARES_SERVICES_GOALS_GOAL_SERVICE_H_
#define PALMARES_SERVICES_GOALS_GOAL_SERVICE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "palmares/v1/goals.grpc.pb.h"
#include "services/access/grants.h"
#include "services/goals/goals_view.h"
#include "services/goals/progress.h"
#include "services/identity/athletes.h"
#include "services/identity/privacies.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/standards_view.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::goals {

// What the service reads; all of it outlives it.
struct GoalViews {
  const GoalsView* goals = nullptr;
  const access::Grants* grants = nullptr;
  const identity::Athletes* athletes = nullptr;
  const results::Results* results = nullptr;
  const qualification::StandardsView* standards = nullptr;
  const identity::Privacies* privacies = nullptr;

  identity::PrivacyViews privacy() const { return {athletes, results, privacies, grants}; }
};

// What goals and boards are called: one line of at most 200 characters that misleads nobody (text_check.h), or nothing.
// INVALID_ARGUMENT names the field.
absl::Status CheckCalled(const std::string& name, absl::string_view field);

class GoalService final : public v1::GoalService::Service {
 public:
  GoalService(const rpc::Calls* calls, const GoalViews& views) : calls_(*calls), views_(views) {}

  // The days of the athlete's goals that the caller may see. Under a Reader.
  std::vector<qualification::GoalDeadline> DeadlinesOf(const access::Caller& caller, const std::string& athlete) const;

  // For portfolios: the goals of these names, or those listed in the profile where none is given; without what changes
  // by itself. NOT_FOUND for one that the athlete (after merges) does not have. Under a Reader.
  absl::StatusOr<std::vector<v1::Goal>> GoalsOf(int64_t athlete,
                                                const google::protobuf::RepeatedPtrField<std::string>& names) const;

  grpc::Status CreateGoal(grpc::ServerContext*, const v1::CreateGoalRequest*, v1::Goal*) override;
  grpc::Status GetGoal(grpc::ServerContext*, const v1::GetGoalRequest*, v1::Goal*) override;
  grpc::Status ListGoals(grpc::ServerContext*, const v1::ListGoalsRequest*, v1::ListGoalsResponse*) override;
  grpc::Status UpdateGoal(grpc::ServerContext*, const v1::UpdateGoalRequest*, v1::Goal*) override;
  grpc::Status DeleteGoal(grpc::ServerContext*, const v1::DeleteGoalRequest*, v1::DeleteGoalResponse*) override;
  grpc::Status CreateBoard(grpc::ServerContext*, const v1::CreateBoardRequest*, v1::Board*) override;
  grpc::Status GetBoard(grpc::ServerContext*, const v1::GetBoardRequest*, v1::Board*) override;
  grpc::Status ListBoards(grpc::ServerContext*, const v1::ListBoardsRequest*, v1::ListBoardsResponse*) override;
  grpc::Status UpdateBoard(grpc::ServerContext*, const v1::UpdateBoardRequest*, v1::Board*) override;
  grpc::Status DeleteBoard(grpc::ServerContext*, const v1::DeleteBoardRequest*, v1::DeleteBoardResponse*) override;
  grpc::Status ListBoardCells(grpc::ServerContext*, const v1::ListBoardCellsRequest*,
                              v1::ListBoardCellsResponse*) override;

 private:
  // Everything below is called under a Reader, or in a plan.
  // Now, as the days of a goal count: in the time zone of its standard; in UTC for a mark (nullptr).
  qualification::AnswerDay TodayOf(const qualification::Standard* standard) const;
  int64_t NowUs() const { return absl::ToUnixMicros(calls_.clock()); }
  bool May(const access::Caller& caller, int64_t athlete, access::Right right) const;
  // Whether the caller may read the goal of the athlete (after merges): by the right to, or in a profile that they see.
  bool Sees(const access::Caller& caller, int64_t athlete, const Goal& goal) const;
  // The goal of that name, where the caller holds the right, or sees it where that is the right to read; NOT_FOUND
  // else, whether there is one or not.
  absl::StatusOr<const Goal*> Find(const access::Caller& caller, const std::string& name, access::Right right) const;
  absl::StatusOr<const Board*> FindOwn(const access::Caller& caller, const std::string& name) const;
  std::shared_ptr<const qualification::Standard> StandardOf(const Goal& goal) const;
  Progress Of(const Goal& goal, const qualification::AthleteFacts& facts) const;
  v1::Goal ToProto(const Goal& goal, const qualification::AthleteFacts& facts) const;
  v1::Board ToProto(const Board& board) const;

  // The checked entry; INVALID_ARGUMENT names the field, its value and what is wanted. `known_due`: the day that the
  // goal has already, which may have passed.
  absl::StatusOr<storage::Draft> Draft(const v1::Goal& goal, int64_t athlete, const std::string& id,
                                       std::optional<athletics::Date> known_due = std::nullopt) const;
  absl::StatusOr<storage::Draft> Draft(const v1::Board& board, const access::Caller& caller, const std::string& id,
                                       const std::string& owner) const;
  absl::Status Answer(const rpc::Call& call, const storage::Receipt& receipt, const std::string& name,
                      v1::Goal* response) const;
  absl::Status Answer(const rpc::Call& call, const storage::Receipt& receipt, const std::string& id,
                      v1::Board* response) const;

  // The athletes of a board whom its owner may follow, and those who no longer let them.
  struct Members {
    std::vector<int64_t> athletes;
    std::vector<int64_t> ended;
  };
  Members MembersOf(const access::Caller& caller, const Board& board) const;
  std::vector<v1::BoardCell> CellsOf(const Board& board, int64_t athlete) const;

  const rpc::Calls& calls_;
  const GoalViews views_;
};

// For the messages: progress as the API tells it.
v1::GoalProgress ToProto(const Progress& progress, athletics::Date today);

}  // namespace palmares::goals

#endif  // PALMARES_SERVICES_GOALS_GOAL_SERVICE_H_
