#include "killer.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>

#include <poll.h>

namespace chaos {

namespace {

constexpr std::int64_t kLoadPerRound = 45; ///< acknowledged requests before the next kill
constexpr Milliseconds kLoadLimit{20'000};
constexpr Milliseconds kHubReturnMax{5'000}; ///< the promise: healthy again after a kill -9
constexpr Milliseconds kReturnLimit{40'000}; ///< after this the run makes no sense any more
constexpr int kSecondKillShare = 25;         ///< percent of hub kills that are followed at once

} // namespace

Killer::Killer(const Installation& installation, const Workload& load, std::uint64_t seed)
    : installation_(installation)
    , load_(load)
    , random_(seed)
{}

/// Pairs of hub and connector in random order, a subscriber somewhere among every five: whatever
/// the number of rounds, every kind gets its share.
Victim Killer::draw()
{
    constexpr int kPairs = 5;
    if (deck_.empty()) {
        for (int pair = 0; pair < kPairs; ++pair) {
            const bool hub_first = std::uniform_int_distribution<int>(0, 1)(random_) == 1;
            deck_.push_back(hub_first ? Victim::Connector : Victim::Hub);
            deck_.push_back(hub_first ? Victim::Hub : Victim::Connector);
        }
        const auto place = std::uniform_int_distribution<std::ptrdiff_t>(0, 2 * kPairs)(random_);
        deck_.insert(deck_.begin() + place, Victim::Subscriber);
    }
    const Victim victim = deck_.back();
    deck_.pop_back();
    return victim;
}

void Killer::round(int number)
{
    const Victim victim = draw();
    story_ = "round " + std::to_string(number) + ":";
    const std::int64_t loaded = load_.await(kLoadPerRound, kLoadLimit);
    if (loaded < kLoadPerRound) {
        story_ += " only " + std::to_string(loaded) + " acknowledged in " +
                  std::to_string(kLoadLimit.count()) + " ms,";
    }
    const bool again = std::uniform_int_distribution<int>(0, 99)(random_) < kSecondKillShare;
    bool killed = kill(victim);
    if (killed && victim == Victim::Hub && again) {
        killed = kill(victim); // while it starts or picks up its work
    }
    if (killed) {
        awaitReturn(victim);
    } else {
        kills_.failures.push_back("round " + std::to_string(number) + ": no " + toText(victim) +
                                  " was running");
    }
    std::cout << story_ << std::endl;
}

bool Killer::kill(Victim victim)
{
    const int delay_ms = std::uniform_int_distribution<int>(5, 500)(random_);
    ::poll(nullptr, 0, delay_ms);
    pid_t process = 0;
    const bool found = waitUntil(kReturnLimit, [&] {
        process = installation_.processOf(victim);
        return process != 0 && process != killed_;
    });
    if (!found) {
        return false;
    }
    ::kill(process, SIGKILL);
    killed_ = process;
    killed_at_ = Clock::now();
    ++kills_.count[static_cast<std::size_t>(victim)];
    story_ += std::string(" ") + toText(victim) + " killed,";
    return true;
}

void Killer::awaitReturn(Victim victim)
{
    const bool back = waitUntil(
        kReturnLimit,
        [&] {
            const pid_t now = installation_.processOf(victim);
            return now != 0 && now != killed_ &&
                   (victim != Victim::Hub || installation_.isHealthy());
        },
        Milliseconds{10});
    const Milliseconds took = since(killed_at_);
    story_ += " back after " + std::to_string(took.count()) + " ms";
    if (victim == Victim::Hub) {
        kills_.longest_hub = std::max(kills_.longest_hub, took);
    } else if (victim == Victim::Connector) {
        kills_.longest_connector = std::max(kills_.longest_connector, took);
    }
    if (!back || (victim == Victim::Hub && took > kHubReturnMax)) {
        kills_.failures.push_back(std::string(toText(victim)) + " took " +
                                  std::to_string(took.count()) + " ms to come back");
    }
}

} // namespace chaos
