#include "flow/deadlines.hpp"

#include "domain/rules.hpp"

#include <algorithm>

#include <requests/instant.hpp>

namespace orders {

namespace {

Refusal isOver(std::int64_t deadline_ms)
{
    const std::string when = requests::toShanghai(deadline_ms);
    return {409,
            "payment_deadline_over",
            {"The deadline for payment was " + when +
                 " (Shanghai time). Ask the organizer for an exception; then order again.",
             "付款截止时间为 " + when + "（北京时间），现已截止。如需补办，请联系主办方申请延期。"},
            {},
            std::nullopt,
            {{"deadline_at", requests::toRfc3339(deadline_ms)}}};
}

Refusal isUnreadable()
{
    return {409,
            "payment_deadline_unreadable",
            {"The edition's rule `deadlines.payment` is not a time like "
             "2026-10-20T24:00:00+08:00. Ask the organizer to correct it.",
             "本届规则 `deadlines.payment` 不是有效时间，请联系主办方更正。"}};
}

} // namespace

std::variant<std::int64_t, Refusal>
openDeadlineOf(const Work& work, const Json& pack, const std::string& organization_id)
{
    const Json& deadlines = partOf(pack, "deadlines");
    const bool is_kept = holds(pack, "R-236") && holds(pack, "R-370") && holds(pack, "R-371");
    if (!is_kept || !deadlines.contains("payment")) {
        return 0;
    }
    const auto general_ms = requests::parseInstant(textOf(deadlines, "payment"));
    if (!general_ms) {
        return isUnreadable();
    }
    const std::int64_t deadline_ms =
        std::max(*general_ms, work.money().grantedUntilMs(work.edition(), organization_id));
    if (work.nowMs() >= deadline_ms) {
        return isOver(deadline_ms);
    }
    return deadline_ms;
}

std::int64_t expiryOf(const Order& order, const Settings& settings)
{
    const std::int64_t life_ms = order.created_ms + settings.order_life_ms;
    return order.deadline_ms == 0 ? life_ms : std::min(life_ms, order.deadline_ms);
}

void grantUntil(const Work& work, const Exception& exception)
{
    work.money().insert(exception);
    for (Order& order : work.rows().unpaidOf(exception.edition, exception.organization_id)) {
        if (order.deadline_ms == 0 || order.deadline_ms >= exception.until_ms) {
            continue;
        }
        order.deadline_ms = exception.until_ms;
        order.expires_ms = expiryOf(order, work.settings());
        work.rows().save(order);
        work.schedule(order);
    }
}

} // namespace orders
