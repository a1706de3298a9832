// palmares admin token: who may call.
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "palmares/v1/access.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct CreateOptions {
  std::string role;
  std::string name;
  std::string id;
  std::vector<std::string> resources;
  std::string expires;
  std::string secret_file;
};

struct RevokeOptions {
  std::string token;
  std::string reason;
};

Table TokenTable(const v1::ListTokensResponse& tokens) {
  Table table{{{"token", ColumnKind::kKey},
               {"role", ColumnKind::kCode},
               {"state", ColumnKind::kCode, ColumnUse::kTableOnly},
               {"name"},
               {"resources", ColumnKind::kSentence},
               {"prefix", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"created", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"expires", ColumnKind::kCode},
               {"revoked", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"last_used", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Token& token : tokens.tokens()) {
    table.rows.push_back({token.name(), EnumCode(token.role()), token.has_revoke_time() ? "revoked" : "",
                          token.display_name(), absl::StrJoin(token.resources(), " "), token.prefix(),
                          FormatTimestamp(token.create_time()), FormatTimestamp(token.expire_time()),
                          FormatTimestamp(token.revoke_time()), FormatTimestamp(token.last_use_time())});
  }
  return table;
}

// The end of that day, UTC.
absl::StatusOr<int64_t> EndOfDay(const std::string& text) {
  const absl::StatusOr<v1::Date> date = ParseDay(text, "--expires");
  if (!date.ok()) return date.status();
  const absl::CivilDay next = absl::CivilDay(date->year(), date->month(), date->day()) + 1;
  return absl::ToUnixSeconds(absl::FromCivil(next, absl::UTCTimeZone()));
}

absl::StatusOr<v1::CreateTokenRequest> RequestOf(const CreateOptions& options) {
  v1::CreateTokenRequest request;
  request.set_token_id(options.id);
  v1::Token& token = *request.mutable_token();
  token.set_display_name(options.name);
  const absl::StatusOr<v1::Role> role = ParseEnumCode<v1::Role>(options.role);
  if (!role.ok()) return absl::InvalidArgumentError(absl::StrCat("--role: ", role.status().message()));
  token.set_role(*role);
  for (const std::string& resource : options.resources) token.add_resources(resource);
  if (!options.expires.empty()) {
    const absl::StatusOr<int64_t> end = EndOfDay(options.expires);
    if (!end.ok()) return end.status();
    token.mutable_expire_time()->set_seconds(*end);
  }
  return request;
}

absl::StatusOr<ExitCode> Create(Session& session, const CreateOptions& options) {
  const absl::StatusOr<v1::CreateTokenRequest> request = RequestOf(options);
  if (!request.ok()) return request.status();
  if (!options.secret_file.empty() && std::filesystem::exists(options.secret_file)) {
    return absl::InvalidArgumentError(absl::StrCat("--secret-file: ", options.secret_file, ": exists already"));
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  auto created = (*connection)->Call(&v1::AccessService::Stub::CreateToken, *request);
  if (!created.ok()) return created.status();
  const std::string secret = created->secret();
  if (!options.secret_file.empty()) {
    const absl::Status written = WritePrivateFile(options.secret_file, absl::StrCat(secret, "\n"));
    // The secret is shown nowhere else, ever: rather on the screen than lost.
    if (written.ok()) {
      created->clear_secret();
    } else {
      session.Complain(written.message());
    }
  }
  v1::ListTokensResponse rows;
  *rows.add_tokens() = created->token();
  Table table = TokenTable(rows);
  table.columns.insert(table.columns.begin(), {"secret", ColumnKind::kCode, ColumnUse::kCsvOnly});
  table.rows.front().insert(table.rows.front().begin(), created->secret());
  if (session.for_people() && !created->secret().empty()) session.PrintText(absl::StrCat(created->secret(), "\n"));
  if (!session.for_people()) session.Print(*created, table);
  session.Say(absl::StrCat("Created ", created->token().name(), " (", EnumCode(created->token().role()), "). ",
                           created->secret().empty() ? "Its secret is in " + options.secret_file + "."
                                                     : "The secret is shown this once; keep it."));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ListTokens(Session& session, int64_t limit) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto tokens =
      (*connection)
          ->CallPages(&v1::AccessService::Stub::ListTokens, v1::ListTokensRequest(), session.RowLimit(limit),
                      [](auto& response) { return response.mutable_tokens(); });
  if (!tokens.ok()) return tokens.status();
  session.Print(*tokens, TokenTable(*tokens));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Revoke(Session& session, const RevokeOptions& options) {
  v1::RevokeTokenRequest request;
  const std::string id = LastId(options.token);
  if (!IsId(id))
    return absl::InvalidArgumentError(
        absl::StrCat("\"", options.token, "\", want a token as tokens/7; see palmares admin token list"));
  request.set_name(absl::StrCat("tokens/", id));
  request.set_reason(options.reason);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto token = (*connection)->Call(&v1::AccessService::Stub::RevokeToken, request);
  if (!token.ok()) return token.status();
  v1::ListTokensResponse rows;
  *rows.add_tokens() = *token;
  session.Print(*token, TokenTable(rows));
  return ExitCode::kDone;
}

}  // namespace

void AddTokenCommands(Commands& commands, CLI::App* admin) {
  CLI::App* token = commands.Group(admin, "token", "Tokens: who may call, as what, until when");
  const auto options = std::make_shared<CreateOptions>();
  CLI::App* create = commands.Add(
      token, "create", "Creates a token and prints its secret, this once",
      {"palmares admin token create --role organizer --resource events/boston-marathon --name 'B.A.A. timing'",
       "palmares admin token create --role operator --name backup --secret-file backup.token"},
      [options](Session& session) { return Create(session, *options); });
  create->add_option("--role", options->role, "operator, organizer, athlete, coach, sponsor or federation")
      ->required()
      ->type_name("operator|organizer|athlete|coach|sponsor|federation");
  create->add_option("--name", options->name, "What it is for; shown as the actor of changes")
      ->required()
      ->type_name("TEXT");
  create
      ->add_option("--resource", options->resources,
                   "What the role is for, once for each: events/boston-marathon, athletes/1042")
      ->allow_extra_args(false)
      ->type_name("NAME");
  create->add_option("--expires", options->expires, "Last day on which it is valid, UTC; default: for ever")
      ->type_name("DATE");
  create->add_option("--id", options->id, "Its id; default: one that the server gives")->type_name("ID");
  create
      ->add_option("--secret-file", options->secret_file,
                   "New file for the secret, readable by its owner only, in place of the screen")
      ->type_name("FILE");

  const auto limit = std::make_shared<int64_t>();
  CLI::App* list = commands.Add(token, "list", "Lists tokens, by their ids", {"palmares admin token list"},
                                [limit](Session& session) { return ListTokens(session, *limit); });
  AddLimit(list, limit.get());

  const auto revoked = std::make_shared<RevokeOptions>();
  CLI::App* revoke = commands.Add(token, "revoke", "Revokes a token from now on",
                                  {"palmares admin token revoke tokens/7 --reason 'laptop lost'"},
                                  [revoked](Session& session) { return Revoke(session, *revoked); });
  revoke->add_option("TOKEN", revoked->token, "Token: tokens/7")->required();
  revoke->add_option("--reason", revoked->reason, "Why")->type_name("TEXT");
}

}  // namespace palmares::tools
