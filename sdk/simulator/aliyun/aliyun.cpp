#include "aliyun/aliyun.hpp"

#include "aliyun/codes.hpp"
#include "aliyun/gateway.hpp"
#include "aliyun/messages.hpp"
#include "aliyun/settings.hpp"
#include "core/crypto.hpp"
#include "core/tradeless_provider.hpp"

#include <utility>

namespace hub::simulator::aliyun {

namespace {

/// "12345678-…", as the provider's numbers of requests look.
std::string newRequestId()
{
    std::string id;
    for (const std::size_t part : {8U, 4U, 4U, 4U, 12U}) {
        id += (id.empty() ? "" : "-") + randomDigits(part);
    }
    return id;
}

std::string textOf(const Json& body, const char* name)
{
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

class Aliyun final : public TradelessProvider {
public:
    Aliyun(Settings settings, Surroundings surroundings)
        : settings_(std::move(settings))
        , with_(std::move(surroundings))
        , gateway_(settings_)
        , messages_(settings_, with_)
    {}

    std::string_view name() const override { return "aliyun"; }
    bool serves(const HttpMessage& message) const override { return isOurs(message); }
    Call read(const HttpMessage& message) const override { return gateway_.read(message); }
    Answer book(const Call& call) override
    {
        return call.method == kSend ? messages_.send(call) : messages_.query(call);
    }
    Answer refuse(const Call&, const ScriptedRefusal& scripted) const override
    {
        return refusal(scripted.code, scripted.sub_code, scripted.status);
    }
    Reply render(const Call& call, const Answer& answer, Distortion distortion) const override;

    OutMessage renderNotification(const Notification& notification,
                                  const Json& replaced,
                                  Distortion distortion) const override;
    bool isAcknowledgement(int http_status, std::string_view body) const override
    {
        const Json said = Json::parse(body, nullptr, false);
        return http_status == 200 && said.is_object() && said.value("code", Json()) == 0;
    }
    const std::vector<std::int64_t>& notifyPausesMs() const override
    {
        return settings_.report_pauses_ms;
    }
    Result<Json> command(std::string_view word, const Json& body) override;

private:
    const Settings settings_;
    const Surroundings with_;
    const Gateway gateway_;
    Messages messages_;
};

/// Answers are not signed, so no distortion changes them.
Reply Aliyun::render(const Call&, const Answer& answer, Distortion) const
{
    Json fields{{"RequestId", newRequestId()}};
    fields.update(answer.fields);
    const auto spelling = settings_.spellings.find(answer.code);
    if (spelling != settings_.spellings.end()) {
        fields["Code"] = spelling->second;
    }
    return {.status = answer.status,
            .content_type = "application/json;charset=utf-8",
            .body = fields.dump()};
}

OutMessage
Aliyun::renderNotification(const Notification& notification, const Json& replaced, Distortion) const
{
    Json report = Json::parse(notification.fields);
    report.merge_patch(replaced);
    return {.content_type = "application/json;charset=utf-8",
            .body = Json::array({std::move(report)}).dump()};
}

Result<Json> Aliyun::command(std::string_view word, const Json& body)
{
    if (word == "fate") {
        messages_.setFate(textOf(body, "phone"), textOf(body, "err_code"));
        return body;
    }
    if (word == "report_url") {
        return messages_.setReportUrl(textOf(body, "access_key_id"), textOf(body, "url"))
                   ? Result<Json>{body}
                   : Error{HUB_BAD_REQUEST, "\"access_key_id\" must be one of simulator.json"};
    }
    if (word == "report") {
        return messages_.reportAgain(textOf(body, "out_id"))
                   ? Result<Json>{body}
                   : Error{HUB_BAD_REQUEST,
                           "\"out_id\" must be of a message whose account has a report_url"};
    }
    return Provider::command(word, body);
}

} // namespace

std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path&, Surroundings surroundings)
{
    return std::make_unique<Aliyun>(readSettings(section), std::move(surroundings));
}

} // namespace hub::simulator::aliyun
