#include "mutator.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hub::fuzz {

namespace {

/// Bytes at which readers change their mind.
constexpr char kTellingBytes[] = "\0\x01\x7F\x80\xFF\n\r\t \"'\\/{}[],:;=&%+-.*09AZaz#$()<>?@";
constexpr std::string_view kTelling{kTellingBytes, sizeof kTellingBytes - 1};

constexpr std::array<std::uint64_t, 12> kNumbers = {0,
                                                    1,
                                                    0x7F,
                                                    0x80,
                                                    0xFF,
                                                    0x7FFF,
                                                    0xFFFF,
                                                    0x7FFFFFFF,
                                                    0x80000000,
                                                    0xFFFFFFFF,
                                                    0x7FFFFFFFFFFFFFFF,
                                                    0xFFFFFFFFFFFFFFFF};

constexpr std::size_t kPieceBytesMax = 64;

} // namespace

Mutator::Mutator(std::uint64_t seed, const std::vector<std::string>& others)
    : random_(seed)
    , others_(others)
{}

// The standard's distributions may differ between libraries; the remainder does not.
std::size_t Mutator::below(std::size_t end)
{
    return end == 0 ? 0 : static_cast<std::size_t>(random_() % end);
}

std::string Mutator::mutate(std::string input)
{
    const std::size_t limit = input.size() + kBytesMax;
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
        change(input);
    }
    input.resize(std::min(input.size(), limit));
    return input;
}

void Mutator::change(std::string& input)
{
    if (input.empty()) {
        insertBytes(input);
        return;
    }
    switch (below(7)) {
    case 0:
        flipBit(input);
        break;
    case 1:
        setByte(input);
        break;
    case 2:
        setNumber(input);
        break;
    case 3:
        insertBytes(input);
        break;
    case 4:
        eraseBytes(input);
        break;
    case 5:
        copyWithin(input);
        break;
    default:
        splice(input);
        break;
    }
}

void Mutator::flipBit(std::string& input)
{
    char& byte = input[below(input.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(8)));
}

void Mutator::setByte(std::string& input)
{
    input[below(input.size())] =
        below(2) == 0 ? kTelling[below(kTelling.size())] : static_cast<char>(below(256));
}

void Mutator::setNumber(std::string& input)
{
    const std::size_t size = std::size_t{1} << below(4);
    const std::size_t at = below(input.size());
    const std::uint64_t number = kNumbers[below(kNumbers.size())];
    const bool big_endian = below(2) == 0;
    for (std::size_t i = 0; i < size && at + i < input.size(); ++i) {
        const std::size_t shift = 8 * (big_endian ? size - 1 - i : i);
        input[at + i] = static_cast<char>(number >> shift & 0xFFU);
    }
}

void Mutator::insertBytes(std::string& input)
{
    const std::size_t count = 1 + below(below(8) == 0 ? kPieceBytesMax : 4);
    const char byte = kTelling[below(kTelling.size())];
    input.insert(below(input.size() + 1), count, byte);
}

void Mutator::eraseBytes(std::string& input)
{
    const std::size_t at = below(input.size());
    input.erase(at, 1 + below(below(4) == 0 ? kPieceBytesMax : 4));
}

void Mutator::copyWithin(std::string& input)
{
    const std::string piece = input.substr(below(input.size()), 1 + below(kPieceBytesMax));
    input.insert(below(input.size() + 1), piece);
}

void Mutator::splice(std::string& input)
{
    const std::string& other = others_[below(others_.size())];
    if (other.empty()) {
        return;
    }
    const std::string piece = other.substr(below(other.size()), 1 + below(kPieceBytesMax));
    const std::size_t at = below(input.size() + 1);
    if (below(2) == 0) {
        input.insert(at, piece);
    } else {
        input.replace(at, std::min(piece.size(), input.size() - at), piece);
    }
}

} // namespace hub::fuzz
