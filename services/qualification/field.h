// The field of an event: who is in, in which order, by which path, where the line is, and who would follow.
//
// A field is made from verdicts of one event: of one sex category for a championship, of everybody for a race that
// takes its runners across categories (Boston). It is a pure function of them, so it can be made again after every
// change.
#ifndef PALMARES_SERVICES_QUALIFICATION_FIELD_H_
#define PALMARES_SERVICES_QUALIFICATION_FIELD_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// Somebody who may be in the field. The verdicts must be of the standard and event that the field is made for.
struct Candidate {
  std::string athlete;  // id
  std::string country;  // three-letter code; empty: not known, and no cap applies
  Verdict verdict;
  // What their application says, where one is on file.
  std::optional<int64_t> applied_us = std::nullopt;  // when; counts where places are given in the order of application
  bool withdrawn = false;                            // by themselves, or refused: the place goes to the next
  // A later way in of the athlete who is the candidate before (LaterWays). Of the ways of one athlete the first counts
  // that no country cap keeps out.
  bool later_way = false;
};

enum class Standing : uint8_t {
  kIn = 1,
  kReserve = 2,      // among the reserves, in order
  kFieldFull = 3,    // meets the standard, after the last place and the reserves
  kCountryFull = 4,  // meets the standard, but the country has its number
  kOutsideCutoff = 5,
  kWithdrawn = 6,
  kNotApplied = 7,  // places go by the order of application, and none is on file
  kUncertain = 8    // it is not known whether they meet the standard: in no list
};

struct FieldEntry {
  int candidate = 0;  // index into the candidates given
  int order = 0;      // 1 for the first; equals share it and the next are skipped. Counts everybody in the list
  PathKind path = PathKind::kMark;
  Standing standing = Standing::kIn;
  bool provisional = false;  // the result's sheet is not official
  int in_country = 0;        // 1 for the country's first in the list
};

struct Field {
  std::vector<FieldEntry> entries;  // the descending-order list: everybody who meets the standard, best first
  std::vector<int> uncertain;       // candidates whose verdict is uncertain: not in the list
  int in = 0;                       // how many are in
  std::optional<int> size;          // places of the event; nothing: no limit known
  int last_in = -1,
      first_out = -1;  // indexes into entries; -1: nobody. first_out is kept out by places or cut-off, not by country
  std::map<std::string, int> countries;  // how many of each country are in
};

// Champions go first, then places, then marks, then rankings, then numbers of finishes, as OrderOfWay says; who
// withdrew is last. Who is kept out by the cap that a tier sets for a country is tried again by their later ways in;
// they are in the list once. Among one way the better place or position, or the larger number of finishes, goes first.
// Marks are ordered as the standard selects: by the time of the application (first-come, once any is on file), else by
// tier, then by the margin to the own standard (largest-margin) or by the mark. Equals at the last place are all in.
Field BuildField(const Standard& standard, int event, absl::Span<const Candidate> candidates);

// The places of the event; nothing where there is no limit.
std::optional<int> PlacesOf(const Standard& standard, int event);

// How many of a country may be in when one of this tier (-1: of none) is to enter; nothing where there is no limit.
std::optional<int> CountryCap(const Standard& standard, int tier);

// The entries around the line: up to `each` that are in and `each` that are not, in order.
std::vector<FieldEntry> Bubble(const Field& field, int each);

// The candidates who come in when the candidate withdraws; empty where the field does not change.
std::vector<int> WhoComesIn(const Standard& standard, int event, absl::Span<const Candidate> candidates, int withdrawn);

// "in", "reserve", "field-full", "country-full", "outside-cutoff", "withdrawn", "not-applied".
absl::string_view StandingCode(Standing standing);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_FIELD_H_
