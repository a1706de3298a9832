// Names of people as they are compared: folded, taken apart, and with what says nothing about the person left out.
//
// Pure and thread-safe.
#ifndef PALMARES_SERVICES_IDENTITY_NAME_H_
#define PALMARES_SERVICES_IDENTITY_NAME_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::identity {

// A name taken apart. Every part is folded (see fold.h): words parted by single spaces.
struct PersonName {
  std::string given;   // "john ronald"
  std::string family;  // "van der berg", "d haene"; particles stay in front
  std::string suffix;  // "jr", "sr", "ii", "iii", "iv"; titles and degrees (Dr., PhD) are dropped
  // The row does not say who it is: "Anonymous", "Unknown runner", "Anonyme", "N.N.", "Runner 123", or no letter at
  // all.
  bool placeholder = false;

  friend bool operator==(const PersonName&, const PersonName&) = default;
};

// Takes a name apart. Where `family` or `given` is not empty they are what counts; otherwise `name` is read as "Last,
// First", "First LAST" or "LAST First" (capitals mark the family name), else with the last word, and the particles
// before it, as the family name ("Ludwig van Beethoven"); a name in Chinese characters has the family name first. Text
// in brackets is left out. Guessing the order wrong costs little: comparison and NameKey do not rely on it.
PersonName ParseName(absl::string_view name, absl::string_view family, absl::string_view given);

// The same for every order of the same words: "DESISA Lelisa" and "Lelisa Desisa", "D'Haene" and "D HAENE". Single
// letters count only where there would be fewer than two words without them, so a middle initial does not matter.
// Suffixes do not count. 0 for a placeholder.
uint64_t NameKey(const PersonName& name);

// The words without the spaces between them: "van der berg" and "vanderberg" are the same.
std::string Joined(absl::string_view words);

// The consonants of the words as heard, roughly and for every Latin-written language: "phillips" and "filip" begin
// alike, "kovacs" and "kovach" are equal. At most 8 characters.
std::string SoundCode(absl::string_view words);

// How two given names relate (folded, single words).
enum class GivenRelation : uint8_t {
  kNone = 0,
  kInitial = 1,    // "j" and "john"
  kNickname = 2,   // "bill" and "william", by the compiled-in table
  kShortForm = 3,  // one begins the other: "mo" and "mohamed", "alex" and "alexander"
};
GivenRelation RelateGivenNames(absl::string_view a, absl::string_view b);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_NAME_H_
