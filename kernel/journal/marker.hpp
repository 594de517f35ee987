// Marker: remembers across a crash what the lane was running inside a plugin. A mapped file
// without fsync: it guards against a unit that kills the process, not against power cuts. An item
// that ended the hub three times is not run again; it ends as a dead letter or a refusal.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace hub::journal {

/// Told what runs inside a plugin, on the lane's thread.
class RunWatch {
public:
    virtual ~RunWatch() = default;
    virtual void entered(std::string_view item) noexcept = 0;
    virtual void left() noexcept = 0;
};

/// Belongs to the lane's thread.
class Marker {
public:
    /// Opens or makes the file; an item that was running when the last process ended is counted.
    /// An empty path keeps everything in memory (tests, simulation).
    explicit Marker(const std::filesystem::path& file);
    ~Marker();
    Marker(const Marker&) = delete;
    Marker& operator=(const Marker&) = delete;

    /// How often this item ended the process.
    std::uint32_t crashes(std::string_view item) const noexcept;
    void enter(std::string_view item) noexcept;
    /// It came back: its count is forgotten.
    void leave() noexcept;
    /// An operator wants it tried again.
    void forget(std::string_view item) noexcept;
    /// Outlives the marker.
    void watchedBy(RunWatch& watch) noexcept { watch_ = &watch; }

    static constexpr std::uint32_t kCrashesMax = 3;

private:
    struct Entry {
        std::array<unsigned char, 32> digest{};
        std::uint32_t crashes = 0;
        std::uint32_t age = 0; // position of the crash that was counted last
    };
    struct Page {
        std::uint64_t magic = 0;
        std::uint32_t running = 0; // 1: `current` was entered and not left
        std::uint32_t clock = 0;
        std::array<unsigned char, 32> current{};
        std::array<Entry, 128> entries{};
    };

    Entry* find(const std::array<unsigned char, 32>& digest) const noexcept;
    void count() noexcept;

    Page* page_ = nullptr;
    bool mapped_ = false;
    RunWatch* watch_ = nullptr;
};

/// Runs a plugin between enter() and leave().
class MarkerScope {
public:
    MarkerScope(Marker& marker, std::string_view item) noexcept
        : marker_(marker)
    {
        marker_.enter(item);
    }
    ~MarkerScope() { marker_.leave(); }
    MarkerScope(const MarkerScope&) = delete;
    MarkerScope& operator=(const MarkerScope&) = delete;

private:
    Marker& marker_;
};

} // namespace hub::journal
