// Whose the rows of a sheet are, decided when it is published.
#ifndef PALMARES_SERVICES_INGEST_LINK_ROWS_H_
#define PALMARES_SERVICES_INGEST_LINK_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/publish.h"
#include "services/results/sheet_blocks.h"
#include "storage/stored.pb.h"

namespace palmares::ingest {

// What a row of the new sheet continues in the earlier one.
struct RowMatch {
  int64_t number = 0;       // of the result; 0: it is new
  results::Link link;       // kept where the row names the same person as before
  results::Link before;     // where the row is written otherwise than before: kept where that is still certainly the
                            // athlete's, or likely so and somebody had said it
  results::Link otherwise;  // the athlete of whom nothing but this row was known: kept where the evidence names nobody
                            // else
  bool same = false;        // nothing at all changed
};

// A link for each row: as the source says, else as before, else by the evidence and the event's thresholds, else to a
// new athlete. Who was rejected for a result is neither linked to it nor proposed again. Counts in the summary and adds
// the proposals to the body, those that wait for rows kept as they were among them. Rows of a relay are of teams, and
// nobody's: they have no links, make no athletes and count as anonymous.
absl::StatusOr<std::vector<results::Link>> LinkRows(const PublishViews& views, const events::Race& race,
                                                    const std::vector<results::Result>& rows,
                                                    const std::vector<RowMatch>& matches, PublishSummary* summary,
                                                    stored::v1::SheetPublished* body);

// The same for rows that are appended, where `pending_athletes` are made by entries that are planned and not applied.
absl::StatusOr<std::vector<results::Link>> LinkNewRows(
    const PublishViews& views, const events::Race& race, const std::vector<results::Result>& rows,
    int64_t pending_athletes, google::protobuf::RepeatedPtrField<stored::v1::LinkProposal>* proposals);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_LINK_ROWS_H_
