#include <sodium.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/rendering/embedded.h"
#include "services/portfolio/rendering/page.h"
#include "services/portfolio/rendering/qr_code.h"
#include "services/portfolio/rendering/rendering.h"
#include "services/portfolio/rendering/sections.h"
#include "services/portfolio/rendering/text.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

using Section = v1::PortfolioSelection::Section;

// Nothing may be loaded or run: only this very style sheet applies.
const std::string& ContentPolicy() {
  static const std::string* const policy = [] {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(kStyleSheet.data()), kStyleSheet.size());
    const absl::string_view bytes(reinterpret_cast<const char*>(hash.data()), hash.size());
    return new std::string(absl::StrCat("default-src 'none'; img-src data:; style-src 'sha256-",
                                        absl::Base64Escape(bytes), "'; base-uri 'none'; form-action 'none'"));
  }();
  return *policy;
}

// The selection's order; whatever else is there comes after it.
std::vector<Section> SectionsInOrder(const v1::PortfolioContent& content) {
  std::vector<Section> order;
  const auto add = [&](int number) {
    const auto section = static_cast<Section>(number);
    const bool is_new = std::find(order.begin(), order.end(), section) == order.end();
    if (is_new && HasSection(content, section)) order.push_back(section);
  };
  for (const int section : content.selection().sections()) add(section);
  for (int section = 1; section < v1::PortfolioSelection::Section_ARRAYSIZE; ++section) add(section);
  return order;
}

std::string AthleteName(const v1::PortfolioAthlete& athlete) {
  return athlete.display_name().empty() ? athlete.pseudonym() : athlete.display_name();
}

void WriteHead(Page& page) {
  Markup& out = page.out();
  out.Open("head").Void("meta", {{"charset", "utf-8"}});
  out.Void("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", ContentPolicy()}});
  out.Void("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.Void("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  out.Void("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  out.Void("meta", {{"name", "robots"}, {"content", "noindex"}});
  out.Element("title", {},
              absl::StrCat(Inert(AthleteName(page.content().athlete()), 200), " – ", page.Say(Word::kPortfolio)));
  out.Style(kStyleSheet).Close();
}

// One line of a list of facts, unless there is nothing to say.
void Fact(Page& page, Word name, absl::string_view value) {
  if (value.empty()) return;
  page.out().Element("dt", {}, page.Say(name)).Element("dd", {{"dir", "auto"}}, value);
}

void CodeFact(Page& page, Word name, absl::string_view value) {
  if (value.empty()) return;
  page.out().Element("dt", {}, page.Say(name)).Open("dd").Element("code", {}, value).Close();
}

void WriteAthlete(Page& page) {
  const v1::PortfolioAthlete& athlete = page.content().athlete();
  Markup& out = page.out();
  out.Open("header").Open("p", {{"class", "kicker"}}).Text(page.Say(Word::kPortfolio));
  if (!page.content().display_name().empty()) {
    out.Text(" · ");
    page.Said(page.content().display_name());
  }
  const std::string name = AthleteName(athlete);
  out.Close().Element("h1", {{"dir", "auto"}}, name.empty() ? page.Say(Word::kAthlete) : absl::string_view(name));
  std::string born = DateText(athlete.birth_date());
  if (born.empty()) born = CountText(athlete.birth_year());
  out.Open("dl");
  Fact(page, Word::kCategory, Say(athlete.sex(), page.words()));
  Fact(page, Word::kCountry, athlete.country());
  Fact(page, Word::kAge, AgeText(athlete.age()));
  Fact(page, Word::kBorn, born);
  Fact(page, Word::kClubs, absl::StrJoin(athlete.clubs(), ", "));
  Fact(page, Word::kSource, page.Say(Word::kRecordedByIssuer));
  out.Close().Close();
}

void WriteCorrections(Page& page) {
  const std::vector<v1::Correction>& corrections = page.portfolio().corrections;
  if (corrections.empty()) return;
  Table table(page, page.Say(Word::kCorrections),
              {page.Say(Word::kDate), page.Say(Word::kCorrection), page.Say(Word::kFrom)});
  for (const v1::Correction& correction : corrections) {
    table.Row(TimeText(correction.change_time())).OpenCell();
    page.English("span", correction.text());
    table.CloseCell().From(correction.result());
  }
}

// What a reader must know before all else: that it is not good any more, and what was corrected.
void WriteNotice(Page& page) {
  const v1::Portfolio::State state = page.portfolio().state;
  Word text = Word::kSupersededNotice;
  Word heading = Word::kSuperseded;
  if (state == v1::Portfolio::STATE_REVOKED) {
    text = Word::kRevokedNotice;
    heading = Word::kRevoked;
  } else if (state == v1::Portfolio::STATE_EXPIRED) {
    text = Word::kExpiredNotice;
    heading = Word::kExpired;
  } else if (state != v1::Portfolio::STATE_SUPERSEDED && page.portfolio().corrections.empty()) {
    return;
  }
  Markup& out = page.out();
  out.Open("section", {{"class", "notice"}, {"aria-labelledby", "notice-heading"}});
  out.Element("h2", {{"id", "notice-heading"}}, page.Say(heading)).Element("p", {}, page.Say(text));
  WriteCorrections(page);
  out.Close();
}

// Out of what the page was made, so that nobody takes a choice for all.
void WriteChoice(Page& page) {
  const v1::PortfolioSelection& selection = page.content().selection();
  std::vector<std::string> disciplines;
  for (const std::string& code : selection.disciplines()) disciplines.push_back(DisciplineName(code));
  Fact(page, Word::kSelectedPeriod, PeriodText(selection.period()));
  Fact(page, Word::kSelectedDisciplines, absl::StrJoin(disciplines, ", "));
  Fact(page, Word::kNamedResults, CountText(page.content().named_result_count()));
  Fact(page, Word::kWithheldResults, CountText(page.portfolio().withheld_results));
  Fact(page, Word::kWithheldItems, CountText(page.portfolio().withheld_items));
}

void WriteProof(Page& page) {
  const RenderedPortfolio& portfolio = page.portfolio();
  Markup& out = page.out();
  out.Open("section", {{"id", "verification"}, {"aria-labelledby", "verification-heading"}});
  out.Element("h2", {{"id", "verification-heading"}}, page.Say(Word::kVerification));
  out.Open("div", {{"class", "proof"}}).Open("dl");
  Fact(page, Word::kState, Say(portfolio.state, page.words()));
  Fact(page, Word::kIssuer, portfolio.issuer);
  Fact(page, Word::kSigned, TimeText(portfolio.sign_time));
  Fact(page, Word::kExpires, TimeText(portfolio.expire_time));
  Fact(page, Word::kReadTime, TimeText(page.content().read_time()));
  Fact(page, Word::kVersion, CountText(portfolio.version));
  Fact(page, Word::kLedgerPosition, CountText(page.content().ledger_position()));
  WriteChoice(page);
  CodeFact(page, Word::kName, portfolio.portfolio_name);
  CodeFact(page, Word::kSigningKey, portfolio.signing_key);
  CodeFact(page, Word::kContentHash, portfolio.content_sha256_hex);
  if (!portfolio.verification_uri.empty()) {
    out.Element("dt", {}, page.Say(Word::kVerificationPage)).Open("dd");
    page.Link(portfolio.verification_uri, portfolio.verification_uri);
    out.Close();
  }
  out.Close();
  const std::string carried = QrText(portfolio);
  const bool is_page = carried == portfolio.verification_uri;
  const absl::StatusOr<Markup> code = DrawQrCode(carried, page.Say(is_page ? Word::kQrPage : Word::kQrHash));
  if (code.ok()) out.Append(*code);
  out.Close().Close();
}

void WriteContents(const std::vector<Section>& sections, Page& page) {
  Markup& out = page.out();
  out.Open("nav", {{"aria-labelledby", "contents-heading"}});
  out.Element("h2", {{"id", "contents-heading"}}, page.Say(Word::kContents)).Open("ul");
  for (const Section section : sections) {
    const SectionTitle title = TitleOf(section);
    out.Open("li").Element("a", {{"href", absl::StrCat("#", title.id)}}, page.Say(title.heading)).Close();
  }
  out.Close().Close();
}

// The names of results that the page refers to and does not show.
void WriteOtherResults(Page& page) {
  const std::vector<std::string>& others = page.references().others();
  if (others.empty()) return;
  page.OpenSection("other-results", Word::kOtherResults, true);
  {
    Table table(page, page.Say(Word::kOtherResults), {page.Say(Word::kNumber), page.Say(Word::kResult)});
    int number = page.references().first_other();
    for (const std::string& result : others) {
      table.Row(absl::StrCat(number), absl::StrCat("r", number)).OpenCell();
      page.out().Element("code", {}, result);
      table.CloseCell();
      ++number;
    }
  }
  page.out().Close();
}

}  // namespace

std::string RenderHtml(const RenderedPortfolio& portfolio, const RenderOptions& options) {
  Page page(portfolio, options);
  const std::vector<Section> sections = SectionsInOrder(page.content());
  Markup& out = page.out();
  out.Open("html", {{"xmlns", "http://www.w3.org/1999/xhtml"}, {"lang", page.words().tag()}});
  WriteHead(page);
  out.Open("body");
  out.Element("a", {{"class", "skip"}, {"href", "#content"}}, page.Say(Word::kSkip));
  WriteAthlete(page);
  out.Open("main", {{"id", "content"}});
  WriteNotice(page);
  WriteProof(page);
  if (!sections.empty()) WriteContents(sections, page);
  for (const Section section : sections) WriteSection(section, page);
  WriteOtherResults(page);
  out.Close();
  out.Open("footer").Open("p").Text(page.Say(Word::kIssuer)).Text(": ");
  page.Said(portfolio.issuer);
  out.Close().Close();
  return absl::StrCat("<!DOCTYPE html>\n", std::move(out).Finish());
}

std::string QrText(const RenderedPortfolio& portfolio) {
  if (IsWebLink(portfolio.verification_uri)) return portfolio.verification_uri;
  return portfolio.content_sha256_hex.empty() ? "" : absl::StrCat("sha256:", portfolio.content_sha256_hex);
}

std::string RenderQrCode(const RenderedPortfolio& portfolio, const RenderOptions& options) {
  const std::string carried = QrText(portfolio);
  const bool is_page = carried == portfolio.verification_uri;
  const Language& words = Language::Find(options.locale);
  return RenderQrSvg(carried, words(is_page ? Word::kQrPage : Word::kQrHash)).value_or("");
}

}  // namespace palmares::portfolio
