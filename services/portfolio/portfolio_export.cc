// Portfolios leave the server: as files, and as a stream for portfolio generators.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/portfolio/grounds.h"
#include "services/portfolio/portfolio_sections.h"
#include "services/portfolio/portfolio_service.h"
#include "services/portfolio/share_log.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/export.h"

namespace palmares::portfolio {
namespace {

constexpr int kMostAthletes = 100'000;

}  // namespace

absl::StatusOr<RenderedFile> PortfolioService::Render(v1::PortfolioFormat format, const std::string& credential,
                                                      const v1::Portfolio& portfolio, const std::string& locale,
                                                      const std::string& chart_race) const {
  if (format == v1::PORTFOLIO_FORMAT_UNSPECIFIED || format == v1::PORTFOLIO_FORMAT_CREDENTIAL) {
    return RenderedFile{credential, "application/vc+sd-jwt", "jwt"};
  }
  std::vector<credentials::PublishedKey> keys;
  {
    absl::StatusOr<storage::Store::Reader> reader = calls_.store->Read();
    if (!reader.ok()) return reader.status();
    keys = Published(*views_.keys);
  }
  const VerifiedPortfolio verified = VerifyCredential(credential, keys, calls_.clock());
  if (verified.terms.issuer.empty()) return absl::DataLossError("a portfolio that was signed here does not verify");
  return RenderContent(format,
                       {verified.content, portfolio, verified.terms.issuer, locale, chart_race, verified.withheld});
}

absl::StatusOr<RenderedFile> PortfolioService::RenderContent(v1::PortfolioFormat format,
                                                             const RenderRequest& request) const {
  if (format != v1::PORTFOLIO_FORMAT_JSON) return render_(format, request);
  absl::StatusOr<std::string> text = CanonicalMessage(request.content);
  if (!text.ok()) return text.status();
  return RenderedFile{*std::move(text), "application/json", "json"};
}

int64_t PortfolioService::ChangedAt(const Portfolio& portfolio) const {
  int64_t changed = portfolio.position;
  const events::Calendar& calendar = sources_.results->calendar();
  bool has_records = false;
  for (const SignedResult& result : portfolio.newest().results) {
    changed = std::max(changed, sources_.results->ChangedAt(result.race));
    has_records |= IsOfRecords(GroundOf(result));
  }
  for (int32_t race = 0; has_records && race < calendar.race_count(); ++race) {
    if (sources_.results->ChangedAt(race) <= changed) continue;
    const std::vector<SignedResult>& results = portfolio.newest().results;
    const bool rests = std::any_of(results.begin(), results.end(), [&](const SignedResult& result) {
      return RestsOn(result, calendar.race(result.race), calendar.race(race));
    });
    if (rests) changed = sources_.results->ChangedAt(race);
  }
  const identity::Athletes& athletes = *sources_.athletes;
  const int64_t athlete = athletes.Resolve(portfolio.athlete);
  for (const auto& [position, merge] : athletes.merges()) {
    const bool is_own = athletes.Resolve(merge.from) == athlete || athletes.Resolve(merge.into) == athlete;
    if (is_own) changed = std::max({changed, position, merge.undone});
  }
  return changed;
}

int64_t PortfolioService::ChangedFor(const access::Caller& caller, const Portfolio& portfolio) const {
  const int64_t changed = ChangedAt(portfolio);
  if (MayAct(caller, sources_.athletes->Resolve(portfolio.athlete))) return changed;
  const std::vector<const Share*> shares = SharesWith(caller, portfolio);
  return shares.empty() ? changed : std::max(changed, shares.front()->position);
}

grpc::Status PortfolioService::ExportPortfolio(grpc::ServerContext* context, const v1::ExportPortfolioRequest* request,
                                               grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.ExportPortfolio", *request, [&](const rpc::Call& call) -> absl::Status {
        if (!v1::PortfolioFormat_IsValid(request->format())) {
          return rpc::InvalidField("format", absl::StrCat(request->format()), "a known form");
        }
        DisclosedPart part;
        for (const int section : request->sections()) {
          part.sections.insert(static_cast<v1::PortfolioSelection::Section>(section));
        }
        part.results.insert(request->results().begin(), request->results().end());
        v1::Portfolio message;
        std::string text;
        rpc::ExportedFile file;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          file.position = reader->position();
          absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
          if (!portfolio.ok()) return portfolio.status();
          absl::Status may = CheckMayShow(call.caller, **portfolio);
          if (!may.ok()) return may;
          const auto& versions = (*portfolio)->versions;
          const int32_t number = request->version() == 0 ? (*portfolio)->newest().version : request->version();
          const auto version = std::find_if(versions.begin(), versions.end(),
                                            [&](const PortfolioVersion& one) { return one.version == number; });
          if (version == versions.end()) {
            return rpc::InvalidField("version", absl::StrCat(number),
                                     absl::StrCat("1 to ", (*portfolio)->newest().version));
          }
          if (absl::Status status = CheckPart(part, **portfolio, *version, ""); !status.ok()) return status;
          absl::StatusOr<std::string> signed_text = TextOf(**portfolio, *version);
          if (!signed_text.ok()) return signed_text.status();
          text = *std::move(signed_text);
          absl::StatusOr<v1::Portfolio> shown = ToProto(**portfolio, *version);
          if (!shown.ok()) return shown.status();
          message = *std::move(shown);
          file.name = absl::StrCat((*portfolio)->id, "-", number);
        }
        absl::StatusOr<std::string> disclosed = Disclose(text, part);
        if (!disclosed.ok()) return disclosed.status();
        absl::StatusOr<RenderedFile> rendered =
            Render(request->format(), *disclosed, message, request->locale(), request->chart_race());
        if (!rendered.ok()) return rendered.status();
        absl::StrAppend(&file.name, ".", rendered->extension);
        file.media_type = rendered->media_type;
        file.content = std::move(rendered->content);
        return rpc::SendFile(file, *writer);
      });
}

grpc::Status PortfolioService::StreamPortfolios(grpc::ServerContext* context,
                                                const v1::StreamPortfoliosRequest* request,
                                                grpc::ServerWriter<v1::StreamPortfoliosResponse>* writer) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.StreamPortfolios", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->athletes_size() > kMostAthletes) {
          return rpc::InvalidField("athletes", absl::StrCat(request->athletes_size(), " athletes"), "at most 100000");
        }
        const bool streams = request->format() == v1::PORTFOLIO_FORMAT_UNSPECIFIED ||
                             request->format() == v1::PORTFOLIO_FORMAT_CREDENTIAL ||
                             request->format() == v1::PORTFOLIO_FORMAT_JSON ||
                             request->format() == v1::PORTFOLIO_FORMAT_JSON_LD;
        if (!streams) {
          return rpc::InvalidField("format", absl::StrCat(request->format()), "credential, JSON or JSON-LD");
        }
        std::vector<std::string> names;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          const identity::Athletes& athletes = *views_.privacy.athletes;
          std::vector<int64_t> wanted;
          for (const std::string& name : request->athletes()) {
            const int64_t athlete = FindToStream(call.caller, name);
            if (athlete == 0) return rpc::NotFound("athlete", name);
            wanted.push_back(athlete);
          }
          std::sort(wanted.begin(), wanted.end());
          for (const auto& [key, portfolio] : views_.portfolios->all()) {
            const int64_t athlete = athletes.Resolve(key.first);
            const bool is_wanted = wanted.empty() || std::binary_search(wanted.begin(), wanted.end(), athlete);
            if (is_wanted) names.push_back(NameOf(portfolio));
          }
        }
        for (const std::string& name : names) {
          if (context->IsCancelled()) return absl::CancelledError("the client went away");
          if (calls_.draining != nullptr && *calls_.draining) {
            return absl::UnavailableError("the server shuts down: go on with start_position");
          }
          v1::StreamPortfoliosResponse out;
          std::string text, share;
          {  // one at a time, so that a slow caller holds up nobody
            absl::StatusOr<storage::Store::Reader> reader = call.Read();
            if (!reader.ok()) return reader.status();
            out.set_position(reader->position());
            const Portfolio* portfolio = Find(name);
            const int64_t start = request->start_position();
            if (portfolio == nullptr || (start > 0 && ChangedFor(call.caller, *portfolio) <= start)) continue;
            absl::StatusOr<std::optional<SharedPortfolio>> shared = Shared(call.caller, *portfolio);
            if (!shared.ok()) return shared.status();
            if (!shared->has_value()) continue;
            *out.mutable_portfolio() = std::move((*shared)->portfolio);
            text = std::move((*shared)->credential);
            share = (*shared)->share;
          }
          if (!share.empty() && !text.empty()) {  // that it is revoked is no view
            const absl::StatusOr<std::string> viewed =
                CountView(call, *context, *request, *this, "stream", [&] { return views_.shares->Find(share); });
            if (absl::IsPermissionDenied(viewed.status())) continue;  // closed just now
            if (!viewed.ok()) return viewed.status();
          }
          if (!text.empty()) {
            absl::StatusOr<RenderedFile> rendered = Render(request->format(), text, out.portfolio(), "", "");
            if (!rendered.ok()) return rendered.status();
            out.set_content(std::move(rendered->content));
          }
          if (!writer->Write(out)) return absl::CancelledError("the client went away");
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
