#include "tests/services/server/snapshot.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace palmares::testing {
namespace {

template <typename Message>
void Add(Message message, std::vector<std::string>& lines) {
  ClearTraces(message);
  lines.push_back(message.ShortDebugString());
}

}  // namespace

void ClearTraces(google::protobuf::Message& message) {
  static const auto* const kTraces =
      new std::set<std::string>{"position",    "etag",        "revision",  "sheet_revision", "result_revision",
                                "update_time", "change_time", "read_time", "actor",          "ledger_position"};
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (kTraces->contains(field->name())) {
      reflection.ClearField(&message, field);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map()) {
      if (!field->is_repeated()) ClearTraces(*reflection.MutableMessage(&message, field));
      for (int i = 0; field->is_repeated() && i < reflection.FieldSize(message, field); ++i) {
        ClearTraces(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

std::vector<std::string> Snapshot(const RunningServer& server, const std::vector<std::string>& races,
                                  const std::string& discipline, int athletes) {
  std::vector<std::string> lines;
  for (const std::string& race : races) {
    v1::GetSheetRequest request;
    v1::Sheet sheet;
    request.set_name(absl::StrCat(race, "/sheet"));
    if (server.sheets->GetSheet(server.AsOperator().get(), request, &sheet).ok()) Add(sheet, lines);
    for (const v1::Result& result : server.Results(race)) Add(result, lines);
  }
  for (const v1::Sex sex : {v1::SEX_MEN, v1::SEX_WOMEN}) {
    for (const bool all : {false, true}) {
      v1::RankingQuery query = QueryOf(discipline, sex);
      query.set_all_performances(all);
      for (const v1::RankingRow& row : server.RankingRows(query)) Add(row, lines);
    }
  }
  for (int athlete = 1; athlete <= athletes; ++athlete) {
    v1::GetHistoryRequest history;
    v1::GetHistoryResponse answer;
    history.set_athlete(absl::StrCat("athletes/", athlete));
    history.set_summary(true);
    history.set_view(v1::HISTORY_VIEW_FULL);
    if (server.histories->GetHistory(RunningServer::As("").get(), history, &answer).ok()) Add(answer, lines);
    v1::QualifyRequest question;
    v1::QualifyResponse verdicts;
    question.set_athlete(history.athlete());
    question.add_standards("standards/boston-2026");
    if (server.qualification->Qualify(RunningServer::As("").get(), question, &verdicts).ok()) Add(verdicts, lines);
  }
  return lines;
}

}  // namespace palmares::testing
