// Finds the code on a picture and reads it from its pixels.
#pragma once

#include "licence/code_text.hpp"
#include "licence/picture.hpp"

#include <optional>

namespace hub::simulator::licence {

struct Reading {
    Licence licence;
    int confidence = 0; ///< percent: how far the code's dark stands off from its light
};

/// Nothing when no code of a sample licence can be read. Thread-safe.
std::optional<Reading> readCode(const Picture& picture);

} // namespace hub::simulator::licence
