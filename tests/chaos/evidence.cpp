#include "evidence.hpp"

#include "waiting.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kAnswerLimit{20'000};
constexpr const char* kNumberedEvent = "test.numbered";

Json readPage(HttpsClient& client, const std::string& path)
{
    HttpAnswer answer;
    const bool answered = waitUntil(
        kAnswerLimit,
        [&] {
            answer = client.get(path);
            return answer.status == 200 && answer.body.is_object();
        },
        Milliseconds{100});
    if (!answered) {
        throw std::runtime_error("GET " + path + " was answered " + std::to_string(answer.status) +
                                 " for " + std::to_string(kAnswerLimit.count()) + " ms");
    }
    return std::move(answer.body);
}

/// UnionPay is told neither subject nor reason.
constexpr const char* kWordless = "unionpay";

using Names = std::map<std::string, std::string>;

/// Subjects and reasons by the numbers under which a provider knows attempts and refunds.
Names namesOf(const std::map<std::string, Json>& payments)
{
    Names names;
    for (const auto& [id, payment] : payments) {
        const std::string subject = payment.at("subject");
        if (payment.contains("attempt")) {
            names[payment.at("attempt").at("number")] = subject;
        }
        for (const Json& refund : payment.at("refunds")) {
            names[refund.at("attempt_number")] = subject;
            names[refund.at("refund_id")] = refund.at("reason");
        }
    }
    return names;
}

/// What the books call it, or what the number stands for; the number itself when nobody knows it.
std::string nameOf(const Json& row, const char* word, const char* number_member, const Names& names)
{
    if (row.at("provider") != kWordless) {
        return row.at(word);
    }
    std::string number = row.at(number_member);
    number = number.substr(0, number.find('@')); // several of one number, told apart by time
    const auto found = names.find(number);
    return found == names.end() ? number : found->second;
}

} // namespace

Books readBooks(const Server& simulator, const std::map<std::string, Json>& payments)
{
    HttpsClient client(simulator);
    const Json page = readPage(client, "/control/books");
    const Names names = namesOf(payments);
    Books books;
    for (const Json& trade : page.at("trades")) {
        if (trade.at("paid_ms").get<std::int64_t>() != 0) {
            const Charge charge{trade.at("out_trade_no"),
                                trade.at("qr"),
                                trade.at("amount_minor"),
                                trade.at("refunded_minor")};
            books.charges[nameOf(trade, "subject", "out_trade_no", names)].push_back(charge);
            books.kept_minor[trade.at("provider")] += charge.amount_minor - charge.refunded_minor;
            ++books.charge_count;
        }
    }
    for (const Json& refund : page.at("refunds")) {
        const std::int64_t amount_minor = refund.at("amount_minor");
        books.refunds[nameOf(refund, "reason", "out_request_no", names)].push_back(amount_minor);
        books.numbered_refunds[refund.at("out_request_no")] = {amount_minor, refund.at("state")};
        ++books.refund_count;
    }
    for (const Json& balance : page.at("balances")) {
        if (balance.at("provider") != "aliyun") { // which messages are paid from, not money earned
            books.balance_minor += balance.at("balance_minor").get<std::int64_t>();
        }
    }
    books.deliveries = static_cast<std::int64_t>(page.at("deliveries").size());
    return books;
}

std::map<std::string, Json> readPayments(const Server& hub)
{
    HttpsClient client(hub);
    std::map<std::string, Json> payments;
    std::string cursor;
    do {
        const Json page = readPage(
            client, "/api/v1/payments?limit=50" + (cursor.empty() ? "" : "&cursor=" + cursor));
        for (const Json& payment : page.at("items")) {
            payments.emplace(payment.at("payment_id"), payment);
        }
        const Json& next = page.at("next_cursor");
        cursor = next.is_string() ? next.get<std::string>() : "";
    } while (!cursor.empty());
    return payments;
}

std::int64_t Record::count(const std::string& key, const std::string& type) const
{
    const auto found = counts.find({key, type});
    return found == counts.end() ? 0 : found->second;
}

Record readRecord(const std::filesystem::path& file)
{
    Record record;
    std::map<std::string, std::string> known; // line by id
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        RecordedEvent event;
        std::istringstream parts(line);
        if (!(parts >> event.seq >> event.id >> event.type >> event.key)) {
            record.contradictions.push_back("the record has the line \"" + line + "\"");
            continue;
        }
        const auto [place, is_new] = known.emplace(event.id, line);
        if (!is_new) {
            ++record.redeliveries;
            if (place->second != line) {
                record.contradictions.push_back("one event came as \"" + place->second +
                                                "\" and as \"" + line + "\"");
            }
            continue;
        }
        if (event.type == kNumberedEvent) {
            record.numbered.push_back(std::move(event));
            continue;
        }
        ++record.counts[{event.key, event.type}];
        record.events.push_back(std::move(event));
    }
    return record;
}

} // namespace chaos
