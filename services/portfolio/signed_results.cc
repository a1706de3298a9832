#include "services/portfolio/signed_results.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "services/credentials/signature.h"
#include "services/portfolio/grounds.h"
#include "services/portfolio/portfolio_credential.h"

namespace palmares::portfolio {
namespace {

// Of who was beaten: whether they finished, in which time and where.
std::string OpponentDigest(const results::Results& results, int32_t race, int64_t number) {
  const results::RaceSheet& sheet = results.sheet(race);
  const std::optional<int64_t> row = sheet.RowOfNumber(number);
  if (!row.has_value() || !results::Counts(sheet.state)) return GroundDigest(Ground::kOpponent, "");
  const results::RowFacts facts = sheet.Standing(*row);
  return GroundDigest(Ground::kOpponent, absl::StrCat(static_cast<int>(facts.outcome), " ", facts.official_mark, " ",
                                                      facts.chip_mark, " ", facts.place));
}

// The records that the result was when it was made, in place of an earlier one. Empty where it was none.
std::string RecordDigest(Ground ground, const BestMarks& bests) {
  std::string text;
  for (const v1::BestMark& best : bests) {
    const bool of_race =
        best.kind() == v1::BestMark::KIND_RACE_RECORD || best.kind() == v1::BestMark::KIND_COURSE_RECORD;
    const bool of_list = best.kind() == v1::BestMark::KIND_LIST_LEAD || best.kind() == v1::BestMark::KIND_NATIONAL_BEST;
    const bool counts = of_race || (of_list && ground != Ground::kRecord);
    if (!counts || best.superseded_result().empty()) continue;
    absl::StrAppend(&text, static_cast<int>(best.kind()), best.legal() ? "l " : " ");
  }
  return text.empty() ? text : GroundDigest(ground, text);
}

// What is known now of an athlete's results. Records are signed after the result that set them, so the entry of the
// result that was asked for last is kept.
class EntriesNow {
 public:
  EntriesNow(const ContentSources& sources, int64_t athlete) : sources_(sources) {
    for (const HistoryLine& line : sources.history->Lines(athlete)) {
      lines_[{line.row.race, sources.results->sheet(line.row.race).Number(line.row.row)}] = line;
    }
  }
  // nullptr where it is not the athlete's result, or no public one, any more.
  const HistoryLine* Find(const SignedResult& result) const {
    const auto found = lines_.find({result.race, result.number});
    return found == lines_.end() ? nullptr : &found->second;
  }
  const v1::HistoryEntry& Entry(const HistoryLine& line) {
    if (last_ != &line) entry_ = sources_.history->Entry(line, true);
    last_ = &line;
    return entry_;
  }

 private:
  const ContentSources& sources_;
  absl::flat_hash_map<std::pair<int32_t, int64_t>, HistoryLine> lines_;
  const HistoryLine* last_ = nullptr;
  v1::HistoryEntry entry_;
};

}  // namespace

absl::StatusOr<std::string> AssertionDigest(const v1::HistoryEntry& entry) {
  v1::HistoryEntry asserted = entry;
  asserted.clear_race_display_name();
  asserted.clear_sheet_state();
  asserted.clear_field_size();
  asserted.clear_percentile();
  asserted.clear_points();
  asserted.clear_age_grade_per_myriad();
  asserted.clear_bests();
  asserted.clear_age();
  asserted.clear_venue_city();
  asserted.clear_venue_country();
  asserted.clear_level();
  asserted.clear_provenance();
  const absl::StatusOr<std::string> text = CanonicalMessage(asserted);
  if (!text.ok()) return text.status();
  return credentials::Sha256(*text).substr(0, kDigestBytes);
}

void SignRecords(const std::set<v1::PortfolioSelection::Section>& sections, const BestMarks& bests,
                 const BestMarks& standing, std::vector<SignedResult>* out) {
  using Selection = v1::PortfolioSelection;
  const SignedResult own = out->back();
  const auto sign = [&](Ground ground, const BestMarks& records) {
    std::string digest = RecordDigest(ground, records);
    if (!digest.empty()) out->push_back({own.race, own.number, std::move(digest)});
  };
  if (sections.contains(Selection::SECTION_RECORDS)) {
    sign(Ground::kEveryRecord, bests);
    sign(Ground::kStandingRecord, standing);
  } else if (sections.contains(Selection::SECTION_SUMMARY) || sections.contains(Selection::SECTION_RESULTS)) {
    sign(Ground::kRecord, bests);
  }
}

absl::Status SignOpponents(const results::Results& results, const v1::HistorySummary& summary,
                           std::vector<SignedResult>* out) {
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    for (const std::string& name : {opponent.opponent_result(), opponent.opponent_points_result()}) {
      const absl::StatusOr<results::RowRef> row = results::FindResult(results, name);
      if (!row.ok()) return row.status();
      const int64_t number = results.sheet(row->race).Number(row->row);
      out->push_back({row->race, number, OpponentDigest(results, row->race, number)});
    }
  }
  return absl::OkStatus();
}

absl::Status SignVerdicts(const ContentSources& sources, const std::vector<HistoryLine>& history,
                          const v1::VerifiedContent& verified, std::vector<SignedResult>* out) {
  for (const v1::Verdict& verdict : verified.qualifications()) {
    if (verdict.counting().result().empty()) continue;
    const absl::StatusOr<results::RowRef> row = results::FindResult(*sources.results, verdict.counting().result());
    if (!row.ok()) return row.status();
    const int64_t number = sources.results->sheet(row->race).Number(row->row);
    const bool is_signed = std::any_of(out->begin(), out->end(), [&](const SignedResult& result) {
      return result.race == row->race && result.number == number && GroundOf(result) == Ground::kOwn;
    });
    const auto line = std::find_if(history.begin(), history.end(), [&](const HistoryLine& known) {
      return known.row.race == row->race && known.row.row == row->row;
    });
    if (is_signed || line == history.end()) continue;
    absl::StatusOr<std::string> digest = AssertionDigest(sources.history->Entry(*line, true));
    if (!digest.ok()) return digest.status();
    out->push_back({row->race, number, *std::move(digest)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Corrected>> FindCorrected(const ContentSources& sources, int64_t athlete,
                                                     const PortfolioVersion& version) {
  const athletics::Date day = absl::ToCivilDay(absl::FromUnixMicros(version.sign_time_us), absl::UTCTimeZone());
  EntriesNow entries(sources, athlete);
  const auto records_now = [&](Ground ground, const HistoryLine& line) {
    if (ground != Ground::kStandingRecord) return RecordDigest(ground, entries.Entry(line).bests());
    BestMarks standing;
    sources.history->FillRecords(line, day, &standing);
    return RecordDigest(ground, standing);
  };
  std::vector<Corrected> corrected;
  for (const SignedResult& result : version.results) {
    const Ground ground = GroundOf(result);
    Corrected found{&result, {}, ""};
    if (ground == Ground::kOpponent) {
      found.text = "of an opponent was corrected";
      if (OpponentDigest(*sources.results, result.race, result.number) != result.digest) corrected.push_back(found);
      continue;
    }
    const HistoryLine* line = entries.Find(result);
    if (ground != Ground::kOwn) {
      const bool is_told = !corrected.empty() && corrected.back().signed_result->race == result.race &&
                           corrected.back().signed_result->number == result.number;
      found.text = ground == Ground::kStandingRecord ? "was not the record that stood, as another result was corrected"
                                                     : "was no such record, as another result was corrected";
      const bool stands = line != nullptr && records_now(ground, *line) == result.digest;
      if (!is_told && !stands) corrected.push_back(found);
      continue;
    }
    if (line != nullptr) {
      const v1::HistoryEntry& now = entries.Entry(*line);
      const absl::StatusOr<std::string> digest = AssertionDigest(now);
      if (!digest.ok()) return digest.status();
      if (*digest == result.digest) continue;
      found.now = now;
    }
    corrected.push_back(std::move(found));
  }
  return corrected;
}

absl::StatusOr<bool> IsSuperseded(const ContentSources& sources, const Portfolio& portfolio,
                                  const PortfolioVersion& version) {
  if (version.version != portfolio.newest().version) return true;
  const absl::StatusOr<std::vector<Corrected>> corrected =
      FindCorrected(sources, sources.athletes->Resolve(portfolio.athlete), version);
  if (!corrected.ok()) return corrected.status();
  return !corrected->empty();
}

std::string DescribeCorrection(const v1::HistoryEntry& before, const v1::HistoryEntry& now) {
  if (now.result().empty()) return "does not stand as a public result of the athlete any more";
  const auto outcome_text = [](const v1::HistoryEntry& entry) {
    return absl::StrCat(entry.outcome() == v1::OUTCOME_FINISHED ? "finished"
                                                                : v1::Outcome_Name(entry.outcome()).substr(8));
  };
  std::vector<std::string> parts;
  const auto compare = [&](absl::string_view what, const std::string& old_text, const std::string& new_text) {
    if (old_text == new_text) return;
    parts.push_back(absl::StrCat(what, " ", old_text.empty() ? "none" : old_text, " became ",
                                 new_text.empty() ? "none" : new_text));
  };
  const auto place = [](int32_t number) { return number == 0 ? std::string() : absl::StrCat(number); };
  if (now.outcome() == v1::OUTCOME_DISQUALIFIED && before.outcome() != now.outcome()) {
    parts.push_back(absl::StrCat("was disqualified",
                                 now.outcome_rule().empty() ? "" : absl::StrCat(" (", now.outcome_rule(), ")")));
  } else {
    compare("outcome", outcome_text(before), outcome_text(now));
  }
  compare("mark", before.mark().text(), now.mark().text());
  compare("gun time", before.gun().text(), now.gun().text());
  compare("chip time", before.chip().text(), now.chip().text());
  compare("place", place(before.place()), place(now.place()));
  compare("place by sex", place(before.sex_place()), place(now.sex_place()));
  compare("place in category", place(before.category_place()), place(now.category_place()));
  return parts.empty() ? "was corrected" : absl::StrJoin(parts, ", ");
}

}  // namespace palmares::portfolio
