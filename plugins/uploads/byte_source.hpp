// Where an uploaded file's bytes come from: readers ask for ranges, so that a large file is never
// whole in memory.
#pragma once

#include "uploads/judged.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace uploads {

/// What readers ask for at once: what a blob gives within a unit.
inline constexpr std::uint64_t kPieceBytes = 64UL * 1024;

/// One file that does not change while it is read. Used by one thread at a time.
class ByteSource {
public:
    virtual ~ByteSource() = default;

    virtual std::uint64_t size() const = 0;

    /// The bytes of a range of at most kPieceBytes; shorter only past the end. An error is the
    /// storage's, not the file's.
    virtual hub::Result<std::string> read(std::uint64_t offset, std::uint64_t size) const = 0;
};

/// Bytes that the caller keeps for as long as this lives.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view bytes)
        : bytes_(bytes)
    {}

    std::uint64_t size() const override { return bytes_.size(); }
    hub::Result<std::string> read(std::uint64_t offset, std::uint64_t size) const override;

private:
    std::string_view bytes_;
};

/// As ByteSource::read, with the range whole: Unreadable when the storage fails or gives less.
Judged<std::string> readRange(const ByteSource& source, std::uint64_t offset, std::uint64_t size);

/// The whole file. FileTooLarge beyond `bytes_max`, Unreadable.
Judged<std::string> readAll(const ByteSource& source, std::uint64_t bytes_max);

} // namespace uploads
