// The invented provider's own side: verifies what merchants send, keeps books, signs what it
// answers. It is written from the provider's documents and includes nothing of the connector: two
// readings of one document find each other's mistakes.
#pragma once

#include <filesystem>
#include <memory>

#include <core/provider.hpp>

namespace simulated {

inline constexpr const char* kName = "payment_example"; // its section of simulator.json

/// For runProgram(). Throws std::runtime_error when the section is wrong.
std::unique_ptr<hub::simulator::Provider> make(const hub::simulator::Json& section,
                                               const std::filesystem::path& folder,
                                               hub::simulator::Surroundings surroundings);

} // namespace simulated
