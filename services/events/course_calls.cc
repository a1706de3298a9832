// Courses.
#include "services/events/event_service.h"
#include "services/events/record_calls.h"
#include "services/events/record_list.h"

namespace palmares::events {
namespace {

constexpr absl::string_view kCourseFilterFields[] = {"discipline", "facts.certified"};

bool CourseMeets(const Course& course, const rpc::Condition& condition) {
  if (condition.field == "facts.certified") {
    const stored::v1::CourseFacts& facts = course.data.facts();
    return facts.has_certified() && condition.value == (facts.certified() ? "true" : "false");
  }
  const auto discipline = athletics::FindDiscipline(condition.value);
  return discipline.ok() && (*discipline)->code == course.data.discipline();
}

v1::Course ShowCourse(const Course& course, int64_t position) { return ToProto(course, position); }

}  // namespace

grpc::Status EventService::GetCourse(grpc::ServerContext* context, const v1::GetCourseRequest* request,
                                     v1::Course* response) {
  return rpc::Serve(calls_, *context, "EventService.GetCourse", *request, [&](const rpc::Call& call) {
    return GetRecord(call, calendar_, kCourses, *request, ShowCourse, response);
  });
}

grpc::Status EventService::ListCourses(grpc::ServerContext* context, const v1::ListCoursesRequest* request,
                                       v1::ListCoursesResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.ListCourses", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->parent().empty()) return rpc::MissingField("parent", "events/{event} or events/-");
    absl::StatusOr<ListWanted> wanted = CheckList(call, *request, kCourseFilterFields);
    if (!wanted.ok()) return wanted.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    ListRecords(
        call, calendar_.courses(), Prefix(request->parent()), *request, *wanted,
        [](const Course& course) { return course.name; }, CourseMeets,
        [&](const Course& course) { *response->add_courses() = ToProto(course, 0); },
        response->mutable_next_page_token());
    return absl::OkStatus();
  });
}

grpc::Status EventService::CreateCourse(grpc::ServerContext* context, const v1::CreateCourseRequest* request,
                                        v1::Course* response) {
  return rpc::Serve(calls_, *context, "EventService.CreateCourse", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<NameParts> parts = ParseEventName("parent", request->parent());
                      if (!parts.ok()) return parts.status();
                      if (absl::Status status = rpc::CheckId("course_id", request->course_id()); !status.ok())
                        return status;
                      parts->course = request->course_id();
                      return SetRecord(
                          call, calendar_, kCourses, {CourseName(parts->event, parts->course), false, true}, *request,
                          [&](const Course*) -> absl::StatusOr<v1::Course> {
                            if (calendar_.FindEvent(request->parent()) == nullptr)
                              return rpc::NotFound("event", request->parent());
                            return request->course();
                          },
                          [&](const v1::Course& course) { return ToStored(course, *parts); }, ShowCourse, response);
                    });
}

grpc::Status EventService::UpdateCourse(grpc::ServerContext* context, const v1::UpdateCourseRequest* request,
                                        v1::Course* response) {
  return rpc::Serve(calls_, *context, "EventService.UpdateCourse", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      const v1::Course& given = request->course();
                      absl::StatusOr<NameParts> parts = ParseCourseName("course.name", given.name());
                      if (!parts.ok()) return parts.status();
                      return SetRecord(
                          call, calendar_, kCourses, {given.name(), true, request->allow_missing()}, *request,
                          [&](const Course* before) -> absl::StatusOr<v1::Course> {
                            const std::string event = EventName(parts->event);
                            if (calendar_.FindEvent(event) == nullptr) return rpc::NotFound("event", event);
                            return Overlaid(before, given, request->update_mask());
                          },
                          [&](const v1::Course& course) { return ToStored(course, *parts); }, ShowCourse, response);
                    });
}

}  // namespace palmares::events
