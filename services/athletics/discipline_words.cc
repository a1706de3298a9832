// From text to DisciplineForm.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/discipline_form.h"
#include "services/athletics/discipline_token.h"
#include "services/athletics/fold.h"

namespace palmares::athletics {
namespace {

// clang-format off
enum class Word : uint8_t {
  kCompetitors,  // says who competes, or nothing
  kFiller,       // belongs to other words: "race", "country"
  kMetres, kKilometres, kMiles, kYards, kMinutes, kHours, kDays, kMetresHurdles, kMetresSteeplechase, kMetresWalk,
  kKilometresWalk, kKilometresSteeplechase, kMilesWalk, kMilesRoad, kKilometresRoad, kRelayMix, kHurdles,
  kSteeplechase, kWalk, kRelay, kTimes, kMixed, kRoad, kTrack, kShortTrack, kCross, kMountain, kTrail, kMarathon,
  kHalf, kMedley, kDistance, kSprint, kSwedish, kShuttle, kCentimetres, kInches, kLoneM, kLoneH, kLoneW, kLoneK,
  kLoneS,
};
// clang-format on

using Token = DisciplineToken;
using Words = absl::flat_hash_map<absl::string_view, Word>;

const Words& AllWords() {
  static const auto* words = new Words{
#include "services/athletics/data/discipline_words.inc"
  };
  return *words;
}

// Reads the tokens one after another into a form.
class FormReader {
 public:
  explicit FormReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<DisciplineForm> Read() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      if (IsCompetitorClass(tokens_, at_)) {
        ++at_;
        continue;
      }
      const Token& token = tokens_[at_];
      const bool understood = token.kind == Token::Kind::kNumber ? ReadNumber(token)
                              : token.kind == Token::Kind::kWord ? ReadWord(token)
                                                                 : token.text == "*" && ReadTimes();
      if (!understood) return std::nullopt;
    }
    if (number_.has_value() && !PlaceBareNumber()) return std::nullopt;
    return form_;
  }

 private:
  bool ReadNumber(const Token& token) {
    const bool has_next = at_ + 1 < tokens_.size();
    if (token.thousandths <= 0) return false;
    if (has_next && tokens_[at_ + 1].text == "/") {  // only "1/2 marathon"
      if (token.text != "1" || at_ + 2 >= tokens_.size() || tokens_[at_ + 2].text != "2") return false;
      at_ += 2;
      form_.half_marathon = true;
      return true;
    }
    if (has_next && tokens_[at_ + 1].text == "\"") {
      ++at_;
      return SetHeightInches(token.thousandths);
    }
    if (has_next && tokens_[at_ + 1].kind == Token::Kind::kWord) {
      const auto unit = AllWords().find(tokens_[at_ + 1].text);
      if (unit != AllWords().end() && unit->second == Word::kCentimetres) {
        ++at_;
        return SetHeight(token.thousandths / 100);
      }
      if (unit != AllWords().end() && unit->second == Word::kInches) {
        ++at_;
        return SetHeightInches(token.thousandths);
      }
      // "400H 67.2cm 9.5m 9m": the spacing of the hurdles, which follows from the age of those who run.
      if (form_.height_mm > 0 && tokens_[at_ + 1].text == "m") {
        ++at_;
        return true;
      }
    }
    if (number_.has_value()) return false;  // two numbers and no unit between them
    number_ = token;
    return true;
  }

  bool SetHeight(int64_t millimetres) {
    constexpr int64_t kLowest = 100, kHighest = 1'500;
    if (millimetres < kLowest || millimetres > kHighest) return false;
    form_.height_mm = static_cast<int>(millimetres);
    return true;
  }

  bool SetHeightInches(int64_t thousandths) { return SetHeight((thousandths * 254 + 5'000) / 10'000); }

  bool ReadTimes() {
    if (!number_.has_value() || number_->decimals > 0 || number_->thousandths > 50'000) return false;
    const int legs = static_cast<int>(number_->thousandths / 1000);
    if (legs < 2) return false;
    form_.legs = form_.legs == 0 ? legs : form_.legs * legs;
    number_.reset();
    form_.relay = true;
    return true;
  }

  // Gives the pending number its unit; without one, the word may be "mile" alone.
  bool SetLength(LengthUnit unit) {
    if (!number_.has_value()) {
      if (form_.length_unit != LengthUnit::kNone || (unit != LengthUnit::kMiles)) return false;
      form_.length_thousandths = 1000;
      form_.length_unit = unit;
      return true;
    }
    if (form_.length_unit != LengthUnit::kNone) return false;
    int64_t thousandths = number_->thousandths;
    // "10.000 m" groups thousands: nobody races 10 m with three decimals.
    if (unit == LengthUnit::kMetres && number_->decimals == 3) thousandths *= 1000;
    form_.length_thousandths = thousandths;
    form_.length_unit = unit;
    number_.reset();
    return true;
  }

  bool SetDuration(int64_t unit_s) {
    if (form_.duration_s != 0) return false;
    const int64_t count = number_.has_value() ? number_->thousandths : 1000;
    form_.duration_s = count * unit_s / 1000;
    number_.reset();
    return form_.duration_s > 0;
  }

  bool SetSurface(Surface surface) {
    if (form_.surface.has_value() && *form_.surface != surface) return false;
    form_.surface = surface;
    return true;
  }

  // A number without a unit: metres from 40 on, as in "800", "3000 SC", "4x400"; below that it may be anything.
  bool PlaceBareNumber() {
    constexpr int64_t kShortestMetres = 40'000;
    const bool metres = number_->decimals == 3 || (number_->decimals == 0 && number_->thousandths >= kShortestMetres);
    return metres && SetLength(LengthUnit::kMetres);
  }

  // "h": hurdles behind metres, hours behind numbers too small for those or raced for days, hommes elsewhere.
  bool ReadLoneH(const Token& token) {
    if (number_.has_value()) {
      const int64_t n = number_->thousandths / 1000;
      constexpr int64_t kFewestMetres = 40;
      const bool hours = n < kFewestMetres || n == 48 || n == 72 || n == 144;
      if (token.attached && hours) return SetDuration(3600);
      return PlaceBareNumber() && (form_.hurdles = true);
    }
    if (form_.length_unit == LengthUnit::kMetres && form_.length_thousandths <= 400'000) form_.hurdles = true;
    return true;
  }

  // "m": metres behind a number, miles where nobody runs so few metres, men elsewhere.
  bool ReadLoneM(const Token& token) {
    if (!number_.has_value()) return true;
    constexpr int64_t kMostMiles = 39'999;
    if (!token.attached && number_->thousandths <= kMostMiles && number_->decimals == 0) return false;
    const bool miles = number_->thousandths <= kMostMiles && number_->decimals < 3;
    return SetLength(miles ? LengthUnit::kMiles : LengthUnit::kMetres);
  }

  bool ReadLoneW(const Token& token) {
    if (number_.has_value() && !PlaceBareNumber()) return false;
    if (token.attached) form_.walk = true;  // "3000W"; "3000 W" is a women's race
    return true;
  }

  bool ReadWord(const Token& token) {
    const auto found = AllWords().find(token.text);
    if (found == AllWords().end()) return false;
    const Word word = found->second;
    switch (word) {
      case Word::kLoneM:
        return ReadLoneM(token);
      case Word::kLoneH:
        return ReadLoneH(token);
      case Word::kLoneW:
        return ReadLoneW(token);
      case Word::kMetres:
        return SetLength(LengthUnit::kMetres);
      case Word::kLoneK:
      case Word::kKilometres:
        return SetLength(LengthUnit::kKilometres);
      case Word::kMiles:
        return SetLength(LengthUnit::kMiles);
      case Word::kYards:
        return SetLength(LengthUnit::kYards);
      case Word::kMinutes:
        return number_.has_value() && SetDuration(60);
      case Word::kHours:
        return SetDuration(3600);
      case Word::kDays:
        return SetDuration(86'400);
      case Word::kTimes:
        return ReadTimes();
      default:
        return ReadCompound(word) && ReadKind(word);
    }
  }

  // Words that hold a unit besides their kind.
  bool ReadCompound(Word word) {
    switch (word) {
      case Word::kMetresHurdles:
      case Word::kMetresSteeplechase:
        return SetLength(LengthUnit::kMetres);
      case Word::kMetresWalk:  // also "3KW", the track walk of World Athletics' codes
        if (number_.has_value() && number_->thousandths < 100'000) number_->thousandths *= 1000;
        return SetLength(LengthUnit::kMetres);
      case Word::kKilometresSteeplechase:
        if (number_.has_value()) number_->thousandths *= 1000;
        return SetLength(LengthUnit::kMetres);
      case Word::kKilometresWalk:
      case Word::kKilometresRoad:
        return SetLength(LengthUnit::kKilometres);
      case Word::kMilesWalk:
      case Word::kMilesRoad:
        return SetLength(LengthUnit::kMiles);
      default:
        return true;
    }
  }

  bool ReadKind(Word word) {
    switch (word) {
      case Word::kHurdles:
      case Word::kMetresHurdles:
        form_.hurdles = true;
        return true;
      case Word::kSteeplechase:
      case Word::kMetresSteeplechase:
      case Word::kKilometresSteeplechase:
        form_.steeplechase = true;
        return true;
      case Word::kWalk:
      case Word::kMetresWalk:
      case Word::kKilometresWalk:
      case Word::kMilesWalk:
        form_.walk = true;
        return true;
      case Word::kMixed:
      case Word::kRelayMix:
        form_.mixed = true;
        return true;
      case Word::kRelay:
        form_.relay = true;
        return true;
      case Word::kHalf:
        form_.half_marathon = true;
        return true;
      case Word::kMarathon:
        form_.marathon = true;
        return true;
      case Word::kShuttle:
        form_.shuttle = true;
        return true;
      default:
        return ReadSurface(word);
    }
  }

  bool ReadSurface(Word word) {
    switch (word) {
      case Word::kRoad:
      case Word::kMilesRoad:
      case Word::kKilometresRoad:
        return SetSurface(Surface::kRoad);
      case Word::kTrack:  // "short track" is a surface of its own
        return form_.surface == Surface::kShortTrack || SetSurface(Surface::kTrack);
      case Word::kShortTrack:
        if (form_.surface == Surface::kTrack) form_.surface.reset();  // "track, indoors"
        return SetSurface(Surface::kShortTrack);
      case Word::kCross:
        return SetSurface(Surface::kCrossCountry);
      case Word::kMountain:
        return SetSurface(Surface::kMountain);
      case Word::kTrail:
        return SetSurface(Surface::kTrail);
      case Word::kSprint:
        sprint_ = true;
        form_.sprint_medley |= medley_;
        return true;
      case Word::kDistance:
        distance_ = true;
        return true;
      case Word::kSwedish:
        form_.sprint_medley = true;
        return true;
      case Word::kMedley:
        medley_ = true;
        form_.distance_medley = distance_;
        form_.sprint_medley |= !distance_;
        return true;
      default:
        return true;  // says who competes, or nothing
    }
  }

  std::vector<Token> tokens_;
  size_t at_ = 0;
  std::optional<Token> number_;  // read, its unit still to come
  bool sprint_ = false, distance_ = false, medley_ = false;
  DisciplineForm form_;
};

// The classes of World Para Athletics, of which none is a race: T11 to T13, T20, T31 to T38, T40 to T47, T51 to T54,
// T61 to T64, T71, T72.
bool IsParaClass(int64_t number) {
  constexpr std::array<std::pair<int64_t, int64_t>, 7> kClasses = {
      {{11, 13}, {20, 20}, {31, 38}, {40, 47}, {51, 54}, {61, 64}, {71, 72}}};
  return std::any_of(kClasses.begin(), kClasses.end(),
                     [number](const auto& range) { return number >= range.first && number <= range.second; });
}

// "T26", "T1440": a race of so many minutes, as athlib writes it.
std::optional<DisciplineForm> ReadMinutesCode(const std::vector<Token>& tokens) {
  const bool shaped = tokens.size() == 2 && tokens[0].text == "t" && tokens[1].kind == Token::Kind::kNumber &&
                      tokens[1].attached && tokens[1].decimals == 0 && tokens[1].thousandths > 0;
  if (!shaped) return std::nullopt;
  const int64_t minutes = tokens[1].thousandths / 1000;
  if (IsParaClass(minutes)) return std::nullopt;
  DisciplineForm form;
  form.duration_s = minutes * 60;
  return form;
}

}  // namespace

std::optional<DisciplineForm> ReadDisciplineForm(absl::string_view text) {
  constexpr size_t kLongestText = 80;
  if (text.size() > kLongestText) return std::nullopt;
  const std::string folded = Fold(text);
  std::vector<Token> tokens = TokenizeDiscipline(folded);
  if (tokens.empty()) return std::nullopt;
  if (std::optional<DisciplineForm> minutes = ReadMinutesCode(tokens)) return minutes;
  return FormReader(std::move(tokens)).Read();
}

std::string WithoutCompetitors(absl::string_view text) {
  const std::string folded = Fold(text);
  const std::vector<Token> tokens = TokenizeDiscipline(folded);
  std::string kept;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsCompetitorClass(tokens, i)) {
      ++i;
      continue;
    }
    const auto found = AllWords().find(tokens[i].text);
    const bool skip = found != AllWords().end() && found->second == Word::kCompetitors;
    if (!skip) absl::StrAppend(&kept, kept.empty() || tokens[i].attached ? "" : " ", tokens[i].text);
  }
  return kept;
}

}  // namespace palmares::athletics
