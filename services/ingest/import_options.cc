#include "services/ingest/import_options.h"

#include <sodium.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/ingest/column_mapping_messages.h"
#include "services/ingest/reading_messages.h"
#include "services/rpc/call.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

constexpr int32_t kLastHeaderRow = 1'000'000;

}  // namespace

absl::Status CheckHeader(const v1::ImportHeader& header) {
  if (header.race().empty()) return rpc::MissingField("header.race", "events/{event}/editions/{edition}/races/{race}");
  if (header.delimiter().size() > 1) {
    return rpc::InvalidField("header.delimiter", header.delimiter(), "one character, or nothing");
  }
  if (header.state() < v1::SHEET_STATE_UNSPECIFIED || header.state() > v1::SHEET_STATE_OFFICIAL) {
    return rpc::InvalidField("header.state", v1::SheetState_Name(header.state()), "draft, provisional or official");
  }
  if (!header.content_sha256().empty() && header.content_sha256().size() != crypto_hash_sha256_BYTES) {
    return absl::InvalidArgumentError(absl::StrCat("header.content_sha256: ", header.content_sha256().size(),
                                                   " bytes, want the 32 bytes of a SHA-256"));
  }
  if (header.header_row() < 0 || header.header_row() > kLastHeaderRow) {
    return rpc::InvalidField("header.header_row", absl::StrCat(header.header_row()), "0, or a row's number from 1");
  }
  if (header.no_header() && header.header_row() > 0) {
    return rpc::InvalidField("header.header_row", absl::StrCat(header.header_row()), "0 where there is no header");
  }
  if (!header.column_mapping().empty()) {
    const absl::StatusOr<std::string> id = ColumnMappingId("header.column_mapping", header.column_mapping());
    if (!id.ok()) return id.status();
  }
  return rpc::CheckRequestId(header.request_id());
}

absl::StatusOr<ReadOptions> OptionsOf(const v1::ImportHeader& header, const events::Race& race) {
  ReadOptions options = OptionsOf(header);
  options.discipline = race.discipline;
  options.timing = static_cast<athletics::Timing>(race.data.timing());
  options.race_sex = rpc::FromProto(static_cast<v1::Sex>(race.data.sex()));
  options.race_division = rpc::FromProto(static_cast<v1::Division>(race.data.division()));
  absl::StatusOr<std::optional<athletics::Date>> reference =
      rpc::FromProto(header.reference_date(), "header.reference_date");
  if (!reference.ok()) return reference.status();
  options.race_date = reference->has_value() ? **reference : race.date;
  if (header.places_clock() == v1::CLOCK_UNSPECIFIED && race.data.places_clock() == v1::CLOCK_CHIP) {
    options.places_by = Clock::kChip;
  }
  return options;
}

std::string Sha256(absl::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return hash;
}

std::string ContentKey(const v1::ImportHeader& header, absl::string_view content_sha256) {
  v1::ImportHeader reading;
  reading.set_format(header.format());
  reading.set_encoding(header.encoding());
  reading.set_delimiter(header.delimiter());
  reading.set_allow_partial(header.allow_partial());
  reading.set_table(header.table());
  reading.set_places_clock(header.places_clock());
  reading.set_header_row(header.header_row());
  reading.set_no_header(header.no_header());
  reading.set_name_order(header.name_order());
  reading.set_keep_others(header.keep_others());
  if (header.has_reference_date()) *reading.mutable_reference_date() = header.reference_date();
  std::string key = absl::StrCat(content_sha256, rpc::Digest(reading));
  for (const auto* options : {&header.columns(), &header.units()}) {
    std::vector<std::pair<std::string, std::string>> sorted(options->begin(), options->end());
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [name, value] : sorted) absl::StrAppend(&key, "|", name, "=", value);
    absl::StrAppend(&key, "||");
  }
  return Sha256(key);
}

}  // namespace palmares::ingest
