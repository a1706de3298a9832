#include "services/rankings/ranking_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/athletics/country.h"
#include "services/identity/visibility.h"
#include "services/rankings/world_ranking_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kLargestPage = 1000;
constexpr int kLargestBatch = 10000;
constexpr int32_t kMostNeighbours = 50;
constexpr size_t kListsKept = 64;

absl::Status NotYet(absl::string_view what) {
  return rpc::WithReason(absl::UnimplementedError(absl::StrCat(what, " is part of the API and not served yet")),
                         "NOT_IMPLEMENTED");
}

absl::Status SetPeriod(const v1::RankingQuery& message, athletics::Date today, Query& query) {
  switch (message.period_case()) {
    case v1::RankingQuery::kSeason:
      if (message.season() < 1800 || message.season() > 9999) {
        return rpc::InvalidField("query.season", absl::StrCat(message.season()), "a year");
      }
      query.from = athletics::Date(message.season(), 1, 1);
      query.to = athletics::Date(message.season(), 12, 31);
      return absl::OkStatus();
    case v1::RankingQuery::kRange: {
      auto from = rpc::FromProto(message.range().start_date(), "query.range.start_date");
      auto to = rpc::FromProto(message.range().end_date(), "query.range.end_date");
      if (!from.ok()) return from.status();
      if (!to.ok()) return to.status();
      if (from->has_value() && to->has_value() && **to < **from) {
        return rpc::InvalidField("query.range.end_date", athletics::FormatDate(**to),
                                 "a day not before the start_date");
      }
      query.from = *from;
      query.to = *to;
      return absl::OkStatus();
    }
    case v1::RankingQuery::kRollingMonths:
      if (message.rolling_months() < 1) {
        return rpc::InvalidField("query.rolling_months", absl::StrCat(message.rolling_months()), "1 or more");
      }
      query.to = query.to.value_or(today);
      query.from = athletics::AddMonths(*query.to, -message.rolling_months()) + 1;
      return absl::OkStatus();
    case v1::RankingQuery::PERIOD_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status SetScope(const v1::RankingScope& scope, Query& query) {
  if (!scope.area().empty() || !scope.region_code().empty() || !scope.series().empty() ||
      !scope.venue_country().empty()) {
    return NotYet("a ranking by area, region, series or country of the venue");
  }
  if (!scope.country().empty()) {
    const auto country = athletics::FindCountry(scope.country());
    if (!country.has_value()) {
      return rpc::InvalidField("query.scope.country", scope.country(), "a country's code or name");
    }
    query.country = std::string(country->code);
  }
  query.club = scope.club();
  query.event = scope.race().empty() ? scope.event() : scope.race();
  if (!scope.age_group().empty()) {
    query.age_band = athletics::ParseAgeBand(scope.age_group());
    if (!query.age_band.has_value()) {
      return rpc::InvalidField("query.scope.age_group", scope.age_group(),
                               "an age group such as M40, 40-44, U20 or 80+");
    }
  }
  return absl::OkStatus();
}

// As-of a date: what is known now of the races until then.
absl::Status SetAsOf(const v1::AsOf& as_of, Query& query) {
  if (as_of.moment_case() == v1::AsOf::kLedgerPosition || as_of.knowledge() == v1::KNOWLEDGE_THEN) {
    return NotYet("a ranking as it was known at an earlier time");
  }
  if (as_of.moment_case() != v1::AsOf::kDate) return absl::OkStatus();
  auto date = rpc::FromProto(as_of.date(), "query.as_of.date");
  if (!date.ok()) return date.status();
  if (date->has_value() && (!query.to.has_value() || **date < *query.to)) query.to = **date;
  return absl::OkStatus();
}

// The key that a page continues after: a line's place in the list's order.
std::string Encode(const Line& line) { return absl::StrCat(line.mark, ",", line.row.race, ",", line.row.row); }

}  // namespace

absl::StatusOr<Query> RankingService::FromProto(const v1::RankingQuery& message) const {
  Query query;
  if (message.discipline().empty())
    return rpc::MissingField("query.discipline", "a discipline such as marathon or 5000m");
  absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(message.discipline());
  if (!discipline.ok()) {
    return rpc::InvalidField("query.discipline", message.discipline(),
                             absl::StrCat("a discipline (", discipline.status().message(), ")"));
  }
  query.discipline = *discipline;
  if (message.sex() == v1::SEX_UNSPECIFIED) return rpc::MissingField("query.sex", "men, women or X");
  query.sex = rpc::FromProto(message.sex());
  query.division = rpc::FromProto(message.division());
  query.clock = rpc::FromProto(message.clock());
  query.all_performances = message.all_performances();
  query.legal_only = message.legal_only();
  if (message.order() != v1::RANKING_ORDER_UNSPECIFIED && message.order() != v1::RANKING_ORDER_MARK) {
    return NotYet("a ranking by points, age grade or world ranking");
  }
  if (query.legal_only) return NotYet("a ranking of legal marks only");
  if (absl::Status status = SetAsOf(message.as_of(), query); !status.ok()) return status;
  const std::optional<athletics::Date> as_of = query.to;
  const athletics::Date today = absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone());
  if (absl::Status status = SetPeriod(message, today, query); !status.ok()) return status;
  if (as_of.has_value()) query.to = query.to.has_value() ? std::min(*query.to, *as_of) : *as_of;
  if (absl::Status status = SetScope(message.scope(), query); !status.ok()) return status;
  return query;
}

std::shared_ptr<const Ranking> RankingService::Cached(const v1::RankingQuery& message, const Query& query,
                                                      int64_t position) {
  const std::string key = absl::StrCat(message.SerializeAsString(), query.to ? athletics::FormatDate(*query.to) : "");
  {
    absl::MutexLock lock(&mutex_);
    if (cached_position_ != position || cached_.size() > kListsKept) {
      cached_.clear();
      cached_position_ = position;
    }
    const auto found = cached_.find(key);
    if (found != cached_.end()) return found->second;
  }
  auto ranking = std::make_shared<const Ranking>(Compute(query, results_, athletes_));
  absl::MutexLock lock(&mutex_);
  if (cached_position_ == position) cached_[key] = ranking;
  return ranking;
}

v1::RankingRow RankingService::ToProto(const Query& query, const Line& line) const {
  const events::Race& race = results_.calendar().race(line.row.race);
  const results::RaceSheet& sheet = results_.sheet(line.row.race);
  const results::RaceSheet::Address address = sheet.Find(line.row.row);
  v1::RankingRow row;
  row.set_rank(static_cast<int32_t>(line.rank));
  *row.mutable_mark() = rpc::ToProto(line.mark, *query.discipline);
  if (line.athlete != 0) {
    const identity::Athlete& athlete = athletes_.athlete(line.athlete);
    row.set_athlete(athletes_.Name(line.athlete));
    row.set_athlete_display_name(athlete.display_name);
  }
  row.set_sex(rpc::ToProto(query.sex));
  row.set_country(std::string(address.facts->country(address.row)));
  row.set_club(std::string(address.facts->club(address.row)));
  row.set_result(results::ResultName(race, sheet.Number(line.row.row)));
  row.set_race(race.name);
  row.set_race_display_name(absl::StrCat(race.event->data.display_name(), " ", race.edition->data.display_name()));
  *row.mutable_date() = rpc::ToProto(race.date);
  row.set_place(sheet.Facts(line.row.row).place);
  row.set_sheet_state(rpc::ToProto(sheet.state));
  return row;
}

grpc::Status RankingService::ListRanking(grpc::ServerContext* context, const v1::ListRankingRequest* request,
                                         v1::ListRankingResponse* response) {
  return rpc::Serve(
      calls_, *context, "RankingService.ListRanking", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->query().order() == v1::RANKING_ORDER_WORLD_RANKING) {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
          response->set_position(reader->position());
          return ListWorldRanking(call, world_rankings_, reader->position(), *request, response);
        }
        absl::StatusOr<Query> query = FromProto(request->query());
        if (!query.ok()) return query.status();
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        if (request->start_rank() < 0)
          return rpc::InvalidField("start_rank", absl::StrCat(request->start_rank()), "1 or more");
        if (request->max_rank() < 0)
          return rpc::InvalidField("max_rank", absl::StrCat(request->max_rank()), "1 or more");
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const std::shared_ptr<const Ranking> ranking = Cached(request->query(), *query, reader->position());
        auto at = ranking->lines.begin();
        if (!last->empty()) {
          int64_t mark = 0, race = 0, row = 0;
          const std::vector<absl::string_view> parts = absl::StrSplit(*last, ',');
          if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &mark) || !absl::SimpleAtoi(parts[1], &race) ||
              !absl::SimpleAtoi(parts[2], &row)) {
            return rpc::InvalidField("page_token", *last, "a page token");
          }
          const Line after{0, mark, 0, {static_cast<int32_t>(race), static_cast<int32_t>(row)}};
          at = std::upper_bound(ranking->lines.begin(), ranking->lines.end(), after,
                                [&](const Line& a, const Line& b) { return Before(*query, results_, a, b); });
        } else if (request->start_rank() > 1) {
          at = std::find_if(at, ranking->lines.end(),
                            [&](const Line& line) { return line.rank >= request->start_rank(); });
        }
        results::RowReader rows(&results_);
        for (; at != ranking->lines.end(); ++at) {
          if (request->max_rank() > 0 && at->rank > request->max_rank()) break;
          if (response->rows_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, Encode(*std::prev(at))));
            break;
          }
          v1::RankingRow* row = response->add_rows();
          *row = ToProto(*query, *at);
          if (at->athlete != 0) continue;
          absl::StatusOr<results::Result> result = rows.Read(at->row);
          if (!result.ok()) return result.status();
          row->set_athlete_display_name(result->name);
        }
        response->set_total_size(static_cast<int32_t>(ranking->lines.size()));
        *response->mutable_query() = request->query();
        response->mutable_query()->set_discipline(query->discipline->code);
        *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

v1::Rank RankingService::RankOf(const Query& query, const Ranking& ranking, int64_t athlete, int32_t neighbours,
                                int32_t target) const {
  v1::Rank rank;
  rank.set_athlete(athletes_.Name(athlete));
  rank.set_total_size(static_cast<int32_t>(ranking.lines.size()));
  const std::optional<size_t> at = ranking.Find(athlete);
  if (!at.has_value()) {
    rank.set_unlisted_reason("no result of the athlete belongs in this list");
    return rank;
  }
  const Line& line = ranking.lines[*at];
  const auto total = static_cast<int64_t>(ranking.lines.size());
  rank.set_listed(true);
  rank.set_rank(static_cast<int32_t>(line.rank));
  *rank.mutable_row() = ToProto(query, line);
  int64_t tied = 0;
  for (const Line& other : ranking.lines) tied += other.mark == line.mark;
  rank.set_tied(static_cast<int32_t>(tied) - 1);
  const int64_t behind = total - (line.rank - 1) - tied;
  rank.set_percentile(total <= 1 ? 100.0 : 100.0 * static_cast<double>(behind) / static_cast<double>(total - 1));
  const auto index = static_cast<int64_t>(*at);
  for (int64_t i = std::max<int64_t>(0, index - neighbours); i < index; ++i) {
    *rank.add_above() = ToProto(query, ranking.lines[static_cast<size_t>(i)]);
  }
  for (int64_t i = index + 1; i < std::min(total, index + 1 + neighbours); ++i) {
    *rank.add_below() = ToProto(query, ranking.lines[static_cast<size_t>(i)]);
  }
  if (line.rank > 1) {
    const Line& next = ranking.lines[static_cast<size_t>(line.rank) - 2];
    *rank.mutable_gap_to_next() = rpc::ToGap(line.mark - next.mark, *query.discipline);
  }
  if (target > 0 && target <= total) {
    const Line& goal = ranking.lines[static_cast<size_t>(target) - 1];
    *rank.mutable_gap_to_target() = rpc::ToGap(line.mark - goal.mark, *query.discipline);
  }
  return rank;
}

grpc::Status RankingService::GetRank(grpc::ServerContext* context, const v1::GetRankRequest* request,
                                     v1::Rank* response) {
  return rpc::Serve(calls_, *context, "RankingService.GetRank", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->who_case() == v1::GetRankRequest::kMark) return NotYet("the rank of a mark by itself");
    if (request->neighbours() < 0 || request->neighbours() > kMostNeighbours) {
      return rpc::InvalidField("neighbours", absl::StrCat(request->neighbours()), "0 to 50");
    }
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const int64_t athlete = identity::FindVisible(athletes_, results_, call.caller, request->athlete());
    if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
    response->set_position(reader->position());
    if (request->query().order() == v1::RANKING_ORDER_WORLD_RANKING) {
      return RankInWorldRanking(call, world_rankings_, reader->position(), request->query(), athlete,
                                request->neighbours(), request->target_rank(), response);
    }
    absl::StatusOr<Query> query = FromProto(request->query());
    if (!query.ok()) return query.status();
    const std::shared_ptr<const Ranking> ranking = Cached(request->query(), *query, reader->position());
    *response = RankOf(*query, *ranking, athlete, request->neighbours(), request->target_rank());
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status RankingService::BatchGetRanks(grpc::ServerContext* context, const v1::BatchGetRanksRequest* request,
                                           v1::BatchGetRanksResponse* response) {
  return rpc::Serve(
      calls_, *context, "RankingService.BatchGetRanks", *request, [&](const rpc::Call& call) -> absl::Status {
        if (int64_t{request->queries_size()} * request->athletes_size() > kLargestBatch) {
          return rpc::InvalidField("athletes",
                                   absl::StrCat(request->queries_size() * request->athletes_size(), " ranks"),
                                   "at most 10000 in one call");
        }
        std::vector<Query> queries;
        for (const v1::RankingQuery& message : request->queries()) {
          absl::StatusOr<Query> query = FromProto(message);
          if (!query.ok()) return query.status();
          queries.push_back(*std::move(query));
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        for (size_t i = 0; i < queries.size(); ++i) {
          const auto ranking = Cached(request->queries(static_cast<int>(i)), queries[i], reader->position());
          for (const std::string& name : request->athletes()) {
            const int64_t athlete = identity::FindVisible(athletes_, results_, call.caller, name);
            if (athlete == 0) return rpc::NotFound("athlete", name);
            v1::Rank* rank = response->add_ranks();
            *rank = RankOf(queries[i], *ranking, athlete, 0, 0);
            if (!request->rows()) rank->clear_row();
            rank->set_query_index(static_cast<int32_t>(i));
          }
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::rankings
