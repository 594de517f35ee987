#include "oracle.hpp"

#include <algorithm>
#include <set>

namespace chaos {

namespace {

std::int64_t integer(const Json& object, const char* name)
{
    return object.at(name).get<std::int64_t>();
}

std::string text(const Json& object, const char* name)
{
    return object.at(name).get<std::string>();
}

bool isAnyOf(const std::string& value, std::initializer_list<const char*> words)
{
    return std::find(words.begin(), words.end(), value) != words.end();
}

class Judge {
public:
    Judge(const Memory& memory, const Evidence& evidence)
        : known_(memory.payments())
        , evidence_(evidence)
    {
        findings_.doubled = memory.contradictions();
        for (const auto& [id, payment] : evidence.payments) {
            by_order_[text(payment, "order_ref")].push_back(&payment);
        }
    }

    Findings judge()
    {
        for (const auto& [key, known] : known_) {
            checkAcknowledged(known);
        }
        for (const auto& [id, payment] : evidence_.payments) {
            checkMoney(payment);
            checkEvents(payment);
        }
        checkBooks();
        checkOrder();
        return std::move(findings_);
    }

private:
    void lost(const std::string& sentence) { findings_.lost.push_back(sentence); }
    void doubled(const std::string& sentence) { findings_.doubled.push_back(sentence); }
    void forged(const std::string& sentence) { findings_.forged.push_back(sentence); }

    void checkAcknowledged(const PaymentMemory& known)
    {
        const auto& payments = by_order_[known.key];
        if (payments.size() > 1) {
            doubled("order " + known.key + " has " + std::to_string(payments.size()) + " payments");
        }
        if (known.payment_id.empty()) {
            return; // never acknowledged: it may exist or not
        }
        const auto found = evidence_.payments.find(known.payment_id);
        if (found == evidence_.payments.end() || text(found->second, "order_ref") != known.key ||
            integer(found->second, "amount_minor") != known.amount_minor) {
            lost("payment " + known.payment_id + " of " + known.key +
                 " was acknowledged and is not there as it was");
            return;
        }
        const Json& payment = found->second;
        // A code that nobody opened can't be closed at the provider: it is watched until it
        // expires.
        if (known.cancel_acknowledged &&
            !isAnyOf(text(payment, "state"), {"closing", "closed", "expired", "paid"})) {
            lost("payment " + known.payment_id + " was canceled and is " + text(payment, "state"));
        }
        for (const RefundMemory& refund : known.refunds) {
            checkAcknowledgedRefund(payment, refund);
        }
    }

    void checkAcknowledgedRefund(const Json& payment, const RefundMemory& refund)
    {
        int same = 0;
        bool found = refund.refund_id.empty();
        for (const Json& one : payment.at("refunds")) {
            same += text(one, "reason") == refund.key ? 1 : 0;
            found = found || (text(one, "refund_id") == refund.refund_id &&
                              integer(one, "amount_minor") == refund.amount_minor);
        }
        if (!found) {
            lost("refund " + refund.refund_id + " was acknowledged and is not there as it was");
        }
        const auto booked = evidence_.books.refunds.find(refund.key);
        const auto times =
            booked == evidence_.books.refunds.end() ? 0 : static_cast<int>(booked->second.size());
        if (same > 1 || times > 1) {
            doubled("refund " + refund.key + " exists " + std::to_string(same) +
                    " times in the hub and " + std::to_string(times) + " times in the books");
        }
    }

    /// The hub's figures of one payment against the books.
    void checkMoney(const Json& payment)
    {
        std::int64_t charged = 0;
        std::int64_t kept = 0;
        const auto found = evidence_.books.charges.find(text(payment, "subject"));
        if (found != evidence_.books.charges.end()) {
            for (const Charge& charge : found->second) {
                charged += charge.amount_minor;
                kept += charge.amount_minor - charge.refunded_minor;
            }
        }
        const std::string id = text(payment, "payment_id");
        const std::int64_t captured = integer(payment, "captured_minor");
        const std::int64_t net = captured - integer(payment, "refunded_minor");
        if (captured > charged) {
            forged("payment " + id + " has captured " + std::to_string(captured) +
                   ", the provider charged " + std::to_string(charged));
        } else if (net != kept) {
            lost("payment " + id + " (" + text(payment, "state") + ") keeps " +
                 std::to_string(net) + " in the hub and " + std::to_string(kept) + " in the books");
        }
        if ((text(payment, "state") == "paid") != (captured > 0)) {
            lost("payment " + id + " is " + text(payment, "state") + " with " +
                 std::to_string(captured) + " captured");
        }
        for (const Json& refund : payment.at("refunds")) {
            if (!isAnyOf(text(refund, "state"), {"succeeded", "failed"})) {
                lost("refund " + text(refund, "refund_id") + " is still " + text(refund, "state"));
            }
        }
    }

    /// Each step of a payment is one event, neither none nor two.
    void checkEvents(const Json& payment)
    {
        std::map<std::string, std::int64_t> wanted = {{"payment.created", 1}};
        wanted["payment.paid"] = integer(payment, "captured_minor") > 0 ? 1 : 0;
        for (const char* type : {"refund.requested", "refund.succeeded", "refund.failed"}) {
            wanted[type] = 0;
        }
        for (const Json& refund : payment.at("refunds")) {
            // What a provider refunded by itself, nobody requested.
            wanted["refund.requested"] += text(refund, "origin") == "provider" ? 0 : 1;
            const std::string state = text(refund, "state");
            if (isAnyOf(state, {"succeeded", "failed"})) {
                ++wanted["refund." + state];
            }
        }
        const std::string id = text(payment, "payment_id");
        for (const auto& [type, times] : wanted) {
            const std::int64_t seen = evidence_.record.count(id, type);
            if (seen < times) {
                lost("payment " + id + " has " + std::to_string(times) + " " + type + ", " +
                     std::to_string(seen) + " reached the subscriber");
            } else if (seen > times) {
                doubled("payment " + id + " has " + std::to_string(times) + " " + type + ", " +
                        std::to_string(seen) + " reached the subscriber");
            }
        }
    }

    void checkBooks()
    {
        for (const auto& [subject, charges] : evidence_.books.charges) {
            if (charges.size() > 1) {
                doubled(subject + " was charged " + std::to_string(charges.size()) + " times");
            }
            if (!by_order_.contains(subject)) {
                lost(subject + " was charged and the hub has no such payment");
            }
        }
    }

    /// What a provider refunded by itself, nobody requested.
    std::int64_t countUnrequested(const std::string& payment_id) const
    {
        const auto found = evidence_.payments.find(payment_id);
        std::int64_t count = 0;
        if (found != evidence_.payments.end()) {
            for (const Json& refund : found->second.at("refunds")) {
                count += text(refund, "origin") == "provider" ? 1 : 0;
            }
        }
        return count;
    }

    void checkOrder()
    {
        auto& out_of_order = findings_.out_of_order;
        out_of_order = evidence_.record.contradictions;
        std::map<std::string, std::int64_t> last;
        std::map<std::pair<std::string, std::string>, std::int64_t> so_far;
        for (const RecordedEvent& event : evidence_.record.events) {
            auto [place, is_first] = last.emplace(event.key, event.seq);
            if (is_first != (event.type == "payment.created")) {
                out_of_order.push_back(event.key + ": " + event.type + " came " +
                                       (is_first ? "first" : "again"));
            }
            if (!is_first && event.seq <= place->second) {
                out_of_order.push_back(event.key + ": " + std::to_string(event.seq) + " " +
                                       event.type + " came after " + std::to_string(place->second));
            }
            place->second = event.seq;
            ++so_far[{event.key, event.type}];
            if (isAnyOf(event.type, {"refund.succeeded", "refund.failed"}) &&
                so_far[{event.key, "refund.requested"}] + countUnrequested(event.key) <
                    so_far[{event.key, "refund.succeeded"}] +
                        so_far[{event.key, "refund.failed"}]) {
                out_of_order.push_back(event.key + ": " + event.type + " before its request");
            }
        }
    }

    std::map<std::string, PaymentMemory> known_;
    const Evidence& evidence_;
    std::map<std::string, std::vector<const Json*>> by_order_;
    Findings findings_;
};

} // namespace

Findings judge(const Memory& memory, const Evidence& evidence)
{
    return Judge(memory, evidence).judge();
}

namespace {

constexpr const char* kReceivable = "receivable:";

/// By provider, what the ledger says its accounts owe.
std::map<std::string, std::int64_t> receivables(const Json& ledger)
{
    std::map<std::string, std::int64_t> owed;
    for (const Json& account : ledger.at("accounts")) {
        const std::string name = text(account, "account");
        if (name.rfind(kReceivable, 0) == 0) {
            const std::string place = name.substr(std::string(kReceivable).size());
            owed[place.substr(0, place.find('-'))] += integer(account, "booked_minor");
        }
    }
    return owed;
}

void compareRefunds(const Evidence& evidence, std::vector<std::string>& found)
{
    auto booked = evidence.books.numbered_refunds;
    for (const auto& [id, payment] : evidence.payments) {
        for (const Json& refund : payment.at("refunds")) {
            if (text(refund, "origin") == "provider") {
                continue; // it has a number of its own there
            }
            const std::string number = text(refund, "refund_id");
            const auto theirs = booked.find(number);
            const bool is_done = theirs != booked.end() && theirs->second.state == "done";
            const bool succeeded = text(refund, "state") == "succeeded";
            if (is_done != succeeded ||
                (is_done && theirs->second.amount_minor != integer(refund, "amount_minor"))) {
                found.push_back("refund " + number + " of " + id + " is " + text(refund, "state") +
                                " in the hub and " +
                                (theirs == booked.end() ? "not there" : theirs->second.state) +
                                " in the books");
            }
        }
    }
}

} // namespace

std::vector<std::string> differences(const Json& ledger, const Evidence& evidence)
{
    std::vector<std::string> found;
    auto owed = receivables(ledger);
    for (const auto& [provider, kept_minor] : evidence.books.kept_minor) {
        owed.emplace(provider, 0);
    }
    for (const auto& [provider, owed_minor] : owed) {
        const auto kept = evidence.books.kept_minor.find(provider);
        const std::int64_t kept_minor = kept == evidence.books.kept_minor.end() ? 0 : kept->second;
        if (owed_minor != kept_minor) {
            found.push_back(provider + " keeps " + std::to_string(kept_minor) +
                            " by its books and owes " + std::to_string(owed_minor) +
                            " by the ledger");
        }
    }
    compareRefunds(evidence, found);
    return found;
}

std::int64_t netOf(const std::map<std::string, Json>& payments)
{
    std::int64_t net = 0;
    for (const auto& [id, payment] : payments) {
        net += integer(payment, "captured_minor") - integer(payment, "refunded_minor");
    }
    return net;
}

} // namespace chaos
