// The contract `payment`: fresh requests, and what a payment connector may believe.
#include "bench.hpp"
#include "contract_suite.hpp"

#include <algorithm>
#include <array>

namespace hub::conformance {

namespace {

constexpr std::int64_t kAmountMinor = 12300;
constexpr std::int64_t kRefundMinor = 2300;
constexpr std::int64_t kLifeMs = 10 * 60 * 1000;
constexpr int kFlips = 24;

// ---- Requests

/// The first product that the hub carries itself; a browser's form makes no exchange.
std::string productOf(const Contract& contract)
{
    for (const std::string& product : contract.products) {
        const Json about = objectOf(objectOf(contract.document, "products"), product);
        if (textOf(about, "carrier") == "hub") {
            return product;
        }
    }
    return contract.products.empty() ? "qr" : contract.products.front();
}

std::string freshNumber()
{
    std::string number = "CF" + randomHex(9);
    std::transform(number.begin(), number.end(), number.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    return number;
}

void freshen(Request& request, const Contract& contract)
{
    request.number = freshNumber();
    request.amount_minor = kAmountMinor;
    const std::int64_t now_ms = unixNowMs();
    Json& body = request.body;
    body["number"] = request.number;
    body["created_at_ms"] = now_ms;
    if (request.operation == "create") {
        body["product"] = productOf(contract);
        body["expires_at_ms"] = now_ms + kLifeMs;
    }
    if (body.contains("amount_minor")) {
        body["amount_minor"] = kAmountMinor;
    }
    if (body.contains("total_minor")) {
        body["total_minor"] = kAmountMinor;
        body["amount_minor"] = kRefundMinor;
    }
    if (body.contains("refund_number")) {
        body["refund_number"] = freshNumber();
        body["refund_created_at_ms"] = now_ms;
    }
}

/// A request for another operation about the same attempt.
Request about(Bench& bench, const Request& created, const std::string& operation)
{
    Request request = bench.request(operation);
    request.number = created.number;
    request.body["number"] = created.number;
    request.body["created_at_ms"] = created.body.at("created_at_ms");
    if (operation == "query") {
        request.body["amount_minor"] = created.amount_minor;
        request.body["currency"] = "CNY";
    }
    return request;
}

Request need(Bench& bench, const std::string& operation)
{
    (void)bench.provider();
    if (!bench.contract().has(operation)) {
        throw DoesNotApply("it does not implement " + operation);
    }
    return bench.request(operation);
}

void spoil(Bench& bench, const std::string& operation, Flaw flaw)
{
    const std::string why_not = bench.provider().spoil(operation, flaw);
    if (!why_not.empty()) {
        throw DoesNotApply(why_not);
    }
}

Request createPaid(Bench& bench, Stage& stage)
{
    Request created = need(bench, "create");
    if (created.body.at("product") != "qr" && bench.contract().products.empty()) {
        throw DoesNotApply("it names no product");
    }
    const Answer answer = bench.ask(stage, created);
    require(answer.status == HUB_OK, "create was answered with " + describe(answer));
    const auto paid = bench.provider().pay(created.number, created.amount_minor);
    require(paid.ok(), paid.ok() ? "" : paid.error().message);
    return created;
}

void mustBeUnknown(const Answer& answer, const std::string& to)
{
    require(answer.status == HUB_OUTCOME_UNKNOWN, "to " + to + " it answered " + describe(answer));
}

/// Another letter or digit in place of one; what is neither is left as it is.
bool flip(std::string& text, std::size_t at)
{
    char& c = text[at];
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c < 'z') || (c >= 'A' && c < 'Z');
    c = is_digit ? static_cast<char>('0' + (c - '0' + 1) % 10)
                 : static_cast<char>(is_letter ? c + 1 : c);
    return is_digit || is_letter;
}

/// Positions of letters and digits, spread over the text.
std::vector<std::size_t> flippable(const std::string& text)
{
    std::vector<std::size_t> all;
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string copy(1, text[at]);
        if (flip(copy, 0)) {
            all.push_back(at);
        }
    }
    std::vector<std::size_t> spread;
    for (int i = 0; i < kFlips && !all.empty(); ++i) {
        spread.push_back(all[all.size() * static_cast<std::size_t>(i) / kFlips]);
    }
    return spread;
}

// ---- Calls

void accepted(Bench& bench)
{
    const Request request = need(bench, "create");
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_OK, "create was answered with " + describe(answer));
    const Json result = Json::parse(answer.payload, nullptr, false);
    require(result.is_object() && result.value("product", "") == request.body["product"],
            "the result names another product: " + describe(answer));
}

void sameNumber(Bench& bench)
{
    const Request request = need(bench, "create");
    const auto before = bench.provider().numbers();
    const auto stage = bench.start();
    stage->desk.setFate(Fate::CutAfterSend);
    (void)bench.ask(*stage, request);
    stage->desk.setFate(Fate::Deliver);
    Manner again;
    again.attempt = 2;
    const Answer answer = bench.ask(*stage, request, again);
    std::vector<std::string> heard = bench.provider().numbers();
    heard.erase(heard.begin(), heard.begin() + static_cast<std::ptrdiff_t>(before.size()));
    require(!heard.empty(), "nothing reached the provider");
    require(heard.size() == 1 && heard.front() == request.number,
            "one attempt reached the provider under " + std::to_string(heard.size()) +
                " numbers, the last one \"" + heard.back() + "\" instead of \"" + request.number +
                "\"");
    require(answer.status != HUB_REJECTED,
            "the repetition was not the same request to the provider: " + describe(answer));
}

void refusalIsFinal(Bench& bench)
{
    const Request request = need(bench, "create");
    spoil(bench, "create", Flaw::Refused);
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_REJECTED || answer.status == HUB_UNAUTHENTICATED ||
                answer.status == HUB_NOT_FOUND || answer.status == HUB_BAD_REQUEST,
            "to a genuine refusal it answered " + describe(answer));
}

void forgedRefusal(Bench& bench)
{
    (void)need(bench, "create");
    const auto stage = bench.start();
    int believed = 0;
    std::string last;
    for (int i = 0; i < kFlips; ++i) {
        spoil(bench, "create", Flaw::Refused);
        stage->desk.setBend([i](hubp::HttpAnswer& answer) {
            const auto at = flippable(answer.body);
            flip(answer.body, at.empty() ? 0 : at[static_cast<std::size_t>(i)]);
        });
        const Answer answer = bench.ask(*stage, bench.request("create"));
        if (answer.status != HUB_OUTCOME_UNKNOWN) {
            ++believed;
            last = describe(answer);
        }
    }
    // A provider may leave a little of its answers unsigned.
    require(believed <= kFlips / 4,
            std::to_string(believed) + " of " + std::to_string(kFlips) +
                " refusals with a changed letter were believed, the last with " + last);
}

void badSignature(Bench& bench, Flaw flaw, const std::string& what)
{
    const Request request = need(bench, "create");
    spoil(bench, "create", flaw);
    const auto stage = bench.start();
    mustBeUnknown(bench.ask(*stage, request), what);
}

void wrongSignature(Bench& bench)
{
    badSignature(bench, Flaw::BadSignature, "an answer with a wrong signature");
}

void unsignedAnswer(Bench& bench)
{
    badSignature(bench, Flaw::Unsigned, "an answer without a signature");
}

void tamperedAnswer(Bench& bench)
{
    (void)need(bench, "query");
    const auto stage = bench.start();
    const Request query = about(bench, createPaid(bench, *stage), "query");
    const Answer genuine = bench.ask(*stage, query);
    require(genuine.status == HUB_OK, "query of a paid attempt: " + describe(genuine));
    for (int i = 0; i < kFlips; ++i) {
        stage->desk.setBend([i](hubp::HttpAnswer& answer) {
            const auto at = flippable(answer.body);
            flip(answer.body, at.empty() ? 0 : at[static_cast<std::size_t>(i)]);
        });
        const Answer answer = bench.ask(*stage, query);
        require(answer.status == HUB_OUTCOME_UNKNOWN ||
                    (answer.status == HUB_OK && answer.payload == genuine.payload),
                "an answer with a changed letter was believed: " + describe(answer));
    }
}

void wrongAmount(Bench& bench)
{
    (void)need(bench, "query");
    const auto stage = bench.start();
    const Request query = about(bench, createPaid(bench, *stage), "query");
    spoil(bench, "query", Flaw::WrongAmount);
    mustBeUnknown(bench.ask(*stage, query), "a genuine answer with another amount");
}

void otherNumber(Bench& bench)
{
    (void)need(bench, "query");
    const auto stage = bench.start();
    const Request first = about(bench, createPaid(bench, *stage), "query");
    const Request second = about(bench, createPaid(bench, *stage), "query");
    require(bench.ask(*stage, first).status == HUB_OK, "query of a paid attempt failed");
    const hubp::HttpAnswer recorded = stage->desk.sent().back().answer;
    stage->desk.setBend([recorded](hubp::HttpAnswer& answer) { answer = recorded; });
    mustBeUnknown(bench.ask(*stage, second), "the genuine answer about another attempt");
}

void moreMembers(Bench& bench)
{
    const Request request = need(bench, "create");
    const auto stage = bench.start();
    bench.addMembers(*stage, "create");
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_OK,
            "to a genuine answer with an unknown member it answered " + describe(answer));
}

void refundsOnce(Bench& bench)
{
    Request template_request = need(bench, "refund");
    const auto stage = bench.start();
    const Request created = createPaid(bench, *stage);
    Request refund = about(bench, created, "refund");
    refund.body["refund_number"] = template_request.body.at("refund_number");
    stage->desk.setFate(Fate::CutAfterSend);
    mustBeUnknown(bench.ask(*stage, refund), "a refund whose answer was lost");
    stage->desk.setFate(Fate::Deliver);
    Manner again;
    again.attempt = 2;
    const Answer answer = bench.ask(*stage, refund, again);
    const auto refunded = bench.provider().refunded(created.number);
    if (!refunded.ok()) {
        throw DoesNotApply(refunded.error().message);
    }
    require(refunded.value() == kRefundMinor,
            "two deliveries of one refund of " + std::to_string(kRefundMinor) + " gave back " +
                std::to_string(refunded.value()));
    require(answer.status == HUB_OK || answer.status == HUB_PENDING ||
                answer.status == HUB_ALREADY_DONE || answer.status == HUB_OUTCOME_UNKNOWN,
            "the repeated refund was answered with " + describe(answer));
}

// ---- Callbacks

/// A paid attempt, and what the provider calls back with.
struct Called {
    Request created;
    Inbound inbound;
};

Called callBack(Bench& bench, Stage& stage, Flaw flaw)
{
    (void)need(bench, "callback");
    Called called{need(bench, "create"), {}};
    const Answer answer = bench.ask(stage, called.created);
    require(answer.status == HUB_OK, "create was answered with " + describe(answer));
    auto inbound =
        bench.provider().callback(called.created.number, called.created.amount_minor, flaw);
    if (!inbound.ok()) {
        throw DoesNotApply(inbound.error().message);
    }
    called.inbound = std::move(inbound).value();
    return called;
}

Json readingOf(const Answer& answer)
{
    return objectOf(Json::parse(answer.payload, nullptr, false), "reading");
}

void mustRead(const Answer& answer, const Request& created)
{
    const Json reading = readingOf(answer);
    require(answer.status == HUB_OK && reading.value("number", "") == created.number &&
                reading.value("state", "") == "paid" &&
                reading.value("amount_minor", std::int64_t{0}) == created.amount_minor,
            "a genuine callback was read as " + describe(answer));
    const Json payload = Json::parse(answer.payload, nullptr, false);
    require(payload.contains("ack") && payload.contains("nack"),
            "the reading of a callback comes without \"ack\" or \"nack\"");
}

void mustRefuse(const Answer& answer, const std::string& what)
{
    require(answer.status == HUB_REJECTED, what + " was answered with " + describe(answer));
    require(Json::parse(answer.payload, nullptr, false).contains("nack"),
            what + " was refused without \"nack\"");
}

void genuineCallback(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::None);
    mustRead(bench.callback(*stage, called.inbound), called.created);
}

void repeatedCallback(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::None);
    const Answer first = bench.callback(*stage, called.inbound);
    for (int i = 0; i < 2; ++i) {
        const Answer again = bench.callback(*stage, called.inbound);
        require(again.status == first.status && readingOf(again) == readingOf(first),
                "the same callback was read once as " + describe(first) + ", then as " +
                    describe(again));
    }
}

void forgedCallback(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::BadSignature);
    mustRefuse(bench.callback(*stage, called.inbound), "a callback with a wrong signature");
}

void tamperedCallback(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::None);
    const Answer genuine = bench.callback(*stage, called.inbound);
    mustRead(genuine, called.created);
    for (const std::size_t at : flippable(called.inbound.body)) {
        Inbound changed = called.inbound;
        flip(changed.body, at);
        const Answer answer = bench.callback(*stage, changed);
        require(answer.status != HUB_OK || readingOf(answer) == readingOf(genuine),
                "a callback with a changed letter was read as " + describe(answer));
    }
}

void foreignCallback(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::Foreign);
    mustRefuse(bench.callback(*stage, called.inbound), "a genuine callback for another merchant");
}

void staleCallback(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::Stale);
    mustRefuse(bench.callback(*stage, called.inbound), "a genuine callback of a week ago");
}

void callbackAmount(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::WrongAmount);
    const Answer answer = bench.callback(*stage, called.inbound);
    require(answer.status != HUB_OK || readingOf(answer).value("amount_minor", std::int64_t{0}) !=
                                           called.created.amount_minor,
            "a callback over another amount was read as " + describe(answer));
}

void callbackMembers(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::MoreMembers);
    mustRead(bench.callback(*stage, called.inbound), called.created);
}

/// True when the manifest grants a use of hub.keys by which a callback could be verified or opened.
bool provesWithKeys(const Description& description)
{
    for (const Json& key : description.manifest.value("keys", Json::array())) {
        for (const Json& use : key.value("uses", Json::array())) {
            if (use != "sign" && use != "public_part") {
                return true;
            }
        }
    }
    return !description.manifest.value("secrets", Json::array()).empty();
}

void callbackKeysDown(Bench& bench)
{
    const auto stage = bench.start();
    const Called called = callBack(bench, *stage, Flaw::None);
    stage->desk.setKeysDown(true);
    const Answer answer = bench.callback(*stage, called.inbound);
    if (answer.status == HUB_OK && !provesWithKeys(bench.description())) {
        mustRead(answer, called.created); // its proof needs nothing but the account's certificates
        return;
    }
    require(answer.status == HUB_UNAVAILABLE,
            "hub.keys was not available; a callback was answered with " + describe(answer));
}

constexpr std::array<Rule, 20> kRules = {{
    {"payment.accepted",
     "A sound create succeeds, with the product that was asked for.",
     "See the sentence; the provider's side is described in conformance.json.",
     accepted},
    {"payment.same_number",
     "A call that is delivered twice reaches the provider under one number, with the same content.",
     "Use the request's `number` as the provider's key; make no number of your own, and send "
     "nothing that changes between attempts.",
     sameNumber},
    {"payment.refusal_is_final",
     "A genuine refusal of the provider is a refusal.",
     "Put the provider's codes in a table; what is documented as final is HUB_REJECTED.",
     refusalIsFinal},
    {"payment.forged_refusal",
     "A refusal whose bytes were changed on the way is not believed: the outcome is unknown.",
     "Verify the signature before anything of the answer is read.",
     forgedRefusal},
    {"payment.bad_signature",
     "An answer with a wrong signature is not believed: the outcome is unknown.",
     "Verify every answer with the provider's key.",
     wrongSignature},
    {"payment.unsigned",
     "An answer without a signature is not believed: the outcome is unknown.",
     "Treat a missing signature like a wrong one.",
     unsignedAnswer},
    {"payment.tampered_answer",
     "An answer of which any signed letter was changed is not believed.",
     "Verify the bytes as received, before they are parsed.",
     tamperedAnswer},
    {"payment.wrong_amount",
     "A genuine answer with another amount than the attempt's is not believed: unknown.",
     "Compare amount and currency with the request.",
     wrongAmount},
    {"payment.other_number",
     "A genuine answer about another attempt is not believed: unknown.",
     "Compare the number with the request.",
     otherNumber},
    {"payment.answer_members",
     "Unknown members of an answer change nothing: providers add fields without asking.",
     "Read the members that you know; refuse none that you don't.",
     moreMembers},
    {"payment.refunds_once",
     "A refund that is delivered twice gives back once.",
     "Use `refund_number` as the provider's key of the refund.",
     refundsOnce},
    {"callback.genuine",
     "A genuine callback is read: number, state and amount as it states them, with both "
     "acknowledgements.",
     "See the contract's `callback`.",
     genuineCallback},
    {"callback.repeated",
     "A genuine callback that comes again is read the same again.",
     "Keep no record of callbacks; the owner of the contract knows which are new.",
     repeatedCallback},
    {"callback.forged",
     "A callback with a wrong signature is HUB_REJECTED, with `nack`.",
     "Verify before reading.",
     forgedCallback},
    {"callback.tampered",
     "A callback of which any signed letter was changed is refused.",
     "Verify the bytes as received; refuse texts that can be read in two ways.",
     tamperedCallback},
    {"callback.foreign",
     "A genuine callback for another merchant is HUB_REJECTED.",
     "Compare the merchant that the message names with the account's.",
     foreignCallback},
    {"callback.stale",
     "A callback out of the provider's time window is HUB_REJECTED.",
     "Compare the signed time with hub.clock.",
     staleCallback},
    {"callback.amount",
     "The amount of a reading is the callback's own, whatever the attempt's was.",
     "Read the amount from the signed message.",
     callbackAmount},
    {"callback.members",
     "Unknown members of a callback change nothing.",
     "Read the members that you know.",
     callbackMembers},
    {"callback.keys_down",
     "A callback that can't be verified now is HUB_UNAVAILABLE, so that the provider repeats it.",
     "Tell HUB_REJECTED of verify() from every other failure.",
     callbackKeysDown},
}};

std::span<const Rule> rules()
{
    return kRules;
}

} // namespace

const ContractSuite kPaymentSuite = {"payment", "create", freshen, rules};

} // namespace hub::conformance
