#include "services/profiles/profile_check.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/profiles/link_check.h"
#include "services/profiles/partial_days.h"
#include "services/profiles/text_check.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::profiles {
namespace {

constexpr size_t kIdBytes = 6;

constexpr TextRule kHeadline{120};
constexpr TextRule kBiography{5000, true};
constexpr TextRule kValue{80};
constexpr TextRule kTitle{200};
constexpr TextRule kItemText{2000, true};
constexpr TextRule kName{200};  // of organizations and sources
constexpr TextRule kLabel{80};
constexpr TextRule kUnit{20};

// Checks fields one after the other and keeps the first thing that is wrong.
class Checker {
 public:
  explicit Checker(athletics::Date today) : last_day_(today + 1) {}

  const absl::Status& status() const { return status_; }

  void Text(absl::string_view field, const std::string& text, const TextRule& rule) {
    if (status_.ok()) Refuse(field, FindProblem(text, rule));
  }

  void RequiredText(absl::string_view field, const std::string& text, const TextRule& rule, absl::string_view wanted) {
    if (status_.ok() && IsBlank(text)) status_ = rpc::MissingField(field, wanted);
    Text(field, text, rule);
  }

  void Link(absl::string_view field, const std::string& link) {
    if (status_.ok() && !link.empty()) Refuse(field, FindLinkProblem(link));
  }

  void Locale(absl::string_view field, const std::string& locale) {
    if (status_.ok() && !locale.empty()) Refuse(field, FindLocaleProblem(locale));
  }

  void Count(absl::string_view field, int count, int most) {
    if (status_.ok() && count > most) {
      status_ = rpc::InvalidField(field, absl::StrCat(count), absl::StrCat("at most ", most));
    }
  }

  void Id(absl::string_view field, const std::string& id) {
    if (status_.ok()) status_ = rpc::CheckId(field, id);
  }

  // A day on which something is so; as far as it is known where `partial`.
  void AsOf(absl::string_view field, const v1::Date& date, bool partial) {
    const std::optional<PartialDays> days = Read(field, date);
    if (!status_.ok() || !days.has_value()) return;
    if (!partial && days->first != days->last) {
      status_ = rpc::InvalidField(field, athletics::FormatPartialDate(days->date), "year, month and day");
    } else if (days->first > last_day_) {
      status_ = rpc::InvalidField(field, athletics::FormatPartialDate(days->date), "today or earlier");
    }
  }

  void Period(const std::string& field, const v1::DateRange& period) {
    const std::optional<PartialDays> start = Read(absl::StrCat(field, ".start_date"), period.start_date());
    const std::optional<PartialDays> end = Read(absl::StrCat(field, ".end_date"), period.end_date());
    if (!status_.ok() || !start.has_value() || !end.has_value() || start->first <= end->last) return;
    status_ = rpc::InvalidField(absl::StrCat(field, ".end_date"), athletics::FormatPartialDate(end->date),
                                absl::StrCat(athletics::FormatPartialDate(start->date), " or later"));
  }

  void Fail(absl::Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

 private:
  void Refuse(absl::string_view field, const std::optional<Problem>& problem) {
    if (problem.has_value()) status_ = rpc::InvalidField(field, problem->seen, problem->wanted);
  }

  std::optional<PartialDays> Read(absl::string_view field, const v1::Date& date) {
    if (!status_.ok()) return std::nullopt;
    const absl::StatusOr<athletics::PartialDate> partial = rpc::PartialFromProto(date, field);
    if (partial.ok()) return DaysOf(*partial);
    status_ = partial.status();
    return std::nullopt;
  }

  const athletics::Date last_day_;
  absl::Status status_;
};

void CheckFigure(const std::string& field, const v1::OutcomeFigure& figure, Checker& check) {
  check.RequiredText(absl::StrCat(field, ".label"), figure.label(), kLabel, "what the figure counts");
  check.Text(absl::StrCat(field, ".unit"), figure.unit(), kUnit);
  check.AsOf(absl::StrCat(field, ".date"), figure.date(), /*partial=*/true);
  check.Text(absl::StrCat(field, ".source"), figure.source(), kName);
}

void CheckItem(const std::string& field, const v1::ProfileItem& item, Checker& check) {
  if (item.kind() == v1::ProfileItem::KIND_UNSPECIFIED || !v1::ProfileItem::Kind_IsValid(item.kind())) {
    check.Fail(rpc::InvalidField(absl::StrCat(field, ".kind"), absl::StrCat(item.kind()), "a kind of item of the API"));
  }
  check.RequiredText(absl::StrCat(field, ".title"), item.title(), kTitle, "what it is called");
  check.Text(absl::StrCat(field, ".text"), item.text(), kItemText);
  check.Link(absl::StrCat(field, ".uri"), item.uri());
  check.Period(absl::StrCat(field, ".period"), item.period());
  check.Text(absl::StrCat(field, ".organization"), item.organization(), kName);
  check.Count(absl::StrCat(field, ".figures"), item.figures_size(), kMostFigures);
  for (int i = 0; i < item.figures_size(); ++i) {
    CheckFigure(absl::StrCat(field, ".figures[", i, "]"), item.figures(i), check);
  }
}

void CheckItems(const v1::Profile& profile, Checker& check) {
  check.Count("profile.items", profile.items_size(), kMostItems);
  std::set<std::string> ids;
  for (int i = 0; i < profile.items_size() && check.status().ok(); ++i) {
    const std::string field = absl::StrCat("profile.items[", i, "]");
    CheckItem(field, profile.items(i), check);
    const std::string& id = profile.items(i).item_id();
    if (id.empty()) continue;
    check.Id(absl::StrCat(field, ".item_id"), id);
    if (!ids.insert(id).second) {
      check.Fail(rpc::InvalidField(absl::StrCat(field, ".item_id"), id, "an id that no other item has"));
    }
  }
}

void CheckReach(const v1::Profile& profile, Checker& check) {
  check.Count("profile.social_reach", profile.social_reach_size(), kMostNetworks);
  for (int i = 0; i < profile.social_reach_size(); ++i) {
    const v1::SocialReach& reach = profile.social_reach(i);
    const std::string field = absl::StrCat("profile.social_reach[", i, "]");
    check.Id(absl::StrCat(field, ".network"), reach.network());
    check.Link(absl::StrCat(field, ".uri"), reach.uri());
    if (reach.followers() < 0 || reach.followers() > kMostFollowers) {
      check.Fail(rpc::InvalidField(absl::StrCat(field, ".followers"), absl::StrCat(reach.followers()),
                                   absl::StrCat("0 to ", kMostFollowers)));
    }
    if (reach.date().year() == 0) check.Fail(rpc::MissingField(absl::StrCat(field, ".date"), "the day of the count"));
    check.AsOf(absl::StrCat(field, ".date"), reach.date(), /*partial=*/false);
    check.Text(absl::StrCat(field, ".source"), reach.source(), kName);
  }
}

}  // namespace

absl::Status CheckProfile(const v1::Profile& profile, athletics::Date today) {
  Checker check(today);
  check.Text("profile.headline", profile.headline(), kHeadline);
  check.Text("profile.biography", profile.biography(), kBiography);
  check.Count("profile.values", profile.values_size(), kMostValues);
  for (int i = 0; i < profile.values_size(); ++i) {
    check.RequiredText(absl::StrCat("profile.values[", i, "]"), profile.values(i), kValue, "a value");
  }
  check.Text("profile.training", profile.training(), kBiography);
  check.Locale("profile.locale", profile.locale());
  check.Link("profile.photo_uri", profile.photo_uri());
  CheckItems(profile, check);
  CheckReach(profile, check);
  if (!check.status().ok()) return check.status();
  const size_t size = profile.ByteSizeLong();
  if (size <= kLargestProfile) return absl::OkStatus();
  return rpc::InvalidField("profile", absl::StrCat(size, " bytes"),
                           absl::StrCat("at most ", kLargestProfile, " in all"));
}

void KeepWritten(v1::Profile& profile) {
  profile.DiscardUnknownFields();
  profile.clear_name();
  profile.clear_goals();
  profile.clear_create_time();
  profile.clear_update_time();
  profile.clear_etag();
  profile.clear_position();
  for (v1::ProfileItem& item : *profile.mutable_items()) {
    item.clear_verification();
    item.clear_verifier();
  }
}

void NameItems(const access::RandomBytes& random, v1::Profile& profile) {
  std::set<std::string> ids;
  for (const v1::ProfileItem& item : profile.items()) ids.insert(item.item_id());
  for (v1::ProfileItem& item : *profile.mutable_items()) {
    while (item.item_id().empty()) {
      std::string bytes(kIdBytes, '\0');
      random(bytes.data(), bytes.size());
      std::string id = absl::BytesToHexString(bytes);
      if (ids.insert(id).second) item.set_item_id(std::move(id));
    }
  }
}

int64_t FollowersOf(const v1::Profile& profile) {
  using Figure = std::tuple<int32_t, int32_t, int32_t, int64_t>;  // year, month, day, followers
  std::map<std::string, Figure> newest;
  for (const v1::SocialReach& reach : profile.social_reach()) {
    Figure& figure = newest[reach.network()];
    figure = std::max(figure, Figure(reach.date().year(), reach.date().month(), reach.date().day(), reach.followers()));
  }
  int64_t followers = 0;
  for (const auto& [network, figure] : newest) followers += std::get<3>(figure);
  return followers;
}

}  // namespace palmares::profiles
