# Targets in one line each, so that a folder's CMakeLists.txt says only what it is made of and what it may use.

# palmares_library(NAME SOURCES file... [DEPS target...])
function(palmares_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC palmares_options ${ARG_DEPS})
endfunction()

# palmares_executable(NAME SOURCES file... [DEPS target...])
function(palmares_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE palmares_options ${ARG_DEPS})
endfunction()

# palmares_test(NAME SOURCES file... [DEPS target...]): one GoogleTest program, each of its tests known to ctest.
function(palmares_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE palmares_options ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
endfunction()
