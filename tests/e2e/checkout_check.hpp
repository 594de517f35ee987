// CheckoutCheck: the checkout in a real browser against a running hub: a look begins nothing, pages
// change by themselves, and who must not pay again is told so. Saves a picture at every station.
#pragma once

#include "installation.hpp"
#include "web_client.hpp"
#include "webdriver.hpp"

#include <string>

namespace demo {

class CheckoutCheck {
public:
    /// `folder` gets the pictures.
    CheckoutCheck(Installation installation, const WebDriver& driver, std::string folder);

    /// Throws std::runtime_error naming the first thing that is not so.
    void run();

private:
    struct Order {
        std::string payment_id;
        std::string url;
    };

    Order create();
    Json payment(const Order& order) const;
    void desktopChangesWhenPaid();
    void phonePaysInTheApp();
    void appIsAskedAndNotTwice();
    void unknownIsNotPaidAgain();
    void canceledSaysSo();
    void strangerIsToldSo();
    void awaitText(const Window& window, const std::string& text) const;
    void save(const Window& window, const std::string& name) const;

    Installation installation_;
    const WebDriver& driver_;
    std::string folder_;
    WebClient portal_;
    WebClient simulator_;
    int count_ = 0;
    std::string run_;
};

} // namespace demo
