// expohub-simulation: runs seeds of the simulation. One seed shows its whole trace; many show
// which failed, and how to see those again.
#include "simulation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hub::simulation;

constexpr const char* kUsage =
    "usage: expohub-simulation [--seed N] [--seeds COUNT] [--from N] [--mutation NAME]\n"
    "  --seed N        one run with its trace\n"
    "  --seeds COUNT   so many runs, 2000 without it, from seed 1 or --from\n"
    "  --mutation NAME a core that is wrong on purpose:\n";

struct Wanted {
    std::optional<std::uint64_t> seed;
    std::uint64_t from = 1;
    std::uint64_t seeds = 2000;
    Mutation mutation = Mutation::None;
};

std::optional<std::uint64_t> toNumber(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional{number}
                                                                    : std::nullopt;
}

std::optional<Wanted> parse(const std::vector<std::string_view>& arguments)
{
    Wanted wanted;
    if (arguments.size() % 2 != 0) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto number = toNumber(arguments[i + 1]);
        if (arguments[i] == "--seed" && number) {
            wanted.seed = number;
        } else if (arguments[i] == "--seeds" && number) {
            wanted.seeds = *number;
        } else if (arguments[i] == "--from" && number) {
            wanted.from = *number;
        } else if (arguments[i] == "--mutation") {
            for (const auto& [mutation, name] : kMutations) {
                wanted.mutation = name == arguments[i + 1] ? mutation : wanted.mutation;
            }
            if (wanted.mutation == Mutation::None) {
                return std::nullopt;
            }
        } else {
            return std::nullopt;
        }
    }
    return wanted;
}

int runOne(ScratchStore& store, std::uint64_t seed, Mutation mutation)
{
    const Outcome outcome = simulate(store, seed, mutation, &std::cout);
    std::cout << fmt::format("seed {}: {} lines, hash {:016x}: {}\n",
                             seed,
                             outcome.lines,
                             outcome.hash,
                             outcome.violation.empty() ? "all held" : outcome.violation);
    return outcome.violation.empty() ? 0 : 1;
}

int runMany(ScratchStore& store, const Wanted& wanted)
{
    const auto began = std::chrono::steady_clock::now();
    std::uint64_t failed = 0;
    for (std::uint64_t seed = wanted.from; seed < wanted.from + wanted.seeds; ++seed) {
        const Outcome outcome = simulate(store, seed, wanted.mutation);
        if (!outcome.violation.empty()) {
            ++failed;
            std::cout << describe(outcome) << '\n';
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << fmt::format(
        "{} seeds in {:.1f} s, {} failed\n", wanted.seeds, took.count(), failed);
    return failed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    const auto wanted = parse(std::vector<std::string_view>(argv + 1, argv + argc));
    if (!wanted) {
        std::cerr << kUsage;
        for (const auto& [mutation, name] : kMutations) {
            std::cerr << "                    " << name << '\n';
        }
        return 2;
    }
    ScratchStore store;
    return wanted->seed ? runOne(store, *wanted->seed, wanted->mutation) : runMany(store, *wanted);
}
