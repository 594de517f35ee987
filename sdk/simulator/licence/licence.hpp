// The demonstration's side of reading licences: it takes a picture, reads the code on it, and looks
// into a register of its own. Its document is the README of the connector licence_reader_demo.
#pragma once

#include "core/provider.hpp"

#include <filesystem>
#include <memory>

namespace hub::simulator::licence {

/// `section` is "licence" of simulator.json. Throws std::runtime_error when the section is wrong.
std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings);

} // namespace hub::simulator::licence
