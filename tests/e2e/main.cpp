// expohub-demo: tells one payment's story, that of the three wallets, or that of a registration,
// against a running hub; ends with `demo: ok`.

#include "registration_story.hpp"
#include "story.hpp"
#include "wallets_story.hpp"

#include <Poco/Exception.h>

#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr const char* kUsage = "usage: expohub-demo [--folder FOLDER] [--build FOLDER] "
                               "[wallets | registration [--edition 7|4]]\n";

struct Wish {
    std::string folder = ".run";
    std::string build = ".build/release";
    std::string story;
    std::string edition = "7";
};

/// Nothing when the words are no wish.
std::optional<Wish> readWish(const std::vector<std::string>& words)
{
    Wish wish;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool has_value = i + 1 < words.size();
        if (wish.story.empty() && (words[i] == "wallets" || words[i] == "registration")) {
            wish.story = words[i];
        } else if (words[i] == "--folder" && has_value) {
            wish.folder = words[++i];
        } else if (words[i] == "--build" && has_value) {
            wish.build = words[++i];
        } else if (words[i] == "--edition" && has_value && wish.story == "registration") {
            wish.edition = words[++i];
        } else {
            return std::nullopt;
        }
    }
    const bool is_edition = wish.edition == "7" || wish.edition == "4";
    return is_edition ? std::optional(wish) : std::nullopt;
}

void tell(const Wish& wish)
{
    auto installation = demo::Installation::read(wish.folder, wish.build);
    if (wish.story == "wallets") {
        demo::WalletsStory(std::move(installation)).tell();
    } else if (wish.story == "registration") {
        demo::RegistrationStory(std::move(installation), std::stoi(wish.edition)).tell();
    } else {
        demo::Story(std::move(installation)).tell();
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto wish = readWish({argv + 1, argv + argc});
    if (!wish) {
        std::cerr << kUsage;
        return 2;
    }
    try {
        tell(*wish);
        std::cout << "\ndemo: ok" << std::endl;
        return 0;
    } catch (const Poco::Exception& problem) {
        std::cerr << "demo: " << problem.displayText() << std::endl;
    } catch (const std::exception& problem) {
        std::cerr << "demo: " << problem.what() << std::endl;
    }
    return 1;
}
