// How staff set up their authenticator.
#pragma once

#include "flow/work.hpp"

namespace identity {

/// A secret to show as a picture; it counts when a code of it was given back.
hub::Answer beginTotp(const Work& work, const hub::Event& event);
hub::Answer confirmTotp(const Work& work, const hub::Event& event);

} // namespace identity
