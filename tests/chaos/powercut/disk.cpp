#include "disk.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/stat.h>

namespace powercut {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kPage = 4096;

std::string readFile(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(path.string() + ": can't be read");
    }
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string take(std::istream& log, std::uint64_t size)
{
    std::string bytes(size, '\0');
    log.read(bytes.data(), static_cast<std::streamsize>(size));
    return bytes;
}

void applyTo(std::map<std::string, std::uint64_t>& names,
             const std::string& removed,
             const std::string& added,
             std::uint64_t file)
{
    if (!removed.empty()) {
        names.erase(removed);
    }
    if (!added.empty()) {
        names[added] = file;
    }
}

bool survives(int percent, std::mt19937_64& random)
{
    return std::uniform_int_distribution<int>(0, 99)(random) < percent;
}

} // namespace

Disk::Disk(const fs::path& folder, Picks is_volatile)
    : folder_(folder)
    , is_volatile_(is_volatile)
    , top_(scan(folder))
{}

Disk::Number Disk::scan(const fs::path& path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        throw std::runtime_error(path.string() + ": can't be looked at");
    }
    Node& node = nodes_[status.st_ino];
    node.mode = status.st_mode & 0777U;
    node.is_folder = S_ISDIR(status.st_mode);
    if (node.is_folder) {
        for (const auto& entry : fs::directory_iterator(path)) {
            if (entry.is_directory() || entry.is_regular_file()) {
                node.names[entry.path().filename()] = scan(entry.path());
            }
        }
        node.durable_names = node.names;
    } else {
        node.bytes = node.durable_bytes = readFile(path);
    }
    return status.st_ino;
}

void Disk::replay(const fs::path& log)
{
    std::ifstream file(log, std::ios::binary);
    Record record;
    while (file.read(reinterpret_cast<char*>(&record), sizeof record)) { // NOLINT
        const std::string name = take(file, record.name_length);
        const std::string other_name = take(file, record.other_name_length);
        if (record.kind == Kind::Write) {
            write(record.file, record.offset, take(file, record.size));
        } else {
            apply(record, name, other_name);
        }
        if (!file) {
            throw std::runtime_error(log.string() + ": ends within a record");
        }
    }
}

void Disk::apply(const Record& record, const std::string& name, const std::string& other_name)
{
    switch (record.kind) {
    case Kind::Born: // also a number that is used again
        nodes_[record.file] = Node{};
        nodes_[record.file].is_folder = record.offset != 0;
        nodes_[record.file].mode = static_cast<std::uint32_t>(record.size & 0777U);
        break;
    case Kind::Link:
        change(record.parent, {"", name, record.file});
        break;
    case Kind::Unlink:
        change(record.parent, {name, "", 0});
        break;
    case Kind::Rename:
        rename(record, name, other_name);
        break;
    case Kind::Truncate:
        truncate(node(record.file), record.size);
        break;
    case Kind::Sync:
        sync(node(record.file));
        break;
    case Kind::Mapped:
        node(record.file).mapped = true;
        break;
    case Kind::Write:
        break;
    }
}

Disk::Node& Disk::node(Number file)
{
    const auto [place, is_new] = nodes_.try_emplace(file);
    if (is_new) {
        unknown_.push_back("file " + std::to_string(file) + " was changed and never made");
    }
    return place->second;
}

void Disk::write(Number file, std::uint64_t offset, const std::string& bytes)
{
    ++figures_.writes;
    if (bytes.empty()) {
        return;
    }
    Node& changed = node(file);
    if (changed.bytes.size() < offset + bytes.size()) {
        truncate(changed, offset + bytes.size());
    }
    changed.bytes.replace(offset, bytes.size(), bytes);
    for (std::uint64_t page = offset / kPage; page * kPage < offset + bytes.size(); ++page) {
        changed.unsynced.insert(page);
    }
}

void Disk::truncate(Node& node, std::uint64_t size)
{
    const std::uint64_t before = node.bytes.size();
    node.bytes.resize(size);
    for (std::uint64_t page = std::min(before, size) / kPage; page * kPage < std::max(before, size);
         ++page) {
        node.unsynced.insert(page);
    }
}

void Disk::sync(Node& node)
{
    ++figures_.syncs;
    node.durable_bytes.resize(node.bytes.size());
    for (const std::uint64_t page : node.unsynced) {
        const std::uint64_t begin = page * kPage;
        if (begin < node.bytes.size()) {
            const std::uint64_t size = std::min(kPage, node.bytes.size() - begin);
            node.durable_bytes.replace(begin, size, node.bytes, begin, size);
        }
    }
    node.unsynced.clear();
    node.durable_names = node.names;
    node.unsynced_changes.clear();
}

void Disk::change(Number folder, const Change& change)
{
    Node& changed = node(folder);
    applyTo(changed.names, change.removed, change.added, change.file);
    changed.unsynced_changes.push_back(change);
}

void Disk::rename(const Record& record, const std::string& name, const std::string& other_name)
{
    ++figures_.renames;
    if (record.parent == record.other_parent) {
        change(record.parent, {name, other_name, record.file});
    } else {
        change(record.other_parent, {"", other_name, record.file});
        change(record.parent, {name, "", 0});
    }
}

std::uint64_t Disk::unsyncedPages(const std::string& prefix) const
{
    std::set<Number> files;
    for (const auto& [folder, node] : nodes_) {
        for (const auto& [name, file] : node.names) {
            if (!is_volatile_(name) && name.compare(0, prefix.size(), prefix) == 0) {
                files.insert(file);
            }
        }
    }
    std::uint64_t pages = 0;
    for (const Number file : files) {
        pages += nodes_.at(file).unsynced.size();
    }
    return pages;
}

std::vector<std::string> Disk::escaped() const
{
    std::vector<std::string> sentences = unknown_;
    compare(top_, folder_, sentences);
    return sentences;
}

void Disk::compare(Number folder, const fs::path& path, std::vector<std::string>& sentences) const
{
    Names seen = nodes_.at(folder).names;
    for (const auto& entry : fs::directory_iterator(path)) {
        const std::string name = entry.path().filename();
        const auto known = seen.find(name);
        if (!entry.is_directory() && !entry.is_regular_file()) {
            continue;
        }
        if (known == seen.end()) {
            sentences.push_back(entry.path().string() + " was made unseen");
            continue;
        }
        const Node& node = nodes_.at(known->second);
        if (entry.is_directory()) {
            compare(known->second, entry.path(), sentences);
        } else if (!is_volatile_(name)) {
            if (node.mapped) {
                sentences.push_back(entry.path().string() + " is mapped for writing");
            }
            if (node.bytes != readFile(entry.path())) {
                sentences.push_back(entry.path().string() + " was written unseen");
            }
        }
        seen.erase(known);
    }
    for (const auto& [name, file] : seen) {
        sentences.push_back((path / name).string() + " was removed unseen");
    }
}

void Disk::cut(const Survival& survival) const
{
    for (const auto& entry : fs::directory_iterator(folder_)) {
        fs::remove_all(entry.path());
    }
    std::mt19937_64 random(survival.seed);
    put(top_, folder_, survival.percent, random);
}

void Disk::put(Number folder, const fs::path& path, int percent, std::mt19937_64& random) const
{
    for (const auto& [name, file] : survivingNames(nodes_.at(folder), percent, random)) {
        const Node& node = nodes_.at(file);
        const fs::path place = path / name;
        if (node.is_folder) {
            fs::create_directory(place);
            ::chmod(place.c_str(), node.mode);
            put(file, place, percent, random);
        } else if (!is_volatile_(name)) {
            std::ofstream(place, std::ios::binary) << survivors(node, percent, random);
            ::chmod(place.c_str(), node.mode);
        }
    }
}

std::string Disk::survivors(const Node& node, int percent, std::mt19937_64& random) const
{
    std::string bytes = node.durable_bytes;
    if (node.bytes.size() < bytes.size() && survives(percent, random)) {
        bytes.resize(node.bytes.size()); // a truncation is one change of the size
    }
    for (const std::uint64_t page : node.unsynced) {
        const std::uint64_t begin = page * kPage;
        if (begin >= node.bytes.size() || !survives(percent, random)) {
            continue;
        }
        const std::uint64_t size = std::min(kPage, node.bytes.size() - begin);
        bytes.resize(std::max(bytes.size(), begin + size));
        bytes.replace(begin, size, node.bytes, begin, size);
    }
    return bytes;
}

Disk::Names Disk::survivingNames(const Node& node, int percent, std::mt19937_64& random) const
{
    Names names = node.durable_names;
    const std::size_t changes = node.unsynced_changes.size();
    const std::size_t surviving =
        percent == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, changes)(random);
    for (std::size_t i = 0; i < surviving; ++i) {
        const Change& change = node.unsynced_changes[i];
        applyTo(names, change.removed, change.added, change.file);
    }
    return names;
}

} // namespace powercut
