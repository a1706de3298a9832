#include "tools/palmares/identity_score_columns.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/identity/fold.h"

namespace palmares::tools {
namespace {

struct Headers {
  absl::string_view field;
  absl::string_view headers;  // folded, without spaces, parted by single ones
};

// English, German, French, Spanish, Italian, Portuguese, Dutch and Swedish.
constexpr Headers kHeaders[] = {
    {"name",
     "name fullname athlete runner displayname competitor nom athletename runnername competitorname "
     "fullnames personname participant teilnehmer naam nome nombre athletesname sortname nameofathlete"},
    {"family_name",
     "familyname surname lastname last family nachname lname nomdefamille familienname zuname apellido "
     "apellidos cognome sobrenome achternaam efternamn surnames familynames"},
    {"given_name",
     "givenname firstname first given forename vorname prenom fname forenames firstnames givennames "
     "christianname nombres voornaam fornamn prenoms"},
    {"birth",
     "dateofbirth birthdate dob born birthyear yearofbirth yob birth birthday bday yearborn birthdt "
     "geburtsdatum geburtsjahr jahrgang jg datedenaissance datenaissance anneedenaissance anneenaissance "
     "naissance geboortedatum geboortejaar fechadenacimiento fechanacimiento anodenacimiento datadinascita "
     "annodinascita datadenascimento anodenascimento nascimento fodelsedatum fodelsear"},
    {"age", "age alter ageonraceday raceage edad eta leeftijd idade ageatrace years"},
    {"age_group",
     "agegroup ageband category agecategory division agecat cat categorie kategorie altersklasse ak klasse "
     "categoria ageclass agerange agedivision cate"},
    {"sex", "sex gender sexe mf geschlecht genero sexo sesso geslacht kon genre"},
    {"country",
     "country nationality nationalitycode nat nation countrycode noc pays land pais paese nationalite "
     "nationalitat nationalidad ctz citizen citizenship iaaf ioc countryname countryofcitizenship"},
    {"region",
     "region state province county stateprovince provincestate bundesland departement canton kanton "
     "stateabbrev staat"},
    {"city",
     "city suburb town residence hometown ville ort wohnort ciudad citta stadt comune plaats woonplaats "
     "municipality locality cidade village postort"},
    {"club",
     "club team verein clubname teamname societe association equipe mannschaft societa equipo vereniging "
     "affiliation clubteam forening klubb klub squad"},
    {"bib", "bib bibnumber bibno bibnum startnumber startnummer dossard stnr startnr racenumber dorsal pettorale"},
    {"date",
     "year date racedate eventdate raceyear season datum jahr annee anno ano saison raceday eventyear "
     "competitiondate dateofrace editionyear fecha data meetdate eventyr yr"},
    {"race",
     "race event raceid edition racename eventname eventid competition meet meeting competitionname "
     "meetname competitionid meetid editionid raceno course discipline distance rennen"},
};

}  // namespace

absl::string_view LabelledFieldOf(absl::string_view header) {
  static const auto& fields = *[] {
    auto* all = new absl::flat_hash_map<absl::string_view, absl::string_view>();
    for (const Headers& known : kHeaders) {
      for (absl::string_view one : absl::StrSplit(known.headers, ' ')) all->try_emplace(one, known.field);
    }
    return all;
  }();
  const std::string folded = absl::StrReplaceAll(identity::FoldText(header), {{" ", ""}});
  const auto found = fields.find(folded);
  return found == fields.end() ? absl::string_view() : found->second;
}

}  // namespace palmares::tools
