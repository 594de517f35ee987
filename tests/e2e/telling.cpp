#include "telling.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace demo {

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::milliseconds kLook{100};

} // namespace

void chapter(const std::string& title)
{
    fmt::print("\n{}\n", title);
}

void step(const std::string& who, const std::string& what)
{
    fmt::print("  {:<22} {}\n", who, what);
    std::fflush(stdout);
}

std::string yuan(std::int64_t amount_minor)
{
    return fmt::format("{}.{:02} CNY", amount_minor / 100, amount_minor % 100);
}

void expect(bool holds, const std::string& what)
{
    if (!holds) {
        throw std::runtime_error(what);
    }
}

void await(const std::string& what, const std::function<bool()>& holds)
{
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!holds()) {
        expect(std::chrono::steady_clock::now() < until,
               what + " did not happen in " + std::to_string(kPatience.count()) + " s");
        std::this_thread::sleep_for(kLook); // tidy: allow a person looks ten times a second
    }
}

} // namespace demo
