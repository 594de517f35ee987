// BurstSwap: what an organizer does while payments go on. An account is drained to another one, a
// credential is rotated on both sides, a connector is replaced by a newer version and put back.
#pragma once

#include "burst_load.hpp"
#include "payments_hub.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

/// The libraries of the burst in a folder of their own, so that they can be replaced.
class InstalledLibraries {
public:
    /// From the build; the shipped ones.
    explicit InstalledLibraries(const std::filesystem::path& build);
    ~InstalledLibraries();
    InstalledLibraries(const InstalledLibraries&) = delete;
    InstalledLibraries& operator=(const InstalledLibraries&) = delete;

    /// In place of what is there, as a package manager does it: new files, then the names.
    void installNewer() const;
    void installFormer() const;
    const std::filesystem::path& folder() const noexcept { return folder_; }

private:
    void install(const std::filesystem::path& package) const;

    std::filesystem::path build_;
    std::filesystem::path folder_;
};

class BurstSwap {
public:
    /// Begins when `load` has created so many, on a thread of its own.
    BurstSwap(PaymentsHub& hub,
              const InstalledLibraries& libraries,
              BurstLoad& load,
              std::size_t begin_after);
    ~BurstSwap();
    BurstSwap(const BurstSwap&) = delete;
    BurstSwap& operator=(const BurstSwap&) = delete;

    /// Thread-safe.
    bool isOver() const { return over_; }
    /// When it is over and neither hub nor simulator runs: what came of it. Adds what should not
    /// be to `wrong`. Throws what kept it from its end.
    nlohmann::json judge(const std::filesystem::path& hub_store,
                         const std::filesystem::path& books,
                         std::vector<std::string>& wrong);

private:
    void work();
    void awaitBegin();
    void drain();
    void rotate();
    /// Reloads, and waits until the installed version is past its probation. When it had the work.
    std::int64_t takeOver(const std::string& version);
    void pause();

    PaymentsHub& hub_;
    const InstalledLibraries& libraries_;
    BurstLoad& load_;
    const std::size_t begin_after_;
    std::vector<std::string> open_at_drain_; // numbers
    std::int64_t drained_ms_ = 0;
    std::int64_t newer_from_ms_ = 0;
    std::int64_t newer_until_ms_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::exception_ptr failure_;
    std::atomic<bool> over_{false};
    std::thread thread_;
};

} // namespace bench
