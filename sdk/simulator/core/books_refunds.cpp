// The part of the books that keeps refunds.
#include "core/books.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace hub::simulator {

namespace {

constexpr std::array<std::pair<RefundState, std::string_view>, 4> kStates{{
    {RefundState::Processing, "processing"},
    {RefundState::Done, "done"},
    {RefundState::Stuck, "stuck"},
    {RefundState::Dropped, "dropped"},
}};

RefundState parseState(std::string_view text)
{
    for (const auto& [state, word] : kStates) {
        if (word == text) {
            return state;
        }
    }
    throw std::runtime_error("the books hold a refund in no known state");
}

template <typename... Values>
std::vector<Refund> readRefunds(Database& database, std::string_view where, const Values&... values)
{
    Statement row = database.prepare(
        "SELECT r.id, r.trade, r.request_number, r.amount_minor, r.reason, r.booked_ms, "
        "r.provider_number, r.state, r.content, r.notify_url, r.due_ms, r.settled_ms "
        "FROM refunds r " +
        std::string(where));
    row.bind(values...);
    std::vector<Refund> refunds;
    while (row.step()) {
        refunds.push_back({.id = row.integer(0),
                           .trade = row.integer(1),
                           .request_number = row.text(2),
                           .amount_minor = row.integer(3),
                           .reason = row.text(4),
                           .booked_ms = row.integer(5),
                           .provider_number = row.text(6),
                           .state = parseState(row.text(7)),
                           .content = row.text(8),
                           .notify_url = row.text(9),
                           .due_ms = row.integer(10),
                           .settled_ms = row.integer(11)});
    }
    return refunds;
}

std::optional<Refund> firstOf(std::vector<Refund> refunds)
{
    return refunds.empty() ? std::nullopt : std::optional(std::move(refunds.front()));
}

} // namespace

std::string_view toText(RefundState state)
{
    return kStates.at(static_cast<std::size_t>(state)).second;
}

std::optional<Refund> Book::findRefund(std::int64_t trade, std::string_view request_number)
{
    return firstOf(readRefunds(
        database_, "WHERE r.trade = ? AND r.request_number = ?", trade, request_number));
}

std::optional<Refund> Book::findRefundOfSeller(std::string_view provider,
                                               std::string_view seller,
                                               std::string_view request_number)
{
    return firstOf(readRefunds(database_,
                               "JOIN trades t ON t.id = r.trade WHERE t.provider = ? AND "
                               "t.seller = ? AND r.request_number = ? ORDER BY r.id",
                               provider,
                               seller,
                               request_number));
}

std::optional<Refund> Book::findRefundOfAny(std::string_view request_number)
{
    return firstOf(
        readRefunds(database_, "WHERE r.request_number = ? ORDER BY r.id", request_number));
}

std::vector<Refund> Book::refundsOf(std::int64_t trade)
{
    return readRefunds(database_, "WHERE r.trade = ? ORDER BY r.id", trade);
}

std::vector<Refund> Book::dueRefunds(std::int64_t now_ms, std::int64_t limit)
{
    return readRefunds(
        database_, "WHERE r.state = 'processing' AND r.due_ms <= ? LIMIT ?", now_ms, limit);
}

void Book::insert(Refund& refund)
{
    database_
        .prepare("INSERT INTO refunds (trade, request_number, amount_minor, reason, booked_ms, "
                 "provider_number, state, content, notify_url, due_ms, settled_ms) "
                 "VALUES (?,?,?,?,?,?,?,?,?,?,?)")
        .bind(refund.trade,
              refund.request_number,
              refund.amount_minor,
              refund.reason,
              refund.booked_ms,
              refund.provider_number,
              toText(refund.state),
              refund.content,
              refund.notify_url,
              refund.due_ms,
              refund.settled_ms)
        .run();
    refund.id = database_.lastId();
}

void Book::update(const Refund& refund)
{
    database_.prepare("UPDATE refunds SET state = ?, settled_ms = ? WHERE id = ?")
        .bind(toText(refund.state), refund.settled_ms, refund.id)
        .run();
}

} // namespace hub::simulator
