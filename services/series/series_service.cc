#include "services/series/series_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/events/event_messages.h"
#include "services/rpc/as_of.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "services/series/club_messages.h"
#include "services/series/series_messages.h"

namespace palmares::series {
namespace {

constexpr int32_t kSeriesPageSize = 50;
constexpr int32_t kStandingsPage = 100;
constexpr int32_t kLargestSeriesPage = 1000;
constexpr size_t kStandingsKept = 64;
constexpr absl::string_view kSeriesFilterFields[] = {"display_name"};

absl::StatusOr<std::string> IdOf(absl::string_view field, absl::string_view name) {
  absl::string_view id = name;
  if (name.empty()) return rpc::MissingField(field, "series/{series}");
  if (!absl::ConsumePrefix(&id, "series/")) return rpc::InvalidField(field, name, "series/{series}");
  if (absl::Status status = rpc::CheckId(field, id); !status.ok()) return status;
  return std::string(id);
}

absl::Status CheckEtag(const std::string& etag, const Series& series) {
  if (etag.empty() || etag == rpc::Etag(series.position)) return absl::OkStatus();
  return absl::AbortedError("etag: the series has changed since it was read, want it read again");
}

storage::Draft SetDraft(const stored::v1::Series& body) {
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSeriesSet;
  draft.body = body.SerializeAsString();
  return draft;
}

// What a dry run answers.
absl::StatusOr<v1::Series> Preview(const stored::v1::Series& body) {
  auto rules = ParseSeriesRules(body.rules_text(), "rules_text");
  if (!rules.ok()) return rules.status();
  Series series;
  series.name = SeriesName(body.id());
  series.data = body;
  series.rules = std::make_shared<const SeriesRules>(*std::move(rules));
  return ToProto(series, 0);
}

// The row, and how many of the same score it is at the end of: rules that break ties give them their order.
std::string KeyOf(const Standings& standings, size_t index) {
  const StandingRow& row = standings.rows[index];
  size_t same = 1;
  while (same <= index && standings.rows[index - same].score == row.score) ++same;
  return absl::StrCat(row.score, "\n", same, "\n", row.athlete, "\n", row.club_key);
}

// Where a page goes on: after the row it ended with; where that has left its score, after those of the score that were
// shown.
absl::StatusOr<size_t> IndexAfter(const Standings& standings, Scoring scoring, absl::string_view key) {
  const std::vector<absl::string_view> parts = absl::StrSplit(key, absl::MaxSplits('\n', 3));
  int64_t score = 0, same = 0, athlete = 0;
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[0], &score) || !absl::SimpleAtoi(parts[1], &same) || same < 1 ||
      !absl::SimpleAtoi(parts[2], &athlete)) {
    return rpc::InvalidField("page_token", key, "a page token");
  }
  const auto& rows = standings.rows;
  auto at = std::find_if(rows.begin(), rows.end(), [&](const StandingRow& row) {
    return row.score == score && row.athlete == athlete && row.club_key == parts[3];
  });
  if (at != rows.end()) return static_cast<size_t>(at - rows.begin()) + 1;
  const bool lower = LowerIsBetter(scoring);
  const auto begin = std::find_if(rows.begin(), rows.end(), [&](const StandingRow& row) {
    return lower ? row.score >= score : row.score <= score;
  });
  const auto end = std::find_if(begin, rows.end(), [&](const StandingRow& row) { return row.score != score; });
  return static_cast<size_t>(begin - rows.begin()) + static_cast<size_t>(std::min<int64_t>(same - 1, end - begin));
}

}  // namespace

grpc::Status SeriesService::GetSeries(grpc::ServerContext* context, const v1::GetSeriesRequest* request,
                                      v1::Series* response) {
  return rpc::Serve(calls_, *context, "SeriesService.GetSeries", *request, [&](const rpc::Call& call) -> absl::Status {
    const auto id = IdOf("name", request->name());
    if (!id.ok()) return id.status();
    auto reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Series* series = views_.series->Find(request->name());
    if (series == nullptr) return rpc::NotFound("series", request->name());
    *response = ToProto(*series, reader->position());
    return absl::OkStatus();
  });
}

grpc::Status SeriesService::ListSeries(grpc::ServerContext* context, const v1::ListSeriesRequest* request,
                                       v1::ListSeriesResponse* response) {
  return rpc::Serve(calls_, *context, "SeriesService.ListSeries", *request, [&](const rpc::Call& call) -> absl::Status {
    const auto size = rpc::PageSize(request->page_size(), kSeriesPageSize, kLargestSeriesPage);
    if (!size.ok()) return size.status();
    const auto conditions = rpc::ParseFilter(request->filter(), kSeriesFilterFields);
    if (!conditions.ok()) return conditions.status();
    const auto last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    auto reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    using Key = std::pair<std::string, std::string>;  // display name, name
    absl::btree_map<Key, const Series*> ordered;
    for (const auto& [name, series] : views_.series->series()) {
      const bool wanted =
          std::all_of(conditions->begin(), conditions->end(), [&series = series](const rpc::Condition& condition) {
            return absl::EqualsIgnoreCase(series.data.display_name(), condition.value);
          });
      if (wanted) ordered.emplace(Key(series.data.display_name(), name), &series);
    }
    const size_t cut = last->rfind('\n');
    auto at = last->empty() || cut == std::string::npos
                  ? ordered.begin()
                  : ordered.upper_bound(Key(last->substr(0, cut), last->substr(cut + 1)));
    for (; at != ordered.end(); ++at) {
      if (response->series_size() == *size) {
        const Key& shown = std::prev(at)->first;
        response->set_next_page_token(
            call.calls->page_tokens->Make(*request, absl::StrCat(shown.first, "\n", shown.second)));
        break;
      }
      *response->add_series() = ToProto(*at->second, 0);
    }
    return absl::OkStatus();
  });
}

grpc::Status SeriesService::CreateSeries(grpc::ServerContext* context, const v1::CreateSeriesRequest* request,
                                         v1::Series* response) {
  return rpc::Serve(
      calls_, *context, "SeriesService.CreateSeries", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = rpc::CheckId("series_id", request->series_id()); !status.ok()) return status;
        const auto body = ToStored(request->series(), request->series_id());
        if (!body.ok()) return body.status();
        const std::string name = SeriesName(request->series_id());
        const auto receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(),
                       [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                         if (views_.series->Find(name) != nullptr) {
                           return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat(name, " exists already")),
                                                  "SERIES_EXISTS", {{"name", name}});
                         }
                         if (absl::Status status = CheckAgainstViews(*body, views_); !status.ok()) return status;
                         if (request->validate_only()) return std::nullopt;
                         return SetDraft(*body);
                       });
        if (!receipt.ok()) return receipt.status();
        const auto preview = Preview(*body);
        if (!preview.ok()) return preview.status();
        *response = *preview;
        if (request->validate_only()) return absl::OkStatus();
        auto reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (const Series* series = views_.series->Find(name)) *response = ToProto(*series, receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status SeriesService::UpdateSeries(grpc::ServerContext* context, const v1::UpdateSeriesRequest* request,
                                         v1::Series* response) {
  return rpc::Serve(
      calls_, *context, "SeriesService.UpdateSeries", *request, [&](const rpc::Call& call) -> absl::Status {
        const std::string& name = request->series().name();
        const auto id = IdOf("series.name", name);
        if (!id.ok()) return id.status();
        if (absl::Status status = CheckWritable(request->update_mask()); !status.ok()) return status;
        const auto receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(),
                       [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                         const Series* before = views_.series->Find(name);
                         if (before == nullptr) return rpc::NotFound("series", name);
                         if (absl::Status status = CheckEtag(request->series().etag(), *before); !status.ok())
                           return status;
                         v1::Series series = ToProto(*before, 0);
                         if (absl::Status status = events::Overlay(request->update_mask(), request->series(), &series);
                             !status.ok()) {
                           return status;
                         }
                         const auto body = ToStored(series, *id);
                         if (!body.ok()) return body.status();
                         if (absl::Status status = CheckAgainstViews(*body, views_); !status.ok()) return status;
                         if (request->validate_only()) {
                           const auto preview = Preview(*body);
                           if (!preview.ok()) return preview.status();
                           *response = *preview;
                           return std::nullopt;
                         }
                         if (body->SerializeAsString() == before->data.SerializeAsString()) return std::nullopt;
                         return SetDraft(*body);
                       });
        if (!receipt.ok()) return receipt.status();
        if (request->validate_only()) return absl::OkStatus();
        auto reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (const Series* series = views_.series->Find(name)) *response = ToProto(*series, receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status SeriesService::DeleteSeries(grpc::ServerContext* context, const v1::DeleteSeriesRequest* request,
                                         v1::DeleteSeriesResponse* response) {
  return rpc::Serve(
      calls_, *context, "SeriesService.DeleteSeries", *request, [&](const rpc::Call& call) -> absl::Status {
        const auto id = IdOf("name", request->name());
        if (!id.ok()) return id.status();
        const auto receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(),
                       [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                         const Series* series = views_.series->Find(request->name());
                         if (series == nullptr) return rpc::NotFound("series", request->name());
                         if (absl::Status status = CheckEtag(request->etag(), *series); !status.ok()) return status;
                         for (const auto& [name, other] : views_.series->series()) {
                           if (other.rules->carried_from != request->name()) continue;
                           return rpc::WithReason(
                               absl::FailedPreconditionError(absl::StrCat(name, " carries over from ", request->name(),
                                                                          ", want its rules changed first")),
                               "IN_USE", {{"series", name}});
                         }
                         if (request->validate_only()) return std::nullopt;
                         stored::v1::SeriesRemoved body;
                         body.set_id(*id);
                         storage::Draft draft;
                         draft.kind = storage::EntryKind::kSeriesRemoved;
                         draft.body = body.SerializeAsString();
                         return draft;
                       });
        if (!receipt.ok()) return receipt.status();
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

std::shared_ptr<const Standings> SeriesService::Cached(const Series& series, const Category& category,
                                                       std::optional<athletics::Date> up_to, int64_t position) {
  const std::string key =
      absl::StrCat(series.name, "\n", category.name, "\n", up_to.has_value() ? athletics::FormatDate(*up_to) : "");
  {
    absl::MutexLock lock(&mutex_);
    if (cached_position_ != position || cached_.size() > kStandingsKept) {
      cached_.clear();
      cached_position_ = position;
    }
    const auto found = cached_.find(key);
    if (found != cached_.end()) return found->second;
  }
  auto standings = std::make_shared<const Standings>(ComputeStandings(series, category, views_, up_to));
  absl::MutexLock lock(&mutex_);
  if (cached_position_ == position) cached_[key] = standings;
  return standings;
}

// Of the series, and of those that it carries over from.
absl::Status SeriesService::CheckRows(const Series& series) const {
  constexpr int kLinksCounted = 8;
  int64_t rows = 0;
  const Series* at = &series;
  for (int links = 0; at != nullptr && links < kLinksCounted; ++links) {
    for (const std::string& name : at->data.races()) {
      if (const events::Race* race = views_.results->calendar().FindRace(name)) {
        rows += views_.results->sheet(race->number).rows();
      }
    }
    at = at->rules->carried_from.empty() ? nullptr : views_.series->Find(at->rules->carried_from);
  }
  if (rows <= most_rows_) return absl::OkStatus();
  return rpc::WithReason(absl::ResourceExhaustedError(absl::StrCat("parent: the races of this series have ", rows,
                                                                   " results, and standings are made of ", most_rows_,
                                                                   " at the most; want a series of fewer races")),
                         "QUERY_TOO_BROAD", {{"rows", absl::StrCat(rows)}, {"most_rows", absl::StrCat(most_rows_)}});
}

// `views`: those of the position; of now, or of then.
absl::StatusOr<SeriesService::FoundStandings> SeriesService::FindStandings(const v1::ListStandingsRequest& request,
                                                                           const Views& views,
                                                                           std::optional<athletics::Date> up_to,
                                                                           int64_t position) {
  const Series* series = views.series->Find(request.parent());
  if (series == nullptr) return rpc::NotFound("series", request.parent());
  const Category* category = series->rules->FindCategory(request.category());
  if (category == nullptr) {
    const std::string known = absl::StrJoin(series->rules->categories, ", ", [](std::string* out, const Category& one) {
      absl::StrAppend(out, "\"", one.name, "\"");
    });
    return request.category().empty() ? rpc::MissingField("category", known)
                                      : rpc::InvalidField("category", request.category(), known);
  }
  if (views.results != views_.results) {
    return FoundStandings{series,
                          std::make_shared<const Standings>(ComputeStandings(*series, *category, views, up_to))};
  }
  if (absl::Status status = CheckRows(*series); !status.ok()) return status;
  return FoundStandings{series, Cached(*series, *category, up_to, position)};
}

// Under a Reader, which holds still who may be named.
absl::Status SeriesService::PageOfStandings(const rpc::Call& call, const v1::ListStandingsRequest& request,
                                            const Views& views, const FoundStandings& found,
                                            v1::ListStandingsResponse* response) {
  const auto size = rpc::PageSize(request.page_size(), kStandingsPage, kLargestSeriesPage);
  if (!size.ok()) return size.status();
  const auto last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  const Standings& standings = *found.standings;
  size_t at = 0;
  if (!last->empty()) {
    const auto after = IndexAfter(standings, found.series->rules->scoring, *last);
    if (!after.ok()) return after.status();
    at = *after;
  }
  for (; at < standings.rows.size(); ++at) {
    if (response->standings_size() == *size) {
      response->set_next_page_token(call.calls->page_tokens->Make(request, KeyOf(standings, at - 1)));
      break;
    }
    *response->add_standings() =
        ToProto(standings.rows[at], *found.series->rules, views, {views_.results, views_.athletes});
  }
  response->set_total_size(static_cast<int32_t>(standings.rows.size()));
  response->set_races_counted(static_cast<int32_t>(standings.races.size()));
  return absl::OkStatus();
}

grpc::Status SeriesService::ListStandings(grpc::ServerContext* context, const v1::ListStandingsRequest* request,
                                          v1::ListStandingsResponse* response) {
  return rpc::Serve(
      calls_, *context, "SeriesService.ListStandings", *request, [&](const rpc::Call& call) -> absl::Status {
        const auto id = IdOf("parent", request->parent());
        if (!id.ok()) return id.status();
        const absl::StatusOr<rpc::AsOf> asked = rpc::ReadAsOf(request->as_of(), "as_of");
        if (!asked.ok()) return asked.status();
        {
          auto reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          if (!asked->known_on.has_value() && !asked->known_at.has_value()) {
            response->set_position(reader->position());
            const auto found = FindStandings(*request, views_, asked->day, reader->position());
            return found.ok() ? PageOfStandings(call, *request, views_, *found, response) : found.status();
          }
        }
        return past_(call, *asked, [&](const Views& views, int64_t position) -> absl::Status {
          response->set_position(position);
          const auto found = FindStandings(*request, views, asked->day, position);
          if (!found.ok()) return found.status();
          // Only now, for it may take long. Who may be named is what holds today.
          auto reader = call.Read();
          if (!reader.ok()) return reader.status();
          return PageOfStandings(call, *request, views, *found, response);
        });
      });
}

}  // namespace palmares::series
