// Draws a sample licence: a card that nobody takes for a real one, with the code that is read.
#pragma once

#include "licence/code_text.hpp"
#include "licence/picture.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::licence {

/// Throws std::invalid_argument when check() refuses the licence or no code holds so much.
Picture drawSample(const Licence& licence);

/// What befalls pictures of real documents.
enum class Damage { None, Blur, Crop, Faint };
/// none, blur, crop or faint.
std::optional<Damage> parseDamage(std::string_view word);
/// A faint picture is still read, with less confidence; the others are not.
Picture damaged(const Picture& picture, Damage damage);

/// The command `licence` of expohub-simulator: draws a sample into a file. Returns the exit code.
int runSampleCommand(const std::vector<std::string>& arguments);

} // namespace hub::simulator::licence
