# ohmlab_room(NAME SOURCES ... PUBLIC ... PRIVATE ...): the static library of one room or sub-room, its alias, its
# installation. Headers of a sub-room are installed with those of the room around it.
function(ohmlab_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target ohmlab_${name})
  add_library(${target} STATIC ${ROOM_SOURCES})
  add_library(ohmlab::${name} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE} $<BUILD_INTERFACE:ohmlab_options>)
  foreach(sanitizer IN LISTS OHMLAB_SANITIZE)  # what links a sanitized library needs the sanitizer's own
    target_link_options(${target} INTERFACE -fsanitize=${sanitizer})
  endforeach()
  if(name STREQUAL core)
    target_precompile_headers(${target} PRIVATE ${OHMLAB_PRECOMPILED})
  else()
    target_precompile_headers(${target} REUSE_FROM ohmlab_core)
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
  install(TARGETS ${target} EXPORT ohmlab ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH around)
  if(around STREQUAL PROJECT_SOURCE_DIR)
    install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ohmlab/${name}
            FILES_MATCHING PATTERN "*.hpp")
  endif()
endfunction()

# ohmlab_install_package(): what an outside project needs for find_package(ohmlab).
function(ohmlab_install_package)
  include(CMakePackageConfigHelpers)
  set(destination ${CMAKE_INSTALL_LIBDIR}/cmake/ohmlab)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/ohmlabConfig.cmake.in ${PROJECT_BINARY_DIR}/ohmlabConfig.cmake @ONLY)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/ohmlabConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/ohmlabConfig.cmake ${PROJECT_BINARY_DIR}/ohmlabConfigVersion.cmake
          DESTINATION ${destination})
  install(EXPORT ohmlab NAMESPACE ohmlab:: FILE ohmlabTargets.cmake DESTINATION ${destination})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/ohmlab)
endfunction()
