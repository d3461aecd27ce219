# The schema's generated code, and the files that travel inside the binary.

# Debian ships no protobuf-config.cmake, newer protobuf needs it: first CONFIG, then CMake's own module.
macro(fate_find_protobuf)
  find_package(Protobuf CONFIG QUIET)
  if(NOT Protobuf_FOUND)
    find_package(Protobuf MODULE REQUIRED)
  endif()
endmacro()

# libyaml, the parser that YAML 1.1 was written down with, in C: it reads without recursion and without exceptions, and every
# node has its line. It has no file for find_package.
macro(fate_find_yaml)
  find_path(FATE_YAML_INCLUDE yaml.h REQUIRED)
  find_library(FATE_YAML_LIBRARY yaml REQUIRED)
  mark_as_advanced(FATE_YAML_INCLUDE FATE_YAML_LIBRARY)
  add_library(fate_yaml INTERFACE)
  target_link_libraries(fate_yaml INTERFACE ${FATE_YAML_LIBRARY})
  target_include_directories(fate_yaml SYSTEM INTERFACE ${FATE_YAML_INCLUDE})
endmacro()

# fate_proto(target folder [LINKS l...]): the folder's *.proto as C++, included as "folder/x.pb.h".
function(fate_proto target folder)
  set(generated ${PROJECT_BINARY_DIR}/generated)
  file(GLOB protos CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.proto)
  if(NOT protos)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE protobuf::libprotobuf)
    return()
  endif()
  set(outputs)
  foreach(proto IN LISTS protos)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${proto})
    string(REGEX REPLACE "\\.proto$" "" stem ${generated}/${path})
    add_custom_command(
      OUTPUT ${stem}.pb.cc ${stem}.pb.h
      COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
      COMMAND protobuf::protoc -I ${PROJECT_SOURCE_DIR} --cpp_out=${generated} ${path}
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      DEPENDS ${protos} VERBATIM)
    list(APPEND outputs ${stem}.pb.cc ${stem}.pb.h)
  endforeach()
  add_library(${target} STATIC ${outputs})
  target_include_directories(${target} SYSTEM PUBLIC ${generated})
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf PRIVATE fate_place fate_edge)
endfunction()

# fate_embed(target): scenarios/embedded.h's three functions, from the files of the tree.
function(fate_embed target)
  file(GLOB_RECURSE shipped CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
    ${PROJECT_SOURCE_DIR}/scenarios/*.textproto)
  file(GLOB_RECURSE tables CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
    ${PROJECT_SOURCE_DIR}/scenarios/kafka_config/tables/*)
  file(GLOB rules CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/docs/rules/*.md)
  list(REMOVE_ITEM rules docs/rules/README.md)
  list(SORT shipped)
  list(SORT tables)
  list(SORT rules)
  set(manifest ${PROJECT_BINARY_DIR}/generated/scenarios/embedded.txt)
  set(output ${PROJECT_BINARY_DIR}/generated/scenarios/embedded.cc)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
  # The manifest is written only when it changes: a vanished file must rebuild, an unchanged list must not.
  file(CONFIGURE OUTPUT ${manifest} CONTENT
    "EmbeddedScenarios|${shipped}\nEmbeddedConfigTables|${tables}\nEmbeddedRules|${rules}\n")
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DOUTPUT=${output} -P ${script}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DEPENDS ${shipped} ${tables} ${rules} ${manifest} ${script} VERBATIM)
  list(TRANSFORM shipped PREPEND ${PROJECT_SOURCE_DIR}/)
  add_library(${target} STATIC ${output})
  target_link_libraries(${target} PRIVATE fate_options)
endfunction()
