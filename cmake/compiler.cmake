# Language, warnings and build types. Everything of ours compiles with `fate_options`, machines with `fate_pure` too,
# generated code with `fate_place` alone. Nothing here reaches who uses `fate::sim`: it holds for these targets.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or AsanUbsan" FORCE)
endif()
# -O2, not CMake's -O3: the measured flags are the shipped flags, and the ones that the digests are compared under.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# -O1 keeps the tests quick enough to be run every time; -g1 is enough for a stack with line numbers.
# vptr would need RTTI, which sim/ and model/ do without.
set(CMAKE_CXX_FLAGS_ASANUBSAN
  "-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all")
set(CMAKE_EXE_LINKER_FLAGS_ASANUBSAN "-fsanitize=address,undefined")

# How code lies in our programs, and how it counts.
add_library(fate_place INTERFACE)
target_compile_options(fate_place INTERFACE
  -ffp-contract=off  # one result on every machine, where tools compute percentages too
  -fno-pie)          # a program that lies where it was linked: its tables of jumps hold addresses. 4 % of a run
target_link_options(fate_place INTERFACE -no-pie)

# Warnings are errors where we build, in .ci/run and the presets, and never where somebody else does.
add_library(fate_warnings INTERFACE)
target_compile_options(fate_warnings INTERFACE
  -Wall -Wextra $<$<BOOL:${FATE_WERROR}>:-Werror> -Woverloaded-virtual -Wcast-align -Wvla
  -Wno-missing-field-initializers)  # designated initialisers leave out what has its default
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(fate_warnings INTERFACE
    -Wduplicated-cond -Wlogical-op
    -Wno-restrict)  # g++ 12 warns about its own std::string (GCC bug 105329)
  if(CMAKE_BUILD_TYPE STREQUAL "AsanUbsan")
    # The sanitisers' checks confuse g++'s flow analysis; the ordinary builds keep these warnings.
    target_compile_options(fate_warnings INTERFACE -Wno-maybe-uninitialized -Wno-array-bounds
      -Wno-stringop-overflow -Wno-stringop-overread -Wno-nonnull)
  endif()
endif()

add_library(fate_options INTERFACE)
target_include_directories(fate_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(fate_options INTERFACE fate_place fate_warnings)

# The machines.
add_library(fate_pure INTERFACE)
target_compile_options(fate_pure INTERFACE -fno-exceptions -fno-rtti)

# Everything else. Under the sanitisers the optimiser takes five times as long as all the rest of the compiler, and buys
# nothing where the time is spent in the machines.
add_library(fate_edge INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "AsanUbsan")
  target_compile_options(fate_edge INTERFACE -O0)
endif()
