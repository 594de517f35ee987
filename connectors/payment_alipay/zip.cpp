#include "zip.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include <zlib.h>

namespace alipay {

namespace {

using hub::Error;
using hub::Result;

// APPNOTE.TXT 4.3: the records' signatures and lengths without their variable parts.
constexpr std::string_view kLocalMark{"PK\x03\x04", 4};
constexpr std::string_view kEntryMark{"PK\x01\x02", 4};
constexpr std::string_view kEndMark{"PK\x05\x06", 4};
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kMembersMax = 64;

constexpr unsigned kEncrypted = 1;
constexpr std::size_t kStored = 0;
constexpr std::size_t kDeflated = 8;

Error broken(std::string_view what)
{
    return Error{HUB_BAD_REQUEST, "the ZIP archive " + std::string{what}};
}

/// Little-endian; the caller has checked that the bytes are there.
std::size_t numberAt(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::size_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
        number |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + i])) << 8U * i;
    }
    return number;
}

struct Entry {
    std::string_view name;
    unsigned flags = 0;
    std::size_t method = 0;
    std::size_t checksum = 0;
    std::size_t packed = 0;
    std::size_t size = 0;
    std::size_t offset = 0; // of the local header
};

/// Reads the entry that the directory begins with and cuts it off.
std::optional<Entry> takeEntry(std::string_view& directory)
{
    if (directory.size() < kEntryBytes || !directory.starts_with(kEntryMark)) {
        return std::nullopt;
    }
    const std::size_t name_size = numberAt(directory, 28, 2);
    const std::size_t size =
        kEntryBytes + name_size + numberAt(directory, 30, 2) + numberAt(directory, 32, 2);
    if (size > directory.size()) {
        return std::nullopt;
    }
    const Entry entry{directory.substr(kEntryBytes, name_size),
                      static_cast<unsigned>(numberAt(directory, 8, 2)),
                      numberAt(directory, 10, 2),
                      numberAt(directory, 16, 4),
                      numberAt(directory, 20, 4),
                      numberAt(directory, 24, 4),
                      numberAt(directory, 42, 4)};
    directory.remove_prefix(size);
    return entry;
}

/// The member's bytes as they lie in the archive; the sizes of the directory count, because those
/// of the local header may be zero.
std::optional<std::string_view> packedBytes(std::string_view archive, const Entry& entry)
{
    if (entry.offset > archive.size() || archive.size() - entry.offset < kLocalBytes ||
        !archive.substr(entry.offset).starts_with(kLocalMark)) {
        return std::nullopt;
    }
    const std::string_view local = archive.substr(entry.offset);
    const std::size_t head = kLocalBytes + numberAt(local, 26, 2) + numberAt(local, 28, 2);
    if (head > local.size() || entry.packed > local.size() - head) {
        return std::nullopt;
    }
    return local.substr(head, entry.packed);
}

/// False unless the stream ends exactly after `out.size()` bytes and `packed` is used up.
bool inflateInto(std::string_view packed, std::string& out)
{
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        return false;
    }
    std::string bytes(packed); // zlib's interface wants them writable
    char beyond = 0;           // so that an empty member has a place to write to
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.empty() ? &beyond : out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = inflate(&stream, Z_FINISH);
    const bool is_whole = ended == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
    inflateEnd(&stream);
    return is_whole;
}

Result<ZipMember> unpack(std::string_view archive, const Entry& entry)
{
    const auto packed = packedBytes(archive, entry);
    if (!packed) {
        return broken("places a member outside of itself");
    }
    if ((entry.flags & kEncrypted) != 0 || (entry.method != kStored && entry.method != kDeflated)) {
        return broken("has a member that is encrypted or packed in an unknown way");
    }
    ZipMember member{std::string{entry.name}, {}};
    if (entry.method == kStored) {
        member.content = *packed;
    } else {
        member.content.resize(entry.size);
        if (!inflateInto(*packed, member.content)) {
            return broken("has a member that can't be unpacked");
        }
    }
    const auto checksum = crc32(0,
                                reinterpret_cast<const Bytef*>(member.content.data()),
                                static_cast<uInt>(member.content.size()));
    if (member.content.size() != entry.size || checksum != entry.checksum) {
        return broken("has a member with another checksum or size");
    }
    return member;
}

/// The central directory and how many entries it states.
std::optional<std::pair<std::string_view, std::size_t>> findDirectory(std::string_view archive)
{
    const auto end = archive.rfind(kEndMark);
    if (end == std::string_view::npos || archive.size() - end < kEndBytes) {
        return std::nullopt;
    }
    const std::size_t count = numberAt(archive, end + 10, 2);
    const std::size_t size = numberAt(archive, end + 12, 4);
    const std::size_t offset = numberAt(archive, end + 16, 4);
    if (offset > end || size > end - offset) {
        return std::nullopt;
    }
    return std::pair{archive.substr(offset, size), count};
}

} // namespace

Result<std::vector<ZipMember>> readZip(std::string_view archive, std::size_t bytes_max)
{
    auto directory = findDirectory(archive);
    if (!directory || directory->second > kMembersMax) {
        return broken("has no directory that can be read");
    }
    std::vector<ZipMember> members;
    for (std::size_t i = 0; i < directory->second; ++i) {
        const auto entry = takeEntry(directory->first);
        if (!entry) {
            return broken("has no directory that can be read");
        }
        if (entry->size > bytes_max) {
            return broken("holds more than this hub takes");
        }
        bytes_max -= entry->size;
        auto member = unpack(archive, *entry);
        if (!member.ok()) {
            return member.error();
        }
        members.push_back(std::move(member).value());
    }
    return members;
}

} // namespace alipay
