// Story: one visitor's payment from the portal's call to the partner's receipt, told step by step.
// Every step checks what it tells; the first that does not hold ends the story.
#pragma once

#include "installation.hpp"
#include "web_client.hpp"

#include <string>

namespace demo {

class Story {
public:
    explicit Story(Installation installation);

    /// Throws std::runtime_error naming the step that failed.
    void tell();

private:
    struct Payment {
        std::string id;
        std::string number;
        std::string qr_code;
    };

    Payment create(const std::string& order, int amount_minor);
    void showCode(const Payment& payment) const;
    void pay(const Payment& payment) const;
    Json awaitState(const Payment& payment, const std::string& state) const;
    void awaitReceipt(const Payment& payment) const;
    void awaitTally(int payments_more) const;
    void stopSubscriberAndCatchUp();
    void refund(const Payment& payment, int amount_minor) const;
    void showTimeline(const Payment& payment) const;
    int tally() const;

    Installation installation_;
    WebClient hub_;
    WebClient phone_;
    std::string run_; // makes orders and keys of this run its own
    int tally_before_ = 0;
};

} // namespace demo
