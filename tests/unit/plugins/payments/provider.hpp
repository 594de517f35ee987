// Provider: the truth at the other end, for the random walk. It books honestly; what it tells, and
// whether its answer arrives, is up to the caller.
#pragma once

#include "domain/evidence.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace payments::test {

struct Trade {
    enum class State { Waiting, Paid, Closed } state = State::Waiting;
    std::string account;
    std::int64_t amount_minor = 0;
    std::map<std::string, std::int64_t> refunds;

    std::int64_t refunded() const
    {
        std::int64_t sum = 0;
        for (const auto& [number, amount] : refunds) {
            sum += amount;
        }
        return sum;
    }
};

struct Told {
    bool is_accepted = true;
    Json result;
};

class Provider {
public:
    std::map<std::string, Trade>& trades() noexcept { return trades_; }

    Told serve(const std::string& operation, const std::string& account, const Json& request)
    {
        const std::string number = request.at("number");
        if (operation == "create") {
            return create(number, account, request);
        }
        const auto found = trades_.find(number);
        if (found == trades_.end()) {
            const bool refuses = operation == "refund";
            return {!refuses, {{"state", "not_found"}}};
        }
        Trade& trade = found->second;
        if (operation == "query") {
            return {true, statement(trade)};
        }
        if (operation == "refund_query") {
            const bool known = trade.refunds.contains(request.at("refund_number"));
            return {true, {{"state", known ? "succeeded" : "not_found"}}};
        }
        return operation == "refund" ? refund(trade, request) : end(trade, operation);
    }

    Json notice(const std::string& number) const
    {
        const Trade& trade = trades_.at(number);
        Json reading = statement(trade);
        reading["subject"] = "payment";
        reading["number"] = number;
        if (trade.state == Trade::State::Paid) {
            reading["refunded_minor"] = trade.refunded();
        }
        return reading;
    }

private:
    static Json statement(const Trade& trade)
    {
        std::string state = "waiting";
        if (trade.state == Trade::State::Closed) {
            state = "closed";
        } else if (trade.state == Trade::State::Paid) {
            state = trade.refunded() == trade.amount_minor ? "refunded" : "paid";
        }
        return {{"state", state}, {"amount_minor", trade.amount_minor}, {"currency", "CNY"}};
    }

    Told create(const std::string& number, const std::string& account, const Json& request)
    {
        Trade trade;
        trade.account = account;
        trade.amount_minor = request.at("amount_minor");
        const auto [found, is_new] = trades_.emplace(number, trade);
        if (!is_new && found->second.state != Trade::State::Waiting) {
            return {false, Json::object()};
        }
        return {true, {{"product", "qr"}, {"qr_code", "https://qr.example.com/" + number}}};
    }

    static Told refund(Trade& trade, const Json& request)
    {
        const std::string number = request.at("refund_number");
        const std::int64_t amount = request.at("amount_minor");
        const bool again = trade.refunds.contains(number);
        if (trade.state != Trade::State::Paid ||
            (!again && trade.refunded() + amount > trade.amount_minor)) {
            return {false, Json::object()};
        }
        trade.refunds[number] = amount;
        return {true, {{"state", "succeeded"}, {"amount_minor", amount}}};
    }

    static Told end(Trade& trade, const std::string& operation)
    {
        if (trade.state == Trade::State::Paid) {
            if (operation == "close") {
                return {false, Json::object()};
            }
            const std::int64_t left = trade.amount_minor - trade.refunded();
            if (left > 0) {
                trade.refunds["by cancel"] = left;
            }
            return {true, {{"state", "refunded"}}};
        }
        trade.state = Trade::State::Closed;
        return {true, {{"state", "closed"}}};
    }

    std::map<std::string, Trade> trades_;
};

} // namespace payments::test
