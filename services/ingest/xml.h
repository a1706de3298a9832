// XML as a stream of elements, without document types.
#ifndef PALMARES_SERVICES_INGEST_XML_H_
#define PALMARES_SERVICES_INGEST_XML_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace palmares::ingest {

// An element's attributes as expat gives them; valid only during the call.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** attributes) : attributes_(attributes) {}
  // Without regard to a namespace prefix; empty when there is none.
  absl::string_view Get(absl::string_view name) const;

 private:
  const char** attributes_;
};

// Is told of elements by their names without prefix. An error of a call ends the reading.
class XmlReader {
 public:
  virtual ~XmlReader() = default;
  virtual absl::Status Begin(absl::string_view name, const XmlAttributes& attributes) = 0;
  virtual absl::Status End(absl::string_view name) = 0;
  virtual absl::Status Text(absl::string_view text) = 0;
};

// INVALID_ARGUMENT for text that is not well-formed or has a document type, else what the reader returned.
absl::Status ReadXml(absl::string_view xml, XmlReader* reader);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_XML_H_
