#include "services/server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include "services/access/access_service.h"
#include "services/administration/administration_service.h"
#include "services/administration/ledger_service.h"
#include "services/events/event_service.h"
#include "services/goals/goal_service.h"
#include "services/identity/athlete_service.h"
#include "services/identity/identity_service.h"
#include "services/ingest/embargo.h"
#include "services/ingest/sheet_service.h"
#include "services/ingest/spool.h"
#include "services/ingest/upload_service.h"
#include "services/portfolio/history_service.h"
#include "services/portfolio/portfolio_forms.h"
#include "services/portfolio/portfolio_service.h"
#include "services/portfolio/share_service.h"
#include "services/profiles/profile_service.h"
#include "services/qualification/met_standards.h"
#include "services/qualification/qualification_service.h"
#include "services/qualification/standard_service.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/season_ranks.h"
#include "services/results/result_service.h"
#include "services/rpc/call.h"
#include "services/rules/rule_service.h"
#include "services/series/club_service.h"
#include "services/series/series_service.h"
#include "services/server/call_observer.h"
#include "services/server/credentials.h"
#include "services/server/first_start.h"
#include "services/server/json_text.h"
#include "services/server/listen_address.h"
#include "services/server/public_data.h"
#include "services/server/restore.h"
#include "services/server/service_names.h"
#include "services/server/state.h"
#include "services/server/surroundings_check.h"
#include "services/server/view_contents.h"
#include "services/server/write_monitor.h"
#include "storage/data_directory.h"
#include "storage/rocks_ledger.h"

namespace palmares::server {
namespace {

constexpr int kReceiveLimit = 4 << 20;
constexpr int kMaxConnectionAgeMs = 30 * 60 * 1000;
constexpr int kMaxConnectionGraceMs = 60 * 1000;
constexpr int kMostThreads = 512;  // that calls run in; more are refused with RESOURCE_EXHAUSTED
constexpr int kMostStreamsOfAConnection = 256;
constexpr int kShortestPingMs = 10 * 1000;
constexpr absl::Duration kTimeForLastWords = absl::Seconds(2);  // to tell who waits, before calls are cut off
constexpr char kWriting[] = "palmares.writing";  // as a service of the health check: whether changes are accepted

// What is kept for as long as the server lives, in the order of dependence.
class RunningServer final : public Server {
 public:
  RunningServer(std::unique_ptr<storage::DataDirectory> directory, Config config, Surroundings surroundings)
      : directory_(std::move(directory)), config_(std::move(config)), surroundings_(std::move(surroundings)) {}

  absl::Status OpenStore() {
    const absl::Time began = surroundings_.clock();
    absl::StatusOr<std::unique_ptr<storage::RocksLedger>> ledger =
        storage::RocksLedger::Open(directory_->ledger_path(), surroundings_.ledger);
    if (!ledger.ok()) return ledger.status();
    ledger_ = ledger->get();
    state_ = std::make_unique<State>(ledger_, Budget());
    absl::StatusOr<std::unique_ptr<storage::Store>> store =
        storage::Store::Open(*std::move(ledger), state_.get(), surroundings_.clock);
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    embargo_keeper_ = std::make_unique<ingest::EmbargoKeeper>(store_.get(), &state_->results, surroundings_.clock);
    started_ = surroundings_.clock();
    start_duration_ = started_ - began;
    return absl::OkStatus();
  }

  absl::Status Prepare(const Config& config) {
    absl::StatusOr<std::string> secret = PageSecret(directory_->path(), surroundings_.random);
    if (!secret.ok()) return secret.status();
    page_tokens_ = std::make_unique<rpc::PageTokens>(*std::move(secret));
    absl::StatusOr<std::unique_ptr<ingest::Spool>> spool =
        ingest::Spool::Open(directory_->path() + "/uploads", ingest::SpoolLimits());
    if (!spool.ok()) return spool.status();
    spool_ = *std::move(spool);
    absl::StatusOr<bool> made = EnsureOperator(directory_->path(), surroundings_.random, *state_, *store_);
    if (!made.ok()) return made.status();
    if (*made) {
      surroundings_.logger->info(R"("event":"operator-token","file":{})",
                                 JsonText(directory_->path() + "/operator.token"));
    }
    if (config.catalogue && state_->standards.standards().empty()) {
      absl::StatusOr<int> loaded = LoadCatalogue(*state_, *store_);
      if (!loaded.ok()) return loaded.status();
    }
    calls_ = {store_.get(), &state_->tokens, surroundings_.clock, surroundings_.random, page_tokens_.get(),
              &draining_,   &token_uses_,    &waiting_ends_us_,   config.max_call};
    return absl::OkStatus();
  }

  absl::Status Listen(const Config& config, std::shared_ptr<grpc::ServerCredentials> credentials) {
    fields_ = std::make_unique<qualification::Fields>(store_.get(), QualificationViews());
    evaluation_jobs_ = std::make_unique<qualification::EvaluationJobs>(store_.get(), QualificationViews(),
                                                                       fields_.get(), surroundings_.clock);
    season_ranks_ = std::make_unique<rankings::SeasonRanks>(&state_->boards, &state_->results, &state_->athletes);
    history_messages_ =
        std::make_unique<portfolio::HistoryMessages>(&state_->athletes, &state_->results, SummarySources());
    AddServices();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::health::v1::HealthCheckRequest::descriptor();  // which makes it known to reflection
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(config.listen, std::move(credentials), &port);
    for (const auto& service : services_) builder.RegisterService(service.get());
    builder.SetMaxReceiveMessageSize(kReceiveLimit);
    grpc::ResourceQuota quota("palmaresd");
    quota.SetMaxThreads(kMostThreads);
    builder.SetResourceQuota(quota);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreamsOfAConnection);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kMaxConnectionAgeMs);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kMaxConnectionGraceMs);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kShortestPingMs);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> observers;
    observers.push_back(MakeCallObserver(surroundings_.logger));
    builder.experimental().SetInterceptorCreators(std::move(observers));
    builder.SetOption(TellServiceNames(&service_names_));
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) return CannotListen(config.listen);
    address_ = absl::StrCat(config.listen.substr(0, config.listen.rfind(':')), ":", port);
    SetServing(true);
    if (config.tls_certificate.empty() && !IsLocal(config.listen)) {
      surroundings_.logger->warn(R"("event":"unencrypted","listen":{},"text":{})", JsonText(config.listen),
                                 JsonText("tokens and all data travel in clear text: give it a certificate "
                                          "(tls.certificate, tls.key), or put nginx in front and listen on 127.0.0.1"));
    }
    write_monitor_ = std::make_unique<WriteMonitor>(ledger_, [this](const absl::Status& writable) {
      surroundings_.logger->log(writable.ok() ? spdlog::level::info : spdlog::level::err,
                                R"("event":"writing","possible":{},"why_not":{})", writable.ok(),
                                JsonText(writable.message()));
      server_->GetHealthCheckService()->SetServingStatus(kWriting, writable.ok());
    });
    return absl::OkStatus();
  }

  ~RunningServer() override {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  }

  const std::string& address() const override { return address_; }

  void Drain(absl::Duration limit) override {
    const absl::Time end = absl::Now() + limit;
    waiting_ends_us_ = absl::ToUnixMicros(end - std::min(kTimeForLastWords, limit / 2));
    draining_ = true;
    write_monitor_.reset();
    SetServing(false);
    server_->Shutdown(absl::ToChronoTime(end));
    server_->Wait();
  }

 private:
  qualification::QualificationViews QualificationViews() const {
    return {&state_->standards, &state_->athletes, &state_->results, &state_->touches};
  }

  portfolio::SummarySources SummarySources() const {
    portfolio::SummarySources sources;
    sources.rank = [this](const portfolio::SeasonList& list, int64_t mark) -> std::optional<portfolio::ListRank> {
      const rankings::StandingKey key{list.discipline, list.sex, list.division, list.year};
      const std::optional<rankings::SeasonRank> rank = season_ranks_->Of(key, list.country, mark);
      if (!rank.has_value()) return std::nullopt;
      return portfolio::ListRank{rank->rank, rank->total_size};
    };
    sources.standards = [this](int64_t athlete) {
      std::vector<portfolio::MetStandard> all;
      for (const qualification::MetStandard& met : qualification::MetStandards(QualificationViews(), athlete)) {
        all.push_back({absl::StrCat("standards/", met.standard->id), met.standard->name, met.row});
      }
      return all;
    };
    sources.is_minor = [this](int64_t athlete) {
      return identity::IsMinor(Privacy(), athlete, absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone()));
    };
    return sources;
  }

  identity::PrivacyViews Privacy() const {
    return {&state_->athletes, &state_->results, &state_->privacies, &state_->grants};
  }

  void AddServices() {
    const ingest::PublishViews views{&state_->calendar, &state_->results, &state_->athletes,
                                     &state_->evidence, &state_->links,   &state_->mappings};
    const results::AthleteNames athlete_names = [this](int64_t number) {
      return number == 0 ? std::string() : state_->athletes.Name(state_->athletes.Resolve(number));
    };
    const results::AthleteNumbers athlete_numbers = [this](absl::string_view name) {
      return state_->athletes.Resolve(state_->athletes.Find(name));
    };
    const results::AthleteMembers athlete_members = [this](int64_t number) {
      return state_->athletes.Members(state_->athletes.Resolve(number));
    };
    const events::RaceSummaries summaries = [this](const events::Race& race, v1::Race* out) {
      const results::RaceSheet& sheet = state_->results.sheet(race.number);
      if (results::Counts(sheet.state)) results::DescribeSheet(sheet, out);
    };
    const rankings::MakePastViews make_past_views = [this] {
      auto past = std::make_shared<State>(ledger_, Budget());
      return rankings::PastViews{past, &past->results, &past->athletes, &past->clubs, &past->series};
    };
    Add<access::AccessService>(&calls_, &state_->tokens, &state_->grants, &state_->athletes, &state_->results);
    Add<administration::AdministrationService>(&calls_, Administered());
    Add<events::EventService>(&calls_, &state_->calendar, summaries);
    Add<identity::AthleteService>(
        &calls_, identity::PrivacyViews{&state_->athletes, &state_->results, &state_->privacies, &state_->grants},
        ledger_);
    Add<identity::IdentityService>(
        &calls_, identity::IdentityViews{&state_->athletes, &state_->results, &state_->links, &state_->evidence,
                                         &state_->grants, &state_->privacies});
    Add<ingest::SheetService>(&calls_, views);
    Add<ingest::UploadService>(&calls_, views, spool_.get());
    Add<results::ResultService>(&calls_, &state_->results, &state_->sanctions, athlete_names, athlete_numbers,
                                athlete_members);
    Add<rankings::RankingService>(
        &calls_, rankings::ListSources{&state_->results, &state_->athletes, &state_->boards, ledger_, make_past_views,
                                       &state_->clubs, &state_->series, surroundings_.list_bounds});
    auto& ranking_service = static_cast<rankings::RankingService&>(*services_.back());
    Add<qualification::StandardService>(&calls_, &state_->standards, &state_->results.calendar(),
                                        evaluation_jobs_.get());
    const goals::GoalViews goal_views{&state_->goals,   &state_->grants,    &state_->athletes,
                                      &state_->results, &state_->standards, &state_->privacies};
    Add<goals::GoalService>(&calls_, goal_views);
    const auto& goal_service = static_cast<const goals::GoalService&>(*services_.back());
    const qualification::ActsForAthlete acts_for = [this](const access::Caller& caller, int64_t athlete) {
      const int64_t now_us = absl::ToUnixMicros(surroundings_.clock());
      return identity::ActsFor(Privacy(), caller, access::Right::kManagePrivacy, athlete, now_us);
    };
    Add<qualification::QualificationService>(&calls_, QualificationViews(), &state_->applications, fields_.get(),
                                             acts_for,
                                             [&goal_service](const access::Caller& caller, const std::string& athlete) {
                                               return goal_service.DeadlinesOf(caller, athlete);
                                             });
    Add<portfolio::HistoryService>(
        &calls_, identity::PrivacyViews{&state_->athletes, &state_->results, &state_->privacies, &state_->grants},
        history_messages_.get());
    Add<rules::RuleService>(&calls_);
    const series::Views series_views{&state_->series, &state_->clubs, &state_->results, &state_->athletes};
    Add<series::ClubService>(&calls_, series_views);
    Add<series::SeriesService>(
        &calls_, series_views,
        [&ranking_service](const auto& call, const auto& query, int64_t min_position, auto body) {
          return ranking_service.WithMembers(call, query, min_position, body);
        },
        [&ranking_service](const rpc::Call& call, const rpc::AsOf& as_of, series::PastBody body) {
          return ranking_service.InPast(
              call, as_of.known_on, as_of.known_at, [&body](const rankings::PastViews& views, int64_t position) {
                return body({views.series, views.clubs, views.results, views.athletes}, position);
              });
        },
        surroundings_.list_bounds.standings_rows);
    Add<profiles::ProfileService>(
        &calls_,
        profiles::ProfileViews{{&state_->athletes, &state_->results, &state_->privacies, &state_->grants},
                               &state_->profiles,
                               &state_->goals,
                               &state_->clubs,
                               &state_->standards},
        ledger_);
    AddPortfolios(&goal_service, static_cast<const profiles::ProfileService*>(services_.back().get()));
  }

  // Both are among the services, and live as long.
  void AddPortfolios(const goals::GoalService* goals, const profiles::ProfileService* profiles) {
    portfolio_content_.athletes = &state_->athletes;
    portfolio_content_.results = &state_->results;
    portfolio_content_.history = history_messages_.get();
    portfolio_content_.verdicts = [this](int64_t athlete, const portfolio::Names& standards, athletics::Date day) {
      return qualification::VerdictsOf(QualificationViews(), athlete, standards, day);
    };
    portfolio_content_.goals = [goals](int64_t athlete, const portfolio::Names& names) {
      return goals->GoalsOf(athlete, names);
    };
    portfolio_content_.profile = [profiles](int64_t athlete) { return profiles->Show(athlete); };
    key_files_ = std::make_unique<portfolio::KeyFiles>(config_.data + "/signing-keys");
    signer_.emplace(&calls_, &state_->signing_keys, key_files_.get(), config_.portfolio_issuer);
    const portfolio::PortfolioViews views{&state_->portfolios, &state_->shares, &state_->signing_keys, Privacy()};
    const std::string page = config_.portfolio_page.empty() ? "" : absl::StrCat(config_.portfolio_page, "/");
    Add<portfolio::PortfolioService>(&calls_, views, &portfolio_content_, &*signer_, page,
                                     portfolio::RenderForms(&pdf_converter_));
    const auto* portfolios = static_cast<const portfolio::PortfolioService*>(services_.back().get());
    Add<portfolio::ShareService>(&calls_, views, &portfolio_content_, portfolios, page);
    administration::PortfolioFeed feed;
    feed.of_race = [portfolios](const access::Caller& caller, int32_t race) {
      return portfolios->ConcernedBy(caller, race);
    };
    feed.changes = [portfolios](const access::Caller& caller, const storage::Entry& entry) {
      return portfolios->ChangesOf(caller, entry);
    };
    Add<administration::LedgerService>(&calls_,
                                       administration::FeedViews{&state_->results, &state_->athletes, std::move(feed)});
  }

  administration::ServerParts Administered() {
    administration::ServerParts parts;
    parts.describe = [this](v1::Statistics* out) { Describe(out); };
    parts.diagnose = [this] { return Diagnose(); };
    serving_ = std::make_unique<ServingSet>(state_.get());
    parts.views.store = store_.get();
    parts.views.serving = serving_.get();
    parts.views.make = [this] { return std::make_unique<StateSet>(ledger_, Budget()); };
    parts.views.exchange = [this](administration::ViewSet& recomputed) {
      state_->Exchange(static_cast<StateSet&>(recomputed).state());
    };
    parts.ledger = ledger_;
    parts.data_directory = directory_->path();
    parts.backup_root = config_.backup_root;
    parts.public_data.kinds = [this](administration::ViewSet& views, absl::Time now) {
      return PublicKinds(static_cast<StateSet&>(views).state(), {state_.get(), store_.get()}, now);
    };
    parts.public_data.licence = config_.public_data_licence;
    return parts;
  }

  std::vector<v1::Finding> Diagnose() const {
    absl::Time last_entry = absl::InfinitePast();
    const int64_t last = ledger_->LastPosition();
    const absl::Status read =
        ledger_->Read(std::max<int64_t>(last, 1), last, [&last_entry](const storage::Entry& entry) {
          last_entry = absl::FromUnixMicros(entry.time_us);
          return absl::OkStatus();
        });
    std::vector<v1::Finding> findings =
        CheckSurroundings(config_, read.ok() ? ledger_->Writable() : read, surroundings_.clock(), last_entry);
    if (config_.memory_budget > 0) findings.push_back(CheckMemoryBudget(config_.memory_budget, SpillStatus()));
    return findings;
  }

  absl::Status SpillStatus() const {
    absl::StatusOr<storage::Store::Reader> reader = store_->Read();
    return reader.ok() ? state_->spill_status() : reader.status();
  }

  MemoryBudget Budget() const { return {config_.memory_budget, directory_->path()}; }

  template <typename Service, typename... Arguments>
  void Add(Arguments&&... arguments) {
    services_.push_back(std::make_unique<Service>(std::forward<Arguments>(arguments)...));
  }

  void SetServing(bool serving) {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    health->SetServingStatus(serving);
    health->SetServingStatus(kWriting, serving);
    for (const std::string& service : service_names_) health->SetServingStatus(service, serving);
  }

  void Describe(v1::Statistics* out) const {
    out->set_version("0.1.0");
    out->set_format_version(storage::kDataFormat);
    out->mutable_start_time()->set_seconds(absl::ToUnixSeconds(started_));
    out->mutable_start_duration()->set_seconds(absl::ToInt64Seconds(start_duration_));
    out->mutable_start_duration()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(start_duration_) % 1'000'000'000));
    out->set_event_count(static_cast<int64_t>(state_->calendar.events().size()));
    out->set_race_count(static_cast<int64_t>(state_->calendar.races().size()));
    out->set_result_count(state_->results.total_rows());
    out->set_athlete_count(state_->athletes.count());
    out->set_standard_count(static_cast<int64_t>(state_->standards.standards().size()));
    const storage::RocksLedger::Statistics ledger = ledger_->GetStatistics();
    out->set_disk_bytes(ledger.disk_bytes + ledger.log_bytes);
    const auto add_view = [out](const char* name, int64_t entries, int64_t bytes) {
      v1::ViewStatistics* view = out->add_views();
      view->set_view(name);
      view->set_entry_count(entries);
      view->set_memory_bytes(bytes);
    };
    add_view("results", state_->results.total_rows(), state_->results.memory_bytes());
    out->mutable_views(0)->set_disk_bytes(state_->results.spilled_bytes());
    add_view("athletes", state_->athletes.count(), state_->athletes.memory_bytes());
    add_view("rankings", state_->boards.count(), state_->boards.memory_bytes());
    if (const identity::Linker* evidence = state_->evidence.Find()) {
      add_view("evidence", static_cast<int64_t>(evidence->athletes()), static_cast<int64_t>(evidence->MemoryBytes()));
    }
    int64_t memory = 0;
    for (const v1::ViewStatistics& view : out->views()) memory += view.memory_bytes();
    out->set_memory_bytes(memory);
    out->set_memory_budget_bytes(config_.memory_budget);
    out->set_disk_free_bytes(SpaceOf(directory_->path()).free_bytes);
    const absl::Status writable = ledger_->Writable();
    out->set_writable(writable.ok());
    out->set_read_only_reason(std::string(writable.message()));
  }

  const std::unique_ptr<storage::DataDirectory> directory_;
  const Config config_;
  const Surroundings surroundings_;
  storage::RocksLedger* ledger_ = nullptr;  // owned by the store
  std::unique_ptr<State> state_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ingest::EmbargoKeeper> embargo_keeper_;
  std::unique_ptr<rpc::PageTokens> page_tokens_;
  std::unique_ptr<ingest::Spool> spool_;
  access::TokenUses token_uses_;
  rpc::Calls calls_;
  std::unique_ptr<ServingSet> serving_;
  std::atomic<bool> draining_ = false;
  std::atomic<int64_t> waiting_ends_us_ = 0;
  std::unique_ptr<qualification::Fields> fields_;
  std::unique_ptr<qualification::EvaluationJobs> evaluation_jobs_;
  portfolio::ContentSources portfolio_content_;
  std::unique_ptr<portfolio::KeyStore> key_files_;
  std::optional<portfolio::PortfolioSigner> signer_;
  portfolio::WeasyPrintConverter pdf_converter_{{}};
  std::unique_ptr<rankings::SeasonRanks> season_ranks_;
  std::unique_ptr<portfolio::HistoryMessages> history_messages_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::vector<std::string> service_names_;  // of all that the server was built with
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<WriteMonitor> write_monitor_;  // tells the server
  std::string address_;
  absl::Time started_;
  absl::Duration start_duration_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config, Surroundings surroundings) {
  // What is wrong with the configuration is found before a first start makes anything.
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials = MakeCredentials(config);
  if (!credentials.ok()) return credentials.status();
  if (!storage::DataDirectory::IsThere(config.data)) {
    if (absl::Status status = CheckFree(config.listen); !status.ok()) return status;
  }
  absl::StatusOr<std::unique_ptr<storage::DataDirectory>> directory = storage::DataDirectory::Open(config.data);
  if (!directory.ok()) return directory.status();
  if (absl::Status status = RestoreIfAsked(config, **directory, *surroundings.logger); !status.ok()) return status;
  auto server = std::make_unique<RunningServer>(*std::move(directory), config, std::move(surroundings));
  if (absl::Status status = server->OpenStore(); !status.ok()) return status;
  if (absl::Status status = server->Prepare(config); !status.ok()) return status;
  if (absl::Status status = server->Listen(config, *std::move(credentials)); !status.ok()) return status;
  return server;
}

}  // namespace palmares::server
