#include "recorder.hpp"
#include "unit/connectors/support/desk.hpp"

#include <hub/host.hpp>

#include <fstream>

namespace independent {

namespace {

using simulator_test::Json;
using simulator_test::Simulator;

constexpr const char* kNumber = "01980000000070008000000000000001";
constexpr const char* kNoticeNumber = "01980000000070008000000000000002";
constexpr const char* kPhone = "+8619900000001";

/// One account "a" whose simulator pushes its reports to the receiver.
class Sender {
public:
    explicit Sender(const std::filesystem::path& folder)
        : receiver_(simulator_.folder())
        , recorder_(folder, simulator_)
    {
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
        const Json account =
            Json::parse(readFile(simulator_.folder() / "simulator.json"))["aliyun"]["accounts"][0];
        simulator_.post("/control/provider/aliyun/report_url",
                        {{"access_key_id", account["access_key_id"]}, {"url", receiver_.url()}});
        startConnector(account);
        recorder_.keep("access_key_id", account["access_key_id"].get<std::string>());
        recorder_.keep("access_key_secret", account["access_key_secret"].get<std::string>());
    }

    void run()
    {
        const Json code = message(kNumber, "verification_code", {{"code", "739251"}});
        const Json notice =
            message(kNoticeNumber,
                    "event.reminder",
                    {{"name", "张三 A+B*~"}, {"event", "开幕式 & \"Opening\""}, {"time", "10:00"}});
        require(ask("send", code)["state"] == "accepted", "the code is taken");
        require(ask("send", notice)["state"] == "accepted", "the notice is taken");
        require(ask("query", about(code))["state"] == "accepted", "it is on its way");
        simulator_.post("/control/clock", {{"advance_s", 60}});
        require(ask("query", about(notice))["state"] == "delivered", "it has arrived");
        require(receiver_.waitFor(2), "both are reported");
        recorder_.keepNotices(receiver_);
    }

private:
    void startConnector(const Json& account)
    {
        const auto form = [&](std::size_t at, const Json& variables) {
            return Json{{"code", account["templates"][at]["code"]}, {"variables", variables}};
        };
        const Json config{
            {"access_key_id", account["access_key_id"]},
            {"sign_name", account["signs"][0]["name"]},
            {"endpoint_url", simulator_.url()},
            {"templates",
             {{"verification_code", {{"zh", form(0, {{"code", "code"}})}}},
              {"event.reminder",
               {{"zh", form(2, {{"name", "name"}, {"event", "event"}, {"time", "time"}})}}}}}};
        desk_.contract = "sms";
        desk_.now_ms = nowMs();
        desk_.addSecret("access_key_secret", account["access_key_secret"].get<std::string>());
        desk_.exchange = [this](const hub::HttpRequest& request) {
            return recorder_.carry(request);
        };
        const char* build = std::getenv("HUB_BUILD_DIR"); // NOLINT(concurrency-mt-unsafe)
        require(build != nullptr, "HUB_BUILD_DIR is set");
        desk_.start(std::string(build) + "/lib/sms_aliyun/libsms_aliyun.so",
                    Json{{"accounts", {{"a", {{"config", config}}}}}}.dump());
    }

    Json message(const char* number, const char* form, const Json& variables) const
    {
        return {{"number", number},
                {"phone", kPhone},
                {"purpose", "notice"},
                {"template", form},
                {"language", "zh"},
                {"variables", variables},
                {"created_at_ms", desk_.now_ms}};
    }

    static Json about(const Json& sent)
    {
        return {{"number", sent["number"]},
                {"phone", sent["phone"]},
                {"created_at_ms", sent["created_at_ms"]}};
    }

    Json ask(const std::string& operation, const Json& request)
    {
        recorder_.name(operation);
        const hub::Answer answer = desk_.call("a", operation, request.dump());
        require(answer.status == HUB_OK, operation + " is answered: " + answer.message);
        return Json::parse(answer.payload);
    }

    Simulator simulator_;
    simulator_test::Receiver receiver_;
    Recorder recorder_;
    connector_test::Desk desk_;
};

} // namespace

void captureAliyun(const std::filesystem::path& folder)
{
    Sender(folder).run();
}

} // namespace independent
