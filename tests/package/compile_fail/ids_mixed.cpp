// refused: no match for 'operator=='
#include <hub/ids.hpp>

using PaymentId = hub::TypedId<struct Payment>;
using RefundId = hub::TypedId<struct Refund>;

bool isSame(const PaymentId& a, const PaymentId& b, const RefundId& refund)
{
#ifdef WRONG
    return a == refund;
#else
    return a == b && !refund.empty();
#endif
}
