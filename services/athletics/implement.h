// The implements of throwing events as the text of a discipline weighs them: "SP7.26K", "JT800", "DT 1.5 Kg",
// "Stone Throw (2.1kg)". Internal to the discipline look-up. Pure functions on values.
#ifndef PALMARES_SERVICES_ATHLETICS_IMPLEMENT_H_
#define PALMARES_SERVICES_ATHLETICS_IMPLEMENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

struct WeighedEvent {
  absl::string_view event;  // "sp", "stonethrow": the key in front of the weight
  int64_t grams = 0;
};

// Takes a key as FoldKey makes it apart. Without a unit a number below 100 is of kilograms, one up to 999 of grams: "ST
// 3000" is a steeplechase. Nothing for a key that does not end in a weight from 50 g to 60 kg.
std::optional<WeighedEvent> SplitWeighedEvent(absl::string_view key);

// As it stands in codes and names: "7.26kg", "800g".
std::string FormatWeight(int64_t grams);

// Whether the event of this code is one whose implements differ in weight.
bool IsThrowingEvent(absl::string_view code);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_IMPLEMENT_H_
