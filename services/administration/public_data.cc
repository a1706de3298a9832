#include "services/administration/public_data.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/json_util.h"
#include "services/administration/administration_service.h"
#include "services/athletics/date.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/export.h"
#include "services/rpc/watch.h"

namespace palmares::administration {
namespace {

constexpr int kMostDumps = 2;  // each holds a thread, and as much memory as the views
constexpr absl::string_view kCutOff = "a dump cannot be gone on with, ask for it anew when the server is back";

// One of the places of those whom a dump is sent to. Held for as long as it lives.
class DumpPlace {
 public:
  explicit DumpPlace(std::atomic<int>& taken) : taken_(taken), number_(taken.fetch_add(1)) {}
  ~DumpPlace() { taken_.fetch_sub(1); }
  DumpPlace(const DumpPlace&) = delete;
  DumpPlace& operator=(const DumpPlace&) = delete;

  absl::Status status() const {
    if (number_ < kMostDumps) return absl::OkStatus();
    return rpc::WithReason(
        absl::ResourceExhaustedError(absl::StrCat("the public data is being sent to ", kMostDumps, " others")),
        "TOO_MANY_DUMPS");
  }

 private:
  std::atomic<int>& taken_;
  const int number_;
};

// Those that are wanted, in their own order; all where nothing is said.
absl::StatusOr<std::vector<PublicKind>> Select(std::vector<PublicKind> kinds,
                                               const google::protobuf::RepeatedPtrField<std::string>& wanted) {
  const auto is_named = [](const std::string& name) {
    return [&name](const PublicKind& kind) { return kind.name == name; };
  };
  for (int i = 0; i < wanted.size(); ++i) {
    if (std::any_of(kinds.begin(), kinds.end(), is_named(wanted[i]))) continue;
    const auto name_of = [](std::string* out, const PublicKind& kind) { out->append(kind.name); };
    return rpc::InvalidField(absl::StrCat("kinds[", i, "]"), wanted[i],
                             absl::StrCat("one of ", absl::StrJoin(kinds, ", ", name_of)));
  }
  if (wanted.empty()) return kinds;
  const auto is_unwanted = [&wanted](const PublicKind& kind) {
    return std::find(wanted.begin(), wanted.end(), kind.name) == wanted.end();
  };
  kinds.erase(std::remove_if(kinds.begin(), kinds.end(), is_unwanted), kinds.end());
  return kinds;
}

v1::PublicRecord HeaderOf(const std::vector<PublicKind>& kinds, const std::string& licence, absl::Time now,
                          int64_t position) {
  v1::PublicRecord record;
  v1::PublicDataHeader& header = *record.mutable_header();
  for (const PublicKind& kind : kinds) header.add_kinds(kind.name);
  *header.mutable_read_date() = rpc::ToProto(athletics::Date(absl::ToCivilDay(now, absl::UTCTimeZone())));
  header.set_licence(licence);
  header.set_position(position);
  return record;
}

absl::Status SendLine(const v1::PublicRecord& record, rpc::FileSender& sender) {
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(record, &line);
  if (!status.ok()) return absl::InternalError(absl::StrCat("a record as JSON: ", status.ToString()));
  line += '\n';
  return sender.Add(line);
}

// The header and the records; `check` says whether to go on.
absl::Status SendRecords(const std::vector<PublicKind>& kinds, const v1::PublicRecord& header,
                         absl::FunctionRef<absl::Status()> check, rpc::FileSender& sender) {
  if (absl::Status status = SendLine(header, sender); !status.ok()) return status;
  for (const PublicKind& kind : kinds) {
    absl::Status status = kind.walk([&](const v1::PublicRecord& record) -> absl::Status {
      if (absl::Status wanted = check(); !wanted.ok()) return wanted;
      return SendLine(record, sender);
    });
    if (!status.ok()) return status;
  }
  return sender.Finish();
}

}  // namespace

grpc::Status AdministrationService::ExportPublicData(grpc::ServerContext* context,
                                                     const v1::ExportPublicDataRequest* request,
                                                     grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(
      calls_, *context, "AdministrationService.ExportPublicData", *request, [&](const rpc::Call& call) -> absl::Status {
        const DumpPlace place(dumps_);
        if (!place.status().ok()) return place.status();
        const absl::Time now = call.calls->clock();
        const std::unique_ptr<ViewSet> views = parts_.views.make();
        absl::StatusOr<std::vector<PublicKind>> kinds = Select(parts_.public_data.kinds(*views, now), request->kinds());
        if (!kinds.ok()) return kinds.status();
        absl::StatusOr<int64_t> position = rpc::PositionNow(call, request->min_position());
        if (!position.ok()) return position.status();
        const auto check_wanted = [&]() -> absl::Status {
          if (absl::Status serving = rpc::CheckServing(calls_, kCutOff); !serving.ok()) return serving;
          return context->IsCancelled() ? absl::CancelledError("the caller has left") : absl::OkStatus();
        };
        absl::Status replayed =
            call.calls->store->ledger().Read(1, *position, [&](const storage::Entry& entry) -> absl::Status {
              if (absl::Status wanted = check_wanted(); !wanted.ok()) return wanted;
              return views->views().Apply(entry);
            });
        if (!replayed.ok()) return replayed;
        rpc::FileSender sender(absl::StrCat("public-data-", *position, ".jsonl"), "application/jsonl", *position,
                               *writer);
        return SendRecords(*kinds, HeaderOf(*kinds, parts_.public_data.licence, now, *position), check_wanted, sender);
      });
}

}  // namespace palmares::administration
