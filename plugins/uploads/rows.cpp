#include "uploads/rows.hpp"

namespace uploads {

std::string cellAddress(std::uint32_t row, std::size_t column)
{
    constexpr std::size_t kLetters = 26;
    std::string letters;
    for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / kLetters) {
        letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % kLetters));
    }
    return letters + std::to_string(row);
}

} // namespace uploads
