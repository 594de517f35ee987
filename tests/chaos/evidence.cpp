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

} // namespace

Books readBooks(const Server& simulator)
{
    HttpsClient client(simulator);
    const Json page = readPage(client, "/control/books");
    Books books;
    for (const Json& trade : page.at("trades")) {
        if (trade.at("paid_ms").get<std::int64_t>() != 0) {
            books.charges[trade.at("subject")].push_back({trade.at("out_trade_no"),
                                                          trade.at("qr"),
                                                          trade.at("amount_minor"),
                                                          trade.at("refunded_minor")});
            ++books.charge_count;
        }
    }
    for (const Json& refund : page.at("refunds")) {
        books.refunds[refund.at("reason")].push_back(refund.at("amount_minor"));
        ++books.refund_count;
    }
    for (const Json& balance : page.at("balances")) {
        books.balance_minor += balance.at("balance_minor").get<std::int64_t>();
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
