// WalletsStory: one code for Alipay, WeChat Pay and UnionPay, told with orders that are paid and
// refunded by each, on a desktop's code and on the same phone, with one change of mind. Everything
// goes through the public API and the pages; every step checks what it tells.
#pragma once

#include "installation.hpp"
#include "phone.hpp"
#include "web_client.hpp"

#include <string>
#include <vector>

namespace demo {

class WalletsStory {
public:
    explicit WalletsStory(Installation installation);

    /// Throws std::runtime_error naming the step that failed.
    void tell();

private:
    struct Order {
        std::string title;
        std::string payment_id;
        std::string url; // of the checkout: what its code says
        std::int64_t amount_minor = 0;
        std::int64_t refund_minor = 0;
    };

    Order create(const std::string& title, std::int64_t amount_minor, std::int64_t refund_minor);
    void payByCode(const App& app, std::int64_t amount_minor);
    void payOnThePhone(const App& app, std::int64_t amount_minor);
    void changeOfMind();
    void showAttempt(const Order& order) const;
    void awaitPaid(const Order& order, const std::string& wallet) const;
    void awaitClosed(const Order& order, const std::string& account) const;
    void showCode(const std::string& url) const;
    void refundAll();
    void showTimeline(const Order& order) const;
    void compareBooks() const;
    Json payment(const Order& order) const;
    Json timeline(const Order& order) const;

    Installation installation_;
    WebClient portal_;
    std::string run_; // makes orders and keys of this run its own
    std::vector<Order> orders_;
};

} // namespace demo
