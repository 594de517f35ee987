// refused: from 'hub::Result<hub::Money>' to 'hub::Money'
#include <hub/money.hpp>

hub::Money read()
{
    auto money = hub::parseDecimal("12.34");
#ifdef WRONG
    return money;
#else
    return money.ok() ? money.value() : hub::Money{};
#endif
}
