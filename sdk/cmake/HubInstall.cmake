# What partners get: `cmake --install <build> --component sdk --prefix P`. All of it but headers and
# programs lies under share/hub_sdk, where find_package(hub_sdk) looks for the cmake folder.
include(CMakePackageConfigHelpers)

set(share share/hub_sdk)
set(source "${CMAKE_CURRENT_SOURCE_DIR}")

# The package's version is that of the boundary: find_package(hub_sdk 1.0) asks for ABI 1.0 or newer.
file(READ "${source}/include/hub/plugin.h" header)
string(REGEX MATCH "HUB_ABI_MAJOR ([0-9]+)u" _ "${header}")
set(version "${CMAKE_MATCH_1}")
string(REGEX MATCH "HUB_ABI_MINOR ([0-9]+)u" _ "${header}")
string(APPEND version ".${CMAKE_MATCH_1}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/hub_sdkConfigVersion.cmake"
    VERSION "${version}" COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
configure_package_config_file("${source}/cmake/hub_sdkConfig.cmake.in"
    "${CMAKE_CURRENT_BINARY_DIR}/hub_sdkConfig.cmake" INSTALL_DESTINATION ${share}/cmake)

install(TARGETS hub_sdk EXPORT hub_sdk COMPONENT sdk)
install(EXPORT hub_sdk FILE hub_sdkTargets.cmake NAMESPACE hub:: DESTINATION ${share}/cmake COMPONENT sdk)
set_target_properties(hub_sdk PROPERTIES EXPORT_NAME sdk)
# The core of the simulators, an export of its own: only who asks for it needs what it is made of.
install(TARGETS hub_simulator_core EXPORT hub_simulator ARCHIVE DESTINATION lib COMPONENT sdk)
install(EXPORT hub_simulator FILE hub_simulatorTargets.cmake NAMESPACE hub:: DESTINATION ${share}/cmake
    COMPONENT sdk)
set_target_properties(hub_simulator_core PROPERTIES EXPORT_NAME simulator)
install(DIRECTORY simulator/core DESTINATION include/hub_simulator COMPONENT sdk FILES_MATCHING PATTERN "*.hpp")
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/hub_sdkConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/hub_sdkConfigVersion.cmake"
    "${source}/cmake/HubLoadable.cmake" "${source}/cmake/HubPackage.cmake" "${source}/cmake/hub_plugin.map"
    DESTINATION ${share}/cmake COMPONENT sdk)

install(DIRECTORY include/hub DESTINATION include COMPONENT sdk)
install(DIRECTORY contracts DESTINATION ${share} COMPONENT sdk)
install(DIRECTORY templates DESTINATION ${share} USE_SOURCE_PERMISSIONS COMPONENT sdk PATTERN "templates/CMakeLists.txt" EXCLUDE)
install(FILES conformance/README.md DESTINATION ${share} RENAME CONFORMANCE.md COMPONENT sdk)
install(FILES simulator/README.md DESTINATION ${share} RENAME SIMULATOR.md COMPONENT sdk)
install(FILES ABI.md PROTOCOL.md README.md CHANGELOG.md DESTINATION ${share} COMPONENT sdk)
# By file, because these are targets of folders that are added later. The hub itself with the owner of
# the contract is there to pay through a new connector.
install(PROGRAMS
    $<TARGET_FILE:expohub> $<TARGET_FILE:expohub-plugin-host> $<TARGET_FILE:expohub-simulator>
    $<TARGET_FILE:expohub-conform>
    DESTINATION bin COMPONENT sdk)
install(DIRECTORY "${PROJECT_BINARY_DIR}/lib/payments" DESTINATION lib/hub_sdk/plugins COMPONENT sdk)
