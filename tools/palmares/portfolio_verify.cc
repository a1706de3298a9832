// palmares portfolio verify, keys, status-list: whether a file is what it says, with and without the server.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "services/portfolio/portfolio_credential.h"
#include "services/portfolio/portfolio_explanation.h"
#include "tools/palmares/file.h"
#include "tools/palmares/portfolio_commands.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct VerifyOptions {
  std::string file, keys, reason, list = "revocation";
  std::vector<std::string> status_lists;
  std::string compromised, key;
  bool offline = false;
};

// What the file, the key document and the status lists tell by themselves.
absl::StatusOr<v1::VerifyPortfolioResponse> VerifyOffline(const std::string& credential, const VerifyOptions& options) {
  const absl::StatusOr<std::string> document = ReadFile(options.keys);
  if (!document.ok()) return document.status();
  const auto keys = credentials::ReadKeyDocument(*document);
  if (!keys.ok()) return absl::InvalidArgumentError(absl::StrCat(options.keys, ": ", keys.status().message()));
  const absl::Time now = absl::Now();
  const portfolio::VerifiedPortfolio verified = portfolio::VerifyCredential(credential, *keys, now);
  v1::VerifyPortfolioResponse out;
  out.set_authentic(verified.authentic());
  out.set_failure(verified.failure);
  if (!verified.signing_key.empty()) out.set_signing_key(absl::StrCat("signingKeys/", verified.signing_key));
  bool revoked = false, superseded = false;
  if (verified.authentic()) {
    out.mutable_sign_time()->set_seconds(absl::ToUnixSeconds(verified.terms.valid_from));
    portfolio::FillAsserted(verified, &out);
    for (const std::string& path : options.status_lists) {
      const absl::StatusOr<std::string> list = ReadFile(path);
      if (!list.ok()) return list.status();
      const auto is_revoked = portfolio::ReadStatus(*list, portfolio::kRevocation, verified, *keys, now);
      const auto is_superseded = portfolio::ReadStatus(*list, portfolio::kRefresh, verified, *keys, now);
      if (!is_revoked.ok() && !is_superseded.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(path, ": ", is_revoked.status().message()));
      }
      revoked |= is_revoked.value_or(false);
      superseded |= is_superseded.value_or(false);
    }
    if (superseded) out.set_state(v1::Portfolio::STATE_SUPERSEDED);
    if (verified.expired) out.set_state(v1::Portfolio::STATE_EXPIRED);
    if (revoked) out.set_state(v1::Portfolio::STATE_REVOKED);
  }
  out.set_explanation(portfolio::Explain(verified, out.state(), {}));
  return out;
}

absl::StatusOr<v1::VerifyPortfolioResponse> AskServer(Session& session, const std::string& credential) {
  v1::VerifyPortfolioRequest request;
  request.set_credential(credential);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  return (*connection)->Call(&v1::PortfolioService::Stub::VerifyPortfolio, request);
}

absl::StatusOr<ExitCode> Verify(Session& session, const VerifyOptions& options) {
  if (options.offline && options.keys.empty()) {
    return absl::InvalidArgumentError("--offline needs --keys FILE, the issuer's key document");
  }
  const absl::StatusOr<std::string> credential = ReadFile(options.file);
  if (!credential.ok()) return credential.status();
  absl::StatusOr<v1::VerifyPortfolioResponse> verified;
  if (!options.keys.empty()) {
    verified = VerifyOffline(*credential, options);
    if (!verified.ok()) return verified.status();
  }
  if (!options.offline && (options.keys.empty() || verified->authentic())) {
    absl::StatusOr<v1::VerifyPortfolioResponse> asked = AskServer(session, *credential);
    if (!asked.ok() && options.keys.empty()) return asked.status();
    if (asked.ok() && asked->failure() == "KEY_UNKNOWN" && !options.keys.empty()) {
      session.Say("The server that was asked is not the issuer's: whether it was corrected since is not known.");
    } else if (asked.ok()) {
      verified = *std::move(asked);
    } else {
      session.Say(absl::StrCat("The server was not asked whether it was corrected since: ", asked.status().message()));
    }
  }
  const Table table{{{"authentic", ColumnKind::kCode},
                     {"state", ColumnKind::kCode},
                     {"failure", ColumnKind::kCode},
                     {"signed", ColumnKind::kCode},
                     {"key", ColumnKind::kCode, ColumnUse::kCsvOnly},
                     {"results", ColumnKind::kNumber},
                     {"explanation", ColumnKind::kText, ColumnUse::kCsvOnly}},
                    {{verified->authentic() ? "yes" : "no", EnumCode(verified->state()), verified->failure(),
                      FormatTimestamp(verified->sign_time()), verified->signing_key(),
                      absl::StrCat(verified->result_count()), verified->explanation()}}};
  session.Print(*verified, table);
  session.PrintText(absl::StrCat(Printable(verified->explanation()), "\n"));
  const bool good = verified->authentic() && (verified->state() == v1::Portfolio::STATE_VALID ||
                                              verified->state() == v1::Portfolio::STATE_UNSPECIFIED);
  return good ? ExitCode::kDone : ExitCode::kNo;
}

// The document itself, whatever --output says, so that it can be kept as a file.
absl::StatusOr<ExitCode> Keys(Session& session, const VerifyOptions&) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto keys = (*connection)->Call(&v1::PortfolioService::Stub::ListSigningKeys, v1::ListSigningKeysRequest());
  if (!keys.ok()) return keys.status();
  session.environment().out << keys->key_document() << "\n";
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> StatusList(Session& session, const VerifyOptions& options) {
  v1::GetStatusListRequest request;
  request.set_status_list_id(options.list);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto list = (*connection)->Call(&v1::PortfolioService::Stub::GetStatusList, request);
  if (!list.ok()) return list.status();
  session.environment().out << list->credential() << "\n";
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> RotateKey(Session& session, const VerifyOptions& options) {
  v1::RotateSigningKeyRequest request;
  request.set_reason(options.reason);
  if (!options.compromised.empty()) {
    const absl::StatusOr<v1::Date> day = ParseDay(options.compromised, "--compromised");
    if (!day.ok()) return day.status();
    const absl::CivilDay first(day->year(), day->month(), day->day());
    request.mutable_compromise_time()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(first, absl::UTCTimeZone())));
  }
  if (!options.key.empty())
    request.set_signing_key(absl::StrCat("signingKeys/", absl::StripPrefix(options.key, "signingKeys/")));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto key = (*connection)->Call(&v1::PortfolioService::Stub::RotateSigningKey, request);
  if (!key.ok()) return key.status();
  session.Print(*key, Table{{{"key", ColumnKind::kCode}, {"created", ColumnKind::kCode}},
                            {{key->name(), FormatTimestamp(key->create_time())}}});
  return ExitCode::kDone;
}

}  // namespace

void AddPortfolioVerificationCommands(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* verify = commands.Add(
      group, "verify", "Says whether a file is an authentic and valid portfolio; exit code 1 when it is not",
      {"palmares portfolio verify portfolio.jwt", "palmares portfolio verify portfolio.jwt --keys keys.json --offline"},
      [options](Session& session) { return Verify(session, *options); });
  verify->add_option("FILE", options->file, "File with the signed portfolio, or a part of one")->required();
  verify
      ->add_option("--keys", options->keys,
                   "The issuer's key document, as `palmares portfolio keys` prints it: the file is verified with it, "
                   "and the server only asked what was corrected since")
      ->type_name("FILE");
  verify->add_option("--status-list", options->status_lists, "Status list of the issuer, once for each")
      ->allow_extra_args(false)
      ->type_name("FILE");
  verify->add_flag("--offline", options->offline, "Asks no server");

  options = std::make_shared<VerifyOptions>();
  commands.Add(group, "keys", "Prints the key document, by which anybody verifies offline",
               {"palmares portfolio keys > keys.json"},
               [options](Session& session) { return Keys(session, *options); });

  options = std::make_shared<VerifyOptions>();
  CLI::App* list =
      commands.Add(group, "status-list", "Prints the signed list of what is revoked, or was corrected since",
                   {"palmares portfolio status-list refresh > refresh.jwt"},
                   [options](Session& session) { return StatusList(session, *options); });
  list->add_option("LIST", options->list, "revocation or refresh")->capture_default_str();

  options = std::make_shared<VerifyOptions>();
  CLI::App* rotate = commands.Add(group, "rotate-key", "Makes a new key, which signs from now on",
                                  {"palmares portfolio rotate-key --reason 'yearly'"},
                                  [options](Session& session) { return RotateKey(session, *options); });
  rotate->add_option("--reason", options->reason, "Why")->required()->type_name("TEXT");
  rotate
      ->add_option("--compromised", options->compromised,
                   "The old key was in other hands from this day: what it signed from then on is not to be believed")
      ->type_name("DATE");
  rotate->add_option("--key", options->key, "That key, where it is not the one in use: a key that is retired too")
      ->type_name("KEY")
      ->needs(rotate->get_option("--compromised"));
}

}  // namespace palmares::tools
