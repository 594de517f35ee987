# How this tree declares its targets.

# Only the sources that have such switches differ in preset chaos: all others are compiled as for
# release, and ccache knows them.
function(hub_add_switches target)
    if(NOT HUB_CHAOS)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        file(STRINGS "${source}" found REGEX "#include \"(base/failpoint|domain/weakness)\\.hpp\"")
        if(found)
            set_property(SOURCE "${source}" APPEND PROPERTY COMPILE_DEFINITIONS HUB_CHAOS)
        endif()
    endforeach()
endfunction()

# hub_kernel_library(base DEPENDS Poco::Foundation) makes hub_base from kernel/base/*.cpp.
function(hub_kernel_library name)
    cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    add_library(hub_${name} STATIC ${sources})
    target_include_directories(hub_${name} PUBLIC "${PROJECT_SOURCE_DIR}/kernel")
    target_link_libraries(hub_${name} PUBLIC hub::sdk ${arg_DEPENDS} PRIVATE hub_warnings)
    if(NOT name STREQUAL "base")
        target_precompile_headers(hub_${name} REUSE_FROM hub_base)
    endif()
    hub_add_switches(hub_${name})
endfunction()

include("${CMAKE_CURRENT_LIST_DIR}/HubLoadable.cmake")

# Where the tests' private PostgreSQL lives; short, because it holds a socket.
string(SHA256 digest "${PROJECT_BINARY_DIR}")
string(SUBSTRING "${digest}" 0 8 digest)
set(HUB_TEST_POSTGRES_FOLDER "/tmp/hub-postgres-${digest}")
set(HUB_TEST_POSTGRES "host=${HUB_TEST_POSTGRES_FOLDER} user=hub dbname=hub")

# hub_test(kernel_base LABEL unit LIBRARIES hub_base) makes one CppUnit executable from the
# folder's *_test.cpp; each suite in it is one ctest entry. With POSTGRES, ctest starts a private
# PostgreSQL before it; support/postgres.hpp leads there.
function(hub_test name)
    cmake_parse_arguments(arg "POSTGRES" "LABEL;TIMEOUT" "SOURCES;LIBRARIES;ENVIRONMENT" ${ARGN})
    if(NOT arg_SOURCES)
        file(GLOB arg_SOURCES CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(HUB_SANITIZE)
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
    endif()
    set(target test_${name})
    add_executable(${target} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE hub_test_main ${arg_LIBRARIES} hub_warnings)
    if(arg_POSTGRES)
        target_link_libraries(${target} PRIVATE hub_test_postgres)
        list(APPEND arg_ENVIRONMENT "HUB_TEST_POSTGRES=${HUB_TEST_POSTGRES}")
    endif()
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
    foreach(source IN LISTS arg_SOURCES)
        file(REAL_PATH "${source}" real BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
        set_property(GLOBAL APPEND PROPERTY HUB_TEST_SOURCES "${real}")
    endforeach()
    foreach(source IN LISTS arg_SOURCES)
        get_filename_component(suite "${source}" NAME_WE)
        if(suite MATCHES "_test$")
            string(REGEX REPLACE "_test$" "" suite "${suite}")
            add_test(NAME ${name}.${suite} COMMAND ${target} --only ${suite})
            set_tests_properties(${name}.${suite} PROPERTIES LABELS "${arg_LABEL}"
                TIMEOUT ${arg_TIMEOUT} ENVIRONMENT
                "HUB_SOURCE_DIR=${PROJECT_SOURCE_DIR};HUB_BUILD_DIR=${PROJECT_BINARY_DIR};${arg_ENVIRONMENT}")
            if(arg_POSTGRES)
                set_tests_properties(${name}.${suite} PROPERTIES FIXTURES_REQUIRED postgres)
            endif()
        endif()
    endforeach()
endfunction()
