// The HTML of the wallet's page: one self-contained document without scripts.
#pragma once

#include <string>
#include <vector>

namespace hub::simulator {

/// A button that posts.
struct PageButton {
    std::string action;
    std::string label;
    bool is_primary = false;
};

struct Page {
    enum class Mark { None, Done, Stopped, Waiting };
    Mark mark = Mark::None;
    std::string title;    ///< Chinese
    std::string subtitle; ///< English
    std::string amount;   ///< "200.00"; empty: not shown
    std::string merchant;
    std::vector<std::pair<std::string, std::string>> rows;
    std::vector<PageButton> buttons;
};

std::string toHtml(const Page& page);

} // namespace hub::simulator
