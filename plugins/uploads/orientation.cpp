#include "uploads/orientation.hpp"

#include <cstdint>
#include <optional>

namespace uploads {

namespace {

// Of all of EXIF one number is wanted; a library that reads the rest would be more to attack.
class Tiff {
public:
    explicit Tiff(std::string_view bytes) noexcept
        : bytes_(bytes)
        , is_little_(bytes.starts_with("II"))
    {}

    bool isTiff() const noexcept
    {
        return (is_little_ || bytes_.starts_with("MM")) && number(2, 2) == 42U;
    }

    std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const noexcept
    {
        if (at > bytes_.size() || bytes_.size() - at < size) {
            return std::nullopt;
        }
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t from = is_little_ ? at + size - 1 - i : at + i;
            value = value << 8U | static_cast<unsigned char>(bytes_[from]);
        }
        return value;
    }

private:
    std::string_view bytes_;
    bool is_little_;
};

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;
constexpr std::size_t kEntryBytes = 12;

} // namespace

int readOrientation(std::string_view tiff_bytes) noexcept
{
    const Tiff tiff(tiff_bytes);
    const auto directory = tiff.number(4, 4);
    if (!tiff.isTiff() || !directory) {
        return 1;
    }
    const std::uint32_t count = tiff.number(*directory, 2).value_or(0);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t entry = *directory + 2 + i * kEntryBytes;
        if (tiff.number(entry, 2) == kOrientationTag && tiff.number(entry + 2, 2) == kShortType) {
            const auto value = tiff.number(entry + 8, 2).value_or(1);
            return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
        }
    }
    return 1;
}

} // namespace uploads
