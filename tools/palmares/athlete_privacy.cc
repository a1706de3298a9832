// palmares athletes list, update, privacy, hide, unhide and erase: what is said of athletes, and who may see it.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "services/athletics/date.h"
#include "tools/palmares/athlete_commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ListVisibleOptions {
  std::string filter;
  int64_t limit = -1;
};

struct UpdateOptions {
  std::string athlete;
  std::vector<std::string> sets;
  std::string reason;
  bool dry_run = false;
};

struct PrivacyOptions {
  std::string athlete;
  std::string search, birth_date, profile, discovery;
  std::string criteria;
};

struct HideOptions {
  std::string athlete;
  std::string reason;
  std::string confirmation;
  bool dry_run = false;
};

absl::StatusOr<ExitCode> ListVisible(Session& session, const ListVisibleOptions& options) {
  v1::ListAthletesRequest request;
  request.set_filter(options.filter);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto athletes =
      (*connection)
          ->CallPages(&v1::AthleteService::Stub::ListAthletes, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_athletes(); });
  if (!athletes.ok()) return athletes.status();
  v1::SearchAthletesResponse rows;
  for (const v1::Athlete& athlete : athletes->athletes()) *rows.add_matches()->mutable_athlete() = athlete;
  session.Print(*athletes, AthleteTable(rows));
  return ExitCode::kDone;
}

absl::StatusOr<v1::Sex> ReadSex(const std::string& text) {
  const std::string code = absl::AsciiStrToUpper(text);
  if (code == "W") return v1::SEX_WOMEN;
  if (code == "M") return v1::SEX_MEN;
  if (code == "X") return v1::SEX_X;
  return absl::InvalidArgumentError(absl::StrCat("--set sex: \"", text, "\", want W, M or X"));
}

// "name=Lelisa Desisa" into the message and the mask.
absl::Status Set(const std::string& text, v1::UpdateAthleteRequest& request) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
  const auto& [field, value] = parts;
  if (!absl::StrContains(text, "=")) {
    return absl::InvalidArgumentError(absl::StrCat("--set: \"", text, "\", want FIELD=VALUE"));
  }
  v1::Athlete& athlete = *request.mutable_athlete();
  std::string path = field;
  if (field == "name" || field == "display_name") {
    path = "display_name";
    athlete.set_display_name(value);
  } else if (field == "family_name") {
    athlete.set_family_name(value);
  } else if (field == "given_name") {
    athlete.set_given_name(value);
  } else if (field == "other_names") {
    for (absl::string_view name : absl::StrSplit(value, ';', absl::SkipWhitespace())) {
      athlete.add_other_names(std::string(absl::StripAsciiWhitespace(name)));
    }
  } else if (field == "sex") {
    const absl::StatusOr<v1::Sex> sex = ReadSex(value);
    if (!sex.ok()) return sex.status();
    athlete.set_sex(*sex);
  } else if (field == "birth_date") {
    const absl::StatusOr<athletics::PartialDate> birth = athletics::ParsePartialDate(value);
    if (!birth.ok()) return birth.status();
    athlete.mutable_birth_date()->set_year(birth->year);
    athlete.mutable_birth_date()->set_month(birth->month);
    athlete.mutable_birth_date()->set_day(birth->day);
  } else if (field == "country") {
    athlete.set_country(value);
  } else if (field == "city") {
    athlete.set_city(value);
  } else if (field == "region" || field == "region_code") {
    path = "region_code";
    athlete.set_region_code(value);
  } else if (field == "external_ids") {
    for (absl::string_view id : absl::StrSplit(value, ';', absl::SkipWhitespace())) {
      const std::pair<std::string, std::string> both =
          absl::StrSplit(absl::StripAsciiWhitespace(id), absl::MaxSplits(':', 1));
      v1::ExternalId* out = athlete.add_external_ids();
      out->set_scheme(both.first);
      out->set_value(both.second);
    }
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("--set: \"", field,
                     "\", want one of name, family_name, given_name, other_names, sex, birth_date, country, city, "
                     "region, external_ids"));
  }
  request.mutable_update_mask()->add_paths(path);
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Update(Session& session, const UpdateOptions& options) {
  const absl::StatusOr<std::string> name = AthleteName(options.athlete);
  if (!name.ok()) return name.status();
  v1::UpdateAthleteRequest request;
  request.mutable_athlete()->set_name(*name);
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  for (const std::string& set : options.sets) {
    if (absl::Status status = Set(set, request); !status.ok()) return status;
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto athlete = (*connection)->Call(&v1::AthleteService::Stub::UpdateAthlete, request);
  if (!athlete.ok()) return athlete.status();
  PrintAthlete(session, *athlete);
  return ExitCode::kDone;
}

// "AUDIENCE_EVERYBODY" is "everybody"; of nothing said "default".
std::string AudienceCode(v1::Privacy::Audience audience) {
  if (audience == v1::Privacy::AUDIENCE_UNSPECIFIED) return "default";
  return absl::AsciiStrToLower(absl::StrReplaceAll(v1::Privacy::Audience_Name(audience), {{"AUDIENCE_", ""}}));
}

void PrintPrivacy(Session& session, const v1::Privacy& privacy) {
  session.Print(privacy, Table{{{"athlete", ColumnKind::kName},
                                {"search", ColumnKind::kCode},
                                {"birth_date", ColumnKind::kCode},
                                {"profile", ColumnKind::kCode},
                                {"discovery", ColumnKind::kCode},
                                {"criteria"},
                                {"minor", ColumnKind::kCode}},
                               {{privacy.name().substr(0, privacy.name().rfind('/')), AudienceCode(privacy.search()),
                                 AudienceCode(privacy.birth_date()), AudienceCode(privacy.profile()),
                                 AudienceCode(privacy.discovery()), absl::StrJoin(privacy.discovery_criteria(), ", "),
                                 privacy.minor() ? "true" : "false"}}});
}

absl::Status SetAudience(const std::string& text, const std::string& path, v1::UpdatePrivacyRequest& request,
                         void (v1::Privacy::*set)(v1::Privacy::Audience)) {
  if (text.empty()) return absl::OkStatus();
  v1::Privacy::Audience audience = v1::Privacy::AUDIENCE_UNSPECIFIED;
  const bool known = text == "default" ||
                     v1::Privacy::Audience_Parse(absl::StrCat("AUDIENCE_", absl::AsciiStrToUpper(text)), &audience);
  if (!known) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", path, ": \"", text, "\", want default, nobody, granted or everybody"));
  }
  (request.mutable_privacy()->*set)(audience);
  request.mutable_update_mask()->add_paths(path);
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Privacy(Session& session, const PrivacyOptions& options) {
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  v1::UpdatePrivacyRequest request;
  request.mutable_privacy()->set_name(absl::StrCat(*athlete, "/privacy"));
  absl::Status status = SetAudience(options.search, "search", request, &v1::Privacy::set_search);
  if (status.ok()) status = SetAudience(options.birth_date, "birth_date", request, &v1::Privacy::set_birth_date);
  if (status.ok()) status = SetAudience(options.profile, "profile", request, &v1::Privacy::set_profile);
  if (status.ok()) status = SetAudience(options.discovery, "discovery", request, &v1::Privacy::set_discovery);
  if (!status.ok()) return status;
  if (!options.criteria.empty()) {
    for (absl::string_view criterion : absl::StrSplit(options.criteria, ',', absl::SkipWhitespace())) {
      if (options.criteria != "all") request.mutable_privacy()->add_discovery_criteria(std::string(criterion));
    }
    request.mutable_update_mask()->add_paths("discovery_criteria");
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  if (request.update_mask().paths().empty()) {
    v1::GetPrivacyRequest get;
    get.set_name(request.privacy().name());
    const auto privacy = (*connection)->Call(&v1::AthleteService::Stub::GetPrivacy, get);
    if (!privacy.ok()) return privacy.status();
    PrintPrivacy(session, *privacy);
    return ExitCode::kDone;
  }
  const auto privacy = (*connection)->Call(&v1::AthleteService::Stub::UpdatePrivacy, request);
  if (!privacy.ok()) return privacy.status();
  PrintPrivacy(session, *privacy);
  return ExitCode::kDone;
}

template <typename Request, typename Method>
absl::StatusOr<ExitCode> Change(Session& session, const HideOptions& options, Method method) {
  const absl::StatusOr<std::string> name = AthleteName(options.athlete);
  if (!name.ok()) return name.status();
  Request request;
  request.set_name(*name);
  request.set_reason(options.reason);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto athlete = (*connection)->Call(method, request);
  if (!athlete.ok()) return athlete.status();
  PrintAthlete(session, *athlete);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Erase(Session& session, const HideOptions& options) {
  const absl::StatusOr<std::string> name = AthleteName(options.athlete);
  if (!name.ok()) return name.status();
  const absl::StatusOr<std::string> confirmation = AthleteName(options.confirmation);
  if (!confirmation.ok()) return confirmation.status();
  v1::EraseAthleteRequest request;
  request.set_name(*name);
  request.set_confirmation(*confirmation);
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto erased = (*connection)->Call(&v1::AthleteService::Stub::EraseAthlete, request);
  if (!erased.ok()) return erased.status();
  if (session.for_people()) {
    session.PrintText(absl::StrCat(options.dry_run ? "Would be erased: " : "Erased for ever: ", *name, ", ",
                                   Counted(erased->anonymous_rows(), "row stays", "rows stay"),
                                   " on sheets without a name\n"));
  } else {
    session.Print(*erased, Table{{{"athlete", ColumnKind::kName}, {"anonymous_rows", ColumnKind::kNumber}},
                                 {{*name, absl::StrCat(erased->anonymous_rows())}}});
  }
  return ExitCode::kDone;
}

void AddHidingCommands(Commands& commands, CLI::App* athletes) {
  const auto hiding = std::make_shared<HideOptions>();
  CLI::App* hide =
      commands.Add(athletes, "hide", "Hides an athlete: their rows stay, without a name",
                   {"palmares athletes hide 1042"}, [hiding](Session& session) {
                     return Change<v1::HideAthleteRequest>(session, *hiding, &v1::AthleteService::Stub::HideAthlete);
                   });
  const auto showing = std::make_shared<HideOptions>();
  CLI::App* unhide = commands.Add(athletes, "unhide", "Shows a hidden athlete again", {"palmares athletes unhide 1042"},
                                  [showing](Session& session) {
                                    return Change<v1::UnhideAthleteRequest>(session, *showing,
                                                                            &v1::AthleteService::Stub::UnhideAthlete);
                                  });
  const auto erasing = std::make_shared<HideOptions>();
  CLI::App* erase = commands.Add(athletes, "erase", "Destroys what identifies an athlete, for ever",
                                 {"palmares athletes erase 1042 --confirm 1042"},
                                 [erasing](Session& session) { return Erase(session, *erasing); });
  for (const auto& [command, options] : {std::pair{hide, hiding}, {unhide, showing}, {erase, erasing}}) {
    command->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
    command->add_option("--reason", options->reason, "Why; seen by operators")->type_name("TEXT");
  }
  erase->add_option("--confirm", erasing->confirmation, "The same athlete again")->required()->type_name("ATHLETE");
  erase->add_flag("--dry-run", erasing->dry_run, "Says what would be erased, and erases nothing");
}

}  // namespace

void AddAthletePrivacyCommands(Commands& commands, CLI::App* athletes) {
  const auto listing = std::make_shared<ListVisibleOptions>();
  CLI::App* list = commands.Add(athletes, "list", "Lists athletes in the order in which they became known",
                                {"palmares athletes list --filter 'country = KEN AND sex = W' --limit 20"},
                                [listing](Session& session) { return ListVisible(session, *listing); });
  list->add_option("--filter", listing->filter,
                   "Conditions on country, sex, clubs.club, birth_date.year, external_ids, state, joined by AND")
      ->type_name("TEXT");
  AddLimit(list, &listing->limit);
  const auto updating = std::make_shared<UpdateOptions>();
  CLI::App* update = commands.Add(athletes, "update", "Changes what is said of an athlete",
                                  {"palmares athletes update 1042 --set 'other_names=Ada Roe; A. Roe' --set city=Iten"},
                                  [updating](Session& session) { return Update(session, *updating); });
  update->add_option("ATHLETE", updating->athlete, "Athlete: 1042 or athletes/1042")->required();
  update->add_option("--set", updating->sets, "A field and its value; repeat it for several")
      ->required()
      ->type_name("FIELD=VALUE")
      ->expected(1)
      ->take_all();
  update->add_option("--reason", updating->reason, "Why; kept with the change")->type_name("TEXT");
  update->add_flag("--dry-run", updating->dry_run, "Says what would change, and changes nothing");
  const auto privacy = std::make_shared<PrivacyOptions>();
  CLI::App* settings =
      commands.Add(athletes, "privacy", "Shows or changes who may see what of an athlete",
                   {"palmares athletes privacy 1042", "palmares athletes privacy 1042 --search nobody"},
                   [privacy](Session& session) { return Privacy(session, *privacy); });
  settings->add_option("ATHLETE", privacy->athlete, "Athlete: 1042 or athletes/1042")->required();
  const std::string audience = "default, nobody, granted or everybody";
  settings->add_option("--search", privacy->search, absl::StrCat("Who finds them by name: ", audience))
      ->type_name("WHO");
  settings->add_option("--birth-date", privacy->birth_date, absl::StrCat("Who sees the date of birth: ", audience))
      ->type_name("WHO");
  settings->add_option("--profile", privacy->profile, absl::StrCat("Who sees their profile: ", audience))
      ->type_name("WHO");
  settings
      ->add_option("--discovery", privacy->discovery, absl::StrCat("Whom sponsors' searches tell of them: ", audience))
      ->type_name("WHO");
  settings->add_option("--criteria", privacy->criteria, "Criteria sponsors may search by, with commas; all for all")
      ->type_name("LIST");
  AddHidingCommands(commands, athletes);
}

}  // namespace palmares::tools
