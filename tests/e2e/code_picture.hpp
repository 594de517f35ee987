// CodePicture: a QR code as a terminal shows it.
#pragma once

#include <string>

namespace demo {

/// Lines of half blocks, indented, with a quiet zone.
std::string codePicture(const std::string& text);

} // namespace demo
