// palmares admin export: all public data as one file, written as it comes.
#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "palmares/v1/administration.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/progress.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct PublicDataOptions {
  std::vector<std::string> kinds;
  std::string file = "-";
};

struct Received {
  int64_t bytes = 0;
  int64_t position = 0;
  bool whole = false;  // the last chunk came, and its hash is that of what came
};

// Writes what is sent to `out`, `where` to the person. Ends early where it cannot be written.
absl::StatusOr<Received> Receive(Session& session, const Connection& connection,
                                 const v1::ExportPublicDataRequest& request, std::ostream& out,
                                 const std::string& where) {
  Received received;
  crypto_hash_sha256_state hash;
  crypto_hash_sha256_init(&hash);
  Progress progress(session.environment().error, session.progress_visible(), "Exporting");
  absl::Status status = connection.CallStream(
      &v1::AdministrationService::Stub::ExportPublicData, request, [&](const v1::FileChunk& chunk) {
        crypto_hash_sha256_update(&hash, reinterpret_cast<const unsigned char*>(chunk.data().data()),
                                  chunk.data().size());
        out.write(chunk.data().data(), static_cast<std::streamsize>(chunk.data().size()));
        received.bytes += static_cast<int64_t>(chunk.data().size());
        received.position = chunk.position();
        if (!chunk.sha256().empty()) {
          std::string found(crypto_hash_sha256_BYTES, '\0');
          crypto_hash_sha256_final(&hash, reinterpret_cast<unsigned char*>(found.data()));
          received.whole = found == chunk.sha256();
        }
        progress.Show(received.bytes, 0, "bytes");
        return out.good();
      });
  out.flush();
  if (!out.good()) return absl::InvalidArgumentError(absl::StrCat(where, ": cannot be written to its end"));
  if (!status.ok()) return status;
  if (!received.whole) {
    return WithExitCode(absl::DataLossError("what came is not what the server sent: export it again"),
                        ExitCode::kUnreachable);
  }
  return received;
}

// The file is there once it is whole: until then it has the name with ".part" at its end.
absl::StatusOr<Received> ReceiveFile(Session& session, const Connection& connection,
                                     const v1::ExportPublicDataRequest& request, const std::string& file) {
  const std::string part = file + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  if (!out.good()) return absl::InvalidArgumentError(absl::StrCat(part, ": cannot be written"));
  absl::StatusOr<Received> received = Receive(session, connection, request, out, part);
  out.close();
  std::error_code error;
  if (received.ok()) std::filesystem::rename(part, file, error);
  if (error) received = absl::InvalidArgumentError(absl::StrCat(file, ": ", error.message()));
  if (!received.ok()) std::filesystem::remove(part, error);
  return received;
}

absl::StatusOr<ExitCode> ExportPublicData(Session& session, const PublicDataOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::ExportPublicDataRequest request;
  for (const std::string& kind : options.kinds) request.add_kinds(kind);
  if (options.file == "-") {
    const absl::StatusOr<Received> printed =
        Receive(session, **connection, request, session.environment().out, "the output");
    return printed.ok() ? absl::StatusOr<ExitCode>(ExitCode::kDone) : printed.status();
  }
  const absl::StatusOr<Received> written = ReceiveFile(session, **connection, request, options.file);
  if (!written.ok()) return written.status();
  session.Say(absl::StrCat("Wrote ", options.file, ", ", FormatBytes(written->bytes), ", as of position ",
                           written->position, "."));
  return ExitCode::kDone;
}

}  // namespace

void AddPublicDataCommand(Commands& commands, CLI::App* admin) {
  const auto options = std::make_shared<PublicDataOptions>();
  CLI::App* exporting = commands.Add(
      admin, "export", "Writes all public data as one file, a JSON object a line; anybody may",
      {"palmares admin export --file public-data.jsonl", "palmares admin export --kind races --kind results | gzip"},
      [options](Session& session) { return ExportPublicData(session, *options); });
  exporting
      ->add_option("--kind", options->kinds,
                   "Only this kind, once for each: events, courses, editions, races, "
                   "sheets, athletes, results, clubs, series, standards")
      ->allow_extra_args(false)
      ->type_name("KIND");
  exporting->add_option("--file", options->file, "Where to; default: -, the output")->type_name("FILE");
}

}  // namespace palmares::tools
