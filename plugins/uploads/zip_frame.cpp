#include "uploads/zip_frame.hpp"

#include "uploads/zip_archive.hpp"

#include <algorithm>

namespace uploads {

namespace {

constexpr std::uint64_t kEndBytes = 22;
constexpr std::string_view kEndMark{"PK\x05\x06", 4};
// Names and extra fields of one entry may take 128 KiB; those of real ones do not.
constexpr std::uint64_t kDirectoryBytesPerEntry = 1024;

class EndRecord {
public:
    explicit EndRecord(std::string_view bytes)
        : bytes_(bytes)
    {}

    std::uint64_t disk() const { return number(4, 2) + number(6, 2); }
    std::uint64_t entries() const { return number(10, 2); }
    std::uint64_t directoryBytes() const { return number(12, 4); }
    std::uint64_t directoryOffset() const { return number(16, 4); }
    std::uint64_t commentBytes() const { return number(20, 2); }

private:
    std::uint64_t number(std::size_t at, std::size_t size) const
    {
        std::uint64_t value = 0;
        for (std::size_t i = size; i > 0; --i) {
            value = value << 8U | static_cast<unsigned char>(bytes_[at + i - 1]);
        }
        return value;
    }

    std::string_view bytes_;
};

/// Near its end: what stands behind it is a comment at best.
bool hasEndMark(const ByteSource& source)
{
    const std::uint64_t size = std::min(kPieceBytes, source.size());
    const auto bytes = readRange(source, source.size() - size, size);
    const std::size_t mark = bytes.ok() ? bytes.value().find(kEndMark) : std::string::npos;
    return mark != std::string::npos && size - mark > kEndBytes; // whole, and not the last
}

} // namespace

std::optional<Finding> judgeZipFrame(const ByteSource& source, std::uint32_t entries_max)
{
    const Finding trailing{Code::TrailingData, {}, {}};
    const Finding broken{Code::ZipBroken, {}, {}};
    if (source.size() < kEndBytes) {
        return broken;
    }
    const std::uint64_t end_offset = source.size() - kEndBytes;
    const auto head = readRange(source, 0, kEndMark.size());
    const auto tail = readRange(source, end_offset, kEndBytes);
    if (!head.ok() || !tail.ok()) {
        return Finding{Code::Unreadable, {}, {}};
    }
    if (!beginsAsZip(head.value())) {
        return broken;
    }
    const EndRecord end(tail.value());
    if (!tail.value().starts_with(kEndMark)) {
        return hasEndMark(source) ? trailing : broken;
    }
    if (end.disk() != 0 || end.directoryOffset() > end_offset) {
        return broken;
    }
    if (end.commentBytes() != 0 || end.directoryOffset() + end.directoryBytes() != end_offset) {
        return trailing;
    }
    if (end.entries() > entries_max) {
        return Finding{Code::ZipEntries, {}, {std::to_string(entries_max)}};
    }
    return end.directoryBytes() > end.entries() * kDirectoryBytesPerEntry ? std::optional{broken}
                                                                          : std::nullopt;
}

} // namespace uploads
