#include "services/ingest/xml.h"

#include <expat.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::ingest {
namespace {

absl::string_view WithoutPrefix(absl::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

struct Parsing {
  XML_Parser parser;
  XmlReader* reader;
  absl::Status status;

  void Take(absl::Status result) {
    if (result.ok() || !status.ok()) return;
    status = std::move(result);
    XML_StopParser(parser, XML_FALSE);
  }
};

Parsing* Of(void* data) { return static_cast<Parsing*>(data); }

void OnBegin(void* data, const XML_Char* name, const XML_Char** attributes) {
  Of(data)->Take(Of(data)->reader->Begin(WithoutPrefix(name), XmlAttributes(attributes)));
}
void OnEnd(void* data, const XML_Char* name) { Of(data)->Take(Of(data)->reader->End(WithoutPrefix(name))); }
void OnText(void* data, const XML_Char* text, int length) {
  Of(data)->Take(Of(data)->reader->Text(absl::string_view(text, static_cast<size_t>(length))));
}
void OnDocumentType(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/, const XML_Char* /*pub*/,
                    int /*internal*/) {
  Of(data)->Take(absl::InvalidArgumentError("the XML has a document type; want none"));
}

}  // namespace

absl::string_view XmlAttributes::Get(absl::string_view name) const {
  for (const char** attribute = attributes_; *attribute != nullptr; attribute += 2) {
    if (WithoutPrefix(attribute[0]) == name) return attribute[1];
  }
  return {};
}

absl::Status ReadXml(absl::string_view xml, XmlReader* reader) {
  XML_Parser parser = XML_ParserCreate(nullptr);
  if (parser == nullptr) return absl::ResourceExhaustedError("no memory for the XML");
  Parsing parsing{parser, reader, absl::OkStatus()};
  XML_SetUserData(parser, &parsing);
  XML_SetElementHandler(parser, OnBegin, OnEnd);
  XML_SetCharacterDataHandler(parser, OnText);
  XML_SetStartDoctypeDeclHandler(parser, OnDocumentType);
  constexpr size_t kChunk = size_t{1} << 20;
  bool done = false;
  while (!done && parsing.status.ok()) {
    const absl::string_view chunk = xml.substr(0, kChunk);
    xml.remove_prefix(chunk.size());
    done = xml.empty();
    if (XML_Parse(parser, chunk.data(), static_cast<int>(chunk.size()), static_cast<int>(done)) == XML_STATUS_ERROR &&
        parsing.status.ok()) {
      parsing.status =
          absl::InvalidArgumentError(absl::StrCat("the XML is damaged in line ", XML_GetCurrentLineNumber(parser), ": ",
                                                  absl::NullSafeStringView(XML_ErrorString(XML_GetErrorCode(parser)))));
    }
  }
  XML_ParserFree(parser);
  return parsing.status;
}

}  // namespace palmares::ingest
