// ZIP archives of strangers, read one entry at a time under limits. Nothing is ever written to
// where a name of the archive says.
#pragma once

#include "uploads/byte_source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace uploads {

struct ZipLimits {
    std::uint64_t archive_bytes_max = 512UL * 1024 * 1024;
    std::uint32_t entries_max = 6000;
    std::uint64_t entry_bytes_max = 20UL * 1024 * 1024;      // unpacked
    std::uint64_t unpacked_bytes_max = 1024UL * 1024 * 1024; // all entries together
    std::uint64_t ratio_max = 100;                           // unpacked to packed, of an entry
};

/// A plain file of the archive.
struct ZipEntry {
    std::string name; // UTF-8, "/" between folders
    std::uint64_t index = 0;
    std::uint64_t bytes = 0; // unpacked, as the archive's directory says; more are never read
};

/// True for the first bytes of an archive.
bool beginsAsZip(std::string_view head) noexcept;

class ZipArchive;

/// One entry's bytes, piece by piece.
class ZipStream {
public:
    /// At most kPieceBytes; empty at the end. ZipBroken also when the checksum or the size is
    /// wrong, which is known at the end only. Unreadable.
    Judged<std::string> next();

private:
    friend class ZipArchive;
    struct Open;
    struct OpenFree {
        void operator()(Open* open) const noexcept;
    };
    explicit ZipStream(std::unique_ptr<Open, OpenFree> open)
        : open_(std::move(open))
    {}

    std::unique_ptr<Open, OpenFree> open_;
};

/// Used by one thread at a time. The source must outlive it, and it its streams.
class ZipArchive {
public:
    /// Judges every entry of the directory before any is unpacked: FileTooLarge, TrailingData (also
    /// in front, and a comment), and every Zip finding but ZipNested. Folders are left out.
    static Judged<ZipArchive> open(const ByteSource& source, const ZipLimits& limits = {});

    const std::vector<ZipEntry>& entries() const noexcept { return entries_; }
    const ZipEntry* find(std::string_view name) const noexcept;

    Judged<ZipStream> stream(const ZipEntry& entry) const;
    /// The whole entry. ZipNested when it is an archive itself, and as ZipStream::next.
    Judged<std::string> read(const ZipEntry& entry) const;

private:
    struct Handle;
    struct HandleFree {
        void operator()(Handle* handle) const noexcept;
    };
    ZipArchive() = default;

    std::optional<Finding> readDirectory(const ZipLimits& limits);

    std::unique_ptr<Handle, HandleFree> handle_;
    std::vector<ZipEntry> entries_;
};

} // namespace uploads
