// What becomes of requests that passed the gate: a message is accepted or refused, and found again.
#pragma once

#include "aliyun/settings.hpp"
#include "core/provider.hpp"

#include <mutex>

namespace hub::simulator::aliyun {

/// Thread-safe.
class Messages {
public:
    Messages(const Settings& settings, const Surroundings& with)
        : settings_(settings)
        , with_(with)
        , fates_(settings.fates)
    {
        for (const Account& account : settings.accounts) {
            report_urls_[account.access_key_id] = account.report_url;
        }
    }

    /// SendSms: after the return the message is on disk, and the report that it will cause, too.
    Answer send(const Call& call);
    /// QuerySendDetails.
    Answer query(const Call& call) const;

    /// From now on messages to the phone end with this code of an operator; empty: they arrive.
    void setFate(const std::string& phone, const std::string& failure);
    /// False when there is no such account.
    bool setReportUrl(const std::string& access_key_id, const std::string& url);
    /// Reports the latest message of that number once more. False when there is none, or nobody to
    /// tell.
    bool reportAgain(const std::string& number);

private:
    struct Order;

    std::optional<Answer>
    judgeLimits(Book& book, const Order& order, const std::string& phone) const;
    std::string fateOf(const std::string& phone) const;
    std::string reportUrlOf(const std::string& access_key_id) const;
    void owe(Book& book, const ShortMessage& message, std::int64_t due_ms) const;

    const Settings& settings_;
    const Surroundings& with_;
    mutable std::mutex guard_;
    std::map<std::string, std::string> fates_;
    std::map<std::string, std::string> report_urls_;
};

} // namespace hub::simulator::aliyun
