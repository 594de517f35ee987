# Language, warnings and hardening of our own targets.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

find_program(HUB_CCACHE ccache)
if(HUB_CCACHE)
    set(launcher sh "${CMAKE_CURRENT_LIST_DIR}/compile.sh" "${HUB_CCACHE}" "${PROJECT_SOURCE_DIR}")
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

find_program(HUB_MOLD mold)
if(HUB_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

option(HUB_CHAOS "compile in what tests/chaos switches: failpoints and weaknesses; never shipped" OFF)

set(HUB_SANITIZE "" CACHE STRING "address, thread or empty")
if(HUB_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
elseif(HUB_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
endif()

add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(NOT HUB_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "Rel")
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
endif()
add_link_options(-Wl,-z,relro,-z,now)

# For targets of ours; third-party headers are SYSTEM and stay silent.
add_library(hub_warnings INTERFACE)
target_compile_options(hub_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnull-dereference
    -Wduplicated-cond -Wlogical-op -Wimplicit-fallthrough -Werror
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
    # With sanitizers g++ 12 reports null dereferences, uninitialized values and overreads that its own
    # instrumentation makes up.
    $<$<BOOL:${HUB_SANITIZE}>:-Wno-null-dereference -Wno-maybe-uninitialized -Wno-stringop-overread>
    # What comes precompiled is no system header any more for g++ 12, which then sees overflows and null
    # pointers in std::string and JSON that are not there (its bugs 105329, 105651).
    $<$<BOOL:$<TARGET_PROPERTY:HUB_PRECOMPILED>>:
        -Wno-array-bounds -Wno-null-dereference -Wno-restrict -Wno-stringop-overflow>)
