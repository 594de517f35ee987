#include "core/control.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <cmath>
#include <string_view>
#include <utility>

namespace hub::simulator {

namespace {

constexpr std::string_view kPrefix = "/control/";
constexpr std::string_view kProvider = "provider/";
constexpr std::size_t kExchangesByDefault = 1000;
constexpr std::int64_t kMessagesMax = 1000;
constexpr double kAdvanceMaxSeconds = 400.0 * 24 * 3600;

Reply json(const Json& value, int status = 200)
{
    return {.status = status, .body = value.dump() + "\n"};
}

Reply error(int status, const std::string& text)
{
    return json({{"error", text}}, status);
}

std::string queryValue(const HttpMessage& message, const std::string& name)
{
    Poco::URI uri;
    uri.setRawQuery(message.query);
    for (const auto& [key, value] : uri.getQueryParameters()) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string textOf(const Json& body, const char* name)
{
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json tradeToJson(const Trade& trade)
{
    return {{"out_trade_no", trade.number},
            {"trade_no", trade.provider_number},
            {"qr", trade.code},
            {"state", toText(trade.state)},
            {"close_reason", trade.close_reason},
            {"amount_minor", trade.amount_minor},
            {"refunded_minor", trade.refunded_minor}};
}

} // namespace

Reply Control::handle(const HttpMessage& message)
{
    const std::string path = message.path.substr(kPrefix.size());
    if (message.method == "GET") {
        return get(message);
    }
    if (message.method == "DELETE" && path == "faults") {
        with_.faults.clear();
        return json(with_.faults.toJson());
    }
    if (message.method != "POST") {
        return error(405, "use GET or POST");
    }
    const Json body =
        message.body.empty() ? Json::object() : Json::parse(message.body, nullptr, false);
    if (!body.is_object()) {
        return error(400, "the body must be a JSON object");
    }
    Reply reply = post(path, body);
    with_.changed();
    return reply;
}

Json Control::clockToJson() const
{
    const std::int64_t now_ms = with_.clock.nowMs();
    return {{"real_ms", realNowMs()},
            {"test_ms", now_ms},
            {"test_time", toBeijingText(now_ms)},
            {"speed", static_cast<double>(with_.clock.anchor().speed_milli) / 1000}};
}

Reply Control::get(const HttpMessage& message)
{
    const std::string path = message.path.substr(kPrefix.size());
    if (path == "books") {
        const std::string number = queryValue(message, "out_trade_no");
        with_.wallet.settleDue();
        return json(with_.books.transact([&](Book& book) { return book.toJson(number); }));
    }
    if (path == "exchanges") {
        const std::string limit = queryValue(message, "limit");
        const bool given = !limit.empty() && limit.size() < 7 &&
                           limit.find_first_not_of("0123456789") == std::string::npos;
        return json({{"exchanges",
                      with_.exchanges.latest(given ? std::stoul(limit) : kExchangesByDefault)}});
    }
    if (path == "faults") {
        return json(with_.faults.toJson());
    }
    if (path == "clock") {
        return json(clockToJson());
    }
    if (path == "messages") {
        return json({{"messages", messages(message)}});
    }
    return error(404, "GET /control/ has books, messages, exchanges, faults and clock");
}

/// Newest first.
Json Control::messages(const HttpMessage& message)
{
    const std::string phone = queryValue(message, "phone");
    const std::string number = queryValue(message, "number");
    const std::int64_t now_ms = with_.clock.nowMs();
    Json list = Json::array();
    for (const ShortMessage& one : with_.books.transact(
             [&](Book& book) { return book.messages().latest(phone, number, kMessagesMax); })) {
        list.push_back(toJson(one, now_ms));
    }
    return list;
}

Reply Control::post(const std::string& path, const Json& body)
{
    if (path == "open" || path == "pay" || path == "decline") {
        return person(path, body);
    }
    if (path == "faults") {
        const auto added = with_.faults.add(body);
        return added ? json(with_.faults.toJson()) : error(400, added.error().message);
    }
    if (path == "clock") {
        return advance(body);
    }
    if (path == "notify") {
        return sendAgain(body);
    }
    if (path == "balance") {
        return changeBalance(body);
    }
    if (path == "refund") {
        return endRefund(body);
    }
    if (path.starts_with(kProvider)) {
        return command(path, body);
    }
    return error(404,
                 "POST /control/ has open, pay, decline, faults, clock, notify, balance, refund "
                 "and provider/NAME/WORD");
}

Reply Control::person(const std::string& verb, const Json& body)
{
    const std::string wanted =
        body.contains("qr") ? textOf(body, "qr") : textOf(body, "out_trade_no");
    const std::string code = with_.wallet.findCode(wanted);
    const auto done = verb == "open"  ? with_.wallet.open(code)
                      : verb == "pay" ? with_.wallet.pay(code)
                                      : with_.wallet.decline(code);
    if (!done) {
        return error(done.error().code == HUB_NOT_FOUND ? 404 : 409, done.error().message);
    }
    return json(tradeToJson(done.value()));
}

Reply Control::sendAgain(const Json& body)
{
    const std::string code = with_.wallet.findCode(textOf(body, "out_trade_no"));
    const bool queued = with_.books.transact([&](Book& book) {
        const auto trade = book.findByCode(code);
        return trade && book.sendAgain(trade->id, with_.clock.nowMs());
    });
    return queued ? json({{"queued", true}})
                  : error(404, "\"out_trade_no\" names no trade that was ever told of");
}

Reply Control::advance(const Json& body)
{
    const auto by = body.find("advance_s");
    if (by == body.end() || !by->is_number() || by->get<double>() < 0 ||
        by->get<double>() > kAdvanceMaxSeconds) {
        return error(400, "\"advance_s\" must be a number of seconds from 0 to 400 days");
    }
    const auto by_ms = std::llround(by->get<double>() * 1000);
    const ClockAnchor anchor = with_.clock.advance(by_ms);
    with_.books.transact([&](Book& book) {
        book.saveClockAnchor(anchor);
        return true;
    });
    return json(clockToJson());
}

Reply Control::endRefund(const Json& body)
{
    const std::string word = textOf(body, "outcome");
    for (const auto outcome : {RefundState::Done, RefundState::Stuck, RefundState::Dropped}) {
        if (toText(outcome) != word) {
            continue;
        }
        const auto ended = with_.wallet.endRefund(textOf(body, "out_request_no"), outcome);
        if (!ended) {
            return error(ended.error().code == HUB_NOT_FOUND ? 404 : 409, ended.error().message);
        }
        return json({{"out_request_no", ended.value().request_number}, {"state", word}});
    }
    return error(400,
                 "\"outcome\" must be done, stuck (neither side has the money) or dropped (the "
                 "seller has it again), for \"out_request_no\"");
}

/// provider/NAME/WORD: what only this provider can be told.
Reply Control::command(const std::string& path, const Json& body)
{
    const std::string rest = path.substr(kProvider.size());
    const auto slash = rest.find('/');
    for (const auto& provider : with_.providers) {
        if (slash == std::string::npos || provider->name() != rest.substr(0, slash)) {
            continue;
        }
        const auto done = provider->command(rest.substr(slash + 1), body);
        return done ? json(done.value())
                    : error(done.error().code == HUB_NOT_FOUND ? 404 : 400, done.error().message);
    }
    return error(404, "no such provider is simulated here; use provider/NAME/WORD");
}

Reply Control::changeBalance(const Json& body)
{
    const std::string provider = textOf(body, "provider");
    const std::string seller = textOf(body, "seller_id");
    const auto change = body.find("change_minor");
    if (provider.empty() || seller.empty() || change == body.end() ||
        !change->is_number_integer()) {
        return error(400,
                     "a balance needs \"provider\", \"seller_id\" and \"change_minor\", a whole "
                     "number of fen, negative for a withdrawal");
    }
    return json(with_.books.transact([&](Book& book) {
        book.changeBalance(provider, seller, change->get<std::int64_t>());
        return Json{{"balance_minor", book.balance(provider, seller)}};
    }));
}

} // namespace hub::simulator
