// palmares athletes profile: what an athlete says of themselves.
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "tools/palmares/athlete_commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/profile_file.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ProfileOptions {
  std::string athlete;
  std::string file;
  bool dry_run = false;
};

// "1250" and "0.5" for thousandths.
std::string FormatThousandths(int64_t value) {
  std::string text = absl::StrFormat("%s%d.%03d", value < 0 ? "-" : "", std::abs(value / 1000), std::abs(value % 1000));
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string FigureText(const v1::OutcomeFigure& figure) {
  std::string text = absl::StrCat(FormatThousandths(figure.value()), figure.unit().empty() ? "" : " ", figure.unit(),
                                  " ", figure.label());
  if (figure.date().year() != 0) absl::StrAppend(&text, ", ", FormatDate(figure.date()));
  if (!figure.source().empty()) absl::StrAppend(&text, ", by ", figure.source());
  return text;
}

std::string FiguresText(const v1::ProfileItem& item) {
  return absl::StrJoin(item.figures(), "; ", [](std::string* out, const v1::OutcomeFigure& figure) {
    absl::StrAppend(out, FigureText(figure));
  });
}

// A line for each thing that the profile says; `part` is the field, or the kind of an item.
Table ProfileTable(const v1::Profile& profile) {
  Table table{{{"part", ColumnKind::kCode},
               {"title"},
               {"text", ColumnKind::kSentence},
               {"organization"},
               {"from", ColumnKind::kCode},
               {"to", ColumnKind::kCode},
               {"uri", ColumnKind::kCode},
               {"figures", ColumnKind::kSentence},
               {"verification", ColumnKind::kCode},
               {"verifier"},
               {"item", ColumnKind::kKey}},
              {}};
  const auto add_text = [&table](const std::string& part, const std::string& text) {
    if (!text.empty()) table.rows.push_back({part, "", text, "", "", "", "", "", "self-reported", "", ""});
  };
  add_text("headline", profile.headline());
  add_text("biography", profile.biography());
  for (const std::string& value : profile.values()) add_text("value", value);
  add_text("training", profile.training());
  for (const v1::ProfileItem& item : profile.items()) {
    table.rows.push_back({EnumCode(item.kind()), item.title(), item.text(), item.organization(),
                          FormatDate(item.period().start_date()), FormatDate(item.period().end_date()), item.uri(),
                          FiguresText(item), EnumCode(item.verification()), item.verifier(), item.item_id()});
  }
  for (const v1::SocialReach& reach : profile.social_reach()) {
    table.rows.push_back({"social-reach", reach.network(), absl::StrCat(reach.followers()), reach.source(),
                          FormatDate(reach.date()), FormatDate(reach.date()), reach.uri(), "", "self-reported", "",
                          ""});
  }
  for (const std::string& goal : profile.goals()) {
    table.rows.push_back({"goal", goal, "", "", "", "", "", "", "", "", ""});
  }
  return table;
}

// Lines of a text, each safe to show and set in.
std::string Indented(absl::string_view label, const std::string& text) {
  if (text.empty()) return "";
  std::string out = absl::StrFormat("  %-12s ", label);
  const std::string margin = absl::StrCat("\n", std::string(15, ' '));
  bool is_first = true;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::StrAppend(&out, is_first ? "" : margin, Printable(line));
    is_first = false;
  }
  return absl::StrCat(out, "\n");
}

std::string PeriodText(const v1::DateRange& period) {
  std::string from = FormatDate(period.start_date());
  const std::string to = FormatDate(period.end_date());
  if (from == to) return from;
  if (to.empty()) return absl::StrCat("since ", from);
  return from.empty() ? absl::StrCat("until ", to) : absl::StrCat(from, " to ", to);
}

std::string ItemText(const v1::ProfileItem& item) {
  std::string head = Printable(item.title());
  if (!item.organization().empty()) absl::StrAppend(&head, ", ", Printable(item.organization()));
  if (const std::string period = PeriodText(item.period()); !period.empty()) absl::StrAppend(&head, ", ", period);
  absl::StrAppend(&head, " (", EnumCode(item.verification()), item.verifier().empty() ? "" : ": ",
                  Printable(item.verifier()), ")");
  std::string text = Indented(EnumCode(item.kind()), head);
  absl::StrAppend(&text, Indented("", item.text()), Indented("", item.uri()));
  for (const v1::OutcomeFigure& figure : item.figures()) absl::StrAppend(&text, Indented("", FigureText(figure)));
  return text;
}

std::string ProfileText(const v1::Profile& profile) {
  std::string text =
      absl::StrCat(profile.headline().empty() ? profile.name() : Printable(profile.headline()), "\n",
                   Indented("profile", profile.name()), Indented("biography", profile.biography()),
                   Indented("values", absl::StrJoin(profile.values(), ", ")), Indented("training", profile.training()));
  for (const v1::ProfileItem& item : profile.items()) absl::StrAppend(&text, ItemText(item));
  for (const v1::SocialReach& reach : profile.social_reach()) {
    absl::StrAppend(
        &text,
        Indented("followers", absl::StrCat(reach.followers(), " on ", reach.network(), ", ", FormatDate(reach.date()),
                                           reach.source().empty() ? "" : ", by ", reach.source(), " (self-reported)")),
        Indented("", reach.uri()));
  }
  absl::StrAppend(&text, Indented("goals", absl::StrJoin(profile.goals(), ", ")),
                  Indented("language", profile.locale()), Indented("photo", profile.photo_uri()),
                  Indented("changed", FormatTimestamp(profile.update_time())));
  return text;
}

void Print(Session& session, const v1::Profile& profile) {
  if (session.for_people()) {
    session.PrintText(ProfileText(profile));
  } else {
    session.Print(profile, ProfileTable(profile));
  }
}

absl::StatusOr<std::string> ProfileName(const std::string& text) {
  const absl::StatusOr<std::string> athlete = AthleteName(text);
  if (!athlete.ok()) return athlete.status();
  return absl::StrCat(*athlete, "/profile");
}

absl::StatusOr<ExitCode> Show(Session& session, const ProfileOptions& options) {
  absl::StatusOr<std::string> name = ProfileName(options.athlete);
  if (!name.ok()) return name.status();
  v1::GetProfileRequest request;
  request.set_name(*std::move(name));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto profile = (*connection)->Call(&v1::ProfileService::Stub::GetProfile, request);
  if (!profile.ok()) return profile.status();
  Print(session, *profile);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Set(Session& session, const ProfileOptions& options) {
  absl::StatusOr<std::string> name = ProfileName(options.athlete);
  if (!name.ok()) return name.status();
  const absl::StatusOr<std::string> text = ReadFile(options.file);
  if (!text.ok()) return text.status();
  absl::StatusOr<v1::Profile> written = ReadProfile(*text, options.file);
  if (!written.ok()) return written.status();
  v1::UpdateProfileRequest request;
  *request.mutable_profile() = *std::move(written);
  request.mutable_profile()->set_name(*std::move(name));
  request.mutable_update_mask()->add_paths("*");
  request.set_validate_only(options.dry_run);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto profile = (*connection)->Call(&v1::ProfileService::Stub::UpdateProfile, request);
  if (!profile.ok()) return profile.status();
  Print(session, *profile);
  if (options.dry_run) session.Say("Nothing was written.");
  return ExitCode::kDone;
}

}  // namespace

void AddProfileCommands(Commands& commands, CLI::App* athletes) {
  CLI::App* profile = commands.Group(athletes, "profile", "What an athlete says of themselves");
  const auto showing = std::make_shared<ProfileOptions>();
  CLI::App* show = commands.Add(profile, "show", "Shows an athlete's profile, to whom they let see it",
                                {"palmares athletes profile show 1042"},
                                [showing](Session& session) { return Show(session, *showing); });
  const auto setting = std::make_shared<ProfileOptions>();
  CLI::App* set =
      commands.Add(profile, "set", "Replaces an athlete's profile by what a file says",
                   {"palmares athletes profile set 1042 profile.toml",
                    "palmares athletes profile show 1042 --output json > profile.json   # to begin with what there is"},
                   [setting](Session& session) { return Set(session, *setting); });
  for (const auto& [command, options] : {std::pair{show, showing}, {set, setting}}) {
    command->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
  }
  set->add_option("FILE", setting->file, "The profile as JSON, or as TOML where its name ends in .toml")->required();
  set->add_flag("--dry-run", setting->dry_run, "Says what it would be, and changes nothing");
}

}  // namespace palmares::tools
