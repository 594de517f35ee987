// What every connector keeps about calls, whatever the contract.
#include "bench.hpp"

#include <array>

namespace hub::conformance {

namespace {

/// After whatever was asked, another call must be answered: the process lives and serves.
void mustStillServe(Bench& bench, Stage& stage)
{
    const Answer answer = bench.ask(stage, {"conformance_unknown", Json::object(), "", 0});
    require(answer.arrived, "afterwards it answered no other call");
}

void mustBeInOrder(const Answer& answer)
{
    require(answer.status >= HUB_OK && answer.status <= HUB_PENDING,
            "it answered " + describe(answer));
}

void refusesUnknownOperations(Bench& bench)
{
    (void)bench.contract();
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, {"conformance_unknown", Json::object(), "", 0});
    require(answer.status == HUB_UNSUPPORTED,
            "an operation that no contract has was answered with " + describe(answer));
    require(stage->desk.sent().empty(), "it sent something for an operation that no contract has");
}

void takesAnEmptyPayload(Bench& bench)
{
    const auto stage = bench.start();
    for (const std::string& operation : bench.contract().operations) {
        Manner manner;
        manner.payload = "";
        const Answer answer = bench.ask(*stage, bench.request(operation), manner);
        mustBeInOrder(answer);
        require(answer.status != HUB_OK && answer.status != HUB_ALREADY_DONE,
                operation + " without a payload was answered with " + describe(answer));
    }
    require(stage->desk.sent().empty(), "it sent something for a call without a payload");
    mustStillServe(bench, *stage);
}

void takesALargePayload(Bench& bench)
{
    const auto stage = bench.start();
    for (const std::string& operation : bench.contract().operations) {
        Request request = bench.request(operation);
        Manner manner;
        manner.payload = std::string(hubp::kPayloadBytesMax, 'x'); // no JSON at all
        mustBeInOrder(bench.ask(*stage, request, manner));
        // Valid, and exactly as long as a payload may be.
        request.body["conformance_unknown"] = "";
        const std::size_t around = request.body.dump().size();
        request.body["conformance_unknown"] = std::string(hubp::kPayloadBytesMax - around, 'y');
        mustBeInOrder(bench.ask(*stage, request));
    }
    mustStillServe(bench, *stage);
}

void toleratesUnknownMembers(Bench& bench)
{
    Request plain = bench.probe();
    Request more = bench.probe();
    more.body["conformance_unknown"] = {{"nested", {1, "two", nullptr}}};
    const auto stage = bench.start();
    const Answer usual = bench.ask(*stage, plain);
    const Answer answer = bench.ask(*stage, more);
    require(answer.status == usual.status,
            "a request with an unknown member was answered with " + describe(answer) +
                ", without it with " + describe(usual));
}

void answersOnce(Bench& bench)
{
    const Request request = bench.probe();
    const auto stage = bench.start();
    mustBeInOrder(bench.ask(*stage, request));
    mustBeInOrder(bench.ask(*stage, {"conformance_unknown", Json::object(), "", 0}));
    (void)stage->session.stop(Milliseconds(4000));
    for (const std::string& line : stage->session.said()) {
        // The host's own line at its end, see kernel/plugin_host.
        const std::string start = "ignored ";
        require(!line.starts_with(start) || line.starts_with("ignored 0 "),
                "it answered a call more than once: " + line);
    }
}

constexpr std::array<Rule, 5> kRules = {{
    {"call.unknown_operation",
     "An operation that it does not have is answered with HUB_UNSUPPORTED, and nothing is sent.",
     "End the choice of operations with HUB_UNSUPPORTED, never with success.",
     refusesUnknownOperations},
    {"call.empty_payload",
     "A call with a payload of 0 bytes gets an orderly refusal, and the process lives.",
     "Parse without exceptions and refuse what is no object with HUB_BAD_REQUEST.",
     takesAnEmptyPayload},
    {"call.large_payload",
     "A payload of 1 MiB gets an orderly answer, and the process lives.",
     "Use no fixed buffers and no recursion over the payload.",
     takesALargePayload},
    {"call.unknown_members",
     "Unknown members of a request change nothing: contracts grow by addition.",
     "Read the members that you know; refuse none that you don't.",
     toleratesUnknownMembers},
    {"call.answers_once",
     "Every call is answered exactly once.",
     "Let one path of the code answer; a Reply that was sent must not be sent again.",
     answersOnce},
}};

} // namespace

std::span<const Rule> callRules()
{
    return kRules;
}

} // namespace hub::conformance
