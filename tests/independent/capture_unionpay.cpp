#include "recorder.hpp"
#include "unit/connectors/payment_alipay/desk.hpp"

#include <cstdlib>

namespace independent {

namespace {

using simulator_test::Json;
using simulator_test::Receiver;
using simulator_test::Simulator;

constexpr const char* kNumber = "1400000120261121104000000001";
constexpr const char* kOpenNumber = "1400000120261121104000000002";
constexpr const char* kPageNumber = "1400000120261121104000000003";
constexpr const char* kRefundNumber = "1400000120261121120000000001";
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

class Shop {
public:
    explicit Shop(const std::filesystem::path& folder)
        : simulator_([](Json& settings) {
            // The day after the payment asks for the bill.
            settings["unionpay"]["time_tolerance_s"] = 3 * 24 * 3600;
        })
        , receiver_(simulator_.folder())
        , recorder_(folder, simulator_)
    {
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
        start();
        for (const char* name : {"authority/root.pem", "authority/middle.pem"}) {
            recorder_.keep(std::filesystem::path(name).filename(), file(name));
        }
        recorder_.keep("merchant_certificate.pem", file("merchant_certificate.pem"));
    }

    void run()
    {
        pay();
        refund();
        makeForm();
        fetchBill();
        askForger();
        recorder_.keepNotices(receiver_);
    }

private:
    std::string file(const std::string& name) const
    {
        return readFile(simulator_.folder() / "unionpay" / name);
    }

    void start()
    {
        desk_.addKey("signing_key", file("merchant_key.pem") + file("merchant_certificate.pem"));
        desk_.now_ms = nowMs();
        desk_.exchange = [this](const hub::HttpRequest& request) {
            return recorder_.carry(request);
        };
        const Json config{{"merchant_id", "100000000000001"},
                          {"gateway_url", simulator_.url()},
                          {"file_url", simulator_.url() + "/"},
                          {"middle_certificate", file("authority/middle.pem")},
                          {"root_certificate", file("authority/root.pem")}};
        const Json account{{"config", config}, {"callback_url", receiver_.url()}};
        // NOLINTNEXTLINE(concurrency-mt-unsafe): a program of one thread until here.
        desk_.start(std::string(std::getenv("HUB_BUILD_DIR")) +
                        "/lib/payment_unionpay/libpayment_unionpay.so",
                    Json{{"config", Json::object()}, {"accounts", {{"a", account}}}}.dump());
    }

    Json about(const char* number) const
    {
        return {{"number", number}, {"created_at_ms", created_ms_}, {"currency", "CNY"}};
    }

    static Json with(Json request, const Json& more)
    {
        request.update(more);
        return request;
    }

    Json ask(const std::string& operation, const Json& request, hub_status status)
    {
        recorder_.name(operation);
        const hub::Answer answer = desk_.call("a", operation, request.dump());
        require(answer.status == status, operation + " is answered: " + answer.message);
        return answer.payload.empty() ? Json::object() : Json::parse(answer.payload);
    }

    Json order(const char* number, const char* product) const
    {
        return with(about(number),
                    {{"product", product},
                     {"amount_minor", 20000},
                     {"subject", "胸牌费 Badge fee"},
                     {"return_url", "https://hub.example.com/return?a=1&b=2"},
                     {"expires_at_ms", created_ms_ + 600000}});
    }

    void pay()
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

    void refund()
    {
        const Json refund = with(about(kNumber),
                                 {{"refund_number", kRefundNumber},
                                  {"refund_created_at_ms", created_ms_},
                                  {"amount_minor", 5000},
                                  {"total_minor", 20000}});
        ask("refund", refund, HUB_PENDING);
        simulator_.post("/control/clock", {{"advance_s", 60}});
        require(receiver_.waitFor(2), "the refund is told");
        require(ask("refund_query", refund, HUB_OK)["state"] == "succeeded", "it is given back");
    }

    /// The payer's browser would post it: nothing passes the wire here.
    void makeForm()
    {
        const Json page = ask("create", order(kPageNumber, "page"), HUB_OK);
        simulator_test::Parameters fields;
        for (const auto& [name, value] : page["form"]["fields"].items()) {
            fields[name] = value.get<std::string>();
        }
        recorder_.keep("form/request.body", simulator_test::encodeForm(fields));
    }

    void fetchBill()
    {
        const Json clock = simulator_.get("/control/clock");
        simulator_.post("/control/clock", {{"advance_s", 3 * 24 * 3600}});
        desk_.now_ms += 2 * kDayMs;
        const Json request{{"date", dayOf(clock["test_ms"].get<std::int64_t>())},
                           {"kind", "trades"}};
        require(ask("bill", request, HUB_OK)["state"] == "ready", "there is a bill");
        desk_.now_ms = nowMs();
    }

    /// A settlement day ends at 23:00 in Beijing.
    static std::string dayOf(std::int64_t unix_ms)
    {
        const std::string text =
            simulator_test::beijingTime(static_cast<long>((unix_ms - nowMs()) / 1000 + 3600));
        return text.substr(0, 10);
    }

    /// A certificate of UnionPay's name that no authority issued, and its right signature.
    void askForger()
    {
        const Json rule{{"fault", "probe_signature"}, {"match", Json::object()}};
        simulator_.post("/control/faults", {{"seed", 1}, {"rules", Json::array({rule})}});
        recorder_.name("forged");
        const Json query = with(about(kNumber), {{"amount_minor", 20000}});
        const hub::Answer answer = desk_.call("a", "query", query.dump());
        require(answer.status == HUB_OUTCOME_UNKNOWN, "a forger is not believed");
    }

    Simulator simulator_;
    Receiver receiver_;
    Recorder recorder_;
    alipay_test::Desk desk_;
    std::int64_t created_ms_ = nowMs();
};

} // namespace

void captureUnionpay(const std::filesystem::path& folder)
{
    Shop(folder).run();
}

} // namespace independent
