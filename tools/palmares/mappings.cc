// palmares mappings: how the files of a timing system are read, saved once for all imports.
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/uploads.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/manifest.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct SaveOptions {
  std::string mapping;
  std::string name;
  std::string manifest;
  std::string race;
  std::vector<std::string> columns;
  std::vector<std::string> units;
  std::string event;
  std::string timing_system;
  std::string format;
};

Table MappingsTable(const google::protobuf::RepeatedPtrField<v1::ColumnMapping>& mappings) {
  Table table{{{"mapping", ColumnKind::kName},
               {"name"},
               {"timing_system"},
               {"format", ColumnKind::kCode},
               {"for", ColumnKind::kCode},
               {"columns", ColumnKind::kNumber}},
              {}};
  for (const v1::ColumnMapping& mapping : mappings) {
    const std::string audience = mapping.event().empty() ? EnumCode(mapping.audience()) : mapping.event();
    table.rows.push_back({mapping.name(), mapping.display_name(), mapping.timing_system(), EnumCode(mapping.format()),
                          audience, absl::StrCat(mapping.columns_size())});
  }
  return table;
}

absl::StatusOr<ExitCode> ListMappings(Session& session, int64_t limit) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto mappings =
      (*connection)
          ->CallPages(&v1::UploadService::Stub::ListColumnMappings, v1::ListColumnMappingsRequest(),
                      session.RowLimit(limit), [](auto& response) { return response.mutable_column_mappings(); });
  if (!mappings.ok()) return mappings.status();
  session.Print(*mappings, MappingsTable(mappings->column_mappings()));
  if (mappings->column_mappings().empty()) {
    session.Say("No mapping is saved yet; palmares mappings save ID brings the first.");
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowMapping(Session& session, const std::string& text) {
  v1::GetColumnMappingRequest request;
  const absl::StatusOr<std::string> name = ColumnMappingName(text);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto mapping = (*connection)->Call(&v1::UploadService::Stub::GetColumnMapping, request);
  if (!mapping.ok()) return mapping.status();
  session.PrintText(absl::StrCat(Printable(mapping->display_name()), "\n\n"));
  std::map<std::string, std::pair<std::string, std::string>> columns;  // header to field and unit
  for (const auto& [header, field] : mapping->columns()) columns[header].first = field.empty() ? "ignore" : field;
  for (const auto& [header, unit] : mapping->units()) columns[header].second = unit;
  Table table{{{"column"}, {"field", ColumnKind::kCode}, {"unit", ColumnKind::kCode}}, {}};
  for (const auto& [header, meaning] : columns) table.rows.push_back({header, meaning.first, meaning.second});
  session.Print(*mapping, table);
  return ExitCode::kDone;
}

// What a race of a manifest says of its file.
absl::Status TakeManifest(const SaveOptions& options, v1::ColumnMapping& mapping) {
  const absl::StatusOr<Manifest> manifest = ReadManifest(options.manifest);
  if (!manifest.ok()) return manifest.status();
  std::vector<std::string> ids;
  const ManifestRace* chosen = nullptr;
  for (const ManifestRace& race : manifest->races) {
    ids.push_back(LastId(race.race.name()));
    if (options.race.empty() ? manifest->races.size() == 1 : options.race == ids.back()) chosen = &race;
  }
  if (chosen == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("--race: \"", options.race, "\", want one of ", absl::StrJoin(ids, ", ")));
  }
  const v1::ImportHeader& header = chosen->header;
  *mapping.mutable_columns() = header.columns();
  *mapping.mutable_units() = header.units();
  mapping.set_format(header.format());
  mapping.set_encoding(header.encoding());
  mapping.set_delimiter(header.delimiter());
  mapping.set_name_order(header.name_order());
  mapping.set_timing_system(header.timing_system());
  return absl::OkStatus();
}

// "HEADER=TEXT"; the text has no "=" itself, the header may.
absl::Status TakeEntries(const std::vector<std::string>& entries, const std::string& option, const std::string& wanted,
                         google::protobuf::Map<std::string, std::string>& map) {
  for (const std::string& entry : entries) {
    const size_t mark = entry.rfind('=');
    if (mark == std::string::npos || mark == 0) {
      return absl::InvalidArgumentError(absl::StrCat(option, ": \"", entry, "\", want ", wanted));
    }
    map[entry.substr(0, mark)] = entry.substr(mark + 1);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ColumnMapping> MappingOf(const SaveOptions& options) {
  v1::ColumnMapping mapping;
  const absl::StatusOr<std::string> name = ColumnMappingName(options.mapping);
  if (!name.ok()) return name.status();
  if (!options.manifest.empty()) {
    if (absl::Status status = TakeManifest(options, mapping); !status.ok()) return status;
  }
  mapping.set_name(*name);
  mapping.set_display_name(options.name);
  absl::Status status = TakeEntries(options.columns, "--column", "HEADER=FIELD", *mapping.mutable_columns());
  if (status.ok()) status = TakeEntries(options.units, "--unit", "HEADER=UNIT", *mapping.mutable_units());
  if (!status.ok()) return status;
  if (!options.event.empty()) {
    const absl::StatusOr<std::string> event = EventName(options.event);
    if (!event.ok()) return event.status();
    mapping.set_event(*event);
  }
  if (!options.timing_system.empty()) mapping.set_timing_system(options.timing_system);
  if (!options.format.empty()) {
    const absl::StatusOr<v1::FileFormat> format = ParseEnumCode<v1::FileFormat>(options.format);
    if (!format.ok()) return absl::InvalidArgumentError(absl::StrCat("--format: ", format.status().message()));
    mapping.set_format(*format);
  }
  return mapping;
}

// Saves the mapping, or changes what is given of one that is there.
absl::StatusOr<ExitCode> SaveMapping(Session& session, const SaveOptions& options) {
  absl::StatusOr<v1::ColumnMapping> mapping = MappingOf(options);
  if (!mapping.ok()) return mapping.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetColumnMappingRequest get;
  get.set_name(mapping->name());
  const auto before = (*connection)->Call(&v1::UploadService::Stub::GetColumnMapping, get);
  absl::StatusOr<v1::ColumnMapping> saved;
  if (absl::IsNotFound(before.status())) {
    v1::CreateColumnMappingRequest create;
    create.set_column_mapping_id(LastId(mapping->name()));
    *create.mutable_column_mapping() = *std::move(mapping);
    saved = (*connection)->Call(&v1::UploadService::Stub::CreateColumnMapping, create);
  } else if (!before.ok()) {
    return before.status();
  } else {
    v1::UpdateColumnMappingRequest update;
    *update.mutable_column_mapping() = *std::move(mapping);
    update.mutable_column_mapping()->set_etag(before->etag());
    saved = (*connection)->Call(&v1::UploadService::Stub::UpdateColumnMapping, update);
  }
  if (!saved.ok()) return saved.status();
  google::protobuf::RepeatedPtrField<v1::ColumnMapping> one;
  *one.Add() = *saved;
  session.Print(*saved, MappingsTable(one));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> DeleteMapping(Session& session, const std::string& text) {
  v1::DeleteColumnMappingRequest request;
  const absl::StatusOr<std::string> name = ColumnMappingName(text);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto deleted = (*connection)->Call(&v1::UploadService::Stub::DeleteColumnMapping, request);
  if (!deleted.ok()) return deleted.status();
  if (session.output() == OutputFormat::kJson) session.PrintJson(*deleted);
  session.Say(absl::StrCat("Deleted ", *name, "."));
  return ExitCode::kDone;
}

void AddSaveMapping(Commands& commands, CLI::App* mappings) {
  const auto options = std::make_shared<SaveOptions>();
  CLI::App* save = commands.Add(
      mappings, "save", "Saves a mapping, or changes what is given of one",
      {"palmares mappings save mika --name 'Mika timing, German' --timing-system Mika --column Netto=chip_time",
       "palmares mappings save boston --name Boston --from boston_2013.toml --race open --event boston-marathon"},
      [options](Session& session) { return SaveMapping(session, *options); });
  save->add_option("MAPPING", options->mapping, "Its id: mika")->required();
  save->add_option("--name", options->name, "As people call it")->type_name("NAME");
  save->add_option("--from", options->manifest, "Takes columns, units and format from a manifest")->type_name("FILE");
  save->add_option("--race", options->race, "Which of the manifest's races; needed where it has several")
      ->type_name("ID");
  save->add_option("--column", options->columns,
                   "The field of a column, once for each; nothing after the = leaves the column out")
      ->allow_extra_args(false)
      ->type_name("HEADER=FIELD");
  save->add_option("--unit", options->units, "The unit of a column, once for each: Netto=decimal-minutes")
      ->allow_extra_args(false)
      ->type_name("HEADER=UNIT");
  save->add_option("--event", options->event, "For the races of this event, and whoever manages it")
      ->type_name("EVENT");
  save->add_option("--timing-system", options->timing_system, "Is used for files of this timing system by itself")
      ->type_name("NAME");
  save->add_option("--format", options->format, "For files of this format: csv, tsv, xlsx, lif, hytek, fixed, json")
      ->type_name("csv|tsv|xlsx|lif|hytek|fixed|json");
}

}  // namespace

void AddMappingCommands(Commands& commands) {
  CLI::App* mappings = commands.Group("mappings", "How the columns of files are read, saved for all imports");
  const auto limit = std::make_shared<int64_t>(-1);
  CLI::App* list = commands.Add(mappings, "list", "Lists the mappings that you may use", {"palmares mappings list"},
                                [limit](Session& session) { return ListMappings(session, *limit); });
  AddLimit(list, limit.get());
  const auto shown = std::make_shared<std::string>();
  CLI::App* show =
      commands.Add(mappings, "show", "Shows what a mapping says of each column", {"palmares mappings show mika"},
                   [shown](Session& session) { return ShowMapping(session, *shown); });
  show->add_option("MAPPING", *shown, "Mapping: mika")->required();
  AddSaveMapping(commands, mappings);
  const auto deleted = std::make_shared<std::string>();
  CLI::App* remove = commands.Add(mappings, "delete", "Deletes a mapping; sheets that were read with it stay",
                                  {"palmares mappings delete mika"},
                                  [deleted](Session& session) { return DeleteMapping(session, *deleted); });
  remove->add_option("MAPPING", *deleted, "Mapping: mika")->required();
}

}  // namespace palmares::tools
