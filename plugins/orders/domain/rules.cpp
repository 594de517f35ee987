#include "domain/rules.hpp"

#include <algorithm>

namespace orders {

bool holds(const Json& pack, std::string_view rule)
{
    const Json& off = itemsOf(pack, "rules_off");
    return std::none_of(off.begin(), off.end(), [rule](const Json& item) { return item == rule; });
}

} // namespace orders
