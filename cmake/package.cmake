# `fate::sim`, the engine for people with a system of their own: by add_subdirectory, or installed and found by
# find_package(fate CONFIG). Not the library that our own programs link: it can be part of a program or a library of any
# kind, and its users get an include directory, a language level, and nothing else.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(FATE_SIM_FOLDERS sim sim/notes sim/network sim/storage sim/host sim/faults sim/search)

set(sources)
set(headers)
foreach(folder IN LISTS FATE_SIM_FOLDERS)
  fate_sources(found ${folder})
  list(APPEND sources ${found})
  file(GLOB found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.h)
  list(APPEND headers ${found})
endforeach()

add_library(fate_sim STATIC ${sources})
add_library(fate::sim ALIAS fate_sim)
target_sources(fate_sim PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
target_compile_features(fate_sim PUBLIC cxx_std_20)
target_compile_options(fate_sim PRIVATE -ffp-contract=off -fno-exceptions -fno-rtti)
set_target_properties(fate_sim PROPERTIES EXPORT_NAME sim POSITION_INDEPENDENT_CODE ON
  UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)

install(TARGETS fate_sim EXPORT fate-targets
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fate
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fate)
install(EXPORT fate-targets NAMESPACE fate:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fate)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fate-config-version.cmake COMPATIBILITY SameMinorVersion)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/fate-config.cmake CONTENT
  "include(\${CMAKE_CURRENT_LIST_DIR}/fate-targets.cmake)\n" @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/fate-config.cmake ${PROJECT_BINARY_DIR}/fate-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fate)
