// Phone: a person with a phone, in a wallet's app or in the phone's own browser. Presses what the
// pages offer, and does what their scripts would do by themselves.
#pragma once

#include "browser.hpp"
#include "installation.hpp"

#include <set>
#include <string>

namespace demo {

/// Whose browser it pretends to be.
struct App {
    std::string wallet; // empty: the phone's own browser
    std::string name;
    std::string agent;
};

App alipayApp();
App wechatApp();
App unionpayApp();
App phoneBrowser();

class Phone {
public:
    Phone(const Installation& installation, App app);

    /// Scans a code, or taps a link.
    void open(const std::string& url) { browser_.open(url); }
    /// On the page, where no app is known.
    void choose(const std::string& wallet);
    /// On to the page of the wallet that asks for the payment.
    void goToWallet();
    void pay();
    /// Presses pay on what the wallet still shows; true when it took the money.
    bool payLate();
    const Page& page() const noexcept { return browser_.page(); }
    std::string name() const { return "phone, " + app_.name; }

private:
    void takeStep();
    bool isFirst(const std::string& key) { return done_.insert(key).second; }

    const Installation& installation_;
    App app_;
    Browser browser_;
    std::set<std::string> done_; // what the page's script does only once
};

} // namespace demo
