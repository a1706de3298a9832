// palmares.v1.QualificationService: am I in, how far am I, and why.
//
// Verdicts are computed when they are read, from the views at the position of the answer, so they are never stale; what
// takes a look at everybody (fields, watching) is kept current by looking again at those who were touched (fields.h).
// Under a Reader only facts are gathered; judging and explaining happen after it.
#ifndef PALMARES_SERVICES_QUALIFICATION_QUALIFICATION_SERVICE_H_
#define PALMARES_SERVICES_QUALIFICATION_QUALIFICATION_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "services/qualification/applications.h"
#include "services/qualification/asked_day.h"
#include "services/qualification/athlete_facts.h"
#include "services/qualification/fields.h"
#include "services/qualification/line_history.h"
#include "services/qualification/ordered_field.h"
#include "services/qualification/standards_view.h"
#include "services/rpc/call.h"

namespace palmares::qualification {

// A goal's day, for calendars and notices.
struct GoalDeadline {
  std::string name;  // "athletes/1042/goals/sub-three"
  std::string display_name;
  std::string standard;  // "standards/boston-2027"; empty for a goal of a mark
  athletics::Date day;
  absl::Time end;      // the last second of the day, in the time zone of the standard; of a mark in UTC
  absl::Time changed;  // when the goal was last set
};
// The days of the goals of the athlete of that name that the caller may see. Called under a Reader.
using GoalDeadlines =
    std::function<std::vector<GoalDeadline>(const access::Caller& caller, const std::string& athlete)>;
// Whether the caller may do all that the athlete of that number (after merges) may: the athlete, a guardian. Called
// under a Reader.
using ActsForAthlete = std::function<bool(const access::Caller& caller, int64_t athlete)>;

// The whole verdicts of an athlete (after merges) under these standards, in their order. Under a Reader. NOT_FOUND for
// an unknown standard. They are about the athlete alone: quota and country cap, which need a look at everybody, are
// left to QualificationService.Qualify.
absl::StatusOr<std::vector<v1::Verdict>> VerdictsOf(const QualificationViews& views, int64_t athlete,
                                                    const google::protobuf::RepeatedPtrField<std::string>& standards,
                                                    athletics::Date day);

class QualificationService final : public v1::QualificationService::Service {
 public:
  // All of them outlive it.
  QualificationService(const rpc::Calls* calls, const QualificationViews& views, const Applications* applications,
                       Fields* fields, ActsForAthlete acts_for, GoalDeadlines goal_deadlines = nullptr)
      : calls_(*calls),
        views_(views),
        applications_(*applications),
        fields_(*fields),
        acts_for_(std::move(acts_for)),
        goal_deadlines_(std::move(goal_deadlines)) {}

  grpc::Status Qualify(grpc::ServerContext*, const v1::QualifyRequest*, v1::QualifyResponse*) override;
  grpc::Status BatchQualify(grpc::ServerContext*, const v1::BatchQualifyRequest*, v1::BatchQualifyResponse*) override;
  grpc::Status WhatIf(grpc::ServerContext*, const v1::WhatIfRequest*, v1::QualifyResponse*) override;
  grpc::Status ListNearestStandards(grpc::ServerContext*, const v1::ListNearestStandardsRequest*,
                                    v1::ListNearestStandardsResponse*) override;
  grpc::Status ListQualifiers(grpc::ServerContext*, const v1::ListQualifiersRequest*,
                              v1::ListQualifiersResponse*) override;
  grpc::Status ListLineHistory(grpc::ServerContext*, const v1::ListLineHistoryRequest*,
                               v1::ListLineHistoryResponse*) override;
  grpc::Status UpdateApplication(grpc::ServerContext*, const v1::UpdateApplicationRequest*, v1::Application*) override;
  grpc::Status ListApplications(grpc::ServerContext*, const v1::ListApplicationsRequest*,
                                v1::ListApplicationsResponse*) override;
  grpc::Status Forecast(grpc::ServerContext*, const v1::ForecastRequest*, v1::ForecastResponse*) override;
  grpc::Status ForecastCutoff(grpc::ServerContext*, const v1::ForecastCutoffRequest*,
                              v1::ForecastCutoffResponse*) override;
  grpc::Status WatchQualifications(grpc::ServerContext*, const v1::WatchQualificationsRequest*,
                                   grpc::ServerWriter<v1::WatchQualificationsResponse>*) override;
  grpc::Status ExportCalendar(grpc::ServerContext*, const v1::ExportCalendarRequest*,
                              grpc::ServerWriter<v1::FileChunk>*) override;

 private:
  class Watch;
  // How much of the results is told, and whether marks that nobody ran are among them.
  struct Telling {
    int others = 0;
    bool hypothetical = false;
  };

  // What verdicts of one person need, gathered under a Reader.
  struct Person {
    std::string name;    // "athletes/1042"; empty for an anonymous runner
    int64_t number = 0;  // after merges; 0 for an anonymous runner
    AthleteFacts facts;
  };
  // The person's facts, or NOT_FOUND where the caller may not know of them. Under a Reader.
  absl::StatusOr<Person> Find(const access::Caller& caller, const std::string& name) const;

  // Those named, or all in use that have a mark or path for the athlete's category. Under a Reader.
  absl::StatusOr<std::vector<AppliedStandard>> Chosen(const google::protobuf::RepeatedPtrField<std::string>& names,
                                                      const Athlete& athlete) const;
  // Marks that nobody ran yet, as performances. `field` is the request's. Under a Reader.
  absl::StatusOr<std::vector<Performance>> Hypothetical(
      const google::protobuf::RepeatedPtrField<v1::HypotheticalMark>& marks, absl::string_view field) const;
  absl::Status PutOnCourse(const v1::HypotheticalMark& mark, absl::string_view field, Performance& performance) const;

  // The page of verdicts that the request asks for, as of the response's position.
  template <typename Request>
  absl::Status Answer(const rpc::Call& call, const Request& request, absl::string_view filter,
                      const std::vector<AppliedStandard>& standards, const Person& person, const AskedDay& as_of,
                      const Telling& telling, v1::QualifyResponse* response) const;

  // The order of a field with what the applications say, kept for the next page.
  absl::StatusOr<std::shared_ptr<const OrderedField>> Order(const rpc::Call& call,
                                                            std::shared_ptr<const FieldSnapshot> snapshot,
                                                            const std::vector<int64_t>& withdrawn) const;
  // Whether the field has a say in the verdict: places are limited, or go by applications that are on file. Not under a
  // Reader.
  absl::StatusOr<bool> NeedsField(const rpc::Call& call, const Verdict& verdict) const;
  // What a verdict was made from.
  struct Seen {
    int64_t position = 0;
    bool hypothetical = false;  // with marks that nobody ran yet: placed as if they were run
  };
  // Gives a verdict that is met its order, or says that there is no place left. The first time, the field is worked
  // out: DEADLINE_EXCEEDED as of Fields::Current. Not under a Reader.
  absl::Status GivePlace(const rpc::Call& call, const AppliedStandard& applied, const AnswerDay& as_of,
                         const Person& person, Seen seen, Verdict& verdict) const;
  absl::Status FillRows(const rpc::Call& call, const v1::ListQualifiersRequest& request, const OrderedField& field,
                        v1::ListQualifiersResponse* response) const;

  // By athlete, after merges. Under a Reader.
  absl::flat_hash_map<int64_t, Application> ApplicationsFor(absl::string_view standard) const;
  absl::StatusOr<v1::QualificationLine> LineOf(const rpc::Call& call, const FieldSnapshot& snapshot,
                                               const absl::flat_hash_map<int64_t, Application>& applications,
                                               v1::Sex sex) const;
  absl::Status FillLines(const rpc::Call& call, const v1::ListLineHistoryRequest& request,
                         const AppliedStandard& applied, const LineSteps& steps, std::optional<athletics::Date> first,
                         v1::ListLineHistoryResponse* response) const;
  // Brings the steps to the newest position; how far they are is told in the response.
  absl::Status WorkOn(const rpc::Call& call, int64_t min_position, LineSteps& steps,
                      v1::ListLineHistoryResponse* response) const;

  struct ApplicationKey {
    std::shared_ptr<const Standard> standard;
    int64_t athlete = 0;  // after merges
    const Application* application = nullptr;
  };
  // By "standards/{standard}/applications/{athlete}"; its application may not be there. Under a Reader, or in a plan.
  absl::StatusOr<ApplicationKey> FindApplication(const access::Caller& caller, const std::string& name) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanApplication(const access::Caller& caller,
                                                                const v1::UpdateApplicationRequest& request) const;

  const rpc::Calls& calls_;
  const QualificationViews views_;
  const Applications& applications_;
  Fields& fields_;
  const ActsForAthlete acts_for_;
  const GoalDeadlines goal_deadlines_;
  std::atomic<int> watchers_{0};
  mutable std::atomic<bool> past_in_use_{false};  // by who replays the ledger for a watch

  mutable absl::Mutex order_mutex_;
  // The last one of each standard.
  mutable absl::flat_hash_map<std::string, std::shared_ptr<const OrderedField>> orders_ ABSL_GUARDED_BY(order_mutex_);
  LastLines last_lines_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_QUALIFICATION_SERVICE_H_
