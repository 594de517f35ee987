#include "options.hpp"

#include <charconv>
#include <random>
#include <stdexcept>

namespace chaos {

namespace {

constexpr const char* kUsage =
    "usage: expohub-chaos --build FOLDER [--source FOLDER] [--fault kill] [--rounds N]\n"
    "           [--provider all|alipay|wechat|unionpay] [--store sqlite|postgres]\n"
    "           [--load payments|registration] [--seed N] [--persons N] [--heal-seconds N]\n"
    "           [--switched-build FOLDER] [--steps FAILPOINT,…|CASE] [--weakness NAME]\n"
    "       expohub-chaos --build FOLDER --prove [--weakness NAME] [--switched-build FOLDER]\n"
    "           [--seed N]";

std::uint64_t
readNumber(const std::string& name, const std::string& text, std::uint64_t low, std::uint64_t high)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
        throw std::invalid_argument(name + " is \"" + text + "\", must be a number from " +
                                    std::to_string(low) + " to " + std::to_string(high));
    }
    return value;
}

void readOption(Options& options, const std::string& name, const std::string& value)
{
    constexpr std::uint64_t kSeedMax = 1'000'000'000;
    if (name == "--build") {
        options.build = value;
    } else if (name == "--source") {
        options.source = value;
    } else if (name == "--rounds") {
        options.rounds = static_cast<int>(readNumber(name, value, 1, 10'000));
    } else if (name == "--seed") {
        options.seed = readNumber(name, value, 1, kSeedMax);
    } else if (name == "--persons") {
        options.persons = static_cast<std::int64_t>(readNumber(name, value, 100, 20'000));
    } else if (name == "--store") {
        options.postgres = value == "postgres";
        if (!options.postgres && value != "sqlite") {
            throw std::invalid_argument("--store is \"" + value + "\", must be sqlite or postgres");
        }
    } else if (name == "--load") {
        options.load = value;
    } else if (name == "--provider") {
        options.provider = value;
    } else if (name == "--switched-build") {
        options.switched_build = value;
    } else if (name == "--steps") {
        options.steps = value;
    } else if (name == "--weakness") {
        options.weakness = value;
    } else if (name == "--heal-seconds") {
        options.heal_seconds = static_cast<int>(readNumber(name, value, 1, 600));
    } else if (name == "--fault") {
        options.fault = value;
    } else {
        throw std::invalid_argument(name + " is no option\n" + kUsage);
    }
}

} // namespace

Options readOptions(const std::vector<std::string>& arguments)
{
    Options options;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (arguments[i] == "--prove") {
            options.prove = true;
            --i;
            continue;
        }
        if (i + 1 == arguments.size()) {
            throw std::invalid_argument(arguments[i] + " needs a value\n" + kUsage);
        }
        readOption(options, arguments[i], arguments[i + 1]);
    }
    if (options.build.empty()) {
        throw std::invalid_argument(std::string("--build is missing\n") + kUsage);
    }
    if (options.switched_build.empty()) {
        options.switched_build = std::filesystem::absolute(options.build).parent_path() / "chaos";
    }
    if (options.seed == 0) {
        options.seed = std::random_device{}() % 1'000'000 + 1;
    }
    return options;
}

} // namespace chaos
