// refused: ignoring returned value of type 'hub::Result<hub::Money>'
#include <hub/money.hpp>

int main()
{
    const auto money = hub::parseDecimal("12.34");
#ifdef WRONG
    hub::parseDecimal("12.34");
#endif
    return money.ok() ? 0 : 1;
}
