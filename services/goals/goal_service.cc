#include "services/goals/goal_service.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/access/grants_on.h"
#include "services/athletics/mark.h"
#include "services/events/event_messages.h"
#include "services/identity/visibility.h"
#include "services/profiles/text_check.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_qualification.pb.h"

namespace palmares::goals {
namespace {

using access::Right;

constexpr size_t kGoalIdBytes = 6;
constexpr int kLongestName = 200;  // characters
constexpr int32_t kGoalPageSize = 50;
constexpr int32_t kLargestGoalPage = 1000;
constexpr absl::string_view kMiddle = "/goals/";
constexpr absl::string_view kFilterFields[] = {"progress.state", "due_date"};

absl::Status ReadTarget(const v1::MarkTarget& target, stored::v1::Goal* body) {
  absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(target.discipline());
  if (!discipline.ok()) {
    return rpc::InvalidField("goal.mark_target.discipline", target.discipline(), "a discipline such as marathon");
  }
  int64_t mark = target.mark().value();
  if (mark == 0) {
    absl::StatusOr<athletics::ParsedMark> parsed = athletics::ParseMark(target.mark().text(), **discipline);
    if (!parsed.ok()) {
      return rpc::InvalidField("goal.mark_target.mark", target.mark().text(),
                               absl::StrCat("a mark of the ", (*discipline)->name));
    }
    mark = parsed->mark;
  }
  if (mark <= 0) return rpc::InvalidField("goal.mark_target.mark", absl::StrCat(mark), "more than 0");
  body->set_discipline((*discipline)->code);
  body->set_mark(mark);
  body->set_legal(target.legal());
  return absl::OkStatus();
}

// Where the days of a goal begin and end.
absl::TimeZone ZoneOf(const qualification::Standard* standard) {
  return standard == nullptr ? absl::UTCTimeZone() : standard->zone;
}

std::string NewId(const rpc::Call& call) {
  std::string bytes(kGoalIdBytes, '\0');
  call.calls->random(bytes.data(), bytes.size());
  return absl::BytesToHexString(bytes);
}

// Next due first; without a day last.
using ListKey = std::tuple<int64_t, int64_t, std::string>;  // due in days since 1970, athlete, id

std::string FormatKey(const ListKey& key) {
  return absl::StrCat(std::get<0>(key), ":", std::get<1>(key), ":", std::get<2>(key));
}

absl::StatusOr<ListKey> ParseKey(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 2));
  ListKey key;
  const bool good = parts.size() == 3 && absl::SimpleAtoi(parts[0], &std::get<0>(key)) &&
                    absl::SimpleAtoi(parts[1], &std::get<1>(key));
  if (!good) return rpc::InvalidField("page_token", text, "the next_page_token of the page before");
  std::get<2>(key) = parts[2];
  return key;
}

bool Matches(const std::vector<rpc::Condition>& conditions, const v1::Goal& goal, std::optional<athletics::Date> due) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "due_date") return due.has_value() && athletics::FormatDate(*due) == condition.value;
    const std::string state = v1::GoalProgress::State_Name(goal.progress().state());
    return state == condition.value || state == absl::StrCat("STATE_", absl::AsciiStrToUpper(condition.value));
  });
}

}  // namespace

absl::Status CheckCalled(const std::string& name, absl::string_view field) {
  const std::optional<profiles::Problem> problem = profiles::FindProblem(name, {.most_characters = kLongestName});
  return problem.has_value() ? rpc::InvalidField(field, problem->seen, problem->wanted) : absl::OkStatus();
}

qualification::AnswerDay GoalService::TodayOf(const qualification::Standard* standard) const {
  const absl::Time now = calls_.clock();
  if (standard != nullptr) return qualification::AtInstant(*standard, now);
  const absl::CivilSecond utc = absl::ToCivilSecond(now, absl::UTCTimeZone());
  return {athletics::Date(utc), qualification::NewestDay(now), utc};
}

bool GoalService::May(const access::Caller& caller, int64_t athlete, Right right) const {
  return access::MayActFor(caller, views_.athletes->Name(athlete), right,
                           access::GrantsOn(*views_.grants, *views_.athletes, athlete), NowUs());
}

bool GoalService::Sees(const access::Caller& caller, int64_t athlete, const Goal& goal) const {
  if (May(caller, athlete, Right::kReadGoals)) return true;
  return goal.listed_in_profile && identity::IsVisible(*views_.athletes, *views_.results, caller, athlete) &&
         identity::SeesProfile(views_.privacy(), caller, athlete, NowUs());
}

absl::StatusOr<const Goal*> GoalService::Find(const access::Caller& caller, const std::string& name,
                                              Right right) const {
  const size_t middle = absl::string_view(name).find(kMiddle);
  const int64_t athlete =
      middle == std::string::npos
          ? 0
          : views_.athletes->Resolve(views_.athletes->Find(absl::string_view(name).substr(0, middle)));
  if (athlete == 0) return rpc::NotFound("goal", name);
  for (const int64_t member : views_.athletes->Members(athlete)) {
    const Goal* goal = views_.goals->FindGoal(member, absl::string_view(name).substr(middle + kMiddle.size()));
    if (goal == nullptr) continue;
    if (right == Right::kReadGoals ? Sees(caller, athlete, *goal) : May(caller, athlete, right)) return goal;
  }
  return rpc::NotFound("goal", name);
}

std::shared_ptr<const qualification::Standard> GoalService::StandardOf(const Goal& goal) const {
  const qualification::LoadedStandard* loaded = views_.standards->Find(goal.standard);
  return loaded == nullptr ? nullptr : loaded->standard;
}

Progress GoalService::Of(const Goal& goal, const qualification::AthleteFacts& facts) const {
  const std::shared_ptr<const qualification::Standard> standard =
      goal.discipline == nullptr ? StandardOf(goal) : nullptr;
  const athletics::Date set = absl::ToCivilDay(absl::FromUnixMicros(goal.create_time_us), ZoneOf(standard.get()));
  return ProgressOf(goal, standard.get(), facts, set, TodayOf(standard.get()));
}

v1::Goal GoalService::ToProto(const Goal& goal, const qualification::AthleteFacts& facts) const {
  v1::Goal out;
  const int64_t athlete = views_.athletes->Resolve(goal.athlete);
  out.set_name(absl::StrCat(views_.athletes->Name(athlete), kMiddle, goal.id));
  out.set_display_name(goal.display_name);
  const Progress progress = Of(goal, facts);
  if (goal.discipline != nullptr) {
    out.mutable_mark_target()->set_discipline(goal.discipline->code);
    *out.mutable_mark_target()->mutable_mark() = rpc::ToProto(goal.mark, *goal.discipline);
    out.mutable_mark_target()->set_legal(goal.legal);
  } else {
    out.set_standard(absl::StrCat("standards/", goal.standard));
  }
  if (goal.due.has_value()) *out.mutable_due_date() = rpc::ToProto(*goal.due);
  out.set_listed_in_profile(goal.listed_in_profile);
  *out.mutable_progress() = goals::ToProto(progress, TodayOf(StandardOf(goal).get()).day);
  if (goal.discipline == nullptr) out.mutable_progress()->set_verdict(qualification::StateOf(progress.verdict));
  *out.mutable_create_time() = rpc::ToTimestamp(goal.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(goal.update_time_us);
  out.set_etag(rpc::Etag(goal.position));
  return out;
}

std::vector<qualification::GoalDeadline> GoalService::DeadlinesOf(const access::Caller& caller,
                                                                  const std::string& athlete) const {
  std::vector<qualification::GoalDeadline> days;
  const int64_t number = views_.athletes->Resolve(views_.athletes->Find(athlete));
  if (number == 0 || !May(caller, number, Right::kReadGoals)) return days;
  for (const int64_t member : views_.athletes->Members(number)) {
    for (const Goal* goal : views_.goals->GoalsOf(member)) {
      if (!goal->due.has_value()) continue;
      const std::string name = goal->display_name.empty() ? goal->id : goal->display_name;
      const absl::Time end = absl::FromCivil(*goal->due + 1, ZoneOf(StandardOf(*goal).get())) - absl::Seconds(1);
      days.push_back({absl::StrCat(views_.athletes->Name(number), kMiddle, goal->id), name,
                      goal->standard.empty() ? "" : absl::StrCat("standards/", goal->standard), *goal->due, end,
                      absl::FromUnixMicros(goal->update_time_us)});
    }
  }
  return days;
}

absl::StatusOr<std::vector<v1::Goal>> GoalService::GoalsOf(
    int64_t athlete, const google::protobuf::RepeatedPtrField<std::string>& names) const {
  const qualification::AthleteFacts facts = qualification::GatherFacts(*views_.athletes, *views_.results, athlete);
  std::set<std::string> wanted(names.begin(), names.end());
  std::vector<v1::Goal> goals;
  for (const int64_t member : views_.athletes->Members(athlete)) {
    for (const Goal* goal : views_.goals->GoalsOf(member)) {
      v1::Goal out = ToProto(*goal, facts);
      if (names.empty() ? !goal->listed_in_profile : wanted.erase(out.name()) == 0) continue;
      out.clear_create_time();
      out.clear_update_time();
      out.clear_etag();
      goals.push_back(std::move(out));
    }
  }
  if (!wanted.empty()) return rpc::NotFound("goal", *wanted.begin());
  return goals;
}

absl::StatusOr<storage::Draft> GoalService::Draft(const v1::Goal& goal, int64_t athlete, const std::string& id,
                                                  std::optional<athletics::Date> known_due) const {
  if (absl::Status status = CheckCalled(goal.display_name(), "goal.display_name"); !status.ok()) return status;
  stored::v1::Goal body;
  body.set_athlete(athlete);
  body.set_id(id);
  body.set_display_name(goal.display_name());
  body.set_listed_in_profile(goal.listed_in_profile());
  auto due = rpc::FromProto(goal.due_date(), "goal.due_date");
  if (!due.ok()) return due.status();
  if (due->has_value()) body.set_due_date(athletics::DaysSince1970(**due));
  std::shared_ptr<const qualification::Standard> standard;
  if (goal.has_mark_target()) {
    if (!due->has_value()) return rpc::MissingField("goal.due_date", "the day by which the mark is to be reached");
    if (absl::Status status = ReadTarget(goal.mark_target(), &body); !status.ok()) return status;
  } else if (!goal.standard().empty()) {
    absl::StatusOr<qualification::AppliedStandard> applied = views_.standards->Resolve(goal.standard());
    if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", goal.standard());
    if (!applied.ok()) return applied.status();
    body.set_standard(applied->standard->id);
    standard = applied->standard;
  } else {
    return rpc::MissingField("goal.mark_target", "a mark, or a standard");
  }
  if (due->has_value() && *due != known_due && **due < TodayOf(standard.get()).day) {
    return rpc::InvalidField("goal.due_date", athletics::FormatDate(**due), "today or a day to come");
  }
  storage::Draft draft;
  draft.kind = storage::EntryKind::kGoalSet;
  draft.body = body.SerializeAsString();
  return draft;
}

absl::Status GoalService::Answer(const rpc::Call& call, const storage::Receipt& receipt, const std::string& name,
                                 v1::Goal* response) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt.position);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<const Goal*> goal = Find(call.caller, name, Right::kWriteGoals);
  if (!goal.ok()) return goal.status();
  const int64_t athlete = views_.athletes->Resolve((*goal)->athlete);
  *response = ToProto(**goal, qualification::GatherFacts(*views_.athletes, *views_.results, athlete));
  response->set_position(receipt.position);
  return absl::OkStatus();
}

grpc::Status GoalService::CreateGoal(grpc::ServerContext* context, const v1::CreateGoalRequest* request,
                                     v1::Goal* response) {
  return rpc::Serve(calls_, *context, "GoalService.CreateGoal", *request, [&](const rpc::Call& call) -> absl::Status {
    const std::string id = request->goal_id().empty() ? NewId(call) : request->goal_id();
    if (absl::Status status = rpc::CheckId("goal_id", id); !status.ok()) return status;
    std::string name;
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          const int64_t athlete =
              identity::FindKnown(views_.privacy(), call.caller, request->parent(), Right::kWriteGoals, NowUs());
          if (athlete == 0) return rpc::NotFound("athlete", request->parent());
          if (!May(call.caller, athlete, Right::kWriteGoals)) {
            return absl::PermissionDeniedError(absl::StrCat(
                "GoalService.CreateGoal needs the athlete's token, or one with their grant (", request->parent(), ")"));
          }
          name = absl::StrCat(views_.athletes->Name(athlete), kMiddle, id);
          if (Find(call.caller, name, Right::kWriteGoals).ok()) {
            return absl::AlreadyExistsError(absl::StrCat(name, " exists already"));
          }
          return Draft(request->goal(), athlete, id);
        });
    if (!receipt.ok()) return receipt.status();
    // A repeat answers with the goal that the first call made, whose id may have been given by the server.
    if (receipt->repeated) {
      absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
      if (!reader.ok()) return reader.status();
      for (const auto& [key, goal] : views_.goals->goals()) {
        if (goal.position == receipt->position) {
          name = absl::StrCat(views_.athletes->Name(views_.athletes->Resolve(goal.athlete)), kMiddle, goal.id);
        }
      }
    }
    return Answer(call, *receipt, name, response);
  });
}

grpc::Status GoalService::GetGoal(grpc::ServerContext* context, const v1::GetGoalRequest* request, v1::Goal* response) {
  return rpc::Serve(calls_, *context, "GoalService.GetGoal", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const Goal*> goal = Find(call.caller, request->name(), Right::kReadGoals);
    if (!goal.ok()) return goal.status();
    const int64_t athlete = views_.athletes->Resolve((*goal)->athlete);
    *response = ToProto(**goal, qualification::GatherFacts(*views_.athletes, *views_.results, athlete));
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status GoalService::ListGoals(grpc::ServerContext* context, const v1::ListGoalsRequest* request,
                                    v1::ListGoalsResponse* response) {
  return rpc::Serve(calls_, *context, "GoalService.ListGoals", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kGoalPageSize, kLargestGoalPage);
    if (!size.ok()) return size.status();
    absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kFilterFields);
    if (!conditions.ok()) return conditions.status();
    absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    ListKey after;
    if (!last->empty()) {
      absl::StatusOr<ListKey> key = ParseKey(*last);
      if (!key.ok()) return key.status();
      after = *std::move(key);
    }
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    int64_t wanted = 0;
    if (request->parent() != "athletes/-") {
      wanted = identity::FindKnown(views_.privacy(), call.caller, request->parent(), Right::kReadGoals, NowUs());
      if (wanted == 0) return rpc::NotFound("athlete", request->parent());
    }
    std::vector<std::pair<ListKey, const Goal*>> goals;
    for (const auto& [key, goal] : views_.goals->goals()) {
      const int64_t athlete = views_.athletes->Resolve(goal.athlete);
      if (wanted != 0 && athlete != wanted) continue;
      if (!Sees(call.caller, athlete, goal)) continue;
      std::optional<athletics::Date> due = goal.due;
      const auto standard = StandardOf(goal);
      if (!due.has_value() && standard != nullptr) due = LastDay(*standard, -1);
      ListKey list_key{due.has_value() ? athletics::DaysSince1970(*due) : INT64_MAX, goal.athlete, goal.id};
      if (last->empty() || list_key > after) goals.emplace_back(std::move(list_key), &goal);
    }
    std::sort(goals.begin(), goals.end());
    ListKey shown;
    for (const auto& [key, goal] : goals) {
      const int64_t athlete = views_.athletes->Resolve(goal->athlete);
      const v1::Goal proto = ToProto(*goal, qualification::GatherFacts(*views_.athletes, *views_.results, athlete));
      if (!Matches(*conditions, proto, goal->due)) continue;
      if (response->goals_size() == *size) {
        response->set_next_page_token(call.calls->page_tokens->Make(*request, FormatKey(shown)));
        break;
      }
      *response->add_goals() = proto;
      shown = key;
    }
    return absl::OkStatus();
  });
}

grpc::Status GoalService::UpdateGoal(grpc::ServerContext* context, const v1::UpdateGoalRequest* request,
                                     v1::Goal* response) {
  return rpc::Serve(calls_, *context, "GoalService.UpdateGoal", *request, [&](const rpc::Call& call) -> absl::Status {
    const std::string& name = request->goal().name();
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<const Goal*> found = Find(call.caller, name, Right::kWriteGoals);
          if (!found.ok()) return found.status();
          const Goal& goal = **found;
          if (!request->goal().etag().empty() && request->goal().etag() != rpc::Etag(goal.position)) {
            return absl::AbortedError("goal.etag: the goal has changed since, want it read again");
          }
          const int64_t athlete = views_.athletes->Resolve(goal.athlete);
          v1::Goal changed = ToProto(goal, qualification::GatherFacts(*views_.athletes, *views_.results, athlete));
          if (absl::Status status = events::Overlay(request->update_mask(), request->goal(), &changed); !status.ok()) {
            return status;
          }
          return Draft(changed, goal.athlete, goal.id, goal.due);
        });
    if (!receipt.ok()) return receipt.status();
    return Answer(call, *receipt, name, response);
  });
}

grpc::Status GoalService::DeleteGoal(grpc::ServerContext* context, const v1::DeleteGoalRequest* request,
                                     v1::DeleteGoalResponse* response) {
  return rpc::Serve(calls_, *context, "GoalService.DeleteGoal", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<const Goal*> goal = Find(call.caller, request->name(), Right::kWriteGoals);
          if (!goal.ok()) return goal.status();
          if (!request->etag().empty() && request->etag() != rpc::Etag((*goal)->position)) {
            return absl::AbortedError("etag: the goal has changed since, want it read again");
          }
          stored::v1::GoalRemoved body;
          body.set_athlete((*goal)->athlete);
          body.set_id((*goal)->id);
          storage::Draft draft;
          draft.kind = storage::EntryKind::kGoalRemoved;
          draft.body = body.SerializeAsString();
          return draft;
        });
    if (!receipt.ok()) return receipt.status();
    response->set_position(receipt->position);
    return absl::OkStatus();
  });
}

}  // namespace palmares::goals
