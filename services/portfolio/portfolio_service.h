// palmares.v1.PortfolioService: signed, dated selections of an athlete's history.
//
// Whether a portfolio still holds is found out when it is asked for, by holding what it asserts of each result against
// what stands now: so a correction reaches every portfolio at once, and its inverse makes them good again.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SERVICE_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SERVICE_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "services/administration/changes.h"
#include "services/identity/privacies.h"
#include "services/portfolio/portfolio_content.h"
#include "services/portfolio/portfolio_credential.h"
#include "services/portfolio/portfolio_signer.h"
#include "services/portfolio/portfolios_view.h"
#include "services/portfolio/shares_view.h"
#include "services/portfolio/signed_results.h"
#include "services/rpc/call.h"

namespace palmares::portfolio {

// What the service reads; all of it outlives it.
struct PortfolioViews {
  const PortfoliosView* portfolios = nullptr;
  const SharesView* shares = nullptr;
  const SigningKeys* keys = nullptr;
  identity::PrivacyViews privacy;
};

// A file made of a portfolio.
struct RenderedFile {
  std::string content;
  std::string media_type;
  std::string extension;
};
// What a form of a portfolio is made of.
struct RenderRequest {
  const v1::PortfolioContent& content;
  const v1::Portfolio& portfolio;
  std::string issuer;
  std::string locale;
  std::string chart_race;
  credentials::Withheld withheld = {};  // of what was signed
};
// Makes the forms that people read: all but the credential and its JSON. Not called under a Reader.
using RenderPortfolio = std::function<absl::StatusOr<RenderedFile>(v1::PortfolioFormat, const RenderRequest&)>;

class PortfolioService final : public v1::PortfolioService::Service {
 public:
  // `verification_page`: where a portfolio is verified, followed by its name; may be empty.
  PortfolioService(const rpc::Calls* calls, const PortfolioViews& views, const ContentSources* sources,
                   PortfolioSigner* signer, std::string verification_page, RenderPortfolio render)
      : calls_(*calls),
        views_(views),
        sources_(*sources),
        signer_(*signer),
        verification_page_(std::move(verification_page)),
        render_(std::move(render)) {}

  grpc::Status CreatePortfolio(grpc::ServerContext*, const v1::CreatePortfolioRequest*, v1::Portfolio*) override;
  grpc::Status RenewPortfolio(grpc::ServerContext*, const v1::RenewPortfolioRequest*, v1::Portfolio*) override;
  grpc::Status GetPortfolio(grpc::ServerContext*, const v1::GetPortfolioRequest*, v1::Portfolio*) override;
  grpc::Status ListPortfolios(grpc::ServerContext*, const v1::ListPortfoliosRequest*,
                              v1::ListPortfoliosResponse*) override;
  grpc::Status RevokePortfolio(grpc::ServerContext*, const v1::RevokePortfolioRequest*, v1::Portfolio*) override;
  grpc::Status ExportPortfolio(grpc::ServerContext*, const v1::ExportPortfolioRequest*,
                               grpc::ServerWriter<v1::FileChunk>*) override;
  grpc::Status VerifyPortfolio(grpc::ServerContext*, const v1::VerifyPortfolioRequest*,
                               v1::VerifyPortfolioResponse*) override;
  grpc::Status StreamPortfolios(grpc::ServerContext*, const v1::StreamPortfoliosRequest*,
                                grpc::ServerWriter<v1::StreamPortfoliosResponse>*) override;
  grpc::Status ListSigningKeys(grpc::ServerContext*, const v1::ListSigningKeysRequest*,
                               v1::ListSigningKeysResponse*) override;
  grpc::Status RotateSigningKey(grpc::ServerContext*, const v1::RotateSigningKeyRequest*, v1::SigningKey*) override;
  grpc::Status GetStatusList(grpc::ServerContext*, const v1::GetStatusListRequest*, v1::StatusList*) override;

  // What shares and the change feed need of portfolios. Under a Reader:

  // By "athletes/1042/portfolios/2026", under any name that the athlete has or had; nullptr if there is none.
  const Portfolio* Find(absl::string_view name) const;
  // With what was corrected since.
  absl::StatusOr<v1::Portfolio> ToProto(const Portfolio& portfolio, const PortfolioVersion& version) const;
  v1::Portfolio::State StateOf(const Portfolio& portfolio, const PortfolioVersion& version, bool superseded) const;

  // The signed text of a version. NOT_FOUND with reason REVOKED where it was erased.
  absl::StatusOr<std::string> TextOf(const Portfolio& portfolio, const PortfolioVersion& version) const;

  // What the caller may see of a portfolio: all who acts for the athlete, else what a share to their token shows.
  struct SharedPortfolio {
    v1::Portfolio portfolio;
    std::string credential;  // empty of a revoked one
    std::string share;       // id of the share that shows it; empty for who acts for the athlete
  };
  absl::StatusOr<std::optional<SharedPortfolio>> Shared(const access::Caller& caller, const Portfolio& portfolio) const;

  // Discloses the part of the newest version, and takes out of the message what tells of the rest: corrections, and
  // names in the selection.
  absl::StatusOr<std::string> PartToShow(const Portfolio& portfolio, const DisclosedPart& part,
                                         v1::Portfolio* message) const;

  // Whether the version shows what a part asks for. INVALID_ARGUMENT for sections or results that it does not, though a
  // figure or a verdict in it may rest on such a result. `path` is put before the field: "share.selection.".
  absl::Status CheckPart(const DisclosedPart& part, const Portfolio& portfolio, const PortfolioVersion& version,
                         absl::string_view path) const;

  // For the change feed: the portfolios whose newest version shows results of the race or rests on them, of those that
  // the caller sees.
  absl::StatusOr<std::vector<administration::ConcernedPortfolio>> ConcernedBy(const access::Caller& caller,
                                                                              int32_t race) const;
  absl::StatusOr<std::vector<v1::Change>> ChangesOf(const access::Caller& caller, const storage::Entry& entry) const;

  // Whether the caller may make portfolios and shares for the athlete (after merges).
  bool MayAct(const access::Caller& caller, int64_t athlete) const;
  // Whether the caller may read the portfolio: by acting for the athlete, or by an open share.
  bool Sees(const access::Caller& caller, const Portfolio& portfolio) const;
  // Who acts for an athlete signs and hands on no more than they may read: the date of birth, what the athlete says of
  // themselves, and goals by the rights for each. PERMISSION_DENIED.
  absl::Status CheckMayShow(const access::Caller& caller, int64_t athlete,
                            const v1::PortfolioSelection& selection) const;
  absl::Status CheckMayShow(const access::Caller& caller, const Portfolio& portfolio) const;
  // FAILED_PRECONDITION with reason GUARDIAN_REQUIRED for a minor, unless their guardian or an operator calls.
  absl::Status CheckGuardian(const access::Caller& caller, int64_t athlete) const;
  // Whether the share opens for the caller: in its time, to its holder, of a portfolio that is not revoked, and of a
  // minor while a guardian's grant is in force.
  bool IsOpen(const Share& share, const access::Caller& caller) const;
  // The athlete after merges, for whom the caller may make portfolios and shares. NOT_FOUND, PERMISSION_DENIED, or
  // FAILED_PRECONDITION for a minor without a guardian where `to_sign`.
  absl::StatusOr<int64_t> FindAthlete(const access::Caller& caller, const std::string& name, bool to_sign) const;

  // Not under a Reader: a part of a credential in a form. `portfolio` is what ToProto gave.
  absl::StatusOr<RenderedFile> Render(v1::PortfolioFormat format, const std::string& credential,
                                      const v1::Portfolio& portfolio, const std::string& locale,
                                      const std::string& chart_race) const;
  // The same of content that nobody signed: a live history.
  absl::StatusOr<RenderedFile> RenderContent(v1::PortfolioFormat format, const RenderRequest& request) const;

 private:
  int64_t NowUs() const { return absl::ToUnixMicros(calls_.clock()); }
  athletics::Date Today() const { return absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone()); }
  std::string NameOf(const Portfolio& portfolio) const;
  // The athlete after merges, of whom the caller knows, or something of whom is or was shared with them; 0 else.
  int64_t FindToStream(const access::Caller& caller, const std::string& name) const;
  // NOT_FOUND for those too of athletes for whom the caller may not act.
  absl::StatusOr<const Portfolio*> FindOwn(const access::Caller& caller, const std::string& name) const;
  // The part that the caller, who sees the portfolio, is shown.
  absl::StatusOr<DisclosedPart> PartOfCaller(const access::Caller& caller, const Portfolio& portfolio) const;
  // The shares by which the caller sees the portfolio; those of a revoked one too, which tell that it is.
  std::vector<const Share*> SharesWith(const access::Caller& caller, const Portfolio& portfolio) const;
  // Position of the newest entry by which it, or whether it still holds, may have changed: its own, one of the races
  // that it shows or rests on, or a merge of the athlete.
  int64_t ChangedAt(const Portfolio& portfolio) const;
  // The same, and of the last change of the terms of the share by which the caller sees it.
  int64_t ChangedFor(const access::Caller& caller, const Portfolio& portfolio) const;
  // Those whose newest version rests on results of the race beside those that it shows.
  std::vector<const Portfolio*> RestingOn(int32_t race) const;
  // For the change feed: that it may hold now where it did not, or no longer. `race`: a change of this one's record or
  // course; nullptr for one of the athlete.
  v1::Change Shaken(const administration::ConcernedPortfolio& portfolio, const events::Race* race) const;
  absl::StatusOr<administration::ConcernedPortfolio> Concerned(const access::Caller& caller, const Portfolio& portfolio,
                                                               int32_t race) const;
  absl::StatusOr<std::vector<v1::Change>> ChangesOfRaces(const access::Caller& caller, const storage::Entry& entry,
                                                         const std::vector<int32_t>& races) const;
  absl::StatusOr<std::vector<v1::Change>> ChangesOfMerge(const access::Caller& caller,
                                                         const storage::Entry& entry) const;
  // Names of the results in a version, as they were when it was signed.
  absl::StatusOr<std::set<std::string>> ResultsIn(const Portfolio& portfolio, const PortfolioVersion& version) const;
  static void Narrow(const DisclosedPart& part, const v1::PortfolioContent& shown, v1::Portfolio* message);

  // What a signature needs beside the content.
  struct Order {
    int64_t athlete = 0;
    std::string id;
    std::string display_name;
    v1::PortfolioSelection selection;
    absl::Time expire_time;
    int32_t version = 1;
  };
  absl::StatusOr<storage::Draft> SignOrder(const Order& order, const FrozenContent& frozen,
                                           const credentials::KeyPair& key) const;
  // Under a Reader: freezes what the order selects.
  absl::StatusOr<FrozenContent> FreezeOrder(const Order& order, int64_t position) const;
  // The portfolio that the entry at this position signed.
  absl::Status AnswerSigned(const rpc::Call& call, const storage::Receipt& receipt, const std::string& athlete,
                            v1::Portfolio* out) const;
  // Position of the entry by which a result does not stand any more as it was signed, as near as is known.
  int64_t CorrectedAt(const Portfolio& portfolio, const PortfolioVersion& version, const SignedResult& result) const;
  absl::StatusOr<std::vector<v1::Correction>> CorrectionsOf(const Portfolio& portfolio, const PortfolioVersion& version,
                                                            const std::vector<Corrected>& corrected) const;
  absl::Status Verify(const rpc::Call& call, const std::string& credential, v1::VerifyPortfolioResponse* out) const;
  absl::StatusOr<std::vector<int64_t>> StatusBits(absl::string_view list) const;

  struct KeptList {
    int64_t position = 0;
    int64_t time_us = 0;
    v1::StatusList list;
  };

  const rpc::Calls& calls_;
  const PortfolioViews views_;
  const ContentSources& sources_;
  PortfolioSigner& signer_;
  const std::string verification_page_;
  const RenderPortfolio render_;

  absl::Mutex lists_mutex_;
  std::map<std::string, KeptList> lists_ ABSL_GUARDED_BY(lists_mutex_);
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SERVICE_H_
