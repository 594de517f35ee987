#include "shop.hpp"

namespace independent {

namespace {

constexpr const char* kPageNumber = "1400000120261121104000000003";

class UnionpayShop : Shop {
public:
    explicit UnionpayShop(const std::filesystem::path& folder)
        : Shop(folder, [](Json& settings) {
            // The day after the payment asks for the bill.
            settings["unionpay"]["time_tolerance_s"] = 3 * 24 * 3600;
        })
    {
        order_details_ = {{"subject", "胸牌费 Badge fee"},
                          {"return_url", "https://hub.example.com/return?a=1&b=2"}};
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
        const Json config{{"merchant_id", "100000000000001"},
                          {"gateway_url", simulator_.url()},
                          {"file_url", simulator_.url() + "/"},
                          {"middle_certificate", file("authority/middle.pem")},
                          {"root_certificate", file("authority/root.pem")}};
        startConnector("payment_unionpay", config);
    }

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
};

} // namespace

void captureUnionpay(const std::filesystem::path& folder)
{
    UnionpayShop(folder).run();
}

} // namespace independent
