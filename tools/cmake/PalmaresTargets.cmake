# Targets in one line each, so that a folder's CMakeLists.txt says only what it is made of and what it may use.

# Headers of others that most sources include, compiled once for all targets of a kind: most of a small source's compile time.
# No header of ours is among them, so that a change of one costs what includes it.
#   base  the standard library and abseil      test         also GoogleTest
#   rpc   also gRPC                            server_test  also GoogleTest and spdlog
function(palmares_precompiled kind)
  cmake_parse_arguments(ARG "" "" "HEADERS;DEPS" ${ARGN})
  set(name "palmares_precompiled_${kind}")
  file(WRITE "${CMAKE_BINARY_DIR}/${name}.cc" "")
  add_library(${name} STATIC "${CMAKE_BINARY_DIR}/${name}.cc")
  target_link_libraries(${name} PRIVATE palmares_options ${ARG_DEPS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

# Chooses what a target reuses: the kind its dependencies call for. Definitions must be those that the headers were compiled
# with: a target that adds any, as spdlog does, goes without.
function(palmares_reuse_precompiled name)
  if(NOT PALMARES_PRECOMPILE_HEADERS OR "spdlog::spdlog" IN_LIST ARGN)
    return()
  endif()
  set(kind base)
  foreach(dependency IN LISTS ARGN)
    if(dependency MATCHES "^palmares_(proto|rpc|client)$|_service$")
      set(kind rpc)
    endif()
  endforeach()
  if("GTest::gtest" IN_LIST ARGN)
    set(kind test)
    if("palmares_server" IN_LIST ARGN OR "palmares_running_server" IN_LIST ARGN)
      set(kind server_test)
    endif()
  endif()
  target_precompile_headers(${name} REUSE_FROM palmares_precompiled_${kind})
endfunction()

# Sources of a target are compiled some at a time, since what a source includes takes longer than the source: a build from
# nothing takes about half the time. Names without linkage must therefore differ between the sources of a target.
function(palmares_compile_together name size)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${PALMARES_UNITY_BUILD} UNITY_BUILD_BATCH_SIZE ${size})
  # To g++ a source among others is a header, in which a class would not have members without linkage.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# palmares_library(NAME SOURCES file... [DEPS target...])
function(palmares_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC palmares_options ${ARG_DEPS})
  palmares_reuse_precompiled(${name} ${ARG_DEPS})
  palmares_compile_together(${name} 12)
endfunction()

# palmares_executable(NAME SOURCES file... [DEPS target...])
function(palmares_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE palmares_options ${ARG_DEPS} $<TARGET_NAME_IF_EXISTS:palmares_tsan>)
endfunction()

# palmares_test(NAME SOURCES file... [DEPS target...]): one GoogleTest program, each of its tests known to ctest.
function(palmares_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE palmares_options ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main
                        $<TARGET_NAME_IF_EXISTS:palmares_tsan>)
  palmares_reuse_precompiled(${name} GTest::gtest ${ARG_DEPS})
  palmares_compile_together(${name} 4)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
endfunction()
