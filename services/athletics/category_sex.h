// The sex that a competitor's category tells: "F40", "SM", "Male 40-44".
//
// Files without a column for the sex often say it in the category. Read is only what means one thing in every
// convention that is known, whatever the case and the blanks, dots and hyphens between the parts:
//
// | form                                                                       | examples                        |
// | -------------------------------------------------------------------------- | ------------------------------- |
// | a whole word for the sex, with other words and numbers or alone            | Male 40-44, Senior Women, Damen |
// | M, H or W, F, D before an age of two digits or a limit of age              | M-45, F40, W35, H21, MU20, W80+ |
// | M, H or W, F after an age or a limit of age                                | 40-44 M, U20W, 35-39F           |
// | M or W, F beside the letter of a class: S senior, V veteran, J junior, O   | SM, SW, MV, FV40, JM, OW        |
// | open; in either order, with an age or alone                                |                                 |
// | H, M or F after a class of the French federation                           | SEH, V1F, M3H, CAF              |
// | the German classes                                                         | MHK, WHK, MJ U18, WJA           |
// | LV, LS: lady veteran, lady senior                                          | LV45                            |
// | NB before an age, and the words for non-binary                             | NB40-44, Non-binary             |
//
// Not read, because files differ: V40 and V (veterans of both sexes, or Dutch women), M3 and M10 (masters of France,
// both sexes), a lone letter (S, M, V stand beside each other as classes), K40, L40, "Mixed", U20, 40-44, Open.
#ifndef PALMARES_SERVICES_ATHLETICS_CATEGORY_SEX_H_
#define PALMARES_SERVICES_ATHLETICS_CATEGORY_SEX_H_

#include "absl/strings/string_view.h"
#include "services/athletics/category.h"

namespace palmares::athletics {

// kUnknown where the label does not tell.
Sex SexOfCategory(absl::string_view label);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_CATEGORY_SEX_H_
