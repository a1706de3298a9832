#include "services/portfolio/portfolio_sections.h"

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace palmares::portfolio {
namespace {

using Selection = v1::PortfolioSelection;

struct SectionField {
  absl::string_view json_name;
  Selection::Section section;
};
constexpr SectionField kFields[] = {
    {"summary", Selection::SECTION_SUMMARY},
    {"bests", Selection::SECTION_BESTS},
    {"progression", Selection::SECTION_PROGRESSION},
    {"qualifications", Selection::SECTION_QUALIFICATIONS},
    {"rankings", Selection::SECTION_RANKINGS},
    {"records", Selection::SECTION_RECORDS},
    {"results", Selection::SECTION_RESULTS},
    {"profile", Selection::SECTION_PROFILE},
    {"media", Selection::SECTION_MEDIA},
    {"community", Selection::SECTION_COMMUNITY},
    {"sponsorships", Selection::SECTION_SPONSORSHIPS},
    {"reach", Selection::SECTION_REACH},
    {"goals", Selection::SECTION_GOALS},
};

// Calls `take` with each section's field of a message that is set.
template <typename Take>
void ForEachField(const google::protobuf::Message& message, Take take) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) take(*field);
}

}  // namespace

std::set<Selection::Section> SectionsOf(const Selection& selection) {
  std::set<Selection::Section> sections;
  for (const int section : selection.sections()) sections.insert(static_cast<Selection::Section>(section));
  if (!sections.empty()) return sections;
  return {Selection::SECTION_SUMMARY, Selection::SECTION_BESTS, Selection::SECTION_RESULTS};
}

std::optional<Selection::Section> SectionOfField(absl::string_view json_name) {
  for (const SectionField& field : kFields) {
    if (field.json_name == json_name) return field.section;
  }
  return std::nullopt;
}

std::string SectionCode(Selection::Section section) {
  const std::string name = Selection::Section_Name(section);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "SECTION_"));
}

DisclosedPart PartOf(const Selection& selection) {
  DisclosedPart part;
  for (const int section : selection.sections()) part.sections.insert(static_cast<Selection::Section>(section));
  part.results.insert(selection.results().begin(), selection.results().end());
  return part;
}

void KeepSections(const std::set<Selection::Section>& sections, v1::PortfolioContent* content) {
  const auto keep_in = [&](google::protobuf::Message* message) {
    ForEachField(*message, [&](const google::protobuf::FieldDescriptor& field) {
      const auto section = SectionOfField(field.json_name());
      if (section.has_value() && !sections.contains(*section)) message->GetReflection()->ClearField(message, &field);
    });
  };
  if (content->has_verified()) keep_in(content->mutable_verified());
  if (content->has_self_reported()) keep_in(content->mutable_self_reported());
}

std::vector<Selection::Section> SectionsOf(const v1::PortfolioContent& content) {
  std::vector<Selection::Section> sections;
  const auto add_of = [&](const google::protobuf::Message& message) {
    ForEachField(message, [&](const google::protobuf::FieldDescriptor& field) {
      if (const auto section = SectionOfField(field.json_name())) sections.push_back(*section);
    });
  };
  add_of(content.verified());
  add_of(content.self_reported());
  return sections;
}

}  // namespace palmares::portfolio
