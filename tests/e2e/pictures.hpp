// Pictures that nobody was in front of a camera for: a badge photo, and a licence's sample.
#pragma once

#include "enterprise.hpp"
#include "web_client.hpp"

#include <string>

namespace demo {

/// A PNG of the size and colors that a badge asks for.
std::string samplePhoto();
/// As the simulated reader can read it, a PNG.
std::string sampleLicence(const WebClient& simulator, const Enterprise& enterprise);

} // namespace demo
