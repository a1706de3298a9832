// What is derived from the ledger, as lines of text that can be compared: how a set of views is held against another.
#ifndef PALMARES_SERVICES_ADMINISTRATION_VIEW_CONTENT_H_
#define PALMARES_SERVICES_ADMINISTRATION_VIEW_CONTENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/administration.pb.h"
#include "storage/store.h"

namespace palmares::administration {

// Takes one thing that a view holds: which ("events/a/editions/b") and what of it. Keys do not repeat within a part.
using TakeLine = absl::FunctionRef<void(absl::string_view key, const std::string& value)>;

// A view's content in parts, each small enough to be walked while writers wait.
struct ViewContent {
  std::string view;  // "results"
  std::function<int64_t()> parts;
  std::function<void(int64_t part, TakeLine take)> walk;  // in an order that follows from the content alone
};

// A set of views and what is in it.
class ViewSet {
 public:
  virtual ~ViewSet() = default;
  virtual storage::View& views() = 0;
  virtual std::vector<ViewContent> Contents() const = 0;
};

// Adds what differs in one part, at most until `differences` holds `most` of them; the number of all that differ.
// `expected` is what the ledger makes.
int64_t ComparePart(const ViewContent& expected, const ViewContent& found, int64_t part, int64_t most,
                    std::vector<v1::Difference>& differences);

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_VIEW_CONTENT_H_
