#include "shop.hpp"

#include <cstdlib>
#include <utility>

namespace independent {

Shop::Shop(const std::filesystem::path& folder, const std::function<void(Json&)>& change)
    : simulator_(change)
    , receiver_(simulator_.folder())
    , recorder_(folder, simulator_)
    , created_ms_(nowMs())
{
    simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
    desk_.now_ms = nowMs();
    desk_.exchange = [this](const hub::HttpRequest& request) {
        return recorder_.carry(request);
    };
}

void Shop::startConnector(const std::string& name, const Json& config)
{
    const Json account{{"config", config}, {"callback_url", receiver_.url()}};
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a program of one thread until here.
    desk_.start(std::string(std::getenv("HUB_BUILD_DIR")) + "/lib/" + name + "/lib" + name + ".so",
                Json{{"config", Json::object()}, {"accounts", {{"a", account}}}}.dump());
}

Json Shop::about(const char* number) const
{
    return {{"number", number}, {"created_at_ms", created_ms_}, {"currency", "CNY"}};
}

Json Shop::order(const char* number, const char* product) const
{
    return with(with(about(number),
                     {{"product", product},
                      {"amount_minor", 20000},
                      {"expires_at_ms", created_ms_ + 600000}}),
                order_details_);
}

Json Shop::with(Json request, const Json& more)
{
    request.update(more);
    return request;
}

Json Shop::ask(const std::string& operation, const Json& request, hub_status status)
{
    recorder_.name(operation);
    const hub::Answer answer = desk_.call("a", operation, request.dump());
    require(answer.status == status, operation + " is answered: " + answer.message);
    return answer.payload.empty() ? Json::object() : Json::parse(answer.payload);
}

void Shop::pay()
{
    for (const char* number : {kNumber, kOpenNumber}) {
        ask("create", order(number, "qr"), HUB_OK);
    }
    simulator_.post("/control/pay", {{"out_trade_no", kNumber}});
    require(receiver_.waitFor(1), "the payment is told");
    const Json query = with(about(kNumber), {{"amount_minor", 20000}});
    require(ask("query", query, HUB_OK)["state"] == "paid", "the order is paid");
    ask("close", about(kOpenNumber), HUB_OK);
}

void Shop::refund(const Json& more)
{
    const Json refund = with(with(about(kNumber),
                                  {{"refund_number", kRefundNumber},
                                   {"refund_created_at_ms", created_ms_},
                                   {"amount_minor", 5000},
                                   {"total_minor", 20000}}),
                             more);
    ask("refund", refund, HUB_PENDING);
    simulator_.post("/control/clock", {{"advance_s", 60}});
    require(receiver_.waitFor(2), "the refund is told");
    require(ask("refund_query", refund, HUB_OK)["state"] == "succeeded", "it is given back");
}

} // namespace independent
