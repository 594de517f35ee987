// The contract `sms`: fresh requests, and what a connector of short messages may believe and say.
// Providers recognize no repetition, so the rules count what the provider took.
#include "bench.hpp"
#include "contract_suite.hpp"

#include <array>

namespace hub::conformance {

namespace {

constexpr std::size_t kNumberBytes = 16;
constexpr std::size_t kPhoneDigits = 7;
constexpr std::size_t kCodeDigits = 6;

// ---- Requests

std::string randomDigits(std::size_t count)
{
    std::string digits = randomHex(count).substr(0, count);
    for (char& c : digits) {
        c = c >= 'a' ? static_cast<char>('0' + (c - 'a')) : c;
    }
    return digits;
}

/// Every message goes to a phone of its own: providers limit how often one gets a code.
void freshen(Request& request, const Contract&)
{
    request.number = randomHex(kNumberBytes);
    Json& body = request.body;
    body["number"] = request.number;
    body["phone"] = "+861990" + randomDigits(kPhoneDigits);
    body["created_at_ms"] = unixNowMs();
    if (request.operation == "send") {
        body["variables"] = {{"code", randomDigits(kCodeDigits)}};
    }
}

Request need(Bench& bench, const std::string& operation)
{
    (void)bench.provider();
    if (!bench.contract().has(operation)) {
        throw DoesNotApply("it does not implement " + operation);
    }
    return bench.request(operation);
}

/// The query about a message that was sent.
Request about(Bench& bench, const Request& sent)
{
    Request query = need(bench, "query");
    query.number = sent.number;
    for (const char* member : {"number", "phone", "created_at_ms"}) {
        query.body[member] = sent.body.at(member);
    }
    return query;
}

void spoil(Bench& bench, const std::string& operation, Flaw flaw)
{
    const std::string why_not = bench.provider().spoil(operation, flaw);
    if (!why_not.empty()) {
        throw DoesNotApply(why_not);
    }
}

Json payloadOf(const Answer& answer)
{
    return Json::parse(answer.payload, nullptr, false);
}

std::string stateOf(const Answer& answer)
{
    return answer.status == HUB_OK ? textOf(payloadOf(answer), "state") : std::string{};
}

void mustBeUnknown(const Answer& answer, const std::string& to)
{
    require(answer.status == HUB_OUTCOME_UNKNOWN, "to " + to + " it answered " + describe(answer));
}

Request sendAccepted(Bench& bench, Stage& stage)
{
    Request sent = need(bench, "send");
    const Answer answer = bench.ask(stage, sent);
    require(answer.status == HUB_OK, "send was answered with " + describe(answer));
    return sent;
}

void mustHaveTaken(Bench& bench, const std::string& number, std::size_t expected)
{
    const auto taken = bench.provider().messages(number);
    if (!taken.ok()) {
        throw DoesNotApply(taken.error().message);
    }
    require(taken.value() == expected,
            "the provider took " + std::to_string(taken.value()) +
                " messages under the number, not " + std::to_string(expected));
}

// ---- Send

void accepted(Bench& bench)
{
    const Request request = need(bench, "send");
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(stateOf(answer) == "accepted" || stateOf(answer) == "delivered",
            "a sound send was answered with " + describe(answer));
    mustHaveTaken(bench, request.number, 1);
}

void sameNumber(Bench& bench)
{
    const Request request = need(bench, "send");
    const auto stage = bench.start();
    stage->desk.setFate(Fate::NotSent);
    (void)bench.ask(*stage, request);
    stage->desk.setFate(Fate::Deliver);
    Manner again;
    again.attempt = 2;
    const Answer answer = bench.ask(*stage, request, again);
    require(answer.status == HUB_OK,
            "the second delivery of an unsent message was answered with " + describe(answer));
    mustHaveTaken(bench, request.number, 1);
}

void neverDoubled(Bench& bench)
{
    const Request request = need(bench, "send");
    const auto stage = bench.start();
    stage->desk.setFate(Fate::CutAfterSend);
    mustBeUnknown(bench.ask(*stage, request), "a message whose answer was lost");
    stage->desk.setFate(Fate::Deliver);
    mustHaveTaken(bench, request.number, 1);
    const Answer found = bench.ask(*stage, about(bench, request));
    require(stateOf(found) == "accepted" || stateOf(found) == "delivered",
            "the query of a message whose answer was lost said " + describe(found));
    mustHaveTaken(bench, request.number, 1);
}

void refusalIsFinal(Bench& bench)
{
    const Request request = need(bench, "send");
    spoil(bench, "send", Flaw::Refused);
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_REJECTED || answer.status == HUB_UNAUTHENTICATED,
            "to a genuine refusal it answered " + describe(answer));
    const Json refusal = objectOf(payloadOf(answer), "refusal");
    require(!textOf(refusal, "reason").empty() && refusal.contains("retriable") &&
                refusal["retriable"].is_boolean(),
            "its refusal says no reason or not whether another account may try: " +
                describe(answer));
    mustHaveTaken(bench, request.number, 0);
}

void unsureIsUnknown(Bench& bench)
{
    const Request request = need(bench, "send");
    spoil(bench, "send", Flaw::Unsure);
    const auto stage = bench.start();
    mustBeUnknown(bench.ask(*stage, request), "a failure that decides nothing");
}

void moreMembers(Bench& bench)
{
    const Request request = need(bench, "send");
    const auto stage = bench.start();
    bench.addMembers(*stage, "send");
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_OK,
            "to an answer with an unknown member it answered " + describe(answer));
}

// ---- Query

void queryFinds(Bench& bench)
{
    (void)need(bench, "query");
    const auto stage = bench.start();
    const Request first = sendAccepted(bench, *stage);
    const Request second = sendAccepted(bench, *stage);
    for (const Request& sent : {first, second}) {
        const Answer answer = bench.ask(*stage, about(bench, sent));
        require(stateOf(answer) == "accepted" || stateOf(answer) == "delivered",
                "the query of a message that the provider took said " + describe(answer));
    }
}

void queryNotFound(Bench& bench)
{
    const Request query = need(bench, "query");
    const auto stage = bench.start();
    const Request sent = sendAccepted(bench, *stage);
    require(stateOf(bench.ask(*stage, query)) == "not_found",
            "a message that never was is found, or no answer");
    Request other = about(bench, sent); // to the same phone
    other.number = query.number;
    other.body["number"] = query.number;
    const Answer answer = bench.ask(*stage, other);
    require(stateOf(answer) == "not_found",
            "a number that never was, to a phone that got another one, said " + describe(answer));
}

void queryUnsure(Bench& bench)
{
    (void)need(bench, "query");
    const auto stage = bench.start();
    const Request query = about(bench, sendAccepted(bench, *stage));
    for (const char* body : {"", "{", "[]", "<html></html>"}) {
        stage->desk.setBend([body](hubp::HttpAnswer& answer) { answer.body = body; });
        const Answer answer = bench.ask(*stage, query);
        require(answer.status != HUB_OK,
                "to a list that can't be read it answered " + describe(answer));
    }
}

// ---- Reports

Inbound reportOf(Bench& bench, const Request& sent)
{
    (void)need(bench, "callback");
    auto inbound = bench.provider().report(sent.number);
    if (!inbound.ok()) {
        throw DoesNotApply(inbound.error().message);
    }
    return std::move(inbound).value();
}

Json readingOf(const Answer& answer)
{
    return objectOf(payloadOf(answer), "reading");
}

void mustRead(const Answer& answer, const Request& sent)
{
    const Json reports = readingOf(answer).value("reports", Json::array());
    const Json report = reports.size() == 1 ? reports[0] : Json::object();
    require(answer.status == HUB_OK && textOf(report, "number") == sent.number &&
                textOf(report, "phone") == textOf(sent.body, "phone") &&
                textOf(report, "state") == "delivered",
            "a report of a delivery was read as " + describe(answer));
    const Json payload = payloadOf(answer);
    require(payload.contains("ack") && payload.contains("nack"),
            "the reading of a report comes without \"ack\" or \"nack\"");
}

void reportIsRead(Bench& bench)
{
    (void)need(bench, "callback");
    const auto stage = bench.start();
    const Request sent = sendAccepted(bench, *stage);
    mustRead(bench.callback(*stage, reportOf(bench, sent)), sent);
}

void reportRepeated(Bench& bench)
{
    (void)need(bench, "callback");
    const auto stage = bench.start();
    const Inbound inbound = reportOf(bench, sendAccepted(bench, *stage));
    const Answer first = bench.callback(*stage, inbound);
    const Answer again = bench.callback(*stage, inbound);
    require(again.status == first.status && readingOf(again) == readingOf(first),
            "the same report was read once as " + describe(first) + ", then as " + describe(again));
}

void reportMalformed(Bench& bench)
{
    (void)need(bench, "callback");
    const auto stage = bench.start();
    const Inbound genuine = reportOf(bench, sendAccepted(bench, *stage));
    const std::string half = genuine.body.substr(0, genuine.body.size() / 2);
    for (const std::string& body :
         {std::string{}, std::string("null"), std::string("7"), std::string("[[[["), half}) {
        Inbound inbound = genuine;
        inbound.body = body;
        const Answer answer = bench.callback(*stage, inbound);
        require(answer.status == HUB_REJECTED && payloadOf(answer).contains("nack"),
                "a report that can't be read was answered with " + describe(answer));
    }
}

// ---- What is said

/// Digits of the phone, without what stands before them.
std::vector<std::string> confidencesOf(const Request& request)
{
    return {textOf(request.body, "phone").substr(3),
            textOf(objectOf(request.body, "variables"), "code")};
}

void mustNotSay(const std::string& text, const Request& request, const std::string& where)
{
    for (const std::string& secret : confidencesOf(request)) {
        require(text.find(secret) == std::string::npos,
                "the phone or a variable stands in " + where);
    }
}

void saysNothing(Bench& bench)
{
    (void)need(bench, "send");
    const auto stage = bench.start();
    std::vector<Request> asked;
    const auto ask = [&] {
        asked.push_back(bench.request("send"));
        const Answer answer = bench.ask(*stage, asked.back());
        mustNotSay(answer.payload, asked.back(), "an answer");
    };
    ask();
    if (bench.provider().spoil("send", Flaw::Refused).empty()) {
        ask();
    }
    stage->desk.setBend([](hubp::HttpAnswer& answer) { answer.http_status = 500; });
    ask();
    stage->desk.setFate(Fate::CutAfterSend);
    ask();
    (void)stage->session.stop(Milliseconds(4000));
    for (const std::string& line : stage->session.said()) {
        for (const Request& request : asked) {
            mustNotSay(line, request, "a log line or message");
        }
    }
}

constexpr std::array<Rule, 13> kRules = {{
    {"sms.accepted",
     "A sound send succeeds, and the provider takes one message under the call's number.",
     "See the sentence; the provider's side is described in conformance.json.",
     accepted},
    {"sms.same_number",
     "A message that was not sent is sent under the same number when it is delivered again.",
     "Use the request's `number` as the provider's key; make no number of your own.",
     sameNumber},
    {"sms.never_doubled",
     "A message whose answer was lost is unknown, is sent no second time, and is found by query.",
     "Send once per call; HUB_OUTCOME_UNKNOWN makes the hub ask.",
     neverDoubled},
    {"sms.refusal_is_final",
     "A refusal of the provider is a refusal, with a reason and whether another account may try.",
     "Put the provider's codes in a table; what is documented as final is HUB_REJECTED with "
     "`refusal`.",
     refusalIsFinal},
    {"sms.unsure_is_unknown",
     "A failure that no document calls final is unknown: the message may be on its way.",
     "End the table of codes with HUB_OUTCOME_UNKNOWN.",
     unsureIsUnknown},
    {"sms.answer_members",
     "Unknown members of an answer change nothing: providers add fields without asking.",
     "Read the members that you know; refuse none that you don't.",
     moreMembers},
    {"sms.query_finds",
     "A message that the provider took is found by its number.",
     "Compare the number with those of the provider's list.",
     queryFinds},
    {"sms.query_not_found",
     "A number that never was is not_found, also where the phone got other messages.",
     "Compare the number, not only the phone.",
     queryNotFound},
    {"sms.query_unsure",
     "A list that can't be read is no list without the message.",
     "Answer not_found only from a list that was read to its end.",
     queryUnsure},
    {"sms.privacy",
     "Neither phone nor variables stand in answers, log lines or messages.",
     "Write codes and words of your own into messages, never what was given or received.",
     saysNothing},
    {"report.read",
     "A report is read: number, phone and state as it states them, with both acknowledgements.",
     "See the contract's `callback`.",
     reportIsRead},
    {"report.repeated",
     "A report that comes again is read the same again.",
     "Keep no record of reports; the owner of the contract knows which are new.",
     reportRepeated},
    {"report.malformed",
     "What is no report is HUB_REJECTED, with `nack`.",
     "Refuse what is not of the provider's form; never throw.",
     reportMalformed},
}};

std::span<const Rule> rules()
{
    return kRules;
}

} // namespace

const ContractSuite kSmsSuite = {"sms", "send", freshen, rules};

} // namespace hub::conformance
