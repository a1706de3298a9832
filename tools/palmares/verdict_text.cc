#include "tools/palmares/verdict_text.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr int kVerdictLabelWidth = 10;

std::string MarginText(const v1::MarkGap& margin) {
  if (!margin.text().empty()) return margin.text();
  const std::string seconds = GapSeconds(margin);
  return seconds.empty() ? "" : absl::StrCat(seconds, " s");
}

std::string RequiredText(const v1::StandardMark& required) {
  if (required.mark().text().empty()) return "";
  std::string text = absl::StrCat(required.mark().text(), ", ", required.discipline());
  if (required.sex() != v1::SEX_UNSPECIFIED) absl::StrAppend(&text, " ", SexCode(required.sex()));
  if (!required.age_band().label().empty()) absl::StrAppend(&text, " ", required.age_band().label());
  if (!required.level().empty()) absl::StrAppend(&text, ", level ", required.level());
  return text;
}

// "2:10:22 chip, Boston Marathon 2013, Open, 2013-04-15, as 2:15:22 (+5:00 for the drop)".
std::string JudgedText(const v1::JudgedResult& judged) {
  std::vector<std::string> parts = {absl::StrCat(
      MarkText(judged.mark()), judged.clock() == v1::CLOCK_UNSPECIFIED ? "" : " ", EnumCode(judged.clock()))};
  if (!judged.race_display_name().empty()) parts.push_back(judged.race_display_name());
  if (judged.has_date()) parts.push_back(FormatDate(judged.date()));
  for (const v1::MarkAdjustment& adjustment : judged.adjustments()) parts.push_back(adjustment.text());
  if (judged.adjusted_mark().value() != 0 && judged.adjusted_mark().value() != judged.mark().value()) {
    parts.push_back(absl::StrCat("counts as ", judged.adjusted_mark().text()));
  }
  return absl::StrJoin(parts, ", ");
}

std::string NeededText(const v1::NeededMark& needed) {
  std::vector<std::string> parts = {needed.mark().text()};
  if (!needed.safe_mark().text().empty()) parts.push_back(absl::StrCat(needed.safe_mark().text(), " to be safe"));
  const v1::DateRange& window = needed.window();
  if (window.has_start_date() || window.has_end_date()) {
    const std::string from = window.has_start_date() ? absl::StrCat(" from ", FormatDate(window.start_date())) : "";
    const std::string to =
        window.has_end_date() ? absl::StrCat(from.empty() ? " by " : " to ", FormatDate(window.end_date())) : "";
    parts.push_back(absl::StrCat("run", from, to));
  }
  parts.insert(parts.end(), needed.course_conditions().begin(), needed.course_conditions().end());
  if (!needed.pace_text().empty()) parts.push_back(needed.pace_text());
  return absl::StrJoin(parts, ", ");
}

std::string RuleText(const v1::AppliedRule& rule) {
  if (!rule.text().empty()) return absl::StrCat(EnumCode(rule.state()), ": ", rule.text());
  return absl::StrCat(EnumCode(rule.state()), ": ", rule.rule(), rule.wanted().empty() ? "" : ", want ", rule.wanted());
}

// The sentence without the standard's name, which stands above it.
std::string Sentence(const v1::Verdict& verdict) {
  absl::string_view sentence = verdict.explanation();
  if (absl::ConsumePrefix(&sentence, verdict.standard_display_name())) absl::ConsumePrefix(&sentence, ": ");
  return std::string(sentence);
}

std::string WhyNot(const v1::JudgedResult& judged) {
  const v1::AppliedRule& rule = judged.first_failing_rule();
  if (judged.counts()) return "would count too";
  if (!rule.text().empty()) return rule.text();
  return rule.rule().empty() ? "does not count" : absl::StrCat(rule.rule(), ", want ", rule.wanted());
}

}  // namespace

Table VerdictTable(const v1::QualifyResponse& verdicts) {
  Table table{{{"standard", ColumnKind::kName},
               {"verdict", ColumnKind::kCode},
               {"mark", ColumnKind::kNumber},
               {"result", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"margin_seconds", ColumnKind::kNumber, ColumnUse::kIfRoom},
               {"reason", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"explanation", ColumnKind::kSentence},
               {"athlete", ColumnKind::kName, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Verdict& verdict : verdicts.verdicts()) {
    table.rows.push_back({verdict.standard(), EnumCode(verdict.state()), MarkText(verdict.counting().mark()),
                          verdict.counting().result(), GapSeconds(verdict.margin()), verdict.reason(),
                          verdict.explanation(), verdict.athlete()});
    if (!verdict.has_margin()) table.rows.back()[4].clear();
  }
  return table;
}

std::string VerdictText(const v1::Verdict& verdict) {
  const std::string title =
      verdict.standard_display_name().empty() ? verdict.standard() : verdict.standard_display_name();
  std::string text = absl::StrCat(Printable(title), ": ", absl::AsciiStrToUpper(EnumCode(verdict.state())), "\n");
  AddLine(text, "because", Sentence(verdict), kVerdictLabelWidth);
  AddLine(text, "standard", RequiredText(verdict.required()), kVerdictLabelWidth);
  if (verdict.has_counting()) AddLine(text, "mark", JudgedText(verdict.counting()), kVerdictLabelWidth);
  AddLine(text, "result", verdict.counting().result(), kVerdictLabelWidth);
  if (verdict.has_margin()) AddLine(text, "margin", MarginText(verdict.margin()), kVerdictLabelWidth);
  AddLine(text, "reason", verdict.reason(), kVerdictLabelWidth);
  for (const v1::AppliedRule& rule : verdict.rules()) AddLine(text, "rule", RuleText(rule), kVerdictLabelWidth);
  for (const v1::UncertainFact& fact : verdict.uncertain_facts())
    AddLine(text, "not known", fact.text(), kVerdictLabelWidth);
  if (verdict.has_needed()) AddLine(text, "needed", NeededText(verdict.needed()), kVerdictLabelWidth);
  if (verdict.has_expiry_date()) AddLine(text, "counts to", FormatDate(verdict.expiry_date()), kVerdictLabelWidth);
  for (const v1::JudgedResult& other : verdict.others()) {
    AddLine(text, "other", absl::StrCat(JudgedText(other), ": ", WhyNot(other)), kVerdictLabelWidth);
  }
  AddLine(text, "rules of",
          absl::StrCat(verdict.standard_revision(), verdict.source_uri().empty() ? "" : ", ", verdict.source_uri()),
          kVerdictLabelWidth);
  return text;
}

bool IsIn(const v1::Verdict& verdict) {
  return verdict.state() == v1::VERDICT_STATE_QUALIFIED || verdict.state() == v1::VERDICT_STATE_PROVISIONAL;
}

}  // namespace palmares::tools
