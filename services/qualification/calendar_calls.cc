// ExportCalendar.
#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/qualification/calendar_file.h"
#include "services/qualification/deadlines.h"
#include "services/qualification/explain.h"
#include "services/qualification/qualification_service.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr size_t kChunk = size_t{64} << 10;

// What somebody sees in the calendar: a time that has both ends, or the one end that is known.
absl::string_view WhatHappens(const StandardSpan& span) {
  if (span.window.opens && span.window.closes) return span.applications ? "applications are open" : "results count";
  if (span.window.opens) return span.applications ? "applications open" : "results begin to count";
  return span.applications ? "applications close" : "last day for results";
}

bool BeginsADay(const absl::CivilSecond& at) { return at == absl::CivilSecond(athletics::Date(at)); }
bool EndsADay(const absl::CivilSecond& at) { return BeginsADay(at + 1); }

// Whole days in every time zone where the rules speak of days; else instants, so that each calendar shows them in its
// own.
void SetTimes(const Standard& standard, const Window& window, CalendarEvent& event) {
  const bool days = (!window.opens || BeginsADay(*window.opens)) && (!window.closes || EndsADay(*window.closes));
  const absl::CivilSecond first = window.opens ? *window.opens : *window.closes;
  const absl::CivilSecond last = window.closes ? *window.closes : *window.opens;
  if (days) {
    event.day = athletics::Date(first);
    event.last_day = athletics::Date(last);
    return;
  }
  event.time = absl::FromCivil(first, standard.zone);
  if (!window.opens || !window.closes) return;
  event.end = absl::FromCivil(EndsADay(last) ? last + 1 : last, standard.zone);
}

std::string TimeText(const absl::CivilSecond& at, bool whole) {
  const std::string day = athletics::FormatDate(athletics::Date(at));
  return whole ? day : absl::StrFormat("%s %02d:%02d:%02d", day, at.hour(), at.minute(), at.second());
}

// The times as the rules say them: "from 2025-01-01 to 2026-07-01 17:00:00 America/New_York".
std::string TimesText(const Standard& standard, const Window& window) {
  std::vector<std::string> parts;
  if (window.opens) parts.push_back(absl::StrCat("from ", TimeText(*window.opens, BeginsADay(*window.opens))));
  if (window.closes) parts.push_back(absl::StrCat("to ", TimeText(*window.closes, EndsADay(*window.closes))));
  parts.push_back(standard.time_zone.empty() ? "UTC" : standard.time_zone);
  return absl::StrJoin(parts, " ");
}

// The times that are not over by then.
std::vector<StandardSpan> SpansSince(const Standard& standard, absl::Time since) {
  std::vector<StandardSpan> spans = SpansOf(standard);
  std::erase_if(spans, [&](const StandardSpan& span) {
    const absl::CivilSecond last = span.window.closes ? *span.window.closes : *span.window.opens;
    return absl::FromCivil(last, standard.zone) < since;
  });
  return spans;
}

// One event for each time, which keeps its id while its days move. `standing`: where the athlete stands; empty: nobody
// is asked for.
void AddEvents(const Standard& standard, const std::vector<StandardSpan>& spans, absl::string_view standing,
               std::vector<CalendarEvent>& events) {
  for (const StandardSpan& span : spans) {
    CalendarEvent& event = events.emplace_back();
    event.uid = absl::StrCat("standards-", standard.id, span.applications ? "-applications" : "-results",
                             span.index < 0 ? "" : absl::StrCat("-", span.index), "@palmares");
    event.summary = absl::StrCat(standard.name, ": ", WhatHappens(span),
                                 span.concerns.empty() ? "" : absl::StrCat(" (", span.concerns, ")"));
    event.description =
        absl::StrCat(TimesText(standard, span.window), standing.empty() ? "" : absl::StrCat("\n", standing));
    SetTimes(standard, span.window, event);
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
          const Standard& standard = *applied.standard;
          const std::vector<StandardSpan> spans = SpansSince(standard, since);
          std::string standing;
          if (!person.name.empty() && !spans.empty()) {
            const AthleteFacts& facts = person.facts;
            const AnswerDay as_of = AtInstant(standard, now);
            Verdict verdict = Evaluate(standard, facts.athlete, facts.performances, as_of);
            absl::Status placed = GivePlace(call, applied, as_of, person, {position, false}, verdict);
            if (!placed.ok()) return placed;
            standing = Explain(verdict, facts.athlete, facts.performances);
          }
          AddEvents(standard, spans, standing, events);
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
