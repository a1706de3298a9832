#include "services/rules/rule_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/athletics/mark_rule.h"
#include "services/athletics/points.h"
#include "services/athletics/typed.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "services/rules/calculations.h"
#include "services/rules/rule_editions.h"
#include "services/rules/rule_messages.h"

namespace palmares::rules {
namespace {

constexpr int32_t kDisciplinesPage = 200;
constexpr int32_t kEditionsPage = 50;
constexpr int32_t kLargestPage = 1000;
constexpr int kMostQueries = 1000;
constexpr absl::string_view kDisciplineFields[] = {"surface", "walk", "relay_legs"};
constexpr absl::string_view kEditionFields[] = {"kind", "validity"};

// A page of a list that never changes: `key` names an item, `meets` decides, `add` takes it.
template <typename Request, typename Items, typename Key, typename Add>
absl::Status ListPage(const rpc::Call& call, const Request& request, const Items& items, int32_t usual,
                      absl::Span<const absl::string_view> fields, std::string* next_page_token, Key key, Add add) {
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), usual, kLargestPage);
  if (!size.ok()) return size.status();
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request.filter(), fields);
  if (!conditions.ok()) return conditions.status();
  absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  bool started = last->empty();
  int32_t count = 0;
  std::string shown;
  for (const auto& item : items) {
    absl::StatusOr<bool> wanted = Meets(*conditions, *item);
    if (!wanted.ok()) return wanted.status();
    if (!started) {
      started = key(*item) == *last;
      continue;
    }
    if (!*wanted) continue;
    if (count == *size) {
      *next_page_token = call.calls->page_tokens->Make(request, shown);
      break;
    }
    add(*item);
    shown = key(*item);
    ++count;
  }
  return absl::OkStatus();
}

template <typename Request>
absl::Status CheckQueries(const Request& request) {
  if (request.queries_size() == 0) return rpc::MissingField("queries", "at least one calculation");
  if (request.queries_size() <= kMostQueries) return absl::OkStatus();
  return rpc::InvalidField("queries", absl::StrCat(request.queries_size(), " queries"), "at most 1000 in one call");
}

std::string Path(int index) { return absl::StrCat("queries[", index, "]"); }

absl::Status SetPosition(const rpc::Call& call, const std::function<void(int64_t)>& set) {
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  set(reader->position());
  return absl::OkStatus();
}

}  // namespace

grpc::Status RuleService::GetDiscipline(grpc::ServerContext* context, const v1::GetDisciplineRequest* request,
                                        v1::Discipline* response) {
  return rpc::Serve(calls_, *context, "RuleService.GetDiscipline", *request, [&](const rpc::Call&) -> absl::Status {
    if (request->discipline().empty()) return rpc::MissingField("discipline", "a discipline such as marathon or 5000m");
    const auto found = athletics::ReadDiscipline(request->discipline(), athletics::BuiltInScoringTables());
    if (!found.ok()) {
      return rpc::WithReason(absl::NotFoundError(found.status().message()), "DISCIPLINE_NOT_FOUND",
                             {{"name", request->discipline()}});
    }
    *response = ToProto(*found);
    return absl::OkStatus();
  });
}

grpc::Status RuleService::ListDisciplines(grpc::ServerContext* context, const v1::ListDisciplinesRequest* request,
                                          v1::ListDisciplinesResponse* response) {
  return rpc::Serve(
      calls_, *context, "RuleService.ListDisciplines", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = SetPosition(call, [&](int64_t at) { response->set_position(at); }); !status.ok()) {
          return status;
        }
        return ListPage(
            call, *request, athletics::AllDisciplines(), kDisciplinesPage, kDisciplineFields,
            response->mutable_next_page_token(), [](const athletics::Discipline& item) { return item.code; },
            [&](const athletics::Discipline& item) { *response->add_disciplines() = ToProto(item); });
      });
}

grpc::Status RuleService::ListRuleEditions(grpc::ServerContext* context, const v1::ListRuleEditionsRequest* request,
                                           v1::ListRuleEditionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "RuleService.ListRuleEditions", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = SetPosition(call, [&](int64_t at) { response->set_position(at); }); !status.ok()) {
          return status;
        }
        std::vector<const RuleEdition*> editions;
        for (const RuleEdition& edition : RuleEditions()) editions.push_back(&edition);
        return ListPage(
            call, *request, editions, kEditionsPage, kEditionFields, response->mutable_next_page_token(),
            [](const RuleEdition& item) { return item.name; },
            [&](const RuleEdition& item) { *response->add_rule_editions() = ToProto(item); });
      });
}

grpc::Status RuleService::CalculatePoints(grpc::ServerContext* context, const v1::CalculatePointsRequest* request,
                                          v1::CalculatePointsResponse* response) {
  return rpc::Serve(calls_, *context, "RuleService.CalculatePoints", *request, [&](const rpc::Call&) -> absl::Status {
    if (absl::Status status = CheckQueries(*request); !status.ok()) return status;
    if (!request->rules().empty()) {
      const auto edition = FindRuleEdition("scoring", request->rules());
      if (!edition.ok()) return edition.status();
    }
    response->set_rules(ScoringEditionName());
    for (int i = 0; i < request->queries_size(); ++i) {
      auto answer = AnswerPoints(request->queries(i), Path(i));
      if (!answer.ok()) return answer.status();
      *response->add_answers() = *std::move(answer);
    }
    return absl::OkStatus();
  });
}

grpc::Status RuleService::CalculateAgeGrades(grpc::ServerContext* context, const v1::CalculateAgeGradesRequest* request,
                                             v1::CalculateAgeGradesResponse* response) {
  return rpc::Serve(calls_, *context, "RuleService.CalculateAgeGrades", *request,
                    [&](const rpc::Call&) -> absl::Status {
                      if (absl::Status status = CheckQueries(*request); !status.ok()) return status;
                      for (int i = 0; i < request->queries_size(); ++i) {
                        auto answer = AnswerAgeGrade(request->queries(i), request->rules(), Path(i));
                        if (!answer.ok()) return answer.status();
                        const bool same = i == 0 || response->rules() == answer->rules();
                        response->set_rules(same ? answer->rules() : "");
                        *response->add_answers() = *std::move(answer);
                      }
                      return absl::OkStatus();
                    });
}

grpc::Status RuleService::CalculateEquivalents(grpc::ServerContext* context,
                                               const v1::CalculateEquivalentsRequest* request,
                                               v1::CalculateEquivalentsResponse* response) {
  return rpc::Serve(calls_, *context, "RuleService.CalculateEquivalents", *request,
                    [&](const rpc::Call&) { return AnswerEquivalents(*request, response); });
}

grpc::Status RuleService::ParseMark(grpc::ServerContext* context, const v1::ParseMarkRequest* request,
                                    v1::ParseMarkResponse* response) {
  return rpc::Serve(calls_, *context, "RuleService.ParseMark", *request, [&](const rpc::Call&) -> absl::Status {
    const auto discipline = DisciplineField(request->discipline(), "discipline");
    if (!discipline.ok()) return discipline.status();
    if (request->text().empty()) return rpc::MissingField("text", "a mark as written");
    const auto read = ReadMarkField(request->text(), *discipline, "text");
    if (!read.ok()) return read.status();
    const athletics::Timing timing =
        request->timing() == v1::TIMING_UNSPECIFIED ? read->timing : FromProto(request->timing());
    *response->mutable_mark() = rpc::ToProto(read->mark, *discipline);
    *response->mutable_official_mark() =
        rpc::ToProto(athletics::RoundOfficial(read->mark, *discipline, timing), *discipline);
    response->set_timing(ToProto(timing));
    response->set_decimals(read->decimals);
    response->set_reinterpreted(read->reinterpreted);
    response->set_rule(std::string(athletics::RoundingRule(*discipline, timing)));
    return absl::OkStatus();
  });
}

}  // namespace palmares::rules
