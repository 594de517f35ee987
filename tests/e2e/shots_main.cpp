// expohub-shots: pictures of the checkout in every state, and a check of it in a real browser
// against a running hub; ends with `shots: ok`.

#include "checkout_check.hpp"
#include "scenes.hpp"

#include <Poco/Exception.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace {

namespace fs = std::filesystem;

/// The same page beside its style, without the script that would ask a hub.
std::string standalone(std::string html)
{
    for (const auto& [from, to] : {std::pair<std::string, std::string>{"/static/payments/", ""},
                                   {"<script src=\"checkout.js\" defer></script>\n", ""}}) {
        for (auto at = html.find(from); at != std::string::npos; at = html.find(from)) {
            html.replace(at, from.size(), to);
        }
    }
    return html;
}

void takePictures(const demo::WebDriver& driver, const fs::path& style, const fs::path& folder)
{
    fs::copy_file(style, folder / "checkout.css", fs::copy_options::overwrite_existing);
    std::map<bool, std::unique_ptr<demo::Window>> windows;
    for (const demo::Scene& scene : demo::checkoutScenes()) {
        const fs::path page = fs::absolute(folder / (scene.name + ".html"));
        std::ofstream(page) << standalone(scene.html);
        auto& window = windows[scene.screen.is_phone];
        if (!window) {
            window = std::make_unique<demo::Window>(driver, scene.screen, scene.language);
        }
        window->open("file://" + page.string());
        window->saveWholePage((folder / (scene.name + ".png")).string());
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        std::cerr << "usage: expohub-shots HUB_FOLDER BUILD STYLE PICTURES\n";
        return 2;
    }
    try {
        const fs::path folder = argv[4];
        fs::create_directories(folder);
        const demo::WebDriver driver;
        takePictures(driver, argv[3], folder);
        demo::CheckoutCheck(demo::Installation::read(argv[1], argv[2]), driver, folder.string())
            .run();
        std::cout << "shots: ok, pictures in " << folder.string() << std::endl;
        return 0;
    } catch (const Poco::Exception& problem) {
        std::cerr << "shots: " << problem.displayText() << std::endl;
    } catch (const std::exception& problem) {
        std::cerr << "shots: " << problem.what() << std::endl;
    }
    return 1;
}
