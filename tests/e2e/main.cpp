// expohub-demo: tells one payment's story, or that of the three wallets, against a running hub;
// ends with `demo: ok`.

#include "story.hpp"
#include "wallets_story.hpp"

#include <Poco/Exception.h>

#include <iostream>
#include <string>
#include <utility>
#include <vector>

int main(int argc, char** argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool tells_wallets = !arguments.empty() && arguments.back() == "wallets";
    if (tells_wallets) {
        arguments.pop_back();
    }
    std::string folder = ".run";
    std::string build = ".build/release";
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (i + 1 < arguments.size() && arguments[i] == "--folder") {
            folder = arguments[i + 1];
        } else if (i + 1 < arguments.size() && arguments[i] == "--build") {
            build = arguments[i + 1];
        } else {
            std::cerr << "usage: expohub-demo [--folder FOLDER] [--build FOLDER] [wallets]\n";
            return 2;
        }
    }
    try {
        auto installation = demo::Installation::read(folder, build);
        if (tells_wallets) {
            demo::WalletsStory(std::move(installation)).tell();
        } else {
            demo::Story(std::move(installation)).tell();
        }
        std::cout << "\ndemo: ok" << std::endl;
        return 0;
    } catch (const Poco::Exception& problem) {
        std::cerr << "demo: " << problem.displayText() << std::endl;
    } catch (const std::exception& problem) {
        std::cerr << "demo: " << problem.what() << std::endl;
    }
    return 1;
}
