#include "uploads/zip_archive.hpp"

#include "uploads/text_coding.hpp"
#include "uploads/zip_frame.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include <zip.h>

namespace uploads {

namespace {

/// What libzip reads from: a ByteSource with a position and the piece last read.
struct Feed {
    const ByteSource* source = nullptr;
    std::uint64_t at = 0;
    std::uint64_t piece_offset = 0;
    std::string piece;
    bool has_failed = false; // the storage, not the archive
    zip_error_t error{};

    zip_int64_t read(char* out, std::uint64_t size);
    zip_int64_t seek(void* arguments, std::uint64_t size);
    zip_int64_t describe(void* out) const;
};

zip_int64_t Feed::read(char* out, std::uint64_t size)
{
    std::uint64_t done = 0;
    while (done < size && at < source->size()) {
        if (at < piece_offset || at >= piece_offset + piece.size()) {
            const std::uint64_t wanted = std::min(kPieceBytes, source->size() - at);
            auto bytes = readRange(*source, at, wanted);
            if (!bytes.ok()) {
                has_failed = true;
                zip_error_set(&error, ZIP_ER_READ, 0);
                return -1;
            }
            piece = std::move(bytes).value();
            piece_offset = at;
        }
        const std::uint64_t from = at - piece_offset;
        const std::uint64_t count = std::min(size - done, piece.size() - from);
        std::memcpy(out + done, piece.data() + from, count);
        done += count;
        at += count;
    }
    return static_cast<zip_int64_t>(done);
}

zip_int64_t Feed::seek(void* arguments, std::uint64_t size)
{
    const auto target = zip_source_seek_compute_offset(at, source->size(), arguments, size, &error);
    if (target < 0) {
        return -1;
    }
    at = static_cast<std::uint64_t>(target);
    return 0;
}

zip_int64_t Feed::describe(void* out) const
{
    auto* stat = static_cast<zip_stat_t*>(out);
    zip_stat_init(stat);
    stat->size = source->size();
    stat->valid = ZIP_STAT_SIZE;
    return sizeof *stat;
}

zip_int64_t feedCommand(void* user, void* data, zip_uint64_t size, zip_source_cmd_t command)
{
    auto& feed = *static_cast<Feed*>(user);
    switch (command) {
    case ZIP_SOURCE_OPEN:
        feed.at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return feed.read(static_cast<char*>(data), size);
    case ZIP_SOURCE_SEEK:
        return feed.seek(data, size);
    case ZIP_SOURCE_TELL:
        return static_cast<zip_int64_t>(feed.at);
    case ZIP_SOURCE_STAT:
        return feed.describe(data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&feed.error, data, size);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    default:
        zip_error_set(&feed.error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

Finding found(Code code, std::string place = {})
{
    return Finding{code, std::move(place), {}};
}

/// Backslashes are what old programs for Windows write.
std::string withSlashes(std::string name)
{
    std::replace(name.begin(), name.end(), '\\', '/');
    return name;
}

bool leadsOut(std::string_view name)
{
    if (name.empty() || name.front() == '/' || (name.size() > 1 && name[1] == ':')) {
        return true;
    }
    return ("/" + std::string{name} + "/").find("/../") != std::string::npos;
}

bool isPlainFile(zip_t* archive, std::uint64_t index)
{
    constexpr std::uint32_t kTypeMask = 0170000;
    constexpr std::uint32_t kPlain = 0100000;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0) {
        return false;
    }
    if (system != ZIP_OPSYS_UNIX && system != ZIP_OPSYS_OS_X) {
        return true;
    }
    const std::uint32_t type = attributes >> 16U & kTypeMask;
    return type == 0 || type == kPlain;
}

/// What the directory says of one entry, against the limits of one entry.
std::optional<Code> judgeStat(const zip_stat_t& stat, const ZipLimits& limits)
{
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    // A small entry of blanks may well be packed to nothing.
    constexpr std::uint64_t kRatioBytesMin = 1024UL * 1024;
    if ((stat.valid & kNeeded) != kNeeded) {
        return Code::ZipBroken;
    }
    if (stat.encryption_method != ZIP_EM_NONE) {
        return Code::ZipEncrypted;
    }
    // The other methods, which nobody's system writes, take much memory to unpack.
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
        return Code::ZipBroken;
    }
    if (stat.size > limits.entry_bytes_max) {
        return Code::ZipTooLarge;
    }
    if (stat.size > kRatioBytesMin && stat.size / limits.ratio_max > stat.comp_size) {
        return Code::ZipRatio;
    }
    return std::nullopt;
}

bool isArchive(std::string_view bytes) noexcept
{
    constexpr std::array<std::string_view, 5> kBegins{"Rar!",
                                                      "7z\xBC\xAF\x27",
                                                      "\x1F\x8B",
                                                      "\xFD"
                                                      "7zXZ",
                                                      "BZh"};
    // The mark of a tar stands in its first block.
    return beginsAsZip(bytes) || (bytes.size() > 262 && bytes.substr(257, 5) == "ustar") ||
           std::any_of(kBegins.begin(), kBegins.end(), [bytes](std::string_view begin) {
               return bytes.starts_with(begin);
           });
}

} // namespace

struct ZipArchive::Handle {
    Feed feed;
    zip_t* archive = nullptr;
};

struct ZipStream::Open {
    zip_file_t* file = nullptr;
    const Feed* feed = nullptr;
    std::string name;
    std::uint64_t bytes_left = 0;
};

void ZipArchive::HandleFree::operator()(Handle* handle) const noexcept
{
    if (handle->archive != nullptr) {
        zip_discard(handle->archive);
    }
    zip_error_fini(&handle->feed.error);
    delete handle;
}

void ZipStream::OpenFree::operator()(Open* open) const noexcept
{
    zip_fclose(open->file);
    delete open;
}

bool beginsAsZip(std::string_view head) noexcept
{
    return head.starts_with(std::string_view{"PK\x03\x04", 4}) ||
           head.starts_with(std::string_view{"PK\x05\x06", 4});
}

Judged<ZipArchive> ZipArchive::open(const ByteSource& source, const ZipLimits& limits)
{
    if (source.size() > limits.archive_bytes_max) {
        return Finding{Code::FileTooLarge, {}, {shownBytes(limits.archive_bytes_max)}};
    }
    if (auto finding = judgeZipFrame(source, limits.entries_max)) {
        return std::move(*finding);
    }
    ZipArchive opened;
    opened.handle_.reset(new Handle);
    Feed& feed = opened.handle_->feed;
    feed.source = &source;
    zip_error_t error{};
    zip_error_init(&error);
    zip_source_t* zip_source = zip_source_function_create(&feedCommand, &feed, &error);
    if (zip_source != nullptr) {
        opened.handle_->archive = zip_open_from_source(zip_source, ZIP_RDONLY, &error);
        if (opened.handle_->archive == nullptr) {
            zip_source_free(zip_source);
        }
    }
    zip_error_fini(&error);
    if (opened.handle_->archive == nullptr) {
        return found(feed.has_failed ? Code::Unreadable : Code::ZipBroken);
    }
    if (auto finding = opened.readDirectory(limits)) {
        return std::move(*finding);
    }
    return opened;
}

std::optional<Finding> ZipArchive::readDirectory(const ZipLimits& limits)
{
    zip_t* archive = handle_->archive;
    std::set<std::string, std::less<>> names;
    std::uint64_t unpacked = 0;
    const auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive, 0));
    for (std::uint64_t index = 0; index < count; ++index) {
        zip_stat_t stat{};
        const char* raw_name = zip_get_name(archive, index, ZIP_FL_ENC_RAW);
        if (raw_name == nullptr || zip_stat_index(archive, index, 0, &stat) != 0) {
            return found(Code::ZipBroken);
        }
        auto decoded = toUtf8(raw_name);
        if (!decoded.ok()) {
            return found(Code::ZipName);
        }
        std::string name = withSlashes(std::move(decoded).value());
        if (leadsOut(name)) {
            return found(Code::ZipPath, shown(name));
        }
        if (name.ends_with('/')) {
            continue;
        }
        if (!isPlainFile(archive, index)) {
            return found(Code::ZipLink, shown(name));
        }
        if (const auto code = judgeStat(stat, limits)) {
            return Finding{*code, shown(name), {shownBytes(limits.entry_bytes_max)}};
        }
        unpacked += stat.size;
        if (unpacked > limits.unpacked_bytes_max) {
            return Finding{Code::ZipTooLarge, {}, {shownBytes(limits.unpacked_bytes_max)}};
        }
        if (!names.insert(name).second) {
            return found(Code::ZipTwice, shown(name));
        }
        entries_.push_back({std::move(name), index, stat.size});
    }
    return std::nullopt;
}

const ZipEntry* ZipArchive::find(std::string_view name) const noexcept
{
    const auto entry = std::find_if(
        entries_.begin(), entries_.end(), [name](const ZipEntry& e) { return e.name == name; });
    return entry == entries_.end() ? nullptr : &*entry;
}

Judged<ZipStream> ZipArchive::stream(const ZipEntry& entry) const
{
    zip_file_t* file = zip_fopen_index(handle_->archive, entry.index, 0);
    if (file == nullptr) {
        const bool has_failed = handle_->feed.has_failed;
        return found(has_failed ? Code::Unreadable : Code::ZipBroken, shown(entry.name));
    }
    std::unique_ptr<ZipStream::Open, ZipStream::OpenFree> open{new ZipStream::Open};
    open->file = file;
    open->feed = &handle_->feed;
    open->name = entry.name;
    open->bytes_left = entry.bytes;
    return ZipStream{std::move(open)};
}

Judged<std::string> ZipStream::next()
{
    std::string piece(kPieceBytes, '\0');
    const auto size = zip_fread(open_->file, piece.data(), piece.size());
    // More than the directory promised would be what no limit was asked about.
    if (size < 0 || static_cast<std::uint64_t>(size) > open_->bytes_left ||
        (size == 0 && open_->bytes_left > 0)) {
        return found(open_->feed->has_failed ? Code::Unreadable : Code::ZipBroken,
                     shown(open_->name));
    }
    open_->bytes_left -= static_cast<std::uint64_t>(size);
    piece.resize(static_cast<std::size_t>(size));
    return piece;
}

Judged<std::string> ZipArchive::read(const ZipEntry& entry) const
{
    auto opened = stream(entry);
    if (!opened.ok()) {
        return opened.finding();
    }
    std::string all;
    while (true) {
        auto piece = opened.value().next();
        if (!piece.ok()) {
            return piece;
        }
        if (piece.value().empty()) {
            return all;
        }
        all += piece.value();
        if (all.size() == piece.value().size() && isArchive(all)) {
            return found(Code::ZipNested, shown(entry.name));
        }
    }
}

} // namespace uploads
