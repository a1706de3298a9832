// A portfolio in the words of schema.org. Ranks, verdicts and goals have none there, and are left to the other forms.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/rendering/json_text.h"
#include "services/portfolio/rendering/rendering.h"
#include "services/portfolio/rendering/text.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

using google::protobuf::Value;

constexpr absl::string_view kAthlete = "_:athlete";
constexpr absl::string_view kSchema = "https://schema.org/";

// A node: its properties, of which those without a value are left out.
class Node {
 public:
  explicit Node(absl::string_view type) { Set("@type", type); }
  // A node that stands elsewhere.
  static Node Of(absl::string_view id) {
    Node node("");
    node.Set("@id", id);
    return node;
  }

  Node& Set(absl::string_view property, absl::string_view text) {
    if (!text.empty()) At(property)->set_string_value(Inert(text));
    return *this;
  }
  Node& SetLink(absl::string_view property, absl::string_view uri) {
    return IsWebLink(uri) ? Set(property, uri) : *this;
  }
  Node& SetNumber(absl::string_view property, int64_t number) {
    if (number != 0) At(property)->set_number_value(static_cast<double>(number));
    return *this;
  }
  Node& Set(absl::string_view property, Node node) {
    *At(property) = std::move(node.value_);
    return *this;
  }
  Node& Add(absl::string_view property, absl::string_view text) {
    At(property)->mutable_list_value()->add_values()->set_string_value(Inert(text));
    return *this;
  }
  Node& Add(absl::string_view property, Node node) {
    *At(property)->mutable_list_value()->add_values() = std::move(node.value_);
    return *this;
  }

  Value Finish() && { return std::move(value_); }

 private:
  Value* At(absl::string_view property) {
    return &(*value_.mutable_struct_value()->mutable_fields())[std::string(property)];
  }

  Value value_;
};

Node Property(absl::string_view id, absl::string_view value) {
  return std::move(Node("PropertyValue").Set("propertyID", id).Set("value", value));
}

Node NumberProperty(absl::string_view id, int64_t value, absl::string_view unit = "") {
  return std::move(Node("PropertyValue").Set("propertyID", id).SetNumber("value", value).Set("unitText", unit));
}

Node Named(absl::string_view type, absl::string_view name) { return std::move(Node(type).Set("name", name)); }

absl::string_view UnitName(v1::Unit unit) {
  switch (unit) {
    case v1::UNIT_MILLIMETRES:
      return "mm";
    case v1::UNIT_POINTS:
      return "points";
    default:
      return "ms";
  }
}

std::string EventId(int index) { return absl::StrCat("_:event-", index + 1); }

Node Event(const v1::HistoryEntry& entry, int index) {
  Node event("SportsEvent");
  event.Set("@id", EventId(index)).Set("name", entry.race_display_name()).Set("startDate", DateText(entry.date()));
  event.Set("sport", DisciplineName(entry.discipline()));
  if (!entry.venue_city().empty() || !entry.venue_country().empty()) {
    Node address("PostalAddress");
    address.Set("addressLocality", entry.venue_city()).Set("addressCountry", entry.venue_country());
    Node place("Place");
    place.Set("address", std::move(address));
    event.Set("location", std::move(place));
  }
  if (!entry.provenance().organizer().empty()) {
    event.Set("organizer", Named("Organization", entry.provenance().organizer()));
  }
  return event;
}

Node Performance(const v1::HistoryEntry& entry, int index) {
  Node action("ExerciseAction");
  action.Set("agent", Node::Of(kAthlete)).Set("sportsEvent", Node::Of(EventId(index)));
  const bool finished = entry.outcome() == v1::OUTCOME_FINISHED;
  action.Set("actionStatus", absl::StrCat(kSchema, finished ? "CompletedActionStatus" : "FailedActionStatus"));
  action.Set("identifier", entry.result()).Set("startTime", DateText(entry.date()));
  if (entry.mark().value() != 0) {
    action.Add("result", Property("mark", MarkText(entry.mark())));
    action.Add("result", NumberProperty("mark-value", entry.mark().value(), UnitName(entry.mark().unit())));
  }
  action.Add("result", Property("outcome", finished ? "finished" : OutcomeCode(entry.outcome())));
  if (entry.place() != 0) action.Add("result", NumberProperty("place", entry.place()));
  if (entry.field_size() != 0) action.Add("result", NumberProperty("field-size", entry.field_size()));
  if (entry.points() != 0) action.Add("result", NumberProperty("points", entry.points()));
  action.Add("result", Property("sheet-state", Say(entry.sheet_state(), Language::Find("en"))));
  return action;
}

std::string AwardText(const v1::PortfolioRecord& record) {
  const Language& words = Language::Find("en");
  const std::string kinds = absl::StrJoin(record.bests(), ", ", [&](std::string* out, const v1::BestMark& best) {
    absl::StrAppend(out, Say(best.kind(), words));
  });
  return absl::StrCat(kinds, ": ", MarkText(record.mark()), ", ", DisciplineName(record.discipline()), ", ",
                      record.race_display_name(), ", ", DateText(record.date()));
}

Node Item(const v1::ProfileItem& item) {
  Node work("CreativeWork");
  work.Set("name", item.title()).Set("text", item.text()).SetLink("url", item.uri());
  work.Set("genre", Say(item.kind(), Language::Find("en"))).Set("temporalCoverage", PeriodText(item.period()));
  if (!item.organization().empty()) work.Set("sourceOrganization", Named("Organization", item.organization()));
  return work;
}

Node Reach(const v1::SocialReach& reach) {
  Node counter("InteractionCounter");
  counter.Set("interactionType", absl::StrCat(kSchema, "FollowAction"));
  counter.SetNumber("userInteractionCount", reach.followers()).Set("endTime", DateText(reach.date()));
  Node service = Named("WebSite", reach.network());
  counter.Set("interactionService", std::move(service.SetLink("url", reach.uri())));
  return counter;
}

// Everything that the athlete says of themselves, as one work of theirs.
Node SelfReported(const v1::SelfReportedContent& said) {
  Node work("CreativeWork");
  work.Set("name", "Self-reported profile").Set("author", Node::Of(kAthlete)).Set("about", Node::Of(kAthlete));
  work.Set("headline", said.profile().headline()).Set("text", said.profile().biography());
  work.Set("inLanguage", said.profile().locale());
  for (const std::string& value : said.profile().values()) work.Add("keywords", value);
  for (const v1::ProfileItem& item : said.profile().items()) work.Add("hasPart", Item(item));
  for (const v1::ProfileItem& item : said.media()) work.Add("hasPart", Item(item));
  for (const v1::ProfileItem& item : said.community()) work.Add("hasPart", Item(item));
  for (const v1::ProfileItem& item : said.sponsorships()) work.Add("hasPart", Item(item));
  for (const v1::SocialReach& reach : said.reach()) work.Add("interactionStatistic", Reach(reach));
  return work;
}

Node Person(const v1::PortfolioContent& content) {
  const v1::PortfolioAthlete& athlete = content.athlete();
  Node person("Person");
  person.Set("@id", kAthlete).Set("name", athlete.display_name());
  if (!athlete.pseudonym().empty()) person.Set("identifier", Property("pseudonym", athlete.pseudonym()));
  if (athlete.sex() == v1::SEX_MEN) person.Set("gender", absl::StrCat(kSchema, "Male"));
  if (athlete.sex() == v1::SEX_WOMEN) person.Set("gender", absl::StrCat(kSchema, "Female"));
  if (!athlete.country().empty()) {
    person.Set("nationality", std::move(Node("Country").Set("identifier", athlete.country())));
  }
  const std::string birth_date = DateText(athlete.birth_date());
  person.Set("birthDate", birth_date.empty() ? CountText(athlete.birth_year()) : birth_date);
  for (const std::string& club : athlete.clubs()) person.Add("memberOf", Named("SportsOrganization", club));
  for (const v1::PortfolioRecord& record : content.verified().records()) person.Add("award", AwardText(record));
  for (int i = 0; i < content.verified().results_size(); ++i) {
    person.Add("performerIn", Event(content.verified().results(i), i));
  }
  if (content.has_self_reported()) person.Add("subjectOf", SelfReported(content.self_reported()));
  return person;
}

Node Document(const RenderedPortfolio& portfolio) {
  Node document("DigitalDocument");
  document.Set("about", Node::Of(kAthlete)).Set("name", portfolio.content->display_name());
  if (!portfolio.issuer.empty()) document.Set("publisher", Named("Organization", portfolio.issuer));
  document.Set("dateCreated", IsoTime(portfolio.sign_time)).Set("expires", IsoTime(portfolio.expire_time));
  document.SetNumber("version", portfolio.version).SetLink("url", portfolio.verification_uri);
  document.Set("creativeWorkStatus", Say(portfolio.state, Language::Find("en")));
  for (const v1::Correction& correction : portfolio.corrections) document.Add("correction", correction.text());
  if (!portfolio.portfolio_name.empty()) {
    document.Add("identifier", Property("portfolio", portfolio.portfolio_name));
  }
  if (!portfolio.content_sha256_hex.empty()) {
    document.Add("identifier", Property("sha256", portfolio.content_sha256_hex));
  }
  return document;
}

}  // namespace

std::string RenderJsonLd(const RenderedPortfolio& portfolio) {
  const v1::PortfolioContent& content = *portfolio.content;
  Node root("");
  root.Set("@context", "https://schema.org");
  root.Add("@graph", Person(content)).Add("@graph", Document(portfolio));
  for (int i = 0; i < content.verified().results_size(); ++i) {
    root.Add("@graph", Performance(content.verified().results(i), i));
  }
  return SortedJson(std::move(root).Finish());
}

}  // namespace palmares::portfolio
