// A hub with a simulated provider, its backups and what a restored one says of itself.
#pragma once

#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hub::test {

namespace fs = std::filesystem;

struct Opened {
    std::string payment;
    std::string number;
};

class BackupFixture : public CppUnit::TestFixture {
public:
    void setUp() override
    {
        hub_ = std::make_unique<HubProcess>();
        hub_->startSimulator();
        hub_->start();
    }

protected:
    std::unique_ptr<HubProcess> hub_;

    std::string place(const std::string& name) const { return (hub_->folder() / name).string(); }

    Opened open(const std::string& subject) const
    {
        const std::string payment = hub_->pay(subject);
        return {payment, hub_->codeNumber(payment)};
    }

    std::string stateOf(const Opened& opened) const
    {
        return hub_->get("/api/v1/payments/" + opened.payment).body.at("state").get<std::string>();
    }

    void payAtProvider(const Opened& opened) const
    {
        hub_->simulator("POST", "/control/pay", {{"out_trade_no", opened.number}});
    }

    Opened openAndPaid(const std::string& subject) const
    {
        const Opened opened = open(subject);
        payAtProvider(opened);
        CPPUNIT_ASSERT(becomesTrue([&] { return stateOf(opened) == "paid"; }));
        return opened;
    }

    std::string refund(const Opened& opened) const
    {
        const ApiAnswer answer =
            hub_->post("/api/v1/payments/" + opened.payment + "/refunds",
                       {{"amount_minor", 20000}, {"currency", "CNY"}, {"reason", "withdrawn"}},
                       "refund-" + opened.payment);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 201, answer.status);
        return answer.body.at("refund_id").get<std::string>();
    }

    std::set<std::string> numbersAtProvider() const
    {
        std::set<std::string> numbers;
        const Json books = hub_->simulator("GET", "/control/books");
        for (const Json& trade : books.at("trades")) {
            numbers.insert(trade.at("out_trade_no").get<std::string>());
        }
        return numbers;
    }

    Json quarantine() const { return hub_->ask({"quarantine", "show"}); }
};

} // namespace hub::test
