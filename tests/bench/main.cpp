// expohub-bench [route|route.pipelined|…] [--build FOLDER] [--runs N]: one JSON line per figure.
// Figures mean something for the release preset only.

#include "route.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    std::string name;
    std::string build = ".build/release";
    int runs = 3;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--build" && i + 1 < arguments.size()) {
            build = arguments[++i];
        } else if (arguments[i] == "--runs" && i + 1 < arguments.size()) {
            runs = std::stoi(arguments[++i]);
        } else if (arguments[i].rfind("--", 0) != 0 && name.empty()) {
            name = arguments[i];
        } else {
            std::cerr << "usage: expohub-bench [NAME] [--build FOLDER] [--runs N]\n";
            return 2;
        }
    }
    bool found = false;
    try {
        for (const bench::Scenario& scenario : bench::routeScenarios()) {
            if (scenario.name == name || scenario.name.rfind(name + ".", 0) == 0 || name.empty()) {
                found = true;
                std::cout << bench::measureRoute(build, scenario, runs).dump() << std::endl;
            }
        }
    } catch (const std::exception& problem) {
        std::cerr << "bench: " << problem.what() << std::endl;
        return 1;
    }
    if (!found) {
        std::cerr << "bench: no figure \"" << name << "\"; there are";
        for (const bench::Scenario& scenario : bench::routeScenarios()) {
            std::cerr << " " << scenario.name;
        }
        std::cerr << "\n";
    }
    return found ? 0 : 2;
}
