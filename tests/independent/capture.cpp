// Captures what the shipped connector and the simulator of one provider say to each other.
// usage: independent_capture wechat|unionpay FOLDER

#include "recorder.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>

int main(int count, char** arguments)
{
    const std::string_view provider = count == 3 ? arguments[1] : "";
    if (provider != "wechat" && provider != "unionpay") {
        fmt::print(stderr, "usage: independent_capture wechat|unionpay FOLDER\n");
        return 2;
    }
    try {
        const std::filesystem::path folder = arguments[2];
        provider == "wechat" ? independent::captureWechat(folder)
                             : independent::captureUnionpay(folder);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "independent_capture: {}\n", problem.what());
        return 1;
    }
    return 0;
}
