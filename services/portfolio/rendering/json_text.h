// JSON in one order: the same value is the same text, whoever writes it.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_JSON_TEXT_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_JSON_TEXT_H_

#include <string>

#include "google/protobuf/struct.pb.h"

namespace palmares::portfolio {

// The value without spaces, the keys of each object in the order of their bytes, whole numbers without a point. < > and
// & are written as \u003c, \u003e and \u0026, so that the text may stand inside a page. Strings must be UTF-8.
std::string SortedJson(const google::protobuf::Value& value);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_JSON_TEXT_H_
