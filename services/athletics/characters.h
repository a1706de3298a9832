// Classes of ASCII characters, whatever the locale.
#ifndef PALMARES_SERVICES_ATHLETICS_CHARACTERS_H_
#define PALMARES_SERVICES_ATHLETICS_CHARACTERS_H_

namespace palmares::athletics {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_CHARACTERS_H_
