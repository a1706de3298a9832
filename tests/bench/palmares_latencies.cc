#include <algorithm>

#include "tests/bench/palmares.h"

namespace palmares::bench {
namespace {

double Milliseconds(absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); }

// The middle and the worst of some calls, one after the other.
std::vector<Figure> Latencies(const std::string& measure, const std::vector<absl::Duration>& times) {
  return {{measure, Milliseconds(Median(times)), "ms"},
          {measure + ": slowest", Milliseconds(*std::max_element(times.begin(), times.end())), "ms"}};
}

// Lists that no board stands ready for: countries, age groups, spans of days and the legal marks, combined.
std::vector<v1::RankingQuery> FilteredQueries(uint64_t salt) {
  static constexpr const char* kCountries[] = {"KEN", "ETH", "GBR", "JPN"};
  static constexpr const char* kAgeGroups[] = {"", "M40", "35-39", "M50"};
  std::vector<v1::RankingQuery> queries;
  for (uint64_t i = 0; i < 16; ++i) {
    v1::RankingQuery query = MenQuery();
    query.mutable_scope()->set_country(kCountries[(i + salt) % 4]);
    query.mutable_scope()->set_age_group(kAgeGroups[i / 4]);
    if (i % 2 == 1) {
      query.mutable_range()->mutable_start_date()->set_year(kFirstSeason + static_cast<int>((i + salt) % kSeasons));
      query.mutable_range()->mutable_start_date()->set_month(2);
      query.mutable_range()->mutable_start_date()->set_day(1 + static_cast<int>(salt % 28));
    }
    queries.push_back(query);
  }
  return queries;
}

}  // namespace

// A list that is refused with a reason is an answer too; how many were is told.
Palmares::Figures Palmares::Filtered(const Setting&) const {
  std::vector<absl::Duration> times;
  double refused = 0;
  for (const v1::RankingQuery& query : FilteredQueries(static_cast<uint64_t>(absl::ToUnixSeconds(absl::Now())))) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = query;
    grpc::ClientContext context;
    const absl::Time started = absl::Now();
    const grpc::Status status = rankings_->ListRanking(&context, request, &response);
    times.push_back(absl::Now() - started);
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      ++refused;
    } else if (!status.ok()) {
      return ToStatus(status, "ListRanking");
    }
  }
  std::vector<Figure> figures = Latencies("filtered list", times);
  figures.push_back({"filtered list: refused", 100 * refused / static_cast<double>(times.size()), "%"});
  return figures;
}

Palmares::Figures Palmares::Search(const Setting& setting) const {
  std::vector<absl::Duration> times;
  for (uint64_t i = 0; i < 100; ++i) {
    const Person person = setting.world->PersonOf(setting.world->Anybody(i));
    v1::SearchAthletesRequest request;
    v1::SearchAthletesResponse response;
    request.set_query(person.family_name.substr(0, 3 + i % 6) + (i % 2 == 0 ? " " + person.given_name : ""));
    grpc::ClientContext context;
    const absl::Time started = absl::Now();
    const grpc::Status status = athletes_->SearchAthletes(&context, request, &response);
    times.push_back(absl::Now() - started);
    if (!status.ok()) return ToStatus(status, "SearchAthletes");
  }
  return Latencies("search", times);
}

Palmares::Figures Palmares::Portfolio(const Setting& setting, bool pdf) const {
  std::vector<absl::Duration> times;
  const int count = pdf ? 3 : 30;
  for (int i = 0; i < count; ++i) {
    const std::string athlete = AthleteResource(setting.world->AnyFinisher(static_cast<uint64_t>(i)));
    v1::CreatePortfolioRequest create;
    v1::Portfolio portfolio;
    create.set_parent(athlete);
    create.mutable_portfolio()->set_display_name("Seasons");
    grpc::ClientContext create_context;
    Authorize(create_context);
    if (const auto status = portfolios_->CreatePortfolio(&create_context, create, &portfolio); !status.ok()) {
      return ToStatus(status, "CreatePortfolio");
    }
    v1::ExportPortfolioRequest request;
    request.set_name(portfolio.name());
    request.set_format(pdf ? v1::PORTFOLIO_FORMAT_PDF : v1::PORTFOLIO_FORMAT_HTML);
    grpc::ClientContext context;
    Authorize(context);
    const absl::Time started = absl::Now();
    const auto reader = portfolios_->ExportPortfolio(&context, request);
    for (v1::FileChunk chunk; reader->Read(&chunk);) {
    }
    if (const auto status = reader->Finish(); !status.ok()) return ToStatus(status, "ExportPortfolio");
    times.push_back(absl::Now() - started);
  }
  return Latencies(pdf ? "portfolio as PDF" : "portfolio as HTML", times);
}

// Rows that name people who are known already: each finds its athlete by the evidence, in the acknowledged step.
Palmares::Figures Palmares::Linking(const Setting& setting) {
  const World& world = *setting.world;
  const absl::StatusOr<std::string> race = NewRace("linking");
  if (!race.ok()) return race.status();
  Batches batches;
  const int rows = std::min(40'000, world.athletes());
  for (int i = 0; i < rows; ++i) {
    if (i < 2 || i % kBatch == 0) {
      batches.emplace_back();
      batches.back().set_race(*race);
    }
    const Person person = world.PersonOf(i);
    v1::ResultRow& row = *batches.back().add_results();
    row.set_bib(absl::StrCat(i + 1));
    row.set_name(person.Name());
    row.set_given_name(person.given_name);
    row.set_family_name(person.family_name);
    row.set_sex(person.woman ? v1::SEX_WOMEN : v1::SEX_MEN);
    row.set_country(std::string(person.country));
    row.mutable_birth_date()->set_year(person.birth_year);
    row.mutable_birth_date()->set_month(person.birth_month);
    row.mutable_birth_date()->set_day(person.birth_day);
    row.set_gun_mark((9'000 + i / 20) * 1000);
  }
  // The first row waits until the evidence about everybody is gathered, once in a server's life.
  const absl::StatusOr<Done> first = Append(channels_[0], batches, 0, 1, 1, absl::InfiniteDuration());
  if (!first.ok()) return first.status();
  const absl::StatusOr<Done> done = Append(channels_[0], batches, 1, batches.size(), kLive, absl::InfiniteDuration());
  if (!done.ok()) return done.status();
  return std::vector<Figure>{
      {"linking of rows without ids", static_cast<double>(rows - 1) / absl::ToDoubleSeconds(done->took), "rows/s"}};
}

}  // namespace palmares::bench
