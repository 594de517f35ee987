#include "flow/reports.hpp"

#include "domain/ids.hpp"

#include <hub/person.hpp>

#include <string>

#include <requests/answers.hpp>

namespace messaging {

namespace {

using requests::textOf;

enum class Effect { NotOurs, Known, News };

/// By our number; by the provider's when the report lacks ours.
std::optional<Attempt> attemptOf(const Work& work, const Json& report)
{
    const std::string number = textOf(report, "number");
    const std::string provider_number = textOf(report, "provider_number");
    const std::string account{work.event().account()};
    std::optional<Attempt> attempt;
    if (!number.empty()) {
        attempt = work.messages().attempt(number);
    } else if (!provider_number.empty()) {
        attempt = work.messages().attemptAt(account, provider_number);
    }
    const bool fits = attempt && attempt->account == account &&
                      (attempt->provider_number.empty() || provider_number.empty() ||
                       attempt->provider_number == provider_number);
    return fits ? attempt : std::nullopt;
}

/// A purged recipient can't be compared; its number alone has to do.
bool isToRecipient(const Work& work, const Message& message, const Json& report)
{
    return message.recipient_index.empty() ||
           isSame(message.recipient_index,
                  hub::person::blindIndex(work.unit(), kRecipientColumn, textOf(report, "phone")));
}

Effect takeReport(const Work& work, const Json& report)
{
    const auto attempt = attemptOf(work, report);
    auto message = attempt ? work.messages().find(attempt->message_id) : std::nullopt;
    if (!message || !isToRecipient(work, *message, report)) {
        return Effect::NotOurs;
    }
    // A former account has nothing to say about what another one sent.
    const bool is_newest = attempt->ordinal == message->attempts;
    const std::string state = textOf(report, "state");
    if (state == "delivered") {
        return work.advance(*message, MessageCause::ReportedDelivered) ? Effect::News
                                                                       : Effect::Known;
    }
    if (state == "failed" && is_newest) {
        const std::string said = textOf(report, "reason");
        return work.advance(*message, MessageCause::ReportedFailed, said.empty() ? "other" : said)
                   ? Effect::News
                   : Effect::Known;
    }
    return state == "failed" ? Effect::Known : Effect::NotOurs;
}

} // namespace

hub::Answer takeReports(const Work& work, const hub::Event& event)
{
    const Json reading = Json::parse(event.payload(), nullptr, false);
    if (!reading.is_object() || !reading.contains("reports") || !reading.at("reports").is_array()) {
        return {HUB_REJECTED, "the reading holds no reports", "{}", 0};
    }
    int known = 0;
    int news = 0;
    int foreign = 0;
    for (const Json& report : reading.at("reports")) {
        const Effect effect = takeReport(work, report);
        news += effect == Effect::News ? 1 : 0;
        known += effect == Effect::Known ? 1 : 0;
        foreign += effect == Effect::NotOurs ? 1 : 0;
    }
    if (news + known == 0) {
        return {HUB_REJECTED, "no report is about a message of ours", "{}", 0};
    }
    if (foreign > 0) {
        // Refused as a whole, the provider would repeat also what is ours.
        work.unit().host().log(hub::LogLevel::Warning,
                               std::to_string(foreign) +
                                   " reports of one push are about no message of ours");
    }
    return {news > 0 ? HUB_OK : HUB_ALREADY_DONE, news > 0 ? "taken" : "known before", "{}", 0};
}

} // namespace messaging
