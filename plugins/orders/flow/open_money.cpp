#include "flow/open_money.hpp"

#include <map>

namespace orders {

namespace {

bool hasEnded(const std::string& state)
{
    return state == "closed" || state == "expired";
}

} // namespace

OpenMoney openMoneyOf(const Work& work, const Order& order)
{
    std::map<std::string, SeenState> seen;
    for (const SeenPayment& payment : work.money().payments(order.number)) {
        seen[payment.payment_id] = payment.state;
    }
    OpenMoney open;
    const hub::Answer answer = work.unit().ask("payment", "status", order.number, "{}");
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status == HUB_OK && said.is_object()) {
        open.is_undecided = isTrue(said, "undecided");
        for (const Json& payment : itemsOf(said, "payments")) {
            const std::string payment_id = textOf(payment, "payment_id");
            const std::string state = textOf(payment, "state");
            const auto known = seen.find(payment_id);
            // What has paid and is in our table was judged already; what is not comes by event.
            const bool is_judged = known != seen.end() && known->second == SeenState::Paid;
            seen.erase(payment_id);
            if (!hasEnded(state) && !(state == "paid" && is_judged)) {
                open.payments.push_back(payment_id);
            }
        }
    } else {
        // Nobody who owns payments means that nothing is paid here; anything else is doubt.
        open.is_undecided = answer.status != HUB_NOT_FOUND;
    }
    for (const auto& [payment_id, state] : seen) {
        if (state == SeenState::Open) {
            open.payments.push_back(payment_id);
        }
    }
    return open;
}

} // namespace orders
