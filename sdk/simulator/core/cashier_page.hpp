// The HTML of the wallet's page: one self-contained document without scripts.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace hub::simulator {

/// A button that sends a form.
struct PageButton {
    std::string action;
    std::string label;
    bool is_primary = false;
    bool is_post = true;
    std::map<std::string, std::string> fields = {}; ///< sent along, not shown
    std::string input = {};                         ///< the name of a text to type in; or empty
};

struct Page {
    enum class Mark { None, Done, Stopped, Waiting };
    Mark mark = Mark::None;
    std::string app = "模拟钱包";
    std::string app_english = "Simulated wallet";
    std::string color = "#1e6fff"; ///< of the app, as CSS writes it
    std::string title;             ///< Chinese
    std::string subtitle;          ///< English
    std::string amount;            ///< "200.00"; empty: not shown
    std::string merchant;
    std::vector<std::pair<std::string, std::string>> rows;
    std::vector<PageButton> buttons;
};

std::string toHtml(const Page& page);

} // namespace hub::simulator
