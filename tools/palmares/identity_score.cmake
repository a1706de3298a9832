# The identity commands as a library for the command line, and a small program to try them alone.
palmares_library(palmares_identity_score
  SOURCES identity_score.cc identity_score_columns.cc identity_score_reader.cc
  DEPS palmares_identity_linking palmares_ingest_reading absl::flat_hash_map absl::statusor absl::str_format absl::strings)
palmares_executable(palmares-identity SOURCES identity_score_main.cc DEPS palmares_identity_score)
