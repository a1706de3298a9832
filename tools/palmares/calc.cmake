# The calculator as a library for the command line, and a small program to try it alone. Its tables are the client's.
palmares_library(palmares_tables
  SOURCES printable.cc table.cc
  DEPS palmares_csv_text absl::strings)
palmares_library(palmares_calc
  SOURCES calc.cc calc_judged.cc calc_mended.cc calc_ranking.cc calc_rules.cc calc_table.cc
  DEPS palmares_scoring palmares_tables absl::status absl::statusor absl::str_format absl::strings)
palmares_executable(palmares-calc SOURCES calc_main.cc DEPS palmares_calc)
