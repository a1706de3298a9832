// Boards: a coach's or club manager's view of athletes who granted it.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/access/grants_on.h"
#include "services/events/event_messages.h"
#include "services/goals/goal_service.h"
#include "services/identity/visibility.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_qualification.pb.h"

namespace palmares::goals {
namespace {

using access::Right;

constexpr size_t kBoardIdBytes = 6;
constexpr int32_t kBoardPageSize = 50;
constexpr int32_t kCellsPageSize = 100;
constexpr int32_t kLargestBoardPage = 1000;
constexpr int kMostAthletes = 1000;
constexpr int kMostStandards = 100;
constexpr absl::string_view kCellFields[] = {"athlete", "target", "verdict"};

absl::string_view IdOf(absl::string_view name) {
  absl::ConsumePrefix(&name, "boards/");
  return name;
}

void FillCell(const Progress& progress, athletics::Date today, v1::BoardCell* cell) {
  if (progress.best.has_value()) {
    *cell->mutable_gap() =
        qualification::MarginOf(progress.best->better_by, progress.best->limit, *progress.best->discipline);
  }
  cell->set_trend_percent_per_year(progress.trend_percent_per_year.value_or(0));
  if (progress.last.has_value()) {
    cell->set_last_result(progress.last->result);
    if (progress.last->mark != 0) {
      *cell->mutable_last_mark() = rpc::ToProto(progress.last->mark, *progress.last->discipline);
    }
    *cell->mutable_last_date() = rpc::ToProto(progress.last->date);
  }
  if (progress.due.has_value() && *progress.due >= today) *cell->mutable_deadline_date() = rpc::ToProto(*progress.due);
}

int64_t DayOf(const v1::Date& date) {
  return date.year() == 0 ? INT64_MAX : int64_t{date.year()} * 10000 + int64_t{date.month()} * 100 + date.day();
}

// The order of cells: by what is asked for, then by athlete; of one athlete the standards, then the goals, by name.
using CellKey = std::tuple<int64_t, int64_t, bool, std::string>;

enum class CellOrder : uint8_t { kAthlete, kDeadline, kGap };

absl::StatusOr<CellOrder> ParseCellOrder(absl::string_view order) {
  if (order.empty() || order == "athlete") return CellOrder::kAthlete;
  if (order == "deadline_date") return CellOrder::kDeadline;
  if (order == "gap.percent") return CellOrder::kGap;
  return rpc::InvalidField("order_by", order, "athlete, deadline_date or gap.percent");
}

CellKey CellKeyOf(CellOrder order, int64_t athlete, const v1::BoardCell& cell) {
  int64_t first = 0;
  if (order == CellOrder::kDeadline) first = DayOf(cell.deadline_date());
  if (order == CellOrder::kGap) {
    first = cell.has_gap() ? static_cast<int64_t>(std::llround(cell.gap().percent() * 1e6)) : INT64_MAX;
  }
  return {first, athlete, !absl::StartsWith(cell.target(), "standards/"), cell.target()};
}

std::string FormatCellKey(const CellKey& key) {
  return absl::StrCat(std::get<0>(key), ":", std::get<1>(key), ":", std::get<2>(key) ? 1 : 0, ":", std::get<3>(key));
}

absl::StatusOr<CellKey> ParseCellKey(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 3));
  CellKey key;
  const bool good = parts.size() == 4 && absl::SimpleAtoi(parts[0], &std::get<0>(key)) &&
                    absl::SimpleAtoi(parts[1], &std::get<1>(key)) && (parts[2] == "0" || parts[2] == "1");
  if (!good) return rpc::InvalidField("page_token", text, "the next_page_token of the page before");
  std::get<2>(key) = parts[2] == "1";
  std::get<3>(key) = parts[3];
  return key;
}

bool Matches(const std::vector<rpc::Condition>& conditions, const v1::BoardCell& cell) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "athlete") return cell.athlete() == condition.value;
    if (condition.field == "target") return cell.target() == condition.value;
    return qualification::StatusCode(static_cast<qualification::Status>(cell.verdict())) == condition.value;
  });
}

}  // namespace

absl::StatusOr<const Board*> GoalService::FindOwn(const access::Caller& caller, const std::string& name) const {
  const Board* board = views_.goals->FindBoard(IdOf(name));
  const bool own = board != nullptr && (board->owner == caller.actor() || caller.role == access::Role::kOperator);
  if (!own) return rpc::NotFound("board", name);
  return board;
}

v1::Board GoalService::ToProto(const Board& board) const {
  v1::Board out;
  out.set_name(absl::StrCat("boards/", board.id));
  out.set_display_name(board.display_name);
  for (const int64_t athlete : board.athletes) {
    out.add_athletes(views_.athletes->Name(views_.athletes->Resolve(athlete)));
  }
  out.set_club(board.club);
  for (const std::string& standard : board.standards) out.add_standards(absl::StrCat("standards/", standard));
  out.set_goals(board.goals);
  *out.mutable_create_time() = rpc::ToTimestamp(board.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(board.update_time_us);
  out.set_etag(rpc::Etag(board.position));
  return out;
}

absl::StatusOr<storage::Draft> GoalService::Draft(const v1::Board& board, const access::Caller& caller,
                                                  const std::string& id, const std::string& owner) const {
  if (board.display_name().empty()) return rpc::MissingField("board.display_name", "a name for the board");
  if (absl::Status status = CheckCalled(board.display_name(), "board.display_name"); !status.ok()) return status;
  if (board.athletes_size() > kMostAthletes) {
    return rpc::InvalidField("board.athletes", absl::StrCat(board.athletes_size(), " athletes"), "at most 1000");
  }
  if (board.standards_size() > kMostStandards) {
    return rpc::InvalidField("board.standards", absl::StrCat(board.standards_size(), " standards"), "at most 100");
  }
  stored::v1::Board body;
  body.set_id(id);
  body.set_owner(owner);
  body.set_display_name(board.display_name());
  for (int i = 0; i < board.athletes_size(); ++i) {
    const int64_t athlete = identity::FindVisible(*views_.athletes, *views_.results, caller, board.athletes(i));
    if (athlete == 0 || !May(caller, athlete, Right::kReadGoals)) {
      return rpc::InvalidField(absl::StrCat("board.athletes[", i, "]"), board.athletes(i),
                               "an athlete who granted it to the caller");
    }
    body.add_athletes(athlete);
  }
  if (!board.club().empty() && !absl::StartsWith(board.club(), "clubs/")) {
    return rpc::InvalidField("board.club", board.club(), "clubs/…");
  }
  body.set_club(board.club());
  for (const std::string& name : board.standards()) {
    absl::StatusOr<qualification::AppliedStandard> applied = views_.standards->Resolve(name);
    if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", name);
    if (!applied.ok()) return applied.status();
    body.add_standards(applied->standard->id);
  }
  body.set_goals(board.goals());
  storage::Draft draft;
  draft.kind = storage::EntryKind::kBoardSet;
  draft.body = body.SerializeAsString();
  return draft;
}

absl::Status GoalService::Answer(const rpc::Call& call, const storage::Receipt& receipt, const std::string& id,
                                 v1::Board* response) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt.position);
  if (!reader.ok()) return reader.status();
  for (const auto& [board_id, board] : views_.goals->boards()) {
    // A repeat answers with the board that the first call made, whose id may have been given by the server.
    if (board_id == id || (receipt.repeated && board.position == receipt.position)) *response = ToProto(board);
  }
  response->set_position(receipt.position);
  return absl::OkStatus();
}

grpc::Status GoalService::CreateBoard(grpc::ServerContext* context, const v1::CreateBoardRequest* request,
                                      v1::Board* response) {
  return rpc::Serve(calls_, *context, "GoalService.CreateBoard", *request, [&](const rpc::Call& call) -> absl::Status {
    std::string id = request->board_id();
    if (id.empty()) {
      std::string bytes(kBoardIdBytes, '\0');
      call.calls->random(bytes.data(), bytes.size());
      id = absl::BytesToHexString(bytes);
    }
    if (absl::Status status = rpc::CheckId("board_id", id); !status.ok()) return status;
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          if (views_.goals->FindBoard(id) != nullptr) {
            return absl::AlreadyExistsError(absl::StrCat("boards/", id, " exists already"));
          }
          return Draft(request->board(), call.caller, id, call.caller.actor());
        });
    if (!receipt.ok()) return receipt.status();
    return Answer(call, *receipt, id, response);
  });
}

grpc::Status GoalService::GetBoard(grpc::ServerContext* context, const v1::GetBoardRequest* request,
                                   v1::Board* response) {
  return rpc::Serve(calls_, *context, "GoalService.GetBoard", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const Board*> board = FindOwn(call.caller, request->name());
    if (!board.ok()) return board.status();
    *response = ToProto(**board);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status GoalService::ListBoards(grpc::ServerContext* context, const v1::ListBoardsRequest* request,
                                     v1::ListBoardsResponse* response) {
  return rpc::Serve(calls_, *context, "GoalService.ListBoards", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kBoardPageSize, kLargestBoardPage);
    if (!size.ok()) return size.status();
    absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    std::set<std::pair<std::string, const Board*>> own;  // by display name and id
    for (const auto& [id, board] : views_.goals->boards()) {
      const std::string key = absl::StrCat(board.display_name, "\n", id);
      const bool wanted = FindOwn(call.caller, id).ok() && key > *last;
      if (wanted) own.emplace(key, &board);
    }
    std::string shown;
    for (const auto& [key, board] : own) {
      if (response->boards_size() == *size) {
        response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
        break;
      }
      *response->add_boards() = ToProto(*board);
      shown = key;
    }
    return absl::OkStatus();
  });
}

grpc::Status GoalService::UpdateBoard(grpc::ServerContext* context, const v1::UpdateBoardRequest* request,
                                      v1::Board* response) {
  return rpc::Serve(calls_, *context, "GoalService.UpdateBoard", *request, [&](const rpc::Call& call) -> absl::Status {
    const std::string id(IdOf(request->board().name()));
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<const Board*> found = FindOwn(call.caller, id);
          if (!found.ok()) return found.status();
          if (!request->board().etag().empty() && request->board().etag() != rpc::Etag((*found)->position)) {
            return absl::AbortedError("board.etag: the board has changed since, want it read again");
          }
          v1::Board changed = ToProto(**found);
          if (absl::Status status = events::Overlay(request->update_mask(), request->board(), &changed); !status.ok()) {
            return status;
          }
          return Draft(changed, call.caller, id, (*found)->owner);
        });
    if (!receipt.ok()) return receipt.status();
    return Answer(call, *receipt, id, response);
  });
}

grpc::Status GoalService::DeleteBoard(grpc::ServerContext* context, const v1::DeleteBoardRequest* request,
                                      v1::DeleteBoardResponse* response) {
  return rpc::Serve(calls_, *context, "GoalService.DeleteBoard", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<const Board*> board = FindOwn(call.caller, request->name());
          if (!board.ok()) return board.status();
          if (!request->etag().empty() && request->etag() != rpc::Etag((*board)->position)) {
            return absl::AbortedError("etag: the board has changed since, want it read again");
          }
          stored::v1::BoardRemoved body;
          body.set_id((*board)->id);
          storage::Draft draft;
          draft.kind = storage::EntryKind::kBoardRemoved;
          draft.body = body.SerializeAsString();
          return draft;
        });
    if (!receipt.ok()) return receipt.status();
    response->set_position(receipt->position);
    return absl::OkStatus();
  });
}

GoalService::Members GoalService::MembersOf(const access::Caller& caller, const Board& board) const {
  std::set<int64_t> wanted;
  for (const int64_t athlete : board.athletes) wanted.insert(views_.athletes->Resolve(athlete));
  if (!board.club.empty()) {
    for (const access::Grant* grant : views_.grants->HeldBy(board.club)) {
      if (grant->InForce(NowUs())) wanted.insert(views_.athletes->Resolve(grant->athlete));
    }
  }
  Members members;
  for (const int64_t athlete : wanted) {
    (May(caller, athlete, Right::kReadGoals) ? members.athletes : members.ended).push_back(athlete);
  }
  return members;
}

std::vector<v1::BoardCell> GoalService::CellsOf(const Board& board, int64_t athlete) const {
  const qualification::AthleteFacts facts = qualification::GatherFacts(*views_.athletes, *views_.results, athlete);
  std::vector<v1::BoardCell> cells;
  const auto add = [&](const std::string& target, const Progress& progress, athletics::Date today) -> v1::BoardCell& {
    v1::BoardCell& cell = cells.emplace_back();
    cell.set_athlete(views_.athletes->Name(athlete));
    cell.set_athlete_display_name(views_.athletes->athlete(athlete).display_name);
    cell.set_target(target);
    FillCell(progress, today, &cell);
    return cell;
  };
  for (const std::string& id : board.standards) {
    const qualification::LoadedStandard* loaded = views_.standards->Find(id);
    if (loaded == nullptr || loaded->retired) continue;
    const qualification::AnswerDay today = TodayOf(loaded->standard.get());
    const Progress progress = ProgressTo(*loaded->standard, facts, today);
    add(absl::StrCat("standards/", id), progress, today.day).set_verdict(qualification::StateOf(progress.verdict));
  }
  if (!board.goals) return cells;
  for (const int64_t member : views_.athletes->Members(athlete)) {
    for (const Goal* goal : views_.goals->GoalsOf(member)) {
      const Progress progress = Of(*goal, facts);
      const athletics::Date today = TodayOf(StandardOf(*goal).get()).day;
      v1::BoardCell& cell = add(absl::StrCat(views_.athletes->Name(athlete), "/goals/", goal->id), progress, today);
      *cell.mutable_progress() = goals::ToProto(progress, today);
      if (goal->discipline == nullptr) cell.set_verdict(qualification::StateOf(progress.verdict));
    }
  }
  return cells;
}

grpc::Status GoalService::ListBoardCells(grpc::ServerContext* context, const v1::ListBoardCellsRequest* request,
                                         v1::ListBoardCellsResponse* response) {
  return rpc::Serve(
      calls_, *context, "GoalService.ListBoardCells", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kCellsPageSize, kLargestBoardPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kCellFields);
        if (!conditions.ok()) return conditions.status();
        absl::StatusOr<CellOrder> order = ParseCellOrder(request->order_by());
        if (!order.ok()) return order.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        CellKey after;
        if (!last->empty()) {
          absl::StatusOr<CellKey> key = ParseCellKey(*last);
          if (!key.ok()) return key.status();
          after = *std::move(key);
        }
        std::map<CellKey, v1::BoardCell> cells;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          response->set_position(reader->position());
          absl::StatusOr<const Board*> board = FindOwn(call.caller, request->parent());
          if (!board.ok()) return board.status();
          const Members members = MembersOf(call.caller, **board);
          for (const int64_t athlete : members.ended) response->add_ended_athletes(views_.athletes->Name(athlete));
          for (const int64_t athlete : members.athletes) {
            for (v1::BoardCell& cell : CellsOf(**board, athlete)) {
              CellKey key = CellKeyOf(*order, athlete, cell);
              const bool wanted = (last->empty() || key > after) && Matches(*conditions, cell);
              if (wanted) cells.emplace(std::move(key), std::move(cell));
            }
          }
        }
        const CellKey* shown = nullptr;
        for (auto& [key, cell] : cells) {
          if (response->cells_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, FormatCellKey(*shown)));
            break;
          }
          *response->add_cells() = std::move(cell);
          shown = &key;
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::goals
