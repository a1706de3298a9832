#include "services/administration/ledger_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/rpc/convert.h"
#include "services/rpc/watch.h"

namespace palmares::administration {
namespace {

constexpr int32_t kEntryPageSize = 100;
constexpr int32_t kLargestEntryPage = 1000;
constexpr int kChangesAMessage = 500;
constexpr int64_t kMostChangesAPage = 20'000;  // a page ends early rather than be larger than a message may be
constexpr int64_t kMostEntriesAPage = 20'000;  // looked at for one page, changes or not

v1::WatchChangesResponse MessageOf(const rpc::Call& call, const storage::Entry& entry) {
  v1::WatchChangesResponse message;
  message.set_position(entry.position);
  *message.mutable_change_time() = rpc::ToTimestamp(entry.time_us);
  if (call.caller.role == access::Role::kOperator) {
    message.mutable_actor()->set_token(entry.actor);
    message.mutable_actor()->set_display_name(entry.actor);
  }
  return message;
}

// Sends the changes in messages of bearable size. False when the caller has left.
bool Send(const rpc::Call& call, const storage::Entry& entry, std::vector<v1::Change> changes,
          grpc::ServerWriter<v1::WatchChangesResponse>* writer) {
  v1::WatchChangesResponse message = MessageOf(call, entry);
  for (size_t i = 0; i < changes.size(); ++i) {
    *message.add_changes() = std::move(changes[i]);
    const bool last = i + 1 == changes.size();
    if (!last && message.changes_size() < kChangesAMessage) continue;
    message.set_more(!last);
    if (!writer->Write(message)) return false;
    message.clear_changes();
  }
  return true;
}

}  // namespace

ChangeReader LedgerService::MakeReader(const rpc::Call& call, ChangeFilter filter) const {
  return ChangeReader(views_, call.caller, std::move(filter), [store = calls_.store] { return store->Read(); });
}

grpc::Status LedgerService::GetPosition(grpc::ServerContext* context, const v1::GetPositionRequest* request,
                                        v1::GetPositionResponse* response) {
  return rpc::Serve(calls_, *context, "LedgerService.GetPosition", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      response->set_entry_count(reader->position());
                      response->set_oldest_position(0);
                      *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                      return absl::OkStatus();
                    });
}

grpc::Status LedgerService::WatchChanges(grpc::ServerContext* context, const v1::WatchChangesRequest* request,
                                         grpc::ServerWriter<v1::WatchChangesResponse>* writer) {
  return rpc::Serve(calls_, *context, "LedgerService.WatchChanges", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<ChangeFilter> filter = MakeChangeFilter(request->kinds(), request->parents());
                      if (!filter.ok()) return filter.status();
                      ChangeReader changes = MakeReader(call, *std::move(filter));
                      const auto take = [&](const storage::Entry& entry) -> absl::StatusOr<bool> {
                        absl::StatusOr<std::vector<v1::Change>> read = changes.Read(entry);
                        if (!read.ok()) return read.status();
                        return Send(call, entry, *std::move(read), writer);
                      };
                      const auto keep = [&](int64_t position) {
                        v1::WatchChangesResponse message;
                        message.set_position(position);
                        return writer->Write(message);
                      };
                      return rpc::Watch(call, *context, request->start_position(), take, keep);
                    });
}

grpc::Status LedgerService::ListChanges(grpc::ServerContext* context, const v1::ListChangesRequest* request,
                                        v1::ListChangesResponse* response) {
  return rpc::Serve(
      calls_, *context, "LedgerService.ListChanges", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kEntryPageSize, kLargestEntryPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<ChangeFilter> filter = MakeChangeFilter(request->kinds(), request->parents());
        if (!filter.ok()) return filter.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<int64_t> newest = rpc::PositionNow(call, request->min_position());
        if (!newest.ok()) return newest.status();
        response->set_position(*newest);
        absl::StatusOr<int64_t> start = rpc::StartPosition(request->start_position(), *newest);
        if (!start.ok()) return start.status();
        int64_t position = *start;
        if (!last->empty() && !absl::SimpleAtoi(*last, &position)) return rpc::StalePageToken();
        ChangeReader changes = MakeReader(call, *std::move(filter));
        int64_t count = 0;
        const int64_t end = std::min(*newest, position + kMostEntriesAPage);
        const absl::Status enough = absl::CancelledError("the page is full");
        absl::Status status =
            calls_.store->ledger().Read(position + 1, end, [&](const storage::Entry& entry) -> absl::Status {
              absl::StatusOr<std::vector<v1::Change>> read = changes.Read(entry);
              if (!read.ok()) return read.status();
              position = entry.position;
              count += static_cast<int64_t>(read->size());
              if (read->empty()) return absl::OkStatus();
              v1::WatchChangesResponse* message = response->add_entries();
              *message = MessageOf(call, entry);
              for (v1::Change& change : *read) *message->add_changes() = std::move(change);
              return response->entries_size() == *size || count >= kMostChangesAPage ? enough : absl::OkStatus();
            });
        if (!status.ok() && status != enough) return status;
        if (position < *newest) {
          response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(position)));
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::administration
