#include "uploads/picture_frame.hpp"

#include "uploads/orientation.hpp"

#include <zlib.h>

namespace uploads {

namespace {

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1A\n";

Finding broken()
{
    return Finding{Code::PictureBroken, {}, {}};
}

std::uint32_t bigEndian(std::string_view bytes) noexcept
{
    std::uint32_t value = 0;
    for (const char c : bytes) {
        value = value << 8U | static_cast<unsigned char>(c);
    }
    return value;
}

// T.81 table B.1.
constexpr unsigned kEnd = 0xD9;
constexpr unsigned kScan = 0xDA;
constexpr unsigned kApplication1 = 0xE1;

bool isRestart(unsigned marker) noexcept
{
    return marker >= 0xD0 && marker <= 0xD7;
}

/// SOF0 to SOF15 without DHT, JPG and DAC, which lie between them.
bool isFrameHeader(unsigned marker) noexcept
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

class JpegWalk {
public:
    explicit JpegWalk(std::string_view bytes) noexcept
        : rest_(bytes.substr(2))
    {
        frame_.format = PictureFormat::Jpeg;
    }

    Judged<PictureFrame> run()
    {
        while (true) {
            const unsigned marker = takeMarker();
            if (marker == kEnd && has_frame_ && has_scan_) {
                return rest_.empty() ? Judged<PictureFrame>{frame_}
                                     : Judged<PictureFrame>{Finding{Code::TrailingData, {}, {}}};
            }
            // 0 is none; a second start and a stray restart or end mark are no segments.
            if (marker < 0xC0 || isRestart(marker) || marker == 0xD8 || marker == kEnd ||
                !takeSegment(marker)) {
                return broken();
            }
            if (components_ == 4) {
                return Finding{Code::PictureCmyk, {}, {}};
            }
        }
    }

private:
    unsigned takeMarker() noexcept
    {
        if (rest_.size() < 2 || rest_.front() != '\xFF') {
            return 0;
        }
        while (rest_.size() >= 2 && rest_[1] == '\xFF') { // fill bytes
            rest_.remove_prefix(1);
        }
        if (rest_.size() < 2) {
            return 0;
        }
        const auto marker = static_cast<unsigned char>(rest_[1]);
        rest_.remove_prefix(2);
        return marker;
    }

    bool takeSegment(unsigned marker) noexcept
    {
        const std::size_t length = rest_.size() < 2 ? 0 : bigEndian(rest_.substr(0, 2));
        if (length < 2 || length > rest_.size()) {
            return false;
        }
        const std::string_view body = rest_.substr(2, length - 2);
        rest_.remove_prefix(length);
        if (isFrameHeader(marker)) {
            return takeFrame(marker, body);
        }
        if (marker == kApplication1 && body.starts_with(std::string_view{"Exif\0\0", 6})) {
            frame_.orientation = readOrientation(body.substr(6));
        }
        if (marker == kScan) {
            has_scan_ = true;
            skipScan();
        }
        return true;
    }

    bool takeFrame(unsigned marker, std::string_view body) noexcept
    {
        if (has_frame_ || body.size() < 6) {
            return false;
        }
        has_frame_ = true;
        frame_.height = bigEndian(body.substr(1, 2));
        frame_.width = bigEndian(body.substr(3, 2));
        frame_.is_progressive = marker == 0xC2;
        components_ = static_cast<unsigned char>(body[5]);
        // Height 0 would be told by a later DNL segment, which no camera writes.
        return frame_.width > 0 && frame_.height > 0;
    }

    /// Up to the next marker that is no restart; a stuffed FF 00 is data.
    void skipScan() noexcept
    {
        while (rest_.size() >= 2) {
            const std::size_t mark = rest_.find('\xFF');
            if (mark == std::string_view::npos || mark + 1 >= rest_.size()) {
                rest_ = {};
                return;
            }
            const auto next = static_cast<unsigned char>(rest_[mark + 1]);
            if (next != 0 && next != 0xFF && !isRestart(next)) {
                rest_.remove_prefix(mark);
                return;
            }
            rest_.remove_prefix(mark + (next == 0xFF ? 1 : 2));
        }
        rest_ = {};
    }

    std::string_view rest_;
    PictureFrame frame_;
    unsigned components_ = 0;
    bool has_frame_ = false;
    bool has_scan_ = false;
};

struct PngChunk {
    std::string_view type;
    std::string_view body;
};

/// False when there is no whole chunk, or its checksum is wrong.
bool takeChunk(std::string_view& rest, PngChunk& chunk) noexcept
{
    constexpr std::size_t kOverhead = 12; // length, type, checksum
    if (rest.size() < kOverhead) {
        return false;
    }
    const std::size_t length = bigEndian(rest.substr(0, 4));
    if (length > rest.size() - kOverhead) {
        return false;
    }
    const std::string_view checked = rest.substr(4, length + 4);
    const auto checksum =
        crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
    if (checksum != bigEndian(rest.substr(length + 8, 4))) {
        return false;
    }
    chunk = {checked.substr(0, 4), checked.substr(4)};
    rest.remove_prefix(length + kOverhead);
    return true;
}

Judged<PictureFrame> readPng(std::string_view bytes)
{
    constexpr std::size_t kHeaderBytes = 13;
    std::string_view rest = bytes.substr(kPngSignature.size());
    PngChunk chunk;
    if (!takeChunk(rest, chunk) || chunk.type != "IHDR" || chunk.body.size() != kHeaderBytes) {
        return broken();
    }
    PictureFrame frame;
    frame.format = PictureFormat::Png;
    frame.width = bigEndian(chunk.body.substr(0, 4));
    frame.height = bigEndian(chunk.body.substr(4, 4));
    frame.is_progressive = chunk.body[12] != 0;
    while (takeChunk(rest, chunk)) {
        if (chunk.type == "IEND") {
            return rest.empty() ? Judged<PictureFrame>{frame}
                                : Judged<PictureFrame>{Finding{Code::TrailingData, {}, {}}};
        }
        if (chunk.type == "acTL") {
            return Finding{Code::PictureAnimated, {}, {}};
        }
        if (chunk.type == "eXIf") {
            frame.orientation = readOrientation(chunk.body);
        }
    }
    return broken();
}

} // namespace

bool beginsAsJpeg(std::string_view head) noexcept
{
    return head.starts_with("\xFF\xD8\xFF");
}

bool beginsAsPng(std::string_view head) noexcept
{
    return head.starts_with(kPngSignature);
}

Judged<PictureFrame> readPictureFrame(std::string_view bytes)
{
    if (beginsAsJpeg(bytes)) {
        return JpegWalk(bytes).run();
    }
    return beginsAsPng(bytes) ? readPng(bytes) : Judged<PictureFrame>{broken()};
}

} // namespace uploads
