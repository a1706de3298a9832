#include "tests/bench/palmares.h"

#include <semaphore>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"

namespace palmares::bench {
namespace {

constexpr int kCreationsUnderWay = 256;
constexpr int kBatchesUnderWay = 64;  // of one stream
constexpr int kLargestMessage = 64 << 20;
constexpr absl::Duration kLongestStream = absl::Minutes(10);  // one that hangs is an error, not a wait for ever

v1::Date DateOf(const Day& day) {
  v1::Date date;
  date.set_year(day.year);
  date.set_month(day.month);
  date.set_day(day.day);
  return date;
}

void Fill(const Row& row, v1::ResultRow& out) {
  out.set_bib(absl::StrCat(row.row + 1));
  out.set_athlete(AthleteResource(row.athlete));
  out.set_outcome(static_cast<v1::Outcome>(row.outcome == Row::Outcome::kFinished       ? v1::OUTCOME_FINISHED
                                           : row.outcome == Row::Outcome::kDidNotFinish ? v1::OUTCOME_DID_NOT_FINISH
                                                                                        : v1::OUTCOME_DID_NOT_START));
  out.set_gun_mark(row.gun_ms);
  out.set_chip_mark(row.chip_ms);
}

std::string EventOf(int race) { return absl::StrCat("e", race); }

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(kLargestMessage);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

std::string AthleteResource(int athlete) { return absl::StrCat("athletes/a", athlete); }

std::string RaceResource(const std::string& event, int year) {
  return absl::StrCat("events/", event, "/editions/", year, "/races/open");
}

v1::RankingQuery MenQuery() {
  v1::RankingQuery query;
  query.set_discipline("marathon");
  query.set_sex(v1::SEX_MEN);
  return query;
}

Palmares::Palmares(Server server) : server_(std::move(server)) {
  for (int i = 0; i < kStreams; ++i) channels_.push_back(Connect(server_.address));
  athletes_ = v1::AthleteService::NewStub(channels_[0]);
  events_ = v1::EventService::NewStub(channels_[0]);
  histories_ = v1::HistoryService::NewStub(channels_[0]);
  portfolios_ = v1::PortfolioService::NewStub(channels_[0]);
  rankings_ = v1::RankingService::NewStub(channels_[0]);
}

void Palmares::Authorize(grpc::ClientContext& context) const {
  if (!server_.token.empty()) context.AddMetadata("authorization", "Bearer " + server_.token);
}

absl::Status Palmares::Begin(const World& world) {
  if (server_.echo) return absl::OkStatus();
  return AddAthletes(world);
}

absl::Status Palmares::AddAthletes(const World& world) {
  const auto start = [&](grpc::ClientContext* context, uint64_t number, grpc::CompletionQueue* queue) {
    const Person person = world.PersonOf(static_cast<int>(number));
    v1::CreateAthleteRequest request;
    request.set_athlete_id(absl::StrCat("a", number));
    v1::Athlete& athlete = *request.mutable_athlete();
    athlete.set_display_name(person.Name());
    athlete.set_given_name(person.given_name);
    athlete.set_family_name(person.family_name);
    athlete.set_sex(person.woman ? v1::SEX_WOMEN : v1::SEX_MEN);
    athlete.set_country(std::string(person.country));
    *athlete.mutable_birth_date() = DateOf({person.birth_year, person.birth_month, person.birth_day});
    Authorize(*context);
    return athletes_->PrepareAsyncCreateAthlete(context, request, queue);
  };
  return KeepCalling<v1::Athlete>(kCreationsUnderWay, absl::InfiniteDuration(), world.athletes(), start).status();
}

absl::Status Palmares::MakeRace(const std::string& event, const Day& day) {
  v1::CreateEventRequest event_request;
  v1::Event made_event;
  event_request.set_event_id(event);
  event_request.mutable_event()->set_display_name(absl::StrCat("Marathon ", event));
  event_request.mutable_event()->set_country("USA");
  grpc::ClientContext event_context;
  Authorize(event_context);
  grpc::Status status = events_->CreateEvent(&event_context, event_request, &made_event);
  if (!status.ok()) return ToStatus(status, "CreateEvent");
  v1::CreateEditionRequest edition_request;
  v1::Edition made_edition;
  edition_request.set_parent(made_event.name());
  edition_request.set_edition_id(absl::StrCat(day.year));
  *edition_request.mutable_edition()->mutable_start_date() = DateOf(day);
  grpc::ClientContext edition_context;
  Authorize(edition_context);
  status = events_->CreateEdition(&edition_context, edition_request, &made_edition);
  if (!status.ok()) return ToStatus(status, "CreateEdition");
  v1::CreateRaceRequest race_request;
  v1::Race made_race;
  race_request.set_parent(made_edition.name());
  race_request.set_race_id("open");
  race_request.mutable_race()->set_discipline("marathon");
  race_request.mutable_race()->set_places_clock(v1::CLOCK_GUN);
  grpc::ClientContext race_context;
  Authorize(race_context);
  return ToStatus(events_->CreateRace(&race_context, race_request, &made_race), "CreateRace");
}

absl::StatusOr<std::string> Palmares::NewRace(const std::string& kind) {
  const std::string event = absl::StrCat(kind, "-", absl::ToUnixMillis(absl::Now()), "-", races_made_++);
  constexpr int kYear = kFirstSeason + kSeasons;
  if (!server_.echo) {
    if (absl::Status status = MakeRace(event, {kYear, 12, 1}); !status.ok()) return status;
  }
  return RaceResource(event, kYear);
}

absl::StatusOr<Done> Palmares::Append(const std::shared_ptr<grpc::Channel>& channel, const Batches& batches,
                                      size_t begin, size_t end, int window, absl::Duration time) const {
  const auto stub = v1::SheetService::NewStub(channel);
  grpc::ClientContext context;
  Authorize(context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kLongestStream));
  const auto stream = stub->AppendResults(&context);
  std::counting_semaphore<> room(window);
  const absl::Time started = absl::Now();
  absl::Status refused;
  int64_t answered = 0;
  std::thread reader([&] {
    for (v1::AppendResultsResponse answer; stream->Read(&answer); room.release()) {
      ++answered;
      if (answer.refused() && refused.ok()) {
        refused = absl::InternalError(
            absl::StrCat("a batch was refused: ", answer.reason(), " ", answer.ShortDebugString().substr(0, 300)));
      }
    }
    room.release(window);  // the writer may wait on a stream that has ended
  });
  for (size_t i = begin; i < end && absl::Now() - started < time; ++i) {
    room.acquire();
    if (!stream->Write(batches[i])) break;
  }
  stream->WritesDone();
  reader.join();
  const Done done{answered, absl::Now() - started};
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return ToStatus(status, "AppendResults");
  if (!refused.ok()) return refused;
  return done;
}

absl::StatusOr<Contender::Work> Palmares::PrepareIngest(const World& world, int first_race, int end_race) {
  auto batches = std::make_shared<Batches>();
  for (int race = first_race; race < end_race; ++race) {
    const Day day = World::DayOf(race);
    if (!server_.echo) {
      if (absl::Status status = MakeRace(EventOf(race), day); !status.ok()) return status;
    }
    for (const Row& row : world.RowsOf(race)) {
      if (row.row % kBatch == 0) {
        batches->emplace_back();
        batches->back().set_race(RaceResource(EventOf(race), day.year));
        batches->back().set_sequence(static_cast<int64_t>(batches->size()));
      }
      Fill(row, *batches->back().add_results());
    }
  }
  return [this, batches] {
    return OnceInThreads(kStreams, [&](int stream) {
      const auto part = [&](int i) { return batches->size() * static_cast<size_t>(i) / kStreams; };
      return Append(channels_[static_cast<size_t>(stream)], *batches, part(stream), part(stream + 1), kBatchesUnderWay,
                    absl::InfiniteDuration())
          .status();
    });
  };
}

}  // namespace palmares::bench
