// ExportCalendar.
#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/qualification/calendar_file.h"
#include "services/qualification/deadlines.h"
#include "services/qualification/explain.h"
#include "services/qualification/needed.h"
#include "services/qualification/qualification_service.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr size_t kChunk = size_t{64} << 10;

absl::string_view WhatHappens(v1::Deadline::Kind kind) {
  switch (kind) {
    case v1::Deadline::KIND_WINDOW_OPENS:
      return "results begin to count";
    case v1::Deadline::KIND_WINDOW_CLOSES:
      return "last moment for results";
    case v1::Deadline::KIND_APPLICATIONS_OPEN:
      return "applications open";
    case v1::Deadline::KIND_APPLICATIONS_CLOSE:
      return "applications close";
    default:
      return "deadline";
  }
}

// The time as the rules say it, and where the athlete stands.
std::string Describe(const Standard& standard, const StandardDeadline& deadline, const AthleteFacts* facts,
                     athletics::Date today) {
  std::string text = absl::StrCat(absl::FormatTime("%Y-%m-%d %H:%M:%S", deadline.time, standard.zone), " ",
                                  standard.time_zone.empty() ? "UTC" : standard.time_zone);
  if (facts == nullptr) return text;
  const Verdict verdict = Evaluate(standard, facts->athlete, facts->performances, today);
  return absl::StrCat(text, "\n", Explain(verdict, facts->athlete, facts->performances));
}

void AddEvents(const Standard& standard, const AthleteFacts* facts, athletics::Date today, absl::Time since,
               std::vector<CalendarEvent>& events) {
  for (const StandardDeadline& deadline : DeadlinesOf(standard)) {
    if (deadline.time < since) continue;
    CalendarEvent& event = events.emplace_back();
    event.uid = absl::StrCat("standards-", standard.id, "-", static_cast<int>(deadline.kind),
                             deadline.window < 0 ? "" : absl::StrCat("-", deadline.window), "@palmares");
    event.summary = absl::StrCat(standard.name, ": ", WhatHappens(deadline.kind),
                                 deadline.concerns.empty() ? "" : absl::StrCat(" (", deadline.concerns, ")"));
    event.description = Describe(standard, deadline, facts, today);
    event.time = deadline.time;
    if (!standard.sources.empty() && absl::StartsWith(standard.sources.front().url, "http")) {
      event.url = standard.sources.front().url;
    }
  }
}

bool SendFile(const std::string& file, int64_t position, grpc::ServerWriter<v1::FileChunk>* writer) {
  for (size_t at = 0; at < file.size(); at += kChunk) {
    v1::FileChunk chunk;
    if (at == 0) {
      chunk.set_file_name("qualification.ics");
      chunk.set_media_type("text/calendar; charset=utf-8");
    }
    chunk.set_data(file.substr(at, kChunk));
    if (at + kChunk >= file.size()) {
      std::string hash(crypto_hash_sha256_BYTES, '\0');
      crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                         reinterpret_cast<const unsigned char*>(file.data()), file.size());
      chunk.set_sha256(hash);
    }
    chunk.set_position(position);
    if (!writer->Write(chunk)) return false;
  }
  return true;
}

}  // namespace

grpc::Status QualificationService::ExportCalendar(grpc::ServerContext* context,
                                                  const v1::ExportCalendarRequest* request,
                                                  grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ExportCalendar", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->athlete().empty() && request->standards().empty()) {
          return rpc::MissingField("standards", "an athlete, or at least one standard");
        }
        Person person;
        std::vector<AppliedStandard> standards;
        std::vector<GoalDeadline> goals;
        int64_t position = 0;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          position = reader->position();
          if (!request->athlete().empty()) {
            absl::StatusOr<Person> found = Find(call.caller, request->athlete());
            if (!found.ok()) return found.status();
            person = *std::move(found);
            if (goal_deadlines_ != nullptr) goals = goal_deadlines_(call.caller, person.name);
          }
          absl::StatusOr<std::vector<AppliedStandard>> chosen = Chosen(request->standards(), person.facts.athlete);
          if (!chosen.ok()) return chosen.status();
          standards = *std::move(chosen);
        }
        // Of all standards only what is still to come; of those that are named, everything.
        const absl::Time now = calls_.clock();
        const absl::Time since = request->standards().empty() ? now : absl::InfinitePast();
        std::vector<CalendarEvent> events;
        for (const AppliedStandard& applied : standards) {
          AddEvents(*applied.standard, person.name.empty() ? nullptr : &person.facts,
                    AtInstant(*applied.standard, now).day, since, events);
        }
        for (const GoalDeadline& goal : goals) {
          CalendarEvent& event = events.emplace_back();
          event.uid = absl::StrCat(goal.name, "@palmares");
          event.summary = absl::StrCat("Goal: ", goal.display_name);
          event.day = goal.day;
        }
        std::stable_sort(events.begin(), events.end(), [](const CalendarEvent& a, const CalendarEvent& b) {
          const auto at = [](const CalendarEvent& event) {
            return event.time.value_or(absl::FromCivil(event.day, absl::UTCTimeZone()));
          };
          return at(a) < at(b);
        });
        const std::string file = WriteCalendar("Qualification", events, now);
        return SendFile(file, position, writer) ? absl::OkStatus() : absl::CancelledError("the client left");
      });
}

}  // namespace palmares::qualification
