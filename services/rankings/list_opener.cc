#include "services/rankings/list_opener.h"

#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr int64_t kMostBytesCached = int64_t{128} << 20;
constexpr size_t kMostListsCached = 64;

absl::Status TooBroad(int64_t rows, int64_t most_rows) {
  return rpc::WithReason(
      absl::ResourceExhaustedError(absl::StrCat(
          "query: this list would be picked from ", rows, " results, and one call looks at ", most_rows,
          " at the most; ask for a shorter period, an event or a race, or for a standing list: each athlete's best by "
          "mark on the official clock, of all time or a calendar year, without a scope")),
      "QUERY_TOO_BROAD", {{"rows", absl::StrCat(rows)}, {"most_rows", absl::StrCat(most_rows)}});
}

std::string DayText(const std::optional<athletics::Date>& day) {
  return day.has_value() ? athletics::FormatDate(*day) : "";
}

// All that a query asks for, as text. Parts that may hold anything are told apart by their lengths.
std::string KeyOf(const Query& query) {
  std::string key =
      absl::StrCat(query.discipline->code, ",", static_cast<int>(query.sex), ",", static_cast<int>(query.division), ",",
                   static_cast<int>(query.clock), ",", static_cast<int>(query.by), ",", DayText(query.from), ",",
                   DayText(query.to), ",", query.legal_only, ",", query.all_performances);
  for (const std::string* text : {&query.area, &query.country, &query.region, &query.club, &query.event, &query.series,
                                  &query.venue_country, &query.age_grade_edition}) {
    absl::StrAppend(&key, ",", text->size(), ":", *text);
  }
  if (query.age_band.has_value()) {
    absl::StrAppend(&key, ",", query.age_band->min, "-", query.age_band->max, query.age_at_year_end ? " 31 Dec" : "");
  }
  for (results::SheetState state : query.states) absl::StrAppend(&key, ";", static_cast<int>(state));
  return key;
}

std::vector<Line> LinesOf(const Query& query, const PastViews& views) {
  return Select(query, RacesOf(query, *views.results), *views.results, *views.athletes);
}

}  // namespace

absl::StatusOr<AskedList> ListOpener::Parse(const rpc::Call& call, const v1::RankingQuery& message) const {
  return FromProto(message, absl::ToCivilDay(call.calls->clock(), absl::UTCTimeZone()));
}

absl::Status ListOpener::With(const rpc::Call& call, const v1::RankingQuery& message, int64_t min_position, Body body) {
  absl::StatusOr<AskedList> asked = Parse(call, message);
  if (!asked.ok()) return asked.status();
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(min_position);
    if (!reader.ok()) return reader.status();
    if (!IsPast(*asked)) {
      absl::StatusOr<OpenList> list = OpenNow(*asked, reader->position());
      return list.ok() ? body(*list, reader->position()) : list.status();
    }
  }
  return WithPast(call, *asked, body);
}

// The query with what its club and series stand for now. Called under a Reader.
Query ListOpener::Settled(Query query) const {
  if (!query.club.empty()) {
    const series::Club* club = sources_.clubs->Find(series::ClubName(query.club));
    if (club == nullptr) club = sources_.clubs->FindByForm(query.club);
    query.club_forms = {series::ClubForm(club == nullptr ? query.club : club->data.display_name())};
    if (club != nullptr) {
      for (const std::string& alias : club->data.aliases()) query.club_forms.push_back(series::ClubForm(alias));
    }
  }
  if (const series::Series* kept = sources_.series->Find(query.series); kept != nullptr) {
    query.series_races.assign(kept->data.races().begin(), kept->data.races().end());
    std::sort(query.series_races.begin(), query.series_races.end());
  }
  return query;
}

absl::Status ListOpener::CheckScope(const Query& query, const events::Calendar& calendar,
                                    const series::SeriesView& series) {
  if (!query.event.empty() && calendar.FindEvent(query.event) == nullptr &&
      calendar.FindEdition(query.event) == nullptr && calendar.FindRace(query.event) == nullptr) {
    const bool race = absl::StrContains(query.event, "/races/");
    return rpc::InvalidField(race ? "query.scope.race" : "query.scope.event", query.event,
                             race ? "a race that exists" : "an event or an edition that exists");
  }
  if (query.series.empty() || series.Find(query.series) != nullptr) return absl::OkStatus();
  for (const auto& [name, event] : calendar.events()) {
    if (absl::c_linear_search(event->data.series(), query.series)) return absl::OkStatus();
  }
  return rpc::InvalidField("query.scope.series", query.series, "a series that exists");
}

absl::Status ListOpener::CheckScope(const AskedList& asked) const {
  return CheckScope(asked.query, sources_.results->calendar(), *sources_.series);
}

absl::StatusOr<OpenList> ListOpener::OpenNow(const AskedList& asked, int64_t position) {
  if (absl::Status status = CheckScope(asked); !status.ok()) return status;
  past_.ForgetBefore(sources_.athletes->erased_at());
  OpenList list{Settled(asked.query),
                sources_.results,
                sources_.athletes,
                nullptr,
                &texts_,
                {sources_.results, sources_.athletes},
                records_};
  if (const std::optional<StandingKey> standing = Standing(asked.query); standing.has_value()) {
    list.board = sources_.boards->Get(*standing);
    return list;
  }
  absl::StatusOr<std::shared_ptr<const Board>> board = Cached(list.query, position);
  if (!board.ok()) return board.status();
  list.board = *std::move(board);
  return list;
}

absl::StatusOr<int64_t> ListOpener::PositionOf(const AskedList& asked) const {
  return asked.known_on.has_value() ? past_.LastPositionOf(*asked.known_on) : asked.known_at.value_or(0);
}

absl::Status ListOpener::Explained(absl::Status status, int64_t most_rows) {
  if (rpc::ReasonOf(status) == "RESOURCE_EXHAUSTED") {
    return rpc::WithReason(std::move(status), "QUERY_TOO_BROAD", {{"most_rows", absl::StrCat(most_rows)}});
  }
  if (rpc::ReasonOf(status) == "OUT_OF_RANGE") return rpc::WithReason(std::move(status), "POSITION_OUT_OF_RANGE");
  return status;
}

absl::StatusOr<ListOpener::SettledList> ListOpener::SettledForPast(const rpc::Call& call, const AskedList& asked,
                                                                   int64_t position) {
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  past_.ForgetBefore(sources_.athletes->erased_at());
  if (absl::Status status = past_.Refusal(*sources_.results, position); !status.ok()) {
    return Explained(std::move(status), past_.most_rows());
  }
  return SettledList{Settled(asked.query), CheckScope(asked)};
}

absl::StatusOr<Query> ListOpener::QueryAt(const SettledList& settled, int32_t rolling_months, const PastViews& views,
                                          int64_t position) const {
  Query query = settled.query;
  // What has been removed since was there then.
  if (!settled.scope.ok() && !CheckScope(query, views.results->calendar(), *views.series).ok()) return settled.scope;
  if (rolling_months > 0) {
    absl::StatusOr<athletics::Date> day = past_.DayOf(position);
    if (!day.ok()) return day.status();
    SetRollingPeriod(rolling_months, *day, query);
  }
  return query;
}

absl::Status ListOpener::InPast(const rpc::Call& call, const AskedList& when, Past::Body body) {
  const absl::StatusOr<int64_t> position = PositionOf(when);
  if (!position.ok()) return position.status();
  const absl::StatusOr<SettledList> possible = SettledForPast(call, AskedList(), *position);
  if (!possible.ok()) return possible.status();
  return Explained(past_.At(*position, call.deadline, call.calls->clock, body), past_.most_rows());
}

absl::Status ListOpener::WithPast(const rpc::Call& call, const AskedList& asked, Body body) {
  const absl::StatusOr<int64_t> position = PositionOf(asked);
  if (!position.ok()) return position.status();
  const absl::StatusOr<SettledList> settled = SettledForPast(call, asked, *position);
  if (!settled.ok()) return settled.status();
  const int32_t rolling_months = asked.known_at.has_value() ? asked.rolling_months : 0;
  const auto open = [&](const PastViews& views, int64_t at) -> absl::Status {
    const absl::StatusOr<Query> query = QueryAt(*settled, rolling_months, views, at);
    if (!query.ok()) return query.status();
    auto board = std::make_shared<const Board>(&views.results->calendar(), Board::Index::kNone, LinesOf(*query, views));
    // Only now, for the replay may take long. Who may be named is what holds today.
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    return body({*query,
                 views.results,
                 views.athletes,
                 std::move(board),
                 &past_texts_,
                 {sources_.results, sources_.athletes},
                 nullptr},
                at);
  };
  return Explained(past_.At(*position, call.deadline, call.calls->clock, open), past_.most_rows());
}

absl::StatusOr<std::vector<int64_t>> ListOpener::SizesInPast(const rpc::Call& call, const AskedList& asked,
                                                             const std::vector<int64_t>& positions) {
  std::vector<int64_t> sizes;
  if (positions.empty()) return sizes;
  const absl::StatusOr<SettledList> settled = SettledForPast(call, asked, positions.back());
  if (!settled.ok()) return settled.status();
  const auto count = [&](const PastViews& views, int64_t at) -> absl::Status {
    const absl::StatusOr<Query> query = QueryAt(*settled, asked.rolling_months, views, at);
    if (!query.ok()) return query.status();
    sizes.push_back(static_cast<int64_t>(LinesOf(*query, views).size()));
    return absl::OkStatus();
  };
  absl::Status status = Explained(past_.AtEach(positions, call.deadline, call.calls->clock, count), past_.most_rows());
  if (!status.ok()) return status;
  return sizes;
}

absl::StatusOr<std::shared_ptr<const Board>> ListOpener::MakeBoard(const Query& query) const {
  const RacesOfList races = RacesOf(query, *sources_.results);
  if (races.rows > sources_.bounds.rows_looked_at) return TooBroad(races.rows, sources_.bounds.rows_looked_at);
  return std::make_shared<const Board>(&sources_.results->calendar(), Board::Index::kNone,
                                       Select(query, races, *sources_.results, *sources_.athletes));
}

absl::StatusOr<std::shared_ptr<const Board>> ListOpener::Cached(const Query& query, int64_t position) {
  const std::string key = KeyOf(query);
  {
    absl::MutexLock lock(&mutex_);
    if (cached_position_ != position || cached_.size() >= kMostListsCached || cached_bytes_ > kMostBytesCached) {
      cached_.clear();
      cached_bytes_ = 0;
      cached_position_ = position;
    }
    const auto found = cached_.find(key);
    if (found != cached_.end()) return found->second;
  }
  absl::StatusOr<std::shared_ptr<const Board>> board = MakeBoard(query);
  if (!board.ok()) return board.status();
  absl::MutexLock lock(&mutex_);
  if (cached_position_ == position && cached_.emplace(key, *board).second) cached_bytes_ += (*board)->memory_bytes();
  return board;
}

}  // namespace palmares::rankings
