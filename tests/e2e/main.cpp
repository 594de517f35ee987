// expohub-demo: tells one payment's story against a running hub; ends with `demo: ok`.

#include "story.hpp"

#include <Poco/Exception.h>

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    std::string folder = ".run";
    std::string build = ".build/release";
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        if (arguments[i] == "--folder") {
            folder = arguments[i + 1];
        } else if (arguments[i] == "--build") {
            build = arguments[i + 1];
        } else {
            std::cerr << "usage: expohub-demo [--folder FOLDER] [--build FOLDER]\n";
            return 2;
        }
    }
    try {
        demo::Story(demo::Installation::read(folder, build)).tell();
        std::cout << "\ndemo: ok" << std::endl;
        return 0;
    } catch (const Poco::Exception& problem) {
        std::cerr << "demo: " << problem.displayText() << std::endl;
    } catch (const std::exception& problem) {
        std::cerr << "demo: " << problem.what() << std::endl;
    }
    return 1;
}
