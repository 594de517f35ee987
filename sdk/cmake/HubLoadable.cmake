# How a library for the hub is built, in this tree and by partners.

# hub_loadable(payments LIBRARIES …) makes lib<name>.so from the folder's sources and puts it with
# its manifest (digest filled in), routes and migrations into <build>/lib/<name>/. FOLDER says where
# those are, when not in the folder itself. A library for tests alone says TEST and goes to
# <build>/lib-test/<name>/, so that what lies in lib is what is shipped; PACKAGE names another place.
function(hub_loadable name)
    cmake_parse_arguments(arg "TEST" "FOLDER;PACKAGE" "SOURCES;LIBRARIES" ${ARGN})
    set(folder "${CMAKE_CURRENT_SOURCE_DIR}")
    if(arg_FOLDER)
        set(folder "${arg_FOLDER}")
    endif()
    set(package "${PROJECT_BINARY_DIR}/lib/${name}")
    if(arg_TEST)
        set(package "${PROJECT_BINARY_DIR}/lib-test/${name}")
    endif()
    if(arg_PACKAGE)
        set(package "${arg_PACKAGE}")
    endif()
    add_library(${name} MODULE ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${package}")
    target_compile_options(${name} PRIVATE -fno-gnu-unique)
    target_link_options(${name} PRIVATE
        -Wl,-z,defs "-Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hub_plugin.map")
    set_target_properties(${name} PROPERTIES LINK_DEPENDS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/hub_plugin.map")
    target_link_libraries(${name} PRIVATE hub::sdk ${arg_LIBRARIES})
    set_property(GLOBAL APPEND PROPERTY HUB_LOADABLES ${name})
    if(NOT arg_TEST)
        set_property(GLOBAL APPEND PROPERTY HUB_SHIPPED ${name})
    endif()
    if(TARGET hub_warnings)
        target_link_libraries(${name} PRIVATE hub_warnings)
    endif()
    file(GLOB data CONFIGURE_DEPENDS "${folder}/*.json" "${folder}/migrations/*.sql")
    file(GLOB_RECURSE web CONFIGURE_DEPENDS "${folder}/web/*")
    add_custom_command(TARGET ${name} POST_BUILD
        COMMAND "${CMAKE_COMMAND}" "-DLIBRARY=$<TARGET_FILE:${name}>" "-DFOLDER=${folder}"
                "-DPACKAGE=${package}" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/HubPackage.cmake"
        VERBATIM)
    # A changed manifest, route or migration makes the package anew.
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${data} ${web})
endfunction()
