#include "services/series/club_messages.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::series {
namespace {

constexpr int kMostAliases = 100;
constexpr size_t kLongestName = 200;

// Numbers for the keys of clubs, so that an athlete costs four bytes.
class Keys {
 public:
  explicit Keys(const ClubsView& clubs) : clubs_(clubs) {}

  int32_t Of(absl::string_view text) {
    const auto found = number_of_text_.find(text);
    if (found != number_of_text_.end()) return found->second;
    const std::string key = clubs_.KeyOf(text);
    const auto [number, added] = number_of_key_.try_emplace(key, static_cast<int32_t>(keys_.size()));
    if (added) keys_.push_back(key);
    number_of_text_.emplace(text, number->second);
    return number->second;
  }
  const std::string& key(int32_t number) const { return keys_[static_cast<size_t>(number)]; }

 private:
  const ClubsView& clubs_;
  std::vector<std::string> keys_;
  absl::flat_hash_map<std::string, int32_t> number_of_key_;
  absl::flat_hash_map<std::string, int32_t> number_of_text_;
};

}  // namespace

MemberCounts CountMembers(const Views& views) {
  const events::Calendar& calendar = views.results->calendar();
  std::vector<const events::Race*> races;
  for (int32_t number = 0; number < calendar.race_count(); ++number) {
    if (results::Counts(views.results->sheet(number).state)) races.push_back(&calendar.race(number));
  }
  std::sort(races.begin(), races.end(), [](const events::Race* a, const events::Race* b) {
    return std::tie(a->date, a->number) < std::tie(b->date, b->number);
  });
  Keys keys(*views.clubs);
  std::vector<int32_t> club_of_athlete(static_cast<size_t>(views.athletes->count()) + 1, -1);
  for (const events::Race* race : races) {
    const results::RaceSheet& sheet = views.results->sheet(race->number);
    for (int64_t row = 0; row < sheet.rows(); ++row) {
      const results::RaceSheet::Address address = sheet.Find(row);
      const absl::string_view club = address.facts->club(address.row);
      const int64_t athlete = sheet.LinkOf(row).athlete;
      if (club.empty() || athlete == 0) continue;
      club_of_athlete[static_cast<size_t>(views.athletes->Resolve(athlete))] = keys.Of(club);
    }
  }
  MemberCounts counts;
  for (const int32_t club : club_of_athlete) {
    if (club >= 0) ++counts[keys.key(club)];
  }
  return counts;
}

v1::Club ToProto(const Club& club, const MemberCounts& members, int64_t position) {
  v1::Club out;
  out.set_name(club.name);
  out.set_display_name(club.data.display_name());
  for (const std::string& alias : club.data.aliases()) out.add_aliases(alias);
  out.set_country(club.data.country());
  out.set_region_code(club.data.region());
  out.set_city(club.data.city());
  const auto counted = members.find(club.name);
  if (counted != members.end()) out.set_member_count(counted->second);
  *out.mutable_create_time() = rpc::ToTimestamp(club.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(club.update_time_us);
  out.set_etag(rpc::Etag(club.position));
  out.set_position(position);
  return out;
}

absl::StatusOr<stored::v1::Club> ToStored(const v1::Club& club, absl::string_view id) {
  stored::v1::Club stored;
  stored.set_id(std::string(id));
  if (ClubForm(club.display_name()).empty())
    return rpc::MissingField("club.display_name", "the club's name as printed");
  if (club.display_name().size() > kLongestName) {
    return rpc::InvalidField("club.display_name", club.display_name().substr(0, 40), "at most 200 bytes");
  }
  stored.set_display_name(club.display_name());
  if (club.aliases_size() > kMostAliases) {
    return rpc::InvalidField("club.aliases", absl::StrCat(club.aliases_size(), " aliases"), "at most 100");
  }
  for (int i = 0; i < club.aliases_size(); ++i) {
    if (ClubForm(club.aliases(i)).empty() || club.aliases(i).size() > kLongestName) {
      return rpc::InvalidField(absl::StrCat("club.aliases[", i, "]"), club.aliases(i).substr(0, 40),
                               "a name of the club, at most 200 bytes");
    }
    stored.add_aliases(club.aliases(i));
  }
  if (!club.country().empty()) {
    const auto country = athletics::FindCountry(club.country());
    if (!country.has_value()) return rpc::InvalidField("club.country", club.country(), "a country's code or name");
    stored.set_country(std::string(country->code));
  }
  stored.set_region(club.region_code());
  stored.set_city(club.city());
  return stored;
}

absl::Status CheckWritable(const google::protobuf::FieldMask& mask) {
  static const std::set<std::string> kOutputOnly = {"categories",   "create_time", "etag",
                                                    "member_count", "position",    "update_time"};
  for (const std::string& path : mask.paths()) {
    if (kOutputOnly.contains(path)) return rpc::InvalidField("update_mask", path, "a field that callers write");
  }
  return absl::OkStatus();
}

}  // namespace palmares::series
