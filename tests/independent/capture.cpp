// Captures what the shipped connector and the simulator of one provider say to each other.
// usage: independent_capture aliyun|unionpay|wechat FOLDER

#include "recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string_view>
#include <utility>

namespace {

constexpr std::pair<std::string_view, void (*)(const std::filesystem::path&)> kCaptures[] = {
    {"aliyun", independent::captureAliyun},
    {"unionpay", independent::captureUnionpay},
    {"wechat", independent::captureWechat},
};

} // namespace

int main(int count, char** arguments)
{
    const std::string_view provider = count == 3 ? arguments[1] : "";
    const auto capture = std::find_if(std::begin(kCaptures),
                                      std::end(kCaptures),
                                      [&](const auto& one) { return one.first == provider; });
    if (capture == std::end(kCaptures)) {
        fmt::print(stderr, "usage: independent_capture aliyun|unionpay|wechat FOLDER\n");
        return 2;
    }
    try {
        capture->second(arguments[2]);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "independent_capture: {}\n", problem.what());
        return 1;
    }
    return 0;
}
