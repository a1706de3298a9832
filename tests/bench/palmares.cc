// The load on palmaresd: every program talks to a running server as any client would.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "palmares/v1/administration.grpc.pb.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/events.grpc.pb.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "tests/bench/client.h"
#include "tests/bench/dataset.h"

namespace palmares::bench {
namespace {

constexpr int64_t kRacesOfAnEvent = 25;

void Check(const grpc::Status& status, const char* what) {
  if (!status.ok()) Fail(absl::StrCat(what, ": ", status.error_message()));
}

std::string EventOf(int64_t race) { return absl::StrCat("events/marathon-", race / kRacesOfAnEvent); }
std::string EditionOf(int64_t race) { return absl::StrCat(EventOf(race), "/editions/", 2000 + race % kRacesOfAnEvent); }
std::string RaceOf(int64_t race) { return absl::StrCat(EditionOf(race), "/races/open"); }

void MakeRace(v1::EventService::Stub& events, const Client& client, int64_t race) {
  v1::UpdateEventRequest event;
  v1::Event made_event;
  event.mutable_event()->set_name(EventOf(race));
  event.mutable_event()->set_display_name(absl::StrCat("Marathon ", race / kRacesOfAnEvent));
  event.set_allow_missing(true);
  Check(events.UpdateEvent(client.NewContext().get(), event, &made_event), "event");
  v1::UpdateEditionRequest edition;
  v1::Edition made_edition;
  edition.mutable_edition()->set_name(EditionOf(race));
  edition.mutable_edition()->set_display_name(absl::StrCat(2000 + race % kRacesOfAnEvent));
  edition.mutable_edition()->mutable_start_date()->set_year(static_cast<int>(2000 + race % kRacesOfAnEvent));
  edition.mutable_edition()->mutable_start_date()->set_month(static_cast<int>(1 + race % 12));
  edition.mutable_edition()->mutable_start_date()->set_day(1);
  edition.set_allow_missing(true);
  Check(events.UpdateEdition(client.NewContext().get(), edition, &made_edition), "edition");
  v1::CreateRaceRequest request;
  v1::Race made_race;
  request.set_parent(EditionOf(race));
  request.set_race_id("open");
  request.mutable_race()->set_display_name("Open");
  request.mutable_race()->set_discipline("marathon");
  request.mutable_race()->set_places_clock(v1::CLOCK_GUN);
  Check(events.CreateRace(client.NewContext().get(), request, &made_race), "race");
}

void FillRow(const BenchRow& row, v1::ResultRow* out) {
  out->set_bib(absl::StrCat(row.bib));
  out->set_athlete(absl::StrCat("athletes/", row.athlete));
  if (row.outcome == 1) {
    out->set_gun_mark(row.mark);
  } else {
    out->set_outcome(row.outcome == 2 ? v1::OUTCOME_DID_NOT_FINISH : v1::OUTCOME_DID_NOT_START);
  }
  out->set_sex(row.sex == 2 ? v1::SEX_WOMEN : v1::SEX_MEN);
  out->set_age(row.age);
  out->set_country(row.country);
}

// Sends the rows of some races by batches over one stream, and waits for every answer.
int64_t SendRaces(const Client& client, const Dataset& data, const std::vector<int64_t>& races, int64_t batch_rows,
                  int64_t most_rows_each, int64_t outstanding) {
  const auto stub = v1::SheetService::NewStub(client.NewChannel());
  const auto context = client.NewContext();
  const auto stream = stub->AppendResults(context.get());
  std::atomic<int64_t> answered{0};
  std::thread reader([&] {
    for (v1::AppendResultsResponse answer; stream->Read(&answer);) {
      if (answer.refused()) Fail(absl::StrCat("refused: ", answer.reason(), " ", answer.issues(0).text()));
      answered.fetch_add(1);
      answered.notify_one();
    }
  });
  int64_t sent = 0, rows = 0;
  v1::AppendResultsRequest request;
  for (const int64_t race : races) {
    const int64_t rows_here = std::min(data.RowsOf(race), most_rows_each);
    for (int64_t first = 0; first < rows_here; first += batch_rows) {
      request.clear_results();
      request.set_race(RaceOf(race));
      request.set_sequence(++sent);
      const int64_t end = std::min(first + batch_rows, rows_here);
      for (int64_t row = first; row < end; ++row) FillRow(data.At(race, row), request.add_results());
      rows += end - first;
      for (int64_t done = answered.load(); sent - done > outstanding; done = answered.load()) answered.wait(done);
      if (!stream->Write(request)) Fail("the stream was closed");
    }
  }
  stream->WritesDone();
  reader.join();
  Check(stream->Finish(), "append");
  return rows;
}

v1::RankingQuery Query(int sex, int64_t race) {
  v1::RankingQuery query;
  query.set_discipline("marathon");
  query.set_sex(sex == 2 ? v1::SEX_WOMEN : v1::SEX_MEN);
  if (race >= 0) query.mutable_scope()->set_race(RaceOf(race));
  return query;
}

// An athlete who is in the race's list or, for race -1, anywhere.
int64_t SomeAthlete(const Dataset& data, int64_t race, int64_t number) {
  if (race < 0)
    return static_cast<int64_t>(Mix(static_cast<uint64_t>(number)) % static_cast<uint64_t>(data.athletes())) + 1;
  return data
      .At(race, static_cast<int64_t>(Mix(static_cast<uint64_t>(number)) % static_cast<uint64_t>(data.RowsOf(race))))
      .athlete;
}

std::string Name(int64_t athlete) { return absl::StrCat("athletes/", athlete); }

}  // namespace

Client::Client(const Options& options) : address_(options.Text("address", "127.0.0.1:7443")) {
  std::ifstream(options.Text("token", "")) >> secret_;
}

std::shared_ptr<grpc::Channel> Client::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<grpc::ClientContext> Client::NewContext() const {
  auto context = std::make_unique<grpc::ClientContext>();
  if (!secret_.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", secret_));
  return context;
}

void Prepare(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  const auto events = v1::EventService::NewStub(client.NewChannel());
  const Stopwatch races;
  for (int64_t race = 0; race < data.races() + options.Number("spare-races", 8); ++race)
    MakeRace(*events, client, race);
  Report("races", data.races(), races.seconds());
  const auto athletes = v1::AthleteService::NewStub(client.NewChannel());
  const Stopwatch watch;
  constexpr int64_t kBatch = 5000;
  for (int64_t first = 1; first <= data.athletes(); first += kBatch) {
    v1::BatchCreateAthletesRequest request;
    v1::BatchCreateAthletesResponse response;
    for (int64_t athlete = first; athlete < first + kBatch && athlete <= data.athletes(); ++athlete) {
      v1::Athlete* made = request.add_requests()->mutable_athlete();
      made->set_display_name(Dataset::NameOf(athlete));
      made->set_sex(data.SexOf(athlete) == 2 ? v1::SEX_WOMEN : v1::SEX_MEN);
      made->set_country(data.CountryOf(athlete));
    }
    Check(athletes->BatchCreateAthletes(client.NewContext().get(), request, &response), "athletes");
  }
  Report("athletes", data.athletes(), watch.seconds());
}

void Ingest(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t streams = options.Number("streams", 4);
  const int64_t first_race = options.Number("first-race", 0);
  const int64_t last_race = std::min(data.races(), first_race + options.Number("races", data.races()));
  std::vector<std::thread> threads;
  std::atomic<int64_t> rows{0};
  const Stopwatch watch;
  for (int64_t stream = 0; stream < streams; ++stream) {
    threads.emplace_back([&, stream] {
      std::vector<int64_t> races;
      for (int64_t race = first_race + stream; race < last_race; race += streams) races.push_back(race);
      rows += SendRaces(client, data, races, options.Number("batch", 500), Dataset::kRowsOfARace,
                        options.Number("outstanding", 16));
    });
  }
  for (std::thread& thread : threads) thread.join();
  Report("ingest", rows.load(), watch.seconds());
}

// One row a message, into a race that has none yet.
void Singles(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t race = options.Number("race", 0);
  const Stopwatch watch;
  const int64_t rows =
      SendRaces(client, data, {race}, 1, options.Number("rows", 20'000), options.Number("outstanding", 64));
  Report("singles", rows, watch.seconds());
}

void Rank(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t race = options.Number("race", 0);
  std::vector<std::unique_ptr<v1::RankingService::Stub>> stubs;
  for (int i = 0; i < 2; ++i) stubs.push_back(v1::RankingService::NewStub(client.NewChannel()));
  KeepOutstanding<v1::Rank>("rank", client, static_cast<int>(options.Number("outstanding", 8)),
                            static_cast<double>(options.Number("milliseconds", 3000)) / 1000, 1,
                            [&](int64_t number, grpc::ClientContext* context, grpc::CompletionQueue* queue) {
                              const int64_t athlete = SomeAthlete(data, race, number);
                              v1::GetRankRequest request;
                              *request.mutable_query() = Query(data.SexOf(athlete), race);
                              request.set_athlete(Name(athlete));
                              return stubs[static_cast<size_t>(number % 2)]->AsyncGetRank(context, request, queue);
                            });
}

void BatchRank(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t race = options.Number("race", -1);
  const auto stub = v1::RankingService::NewStub(client.NewChannel());
  constexpr int kAthletes = 100;
  KeepOutstanding<v1::BatchGetRanksResponse>(
      "batch-rank", client, static_cast<int>(options.Number("outstanding", 4)),
      static_cast<double>(options.Number("milliseconds", 3000)) / 1000, kAthletes,
      [&](int64_t number, grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        v1::BatchGetRanksRequest request;
        *request.add_queries() = Query(1, race);
        for (int i = 0; i < kAthletes; ++i) request.add_athletes(Name(SomeAthlete(data, race, number * kAthletes + i)));
        return stub->AsyncBatchGetRanks(context, request, queue);
      });
}

void Page(const Options& options) {
  const Client client(options);
  const auto stub = v1::RankingService::NewStub(client.NewChannel());
  const int64_t race = options.Number("race", -1);
  KeepOutstanding<v1::ListRankingResponse>(
      "page", client, static_cast<int>(options.Number("outstanding", 8)),
      static_cast<double>(options.Number("milliseconds", 3000)) / 1000, 1,
      [&](int64_t number, grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        v1::ListRankingRequest request;
        *request.mutable_query() = Query(1 + static_cast<int>(number % 2), race);
        request.set_page_size(100);
        return stub->AsyncListRanking(context, request, queue);
      });
}

void History(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  std::vector<std::unique_ptr<v1::HistoryService::Stub>> stubs;
  for (int i = 0; i < 2; ++i) stubs.push_back(v1::HistoryService::NewStub(client.NewChannel()));
  KeepOutstanding<v1::GetHistoryResponse>(
      "history", client, static_cast<int>(options.Number("outstanding", 8)),
      static_cast<double>(options.Number("milliseconds", 3000)) / 1000, 1,
      [&](int64_t number, grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        v1::GetHistoryRequest request;
        request.set_athlete(Name(SomeAthlete(data, -1, number)));
        return stubs[static_cast<size_t>(number % 2)]->AsyncGetHistory(context, request, queue);
      });
}

void BatchHistory(const Options& options) {
  const Client client(options);
  const Dataset data(options.Number("results", 1'000'000));
  const auto stub = v1::HistoryService::NewStub(client.NewChannel());
  constexpr int kAthletes = 500;
  KeepOutstanding<v1::BatchGetHistoriesResponse>(
      "batch-history", client, static_cast<int>(options.Number("outstanding", 4)),
      static_cast<double>(options.Number("milliseconds", 3000)) / 1000, kAthletes,
      [&](int64_t number, grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        v1::BatchGetHistoriesRequest request;
        for (int i = 0; i < kAthletes; ++i) request.add_athletes(Name(SomeAthlete(data, -1, number * kAthletes + i)));
        return stub->AsyncBatchGetHistories(context, request, queue);
      });
}

void Statistics(const Options& options) {
  const Client client(options);
  const auto stub = v1::AdministrationService::NewStub(client.NewChannel());
  v1::Statistics statistics;
  Check(stub->GetStatistics(client.NewContext().get(), v1::GetStatisticsRequest(), &statistics), "statistics");
  const double start = static_cast<double>(statistics.start_duration().seconds()) +
                       static_cast<double>(statistics.start_duration().nanos()) / 1e9;
  Report("start", statistics.result_count(), start);
  Report("memory-bytes", statistics.memory_bytes(), 1);
  Report("disk-bytes", statistics.disk_bytes(), 1);
  for (const v1::ViewStatistics& view : statistics.views()) Report("view-" + view.view(), view.memory_bytes(), 1);
}

}  // namespace palmares::bench
