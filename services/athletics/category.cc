#include "services/athletics/category.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "services/athletics/fold.h"

namespace palmares::athletics {
namespace {

template <typename Value>
using CategoryWords = absl::flat_hash_map<absl::string_view, Value>;

template <typename Value>
std::optional<Value> Find(const CategoryWords<Value>& words, absl::string_view text) {
  const auto found = words.find(FoldKey(text));
  if (found == words.end()) return std::nullopt;
  return found->second;
}

// English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages, Polish, Czech, Japanese, Chinese.
// A lone "h" is homme, hombre or heren; a lone "d" dames or donne; a lone "k" kvinnor, kobiety.
const CategoryWords<Sex>& SexWords() {
  static const auto* words = new CategoryWords<Sex>{
      {"m", Sex::kMen},          {"male", Sex::kMen},        {"males", Sex::kMen},      {"man", Sex::kMen},
      {"men", Sex::kMen},        {"mens", Sex::kMen},        {"boy", Sex::kMen},        {"boys", Sex::kMen},
      {"h", Sex::kMen},          {"homme", Sex::kMen},       {"hommes", Sex::kMen},     {"masculin", Sex::kMen},
      {"mann", Sex::kMen},       {"manner", Sex::kMen},      {"maenner", Sex::kMen},    {"mannlich", Sex::kMen},
      {"maennlich", Sex::kMen},  {"herren", Sex::kMen},      {"herr", Sex::kMen},       {"jungen", Sex::kMen},
      {"hombre", Sex::kMen},     {"hombres", Sex::kMen},     {"masculino", Sex::kMen},  {"varon", Sex::kMen},
      {"varones", Sex::kMen},    {"uomo", Sex::kMen},        {"uomini", Sex::kMen},     {"maschile", Sex::kMen},
      {"maschio", Sex::kMen},    {"homem", Sex::kMen},       {"homens", Sex::kMen},     {"mannen", Sex::kMen},
      {"heren", Sex::kMen},      {"herrar", Sex::kMen},      {"menn", Sex::kMen},       {"maend", Sex::kMen},
      {"miehet", Sex::kMen},     {"mezczyzni", Sex::kMen},   {"mezczyzna", Sex::kMen},  {"muzi", Sex::kMen},
      {"muz", Sex::kMen},        {"男", Sex::kMen},          {"男子", Sex::kMen},       {"男性", Sex::kMen},
      {"gentlemen", Sex::kMen},  {"w", Sex::kWomen},         {"f", Sex::kWomen},        {"female", Sex::kWomen},
      {"females", Sex::kWomen},  {"woman", Sex::kWomen},     {"women", Sex::kWomen},    {"womens", Sex::kWomen},
      {"girl", Sex::kWomen},     {"girls", Sex::kWomen},     {"lady", Sex::kWomen},     {"ladies", Sex::kWomen},
      {"femme", Sex::kWomen},    {"femmes", Sex::kWomen},    {"feminin", Sex::kWomen},  {"dame", Sex::kWomen},
      {"dames", Sex::kWomen},    {"damen", Sex::kWomen},     {"frau", Sex::kWomen},     {"frauen", Sex::kWomen},
      {"weiblich", Sex::kWomen}, {"madchen", Sex::kWomen},   {"maedchen", Sex::kWomen}, {"mujer", Sex::kWomen},
      {"mujeres", Sex::kWomen},  {"femenino", Sex::kWomen},  {"femenina", Sex::kWomen}, {"donna", Sex::kWomen},
      {"donne", Sex::kWomen},    {"femminile", Sex::kWomen}, {"femmina", Sex::kWomen},  {"mulher", Sex::kWomen},
      {"mulheres", Sex::kWomen}, {"feminino", Sex::kWomen},  {"vrouw", Sex::kWomen},    {"vrouwen", Sex::kWomen},
      {"kvinna", Sex::kWomen},   {"kvinnor", Sex::kWomen},   {"damer", Sex::kWomen},    {"kvinner", Sex::kWomen},
      {"kvinder", Sex::kWomen},  {"naiset", Sex::kWomen},    {"kobiety", Sex::kWomen},  {"kobieta", Sex::kWomen},
      {"zeny", Sex::kWomen},     {"zena", Sex::kWomen},      {"女", Sex::kWomen},       {"女子", Sex::kWomen},
      {"女性", Sex::kWomen},     {"d", Sex::kWomen},         {"k", Sex::kWomen},        {"x", Sex::kX},
      {"nb", Sex::kX},           {"nonbinary", Sex::kX},     {"enby", Sex::kX},         {"diverse", Sex::kX},
      {"divers", Sex::kX},       {"mixed", Sex::kX},         {"mix", Sex::kX},          {"mixte", Sex::kX},
      {"gemischt", Sex::kX},     {"mixto", Sex::kX},         {"misto", Sex::kX},        {"nonbinaire", Sex::kX},
      {"nobinario", Sex::kX},    {"nichtbinar", Sex::kX},    {"nichtbinaer", Sex::kX},  {"nonbinario", Sex::kX},
      {"naobinario", Sex::kX},   {"genderqueer", Sex::kX},   {"nonbinair", Sex::kX},
  };
  return *words;
}

const CategoryWords<Division>& DivisionWords() {
  static const auto* words = new CategoryWords<Division>{
      {"running", Division::kRunning},
      {"runner", Division::kRunning},
      {"runners", Division::kRunning},
      {"run", Division::kRunning},
      {"foot", Division::kRunning},
      {"open", Division::kRunning},
      {"wheelchair", Division::kWheelchair},
      {"wheelchairs", Division::kWheelchair},
      {"pushrim", Division::kWheelchair},
      {"pushrimwheelchair", Division::kWheelchair},
      {"wheel", Division::kWheelchair},
      {"wc", Division::kWheelchair},
      {"wch", Division::kWheelchair},
      {"rollstuhl", Division::kWheelchair},
      {"fauteuil", Division::kWheelchair},
      {"fauteuilroulant", Division::kWheelchair},
      {"silladeruedas", Division::kWheelchair},
      {"carrozzina", Division::kWheelchair},
      {"cadeiraderodas", Division::kWheelchair},
      {"rolstoel", Division::kWheelchair},
      {"車いす", Division::kWheelchair},
      {"handcycle", Division::kHandcycle},
      {"handcycles", Division::kHandcycle},
      {"handcyclist", Division::kHandcycle},
      {"handcyclists", Division::kHandcycle},
      {"handbike", Division::kHandcycle},
      {"handbiker", Division::kHandcycle},
      {"handcrank", Division::kHandcycle},
      {"hc", Division::kHandcycle},
      {"hb", Division::kHandcycle},
      {"para", Division::kOtherPara},
      {"paraathletics", Division::kOtherPara},
      {"paraathlete", Division::kOtherPara},
      {"ambulatory", Division::kOtherPara},
      {"visuallyimpaired", Division::kOtherPara},
      {"visualimpairment", Division::kOtherPara},
      {"vi", Division::kOtherPara},
      {"blind", Division::kOtherPara},
      {"amputee", Division::kOtherPara},
      {"mobilityimpaired", Division::kOtherPara},
      {"mobilityimpairment", Division::kOtherPara},
      {"lowerlimbimpairment", Division::kOtherPara},
      {"cerebralpalsy", Division::kOtherPara},
      {"adaptive", Division::kOtherPara},
      {"frame", Division::kOtherPara},
      {"framerunning", Division::kOtherPara},
      {"duo", Division::kOtherPara},
  };
  return *words;
}

// World Para Athletics classes: T31-T34 and T51-T54 race in wheelchairs; the other T classes run; H1-H5 ride
// hand-cycles (UCI).
std::optional<Division> ParseParaClass(const std::string& key) {
  const bool shaped = key.size() >= 2 && key.size() <= 3 && key.find_first_not_of("0123456789", 1) == std::string::npos;
  if (!shaped) return std::nullopt;
  const int number = key.size() == 2 ? key[1] - '0' : (key[1] - '0') * 10 + (key[2] - '0');
  if (key[0] == 'h' && number >= 1 && number <= 5) return Division::kHandcycle;
  if (key[0] != 't') return std::nullopt;
  if ((number >= 31 && number <= 34) || (number >= 51 && number <= 54)) return Division::kWheelchair;
  if (number >= 11 && number <= 72) return Division::kOtherPara;
  return std::nullopt;
}

}  // namespace

absl::string_view SexCode(Sex sex) {
  switch (sex) {
    case Sex::kMen:
      return "M";
    case Sex::kWomen:
      return "W";
    case Sex::kX:
      return "X";
    case Sex::kUnknown:
      break;
  }
  return "";
}

std::optional<Sex> ParseSex(absl::string_view text) {
  if (text.size() == 1) {  // nearly every row of every file
    if (text[0] == 'M' || text[0] == 'm') return Sex::kMen;
    if (text[0] == 'F' || text[0] == 'W' || text[0] == 'f' || text[0] == 'w') return Sex::kWomen;
  }
  return Find(SexWords(), text);
}

absl::string_view DivisionCode(Division division) {
  switch (division) {
    case Division::kRunning:
      return "running";
    case Division::kWheelchair:
      return "wheelchair";
    case Division::kHandcycle:
      return "handcycle";
    case Division::kOtherPara:
      return "para";
  }
  return "";
}

std::optional<Division> ParseDivision(absl::string_view text) {
  const std::optional<Division> named = Find(DivisionWords(), text);
  return named.has_value() ? named : ParseParaClass(FoldKey(text));
}

}  // namespace palmares::athletics
