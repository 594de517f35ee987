#include "gzip.hpp"

#include <algorithm>
#include <limits>

#include <zlib.h>

namespace wechat {

namespace {

constexpr int kGzipWindowBits = 15 + 16; // zlib: 16 more says gzip, nothing else
constexpr std::size_t kPieceBytes = 256UL * 1024;

class Inflater {
public:
    Inflater() { is_open_ = inflateInit2(&stream, kGzipWindowBits) == Z_OK; }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater()
    {
        if (is_open_) {
            inflateEnd(&stream);
        }
    }

    bool isOpen() const noexcept { return is_open_; }

    z_stream stream{};

private:
    bool is_open_ = false;
};

hub::Error broken(const char* what)
{
    return hub::Error{HUB_BAD_REQUEST, what};
}

} // namespace

bool isGzip(std::string_view bytes) noexcept
{
    return bytes.starts_with("\x1F\x8B");
}

hub::Result<std::string> unpackGzip(std::string_view bytes, std::size_t bytes_max)
{
    Inflater inflater;
    if (!inflater.isOpen() || bytes.size() > std::numeric_limits<uInt>::max()) {
        return broken("the packed file can't be read");
    }
    std::string input{bytes};
    inflater.stream.next_in = reinterpret_cast<Bytef*>(input.data());
    inflater.stream.avail_in = static_cast<uInt>(input.size());
    std::string out;
    while (true) {
        const std::size_t before = out.size();
        const std::size_t room = std::min(kPieceBytes, bytes_max + 1 - before);
        out.resize(before + room);
        inflater.stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        inflater.stream.avail_out = static_cast<uInt>(room);
        const int verdict = inflate(&inflater.stream, Z_NO_FLUSH);
        out.resize(out.size() - inflater.stream.avail_out);
        if (out.size() > bytes_max) {
            return broken("the packed file holds more than is allowed");
        }
        if (verdict == Z_STREAM_END) {
            if (inflater.stream.avail_in == 0) {
                return out;
            }
            inflateReset(&inflater.stream); // another member follows
        } else if (verdict != Z_OK) {
            return broken("the packed file is broken or cut");
        }
    }
}

} // namespace wechat
