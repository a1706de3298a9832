# How everything is compiled: warnings are errors, sanitizers by PALMARES_SANITIZE, ccache and mold where they are installed.
set(PALMARES_SANITIZE "" CACHE STRING "Empty, address (with undefined), thread or fuzzer (with address and undefined)")

add_library(palmares_options INTERFACE)
target_include_directories(palmares_options INTERFACE "${PROJECT_SOURCE_DIR}")
# One way to use toml++ in every translation unit: its templates differ with these, and must not be mixed in one program.
target_compile_definitions(palmares_options INTERFACE TOML_EXCEPTIONS=0 TOML_HEADER_ONLY=0)
# Damaged files break some of its assertions, which a release even takes for granted, where its own checks come after: those
# must be answered. For the sources that read TOML: set_source_files_properties(file... PROPERTIES COMPILE_OPTIONS
# "${PALMARES_TOML_OPTIONS}"). They read a file now and then: little optimised, its templates take less of a build.
set(PALMARES_TOML_OPTIONS -O1 -UNDEBUG "-DTOML_ASSERT(expr)=static_cast<void>(0)")
target_compile_options(palmares_options INTERFACE -Wall -Wextra -Werror -Werror=unused-result)
# For every target alike, for it defines a macro: precompiled headers serve only what has the same.
target_compile_options(palmares_options INTERFACE -pthread)

if(PALMARES_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
elseif(PALMARES_SANITIZE STREQUAL "thread")
  # Debian's libraries are built without it; where a header of theirs asks, as protobuf's maps do, a class would get
  # members that the library does not know.
  set(sanitizers -fsanitize=thread -fno-omit-frame-pointer -U__SANITIZE_THREAD__)
  # What every program is linked with, so that abseil's locks are known for locks.
  add_library(palmares_tsan OBJECT "${PROJECT_SOURCE_DIR}/tools/tsan/abseil.cc")
  target_link_libraries(palmares_tsan PRIVATE absl::synchronization palmares_options)
elseif(PALMARES_SANITIZE STREQUAL "fuzzer")
  set(sanitizers -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
elseif(PALMARES_SANITIZE)
  message(FATAL_ERROR "PALMARES_SANITIZE is \"${PALMARES_SANITIZE}\", want address, thread, fuzzer or nothing")
endif()
add_compile_options(${sanitizers})
add_link_options(${sanitizers})

find_program(CCACHE ccache)
if(CCACHE)
  # What ccache has to be told to cache sources that use precompiled headers: its manual, "Precompiled headers".
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1 "${CCACHE}")
  add_compile_options("$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# What the tests run: with assertions, and optimised only as far as a build from nothing stays quick.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

option(PALMARES_PRECOMPILE_HEADERS "Compile the headers of others once; see PalmaresTargets.cmake" ON)
option(PALMARES_UNITY_BUILD "Compile the sources of a library together; see PalmaresTargets.cmake" ON)

# toml++'s parser, compiled once for all that read TOML; Debian's own library of it throws and asserts.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/palmares_toml.cc" CONTENT "#define TOML_IMPLEMENTATION\n#include <toml++/toml.h>\n")
add_library(palmares_toml STATIC "${CMAKE_BINARY_DIR}/palmares_toml.cc")
target_compile_options(palmares_toml PRIVATE ${PALMARES_TOML_OPTIONS})
target_link_libraries(palmares_toml PRIVATE palmares_options)
