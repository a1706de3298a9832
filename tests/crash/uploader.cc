#include "tests/crash/uploader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace palmares::testing {
namespace {

constexpr int kRaces = 30;

// Whether the server, or the way to it, is gone: nothing is known of what became of the call.
bool IsGone(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE || status.error_code() == grpc::StatusCode::CANCELLED ||
         status.error_code() == grpc::StatusCode::UNKNOWN;
}

std::string Describe(const grpc::Status& status) {
  return absl::StrCat(status.error_code(), ": ", status.error_message());
}

}  // namespace

Connection::Connection(const std::string& address, std::string secret) : secret(std::move(secret)) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  events = v1::EventService::NewStub(channel);
  results = v1::ResultService::NewStub(channel);
  sheets = v1::SheetService::NewStub(channel);
}

std::unique_ptr<grpc::ClientContext> Connection::Context() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  context->AddMetadata("authorization", absl::StrCat("Bearer ", secret));
  return context;
}

void Uploader::MakeRaces(const Connection& connection) {
  v1::CreateEventRequest event;
  v1::Event made_event;
  event.set_event_id(absl::StrCat("event-", number_));
  event.mutable_event()->set_display_name("Town Run");
  grpc::Status status = connection.events->CreateEvent(connection.Context().get(), event, &made_event);
  ASSERT_TRUE(status.ok()) << Describe(status);
  v1::CreateEditionRequest edition;
  v1::Edition made_edition;
  edition.set_parent(made_event.name());
  edition.set_edition_id("2025");
  edition.mutable_edition()->mutable_start_date()->set_year(2025);
  edition.mutable_edition()->mutable_start_date()->set_month(5);
  edition.mutable_edition()->mutable_start_date()->set_day(4);
  status = connection.events->CreateEdition(connection.Context().get(), edition, &made_edition);
  ASSERT_TRUE(status.ok()) << Describe(status);
  for (int race = 0; race < kRaces; ++race) {
    v1::CreateRaceRequest request;
    v1::Race made;
    request.set_parent(made_edition.name());
    request.set_race_id(absl::StrCat("race-", race));
    request.mutable_race()->set_discipline("10km-road");
    request.mutable_race()->set_places_clock(v1::CLOCK_GUN);
    status = connection.events->CreateRace(connection.Context().get(), request, &made);
    ASSERT_TRUE(status.ok()) << Describe(status);
    races_.push_back({made.name(), {}, false});
    last_position_ = std::max(last_position_, made.position());
  }
}

std::string Uploader::MakeRequestId() {
  const uint64_t high = random_.Next(), low = random_.Next();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, high >> 16 & 0xffff, high & 0xfff, low >> 52,
                         low & 0xffffffffffff);
}

Uploader::Change Uploader::MakeImport(size_t race) {
  Change change{race, {}, nullptr};
  std::string csv = "bib,name,sex,age,gun\n";
  const int64_t count = 1 + random_.Below(30);
  for (int64_t i = 0; i < count; ++i) {
    Row row;
    row.bib = absl::StrCat(100 + i);
    row.name = absl::StrCat("Given", random_.Below(40), " Family", number_, "x", i);
    row.mark = (1900 + random_.Below(600)) * 1000;
    absl::StrAppendFormat(&csv, "%s,%s,M,30,0:%02d:%02d\n", row.bib, row.name, row.mark / 60000, row.mark / 1000 % 60);
    change.after.push_back(std::move(row));
  }
  v1::ImportSheetRequest header, content;
  header.mutable_header()->set_race(races_[race].name);
  header.mutable_header()->set_file_name("sheet.csv");
  header.mutable_header()->set_state(v1::SHEET_STATE_OFFICIAL);
  header.mutable_header()->set_reason("a better file");
  header.mutable_header()->set_request_id(MakeRequestId());
  content.set_chunk(csv);
  change.ask = [header, content](const Connection& connection, int64_t* position) {
    const auto context = connection.Context();
    v1::ImportSheetResponse response;
    const auto writer = connection.sheets->ImportSheet(context.get(), &response);
    (void)(writer->Write(header) && writer->Write(content) && writer->WritesDone());  // Finish says why
    grpc::Status status = writer->Finish();
    if (status.ok() && !response.report().accepted()) {
      return grpc::Status(grpc::StatusCode::INTERNAL, response.report().ShortDebugString());
    }
    *position = response.position();
    return status;
  };
  return change;
}

// Corrects, disqualifies or reinstates somebody.
Uploader::Change Uploader::MakeRevision(size_t race) {
  Change change{race, races_[race].rows, nullptr};
  Row& row = change.after[static_cast<size_t>(random_.Below(static_cast<int64_t>(change.after.size())))];
  const std::string bib = row.bib, race_name = races_[race].name, request_id = MakeRequestId();
  // Its name is found when it is asked for: rows of a new sheet may have other numbers.
  const auto find = [race_name, bib](const Connection& connection, std::string* name) {
    v1::ListResultsRequest request;
    v1::ListResultsResponse response;
    request.set_parent(race_name);
    request.set_filter(absl::StrCat("bib = \"", bib, "\""));
    grpc::Status status = connection.results->ListResults(connection.Context().get(), request, &response);
    if (status.ok() && response.results_size() != 1) {
      status = grpc::Status(grpc::StatusCode::INTERNAL, response.ShortDebugString());
    }
    if (status.ok()) *name = response.results(0).name();
    return status;
  };
  if (random_.Below(2) == 0 && !row.disqualified) {
    row.mark = (1900 + random_.Below(600)) * 1000 + 1000 * (row.mark % 7);
    if (row.mark == races_[race].rows[static_cast<size_t>(&row - change.after.data())].mark) row.mark += 1000;
    const int64_t mark = row.mark;
    change.ask = [find, mark, request_id](const Connection& connection, int64_t* position) {
      v1::CorrectResultRequest request;
      v1::ChangeResultResponse response;
      if (grpc::Status status = find(connection, request.mutable_name()); !status.ok()) return status;
      request.set_reason("the photo says so");
      request.set_request_id(request_id);
      request.mutable_update_mask()->add_paths("official_mark");
      request.mutable_update_mask()->add_paths("gun_mark");
      request.mutable_row()->set_official_mark(mark);
      request.mutable_row()->set_gun_mark(mark);
      grpc::Status status = connection.results->CorrectResult(connection.Context().get(), request, &response);
      *position = response.position();
      return status;
    };
    return change;
  }
  row.disqualified = !row.disqualified;
  const bool disqualify = row.disqualified;
  change.ask = [find, disqualify, request_id](const Connection& connection, int64_t* position) {
    std::string name;
    if (grpc::Status status = find(connection, &name); !status.ok()) return status;
    v1::ChangeResultResponse response;
    grpc::Status status;
    if (disqualify) {
      v1::DisqualifyResultRequest request;
      request.set_rule("TR17.3.1");
      request.set_name(name);
      request.set_reason("seen");
      request.set_request_id(request_id);
      status = connection.results->DisqualifyResult(connection.Context().get(), request, &response);
    } else {
      v1::ReinstateResultRequest request;
      request.set_name(name);
      request.set_reason("appeal upheld");
      request.set_request_id(request_id);
      status = connection.results->ReinstateResult(connection.Context().get(), request, &response);
    }
    *position = response.position();
    return status;
  };
  return change;
}

Uploader::Change Uploader::MakeChange() {
  const auto race = static_cast<size_t>(random_.Below(kRaces));
  Race& chosen = races_[race];
  if (chosen.rows.empty() || (!chosen.revised && random_.Below(4) != 0)) return MakeImport(race);
  chosen.revised = true;
  return MakeRevision(race);
}

bool Uploader::Try(const Connection& connection) {
  if (!pending_.has_value()) pending_ = MakeChange();
  touched_.insert(pending_->race);
  int64_t position = 0;
  const grpc::Status status = pending_->ask(connection, &position);
  if (IsGone(status)) return false;
  EXPECT_TRUE(status.ok()) << races_[pending_->race].name << " " << Describe(status);
  if (!status.ok()) return false;
  races_[pending_->race].rows = std::move(pending_->after);
  pending_.reset();
  ++acknowledged_;
  last_position_ = std::max(last_position_, position);
  return true;
}

void Uploader::Run(const Connection& connection) {
  while (Try(connection)) {
  }
}

void Uploader::Finish(const Connection& connection) {
  if (!pending_.has_value()) return;
  EXPECT_TRUE(Try(connection));
}

Uploader::Rows Uploader::Read(const Connection& connection, const std::string& race) {
  v1::ListResultsRequest request;
  v1::ListResultsResponse response;
  request.set_parent(race);
  request.set_page_size(1000);
  const grpc::Status status = connection.results->ListResults(connection.Context().get(), request, &response);
  EXPECT_TRUE(status.ok()) << Describe(status);
  Rows rows;
  for (const v1::Result& result : response.results()) {
    rows.push_back({result.row().bib(), result.row().name(), result.row().gun_mark(),
                    result.outcome() == v1::OUTCOME_DISQUALIFIED});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.bib < b.bib; });
  return rows;
}

void Uploader::Check(const Connection& connection, bool everything) {
  for (size_t race = 0; race < races_.size(); ++race) {
    if (!everything && !touched_.contains(race)) continue;
    const Rows shown = Read(connection, races_[race].name);
    const bool may_be_done = pending_.has_value() && pending_->race == race;
    EXPECT_TRUE(shown == races_[race].rows || (may_be_done && shown == pending_->after))
        << races_[race].name << " shows " << shown.size() << " rows that are neither what was acknowledged ("
        << races_[race].rows.size() << " rows) nor what is under way";
  }
  touched_.clear();
}

}  // namespace palmares::testing
