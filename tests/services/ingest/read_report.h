// What tests of reading share: options for a discipline, and one issue of a report.
#ifndef PALMARES_TESTS_SERVICES_INGEST_READ_REPORT_H_
#define PALMARES_TESTS_SERVICES_INGEST_READ_REPORT_H_

#include <string>

#include "services/athletics/discipline.h"
#include "services/ingest/reading.h"

namespace palmares::ingest {

inline ReadOptions For(const std::string& discipline) {
  ReadOptions options;
  options.discipline = *athletics::FindDiscipline(discipline);
  return options;
}

// The first of that code; nullptr if there is none.
inline const Issue* Find(const Report& report, IssueCode code) {
  for (const Issue& issue : report.issues) {
    if (issue.code == code) return &issue;
  }
  return nullptr;
}

}  // namespace palmares::ingest

#endif  // PALMARES_TESTS_SERVICES_INGEST_READ_REPORT_H_
