#include "uploads/byte_source.hpp"

#include <algorithm>

namespace uploads {

hub::Result<std::string> MemorySource::read(std::uint64_t offset, std::uint64_t size) const
{
    if (offset >= bytes_.size()) {
        return std::string{};
    }
    return std::string{bytes_.substr(offset, size)};
}

Judged<std::string> readRange(const ByteSource& source, std::uint64_t offset, std::uint64_t size)
{
    auto bytes = source.read(offset, size);
    if (!bytes.ok() || bytes.value().size() != size) {
        return Finding{Code::Unreadable, {}, {}};
    }
    return std::move(bytes).value();
}

Judged<std::string> readAll(const ByteSource& source, std::uint64_t bytes_max)
{
    if (source.size() > bytes_max) {
        return Finding{Code::FileTooLarge, {}, {shownBytes(bytes_max)}};
    }
    std::string all;
    all.reserve(source.size());
    while (all.size() < source.size()) {
        auto piece =
            readRange(source, all.size(), std::min(kPieceBytes, source.size() - all.size()));
        if (!piece.ok()) {
            return piece;
        }
        all += piece.value();
    }
    return all;
}

} // namespace uploads
