#include "api/exceptions.hpp"

#include "api/answers.hpp"
#include "flow/deadlines.hpp"

#include <variant>

#include <requests/instant.hpp>

namespace orders {

namespace {

constexpr std::size_t kReasonMax = 500;

Refusal about(const char* code, const char* pointer, Words words)
{
    return {422, code, words, {{pointer, words}}};
}

std::variant<Exception, Refusal> readException(const Work& work,
                                               const std::string& organization_id,
                                               const std::string& until,
                                               const std::string& reason)
{
    const auto until_ms = requests::parseInstant(until);
    if (!until_ms || *until_ms <= work.nowMs()) {
        return about("until_not_in_future",
                     "/until",
                     {"Give a time to come, like 2026-10-25T24:00:00+08:00.",
                      "请填写将来的时间，例如 2026-10-25T24:00:00+08:00。"});
    }
    if (reason.empty() || reason.size() > kReasonMax) {
        return about("reason_missing",
                     "/reason",
                     {"Say in at most 500 bytes why the organization may pay later.",
                      "请说明延期原因（不超过 500 字节）。"});
    }
    if (organization_id.empty()) {
        return about("organization_missing",
                     "/organization_id",
                     {"Name the organization by its id.", "请填写单位编号。"});
    }
    Exception exception;
    exception.exception_id = work.drawId();
    exception.edition = work.edition();
    exception.organization_id = organization_id;
    exception.until_ms = *until_ms;
    exception.reason = reason;
    exception.granted_by = work.principal();
    exception.granted_ms = work.nowMs();
    return exception;
}

Json viewOf(const Exception& exception)
{
    return {{"exception_id", exception.exception_id},
            {"organization_id", exception.organization_id},
            {"until", requests::toRfc3339(exception.until_ms)},
            {"reason", exception.reason},
            {"granted_by", exception.granted_by},
            {"granted_at", requests::toRfc3339(exception.granted_ms)}};
}

/// Who has granted it and why stays in the table: the one may be an operator's name, the other is
/// free text.
void grant(const Work& work, const Exception& exception)
{
    grantUntil(work, exception);
    hub::Publication publication;
    publication.type = "order.deadline_extended";
    publication.key = exception.organization_id;
    publication.edition = exception.edition;
    publication.payload = Json{
        {"exception_id", exception.exception_id},
        {"organization_id", exception.organization_id},
        {"until_ms",
         exception.until_ms}}.dump();
    work.unit().publish(publication);
}

} // namespace

hub::Answer grantException(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto exception = readException(work,
                                         textOf(request.path, "organization_id"),
                                         textOf(request.body, "until"),
                                         textOf(request.body, "reason"));
    if (const auto* refusal = std::get_if<Refusal>(&exception)) {
        return refuse(*refusal);
    }
    grant(work, std::get<Exception>(exception));
    return answered(201, viewOf(std::get<Exception>(exception)));
}

hub::Answer allowLate(const Work& work, const hub::Event& event)
{
    const auto exception = readException(work,
                                         argumentOf(event.payload(), 0),
                                         argumentOf(event.payload(), 1),
                                         argumentOf(event.payload(), 2));
    if (const auto* refusal = std::get_if<Refusal>(&exception)) {
        return refuse(*refusal);
    }
    const Exception& granted = std::get<Exception>(exception);
    grant(work, granted);
    Json rows = Json::array();
    rows.push_back(
        {granted.organization_id, requests::toRfc3339(granted.until_ms), granted.reason});
    return shown(viewOf(granted),
                 Json::array({section("Granted", {"organization", "until", "reason"}, rows)}));
}

} // namespace orders
