// The dump of all public data: what the assembled server lends for it.
//
// A dump is made of views of its own, replayed from the ledger up to the position that the call was read at: so it is
// of one position however long it takes to send, and nobody who writes waits for it.
#ifndef PALMARES_SERVICES_ADMINISTRATION_PUBLIC_DATA_H_
#define PALMARES_SERVICES_ADMINISTRATION_PUBLIC_DATA_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "palmares/v1/public_data.pb.h"
#include "services/administration/view_content.h"

namespace palmares::administration {

using TakeRecord = absl::FunctionRef<absl::Status(const v1::PublicRecord& record)>;

// One kind of resources. Gives those that everybody may see, always in the same order; ends with the first error that
// `take` returns.
struct PublicKind {
  std::string name;  // "results"
  std::function<absl::Status(TakeRecord take)> walk;
};

struct PublicDataParts {
  // The kinds in the order of the dump, over a set of views that LiveViews::make made and that outlives them; whoever
  // is a minor at `now` is treated as one. They are walked without a Reader, and take one for moments where they look
  // at who may be named by now.
  std::function<std::vector<PublicKind>(ViewSet& views, absl::Time now)> kinds;
  std::string licence;  // under which the data may be used; empty: nothing is said
};

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_PUBLIC_DATA_H_
