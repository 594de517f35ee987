// Scenes: every view of the checkout as the plugin renders it, for pictures.
#pragma once

#include "webdriver.hpp"

#include <string>
#include <vector>

namespace demo {

struct Scene {
    std::string name; // "pay-desktop-zh"
    Screen screen;
    std::string language;
    std::string html;
};

std::vector<Scene> checkoutScenes();

} // namespace demo
