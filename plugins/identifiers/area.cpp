#include "area.hpp"

#include <algorithm>
#include <iterator>

namespace identifiers {

bool isProvince(std::string_view two_digits) noexcept
{
    static constexpr std::string_view kProvinces[] = {
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33",
        "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50",
        "51", "52", "53", "54", "61", "62", "63", "64", "65"};
    return std::binary_search(std::begin(kProvinces), std::end(kProvinces), two_digits);
}

} // namespace identifiers
