// What a disk would hold after a power cut: files and names as of the last syncs, and of the rest
// what chance lets survive. Built from a folder that counts as durable and the log of what the
// preloaded library saw since. Throws std::runtime_error when folder or log can't be read.
#pragma once

#include "record.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace powercut {

/// What becomes of bytes and names that nobody synced.
struct Survival {
    std::uint64_t seed = 1;
    /// Of every 4 KiB page on its own. Names survive in the order of their changes, up to a random
    /// one of each folder. 0: nothing survives.
    int percent = 0;
};

class Disk {
public:
    /// What is in the folder now is durable. Files that `is_volatile` picks are mapped for writing,
    /// which nobody sees: they are gone after a cut, and may differ.
    using Picks = bool (*)(const std::string& file_name);
    Disk(const std::filesystem::path& folder, Picks is_volatile);

    /// Nobody may write the log meanwhile.
    void replay(const std::filesystem::path& log);

    /// What is in the folder now and did not come through the log, or the other way round.
    std::vector<std::string> escaped() const;

    /// Replaces the folder's content by what survives.
    void cut(const Survival& survival) const;

    struct Figures {
        std::uint64_t writes = 0;
        std::uint64_t syncs = 0;
        std::uint64_t renames = 0;
    };
    const Figures& figures() const noexcept { return figures_; }
    /// At the end of the log: what a cut puts at stake of the files whose names begin so.
    std::uint64_t unsyncedPages(const std::string& prefix = "") const;

private:
    using Number = std::uint64_t;
    /// One change of a folder's names; a rename within a folder is one with two.
    struct Change {
        std::string removed; ///< empty: nothing
        std::string added;   ///< empty: nothing
        Number file = 0;
    };
    using Names = std::map<std::string, Number>;
    struct Node {
        bool is_folder = false;
        std::uint32_t mode = 0600;
        std::string bytes; ///< as a reader of the running system sees them
        std::string durable_bytes;
        std::set<std::uint64_t> unsynced; ///< pages
        Names names;
        Names durable_names;
        std::vector<Change> unsynced_changes;
        bool mapped = false;
    };

    Number scan(const std::filesystem::path& path);
    void apply(const Record& record, const std::string& name, const std::string& other_name);
    Node& node(Number file);
    void write(Number file, std::uint64_t offset, const std::string& bytes);
    void truncate(Node& node, std::uint64_t size);
    void sync(Node& node);
    void change(Number folder, const Change& change);
    void rename(const Record& record, const std::string& name, const std::string& other_name);
    void compare(Number folder,
                 const std::filesystem::path& path,
                 std::vector<std::string>& sentences) const;
    void put(Number folder,
             const std::filesystem::path& path,
             int percent,
             std::mt19937_64& random) const;
    std::string survivors(const Node& node, int percent, std::mt19937_64& random) const;
    Names survivingNames(const Node& node, int percent, std::mt19937_64& random) const;

    std::filesystem::path folder_;
    Picks is_volatile_;
    std::map<Number, Node> nodes_;
    Number top_ = 0;                   ///< after the nodes, which finding it fills
    std::vector<std::string> unknown_; ///< records that fit nothing
    Figures figures_;
};

} // namespace powercut
