#include "services/rpc/as_of.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {

absl::StatusOr<AsOf> ReadAsOf(const v1::AsOf& message, absl::string_view field) {
  AsOf as_of;
  if (message.moment_case() == v1::AsOf::kLedgerPosition) {
    if (message.knowledge() == v1::KNOWLEDGE_NOW) {
      return InvalidField(absl::StrCat(field, ".knowledge"), "KNOWLEDGE_NOW", "KNOWLEDGE_THEN with a ledger_position");
    }
    if (message.ledger_position() < 1) {
      return InvalidField(absl::StrCat(field, ".ledger_position"), absl::StrCat(message.ledger_position()),
                          "1 or more");
    }
    as_of.known_at = message.ledger_position();
    return as_of;
  }
  const std::string date = absl::StrCat(field, ".date");
  const auto day = FromProto(message.date(), date);
  if (!day.ok()) return day.status();
  as_of.day = *day;
  if (message.knowledge() != v1::KNOWLEDGE_THEN) return as_of;
  if (!day->has_value()) return MissingField(date, "the day or ledger_position of what was known then");
  as_of.known_on = *day;
  return as_of;
}

}  // namespace palmares::rpc
