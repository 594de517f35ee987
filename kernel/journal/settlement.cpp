#include "journal/settlement.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <array>

namespace hub::journal {

std::uint32_t outcomeOf(hub_status status) noexcept
{
    switch (status) {
    case HUB_OK:
    case HUB_ALREADY_DONE:
        return HUB_OUTCOME_SUCCEEDED;
    case HUB_REJECTED:
    case HUB_BAD_REQUEST:
    case HUB_UNAUTHENTICATED:
    case HUB_NOT_FOUND:
    case HUB_UNSUPPORTED:
        return HUB_OUTCOME_REJECTED;
    case HUB_THROTTLED:
    case HUB_UNAVAILABLE:
    case HUB_INTERNAL:
        return HUB_OUTCOME_NOT_SENT;
    case HUB_PENDING:
        return HUB_OUTCOME_PENDING;
    default:
        return HUB_OUTCOME_UNRESOLVED;
    }
}

std::uint32_t classify(hub_status status, const CallRow& row) noexcept
{
    const std::uint32_t said = outcomeOf(status);
    if (row.state == CallState::Sending) {
        return said == HUB_OUTCOME_NOT_SENT ? std::uint32_t{HUB_OUTCOME_UNRESOLVED} : said;
    }
    if (said == HUB_OUTCOME_UNRESOLVED) {
        return HUB_OUTCOME_NOT_SENT;
    }
    if (row.call.carrier == kBrowser) {
        // Only a signed form is an answer; until it is let out nothing can have left.
        return said == HUB_OUTCOME_PENDING ? std::uint32_t{HUB_OUTCOME_NOT_SENT} : said;
    }
    if (!row.call.safe && (said == HUB_OUTCOME_SUCCEEDED || said == HUB_OUTCOME_PENDING)) {
        return HUB_OUTCOME_NOT_SENT;
    }
    return said;
}

namespace {

/// A connector's own refusal, before the mark, says nothing about an earlier attempt that may
/// have left; only after a query there is none that did.
bool provesRefusal(const CallRow& row, const OperationSpec& spec) noexcept
{
    return row.call.attempt <= 1 || row.state == CallState::Sending || row.call.safe ||
           (row.resolving && spec.after_unknown == AfterUnknown::QueryFirst);
}

} // namespace

Settlement settle(const CallRow& row,
                  const OperationSpec& spec,
                  hub_status status,
                  std::uint32_t retry_after_ms,
                  std::int64_t now_ms)
{
    const std::uint32_t outcome = classify(status, row);
    if (outcome == HUB_OUTCOME_SUCCEEDED ||
        (outcome == HUB_OUTCOME_REJECTED && provesRefusal(row, spec))) {
        return {Settlement::Kind::Final, outcome, 0};
    }
    if (row.resolving) {
        // An earlier attempt may have left: that this one did not proves nothing about it.
        return {Settlement::Kind::KeepResolving,
                row.outcome,
                now_ms + resolveDelayMs(row.resolve_step + 1)};
    }
    if (row.call.attempt > 1 && row.state != CallState::Sending) {
        // Its owner gave it up meanwhile; of the attempts before nothing more is known.
        return {Settlement::Kind::Final, row.outcome, 0};
    }
    if (outcome == HUB_OUTCOME_NOT_SENT) {
        const std::int64_t wait_ms = std::max(redeliverDelayMs(row.call.delivery),
                                              static_cast<std::int64_t>(retry_after_ms));
        const bool again =
            row.call.delivery < spec.deliveries_max && now_ms + wait_ms < row.call.deadline_ms;
        return {again ? Settlement::Kind::Redeliver : Settlement::Kind::Final,
                outcome,
                now_ms + wait_ms};
    }
    if (nextStep(row, spec) == ResolveStep::Nothing) {
        return {Settlement::Kind::Final, outcome, 0};
    }
    return {Settlement::Kind::BeginResolving, outcome, now_ms + resolveDelayMs(0)};
}

ResolveStep nextStep(const CallRow& row, const OperationSpec& spec) noexcept
{
    if (row.released || row.resolves != 0) {
        return ResolveStep::Nothing;
    }
    switch (spec.after_unknown) {
    case AfterUnknown::QueryFirst:
        return spec.resolve ? ResolveStep::Query : ResolveStep::Nothing;
    case AfterUnknown::ResendSameKey:
        return ResolveStep::Resend;
    case AfterUnknown::NeverResend:
        break;
    }
    return ResolveStep::Nothing;
}

std::optional<Verdict> verdictOf(const ResolveSpec& resolve, const std::string& result)
{
    const auto parsed = base::parseJson(result);
    if (!parsed.ok()) {
        return std::nullopt;
    }
    const base::Json::json_pointer pointer(resolve.verdict_pointer);
    if (!parsed.value().contains(pointer) || !parsed.value().at(pointer).is_string()) {
        return std::nullopt;
    }
    const auto found = resolve.verdicts.find(parsed.value().at(pointer).get<std::string>());
    return found == resolve.verdicts.end() ? std::nullopt : std::optional{found->second};
}

std::int64_t resolveDelayMs(std::uint32_t step) noexcept
{
    static constexpr std::array<std::int64_t, 8> kDelays = {
        1000, 2000, 5000, 10000, 30000, 60000, 120000, 300000};
    return kDelays[std::min<std::size_t>(step, kDelays.size() - 1)];
}

std::int64_t redeliverDelayMs(std::uint32_t delivery) noexcept
{
    return std::int64_t{200} << std::min<std::uint32_t>(delivery == 0 ? 0 : delivery - 1, 8);
}

} // namespace hub::journal
