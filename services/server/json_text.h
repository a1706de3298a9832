// Texts in the structured log.
#ifndef PALMARES_SERVICES_SERVER_JSON_TEXT_H_
#define PALMARES_SERVICES_SERVER_JSON_TEXT_H_

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>

#include "absl/strings/string_view.h"

namespace palmares::server {

// As a string of JSON, with its quotes.
inline std::string JsonText(absl::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return buffer.GetString();
}

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_JSON_TEXT_H_
