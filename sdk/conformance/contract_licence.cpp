// The contract `licence`: fresh requests, and what a connector that has pictures read may believe
// and say. Reading changes nothing at the provider, so the rules are about pictures and answers.
#include "bench.hpp"
#include "contract_suite.hpp"

#include <algorithm>
#include <array>

namespace hub::conformance {

namespace {

constexpr const char* kPngHead = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kNoiseBytes = 64;
/// More than one range of a blob is read for, less than any provider refuses.
constexpr std::size_t kLongBytes = 700UL * 1024;
/// More than an exchange can carry.
constexpr std::size_t kHugeBytes = 3UL * 1024 * 1024;

// ---- Requests

std::string digestOf(const std::string& bytes)
{
    return toHex(Keyring::digest("sha256", bytes).value());
}

/// The hub gets the picture with the request.
void put(Request& request, const std::string& picture)
{
    request.number = digestOf(picture);
    request.body["document"] = {
        {"blob", request.number}, {"media_type", "image/png"}, {"bytes", picture.size()}};
    request.blobs = {picture};
}

/// Every request has a picture of its own, on which nothing can be read.
void freshen(Request& request, const Contract&)
{
    put(request, kPngHead + randomHex(kNoiseBytes));
}

Request need(Bench& bench)
{
    (void)bench.provider();
    if (!bench.contract().has("read")) {
        throw DoesNotApply("it does not implement read");
    }
    return bench.request("read");
}

SampleLicence sampleOf(Bench& bench)
{
    auto sample = bench.provider().licence();
    if (!sample.ok()) {
        throw DoesNotApply(sample.error().message);
    }
    return std::move(sample).value();
}

Request about(Bench& bench, const std::string& picture)
{
    Request request = need(bench);
    put(request, picture);
    return request;
}

void spoil(Bench& bench, Flaw flaw)
{
    const std::string why_not = bench.provider().spoil("read", flaw);
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

void mustRead(const Answer& answer, const SampleLicence& sample)
{
    const Json fields = objectOf(payloadOf(answer), "fields");
    require(stateOf(answer) == "read" && textOf(fields, "name") == sample.name &&
                textOf(fields, "social_credit_code") == sample.social_credit_code,
            "a licence of " + sample.name + ", " + sample.social_credit_code + ", was read as " +
                describe(answer));
}

// ---- Pictures

void readsALicence(Bench& bench)
{
    (void)need(bench);
    const SampleLicence sample = sampleOf(bench);
    const auto stage = bench.start();
    mustRead(bench.ask(*stage, about(bench, sample.picture)), sample);
}

void readsTheSameAgain(Bench& bench)
{
    (void)need(bench);
    const Request request = about(bench, sampleOf(bench).picture);
    const auto stage = bench.start();
    const Answer first = bench.ask(*stage, request);
    Manner again;
    again.attempt = 2;
    const Answer second = bench.ask(*stage, request, again);
    require(stateOf(first) == "read" && payloadOf(first) == payloadOf(second),
            "the same picture was read as " + describe(first) + ", then as " + describe(second));
}

/// The contract's own test of an account: no blob of the hub holds the empty picture.
void unreadableIsAResult(Bench& bench)
{
    Request request = need(bench);
    request.body = objectOf(objectOf(bench.contract().document, "test"), "request");
    request.blobs.clear();
    spoil(bench, Flaw::Unreadable);
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(stateOf(answer) == "unreadable",
            "the empty picture, on which nothing can be read, was answered with " +
                describe(answer));
}

void takesAllOfIt(Bench& bench)
{
    (void)need(bench);
    SampleLicence sample = sampleOf(bench);
    sample.picture.resize(kLongBytes, '\0'); // behind its end, where no reader looks
    const Request request = about(bench, sample.picture);
    const auto stage = bench.start();
    mustRead(bench.ask(*stage, request), sample);
    const auto numbers = bench.provider().numbers();
    require(std::find(numbers.begin(), numbers.end(), request.number) != numbers.end(),
            "of a picture with " + std::to_string(kLongBytes) +
                " bytes the provider did not get all of them");
}

void refusesHugePictures(Bench& bench)
{
    const Request request = about(bench, std::string(kHugeBytes, 'x'));
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require((answer.status == HUB_REJECTED && !answer.message.empty()) || answer.status == HUB_OK,
            "a picture of " + std::to_string(kHugeBytes) + " bytes was answered with " +
                describe(answer));
}

void needsItsBlob(Bench& bench)
{
    Request request = need(bench);
    request.blobs.clear();
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(stage->desk.sent().empty(), "without the picture it made an exchange");
    require(answer.status != HUB_OK && answer.status != HUB_OUTCOME_UNKNOWN,
            "a picture that the hub does not hold was answered with " + describe(answer));
}

// ---- Answers

void refusalIsFinal(Bench& bench)
{
    const Request request = need(bench);
    spoil(bench, Flaw::Refused);
    const auto stage = bench.start();
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_REJECTED || answer.status == HUB_UNAUTHENTICATED,
            "to a genuine refusal it answered " + describe(answer));
}

void unsureIsUnknown(Bench& bench)
{
    const Request request = need(bench);
    spoil(bench, Flaw::Unsure);
    const auto stage = bench.start();
    mustBeUnknown(bench.ask(*stage, request), "a failure that decides nothing");
}

void wrongSignature(Bench& bench)
{
    const Request request = need(bench);
    spoil(bench, Flaw::BadSignature);
    const auto stage = bench.start();
    mustBeUnknown(bench.ask(*stage, request), "an answer with a wrong signature");
}

void noSignature(Bench& bench)
{
    const Request request = need(bench);
    spoil(bench, Flaw::Unsigned);
    const auto stage = bench.start();
    mustBeUnknown(bench.ask(*stage, request), "an answer without a signature");
}

void moreMembers(Bench& bench)
{
    const Request request = need(bench);
    const auto stage = bench.start();
    bench.addMembers(*stage, "read");
    const Answer answer = bench.ask(*stage, request);
    require(answer.status == HUB_OK,
            "to an answer with an unknown member it answered " + describe(answer));
}

// ---- What is said

void saysNothing(Bench& bench)
{
    (void)need(bench);
    const SampleLicence sample = sampleOf(bench);
    const auto stage = bench.start();
    const Request request = about(bench, sample.picture);
    (void)bench.ask(*stage, request);
    if (bench.provider().spoil("read", Flaw::BadSignature).empty()) {
        (void)bench.ask(*stage, request);
    }
    stage->desk.setFate(Fate::CutAfterSend);
    (void)bench.ask(*stage, request);
    (void)stage->session.stop(Milliseconds(4000));
    for (const std::string& line : stage->session.said()) {
        require(line.find(sample.name) == std::string::npos &&
                    line.find(sample.social_credit_code) == std::string::npos,
                "what stands on the licence stands in a log line or message");
    }
}

constexpr std::array<Rule, 12> kRules = {{
    {"licence.read",
     "A licence is read: the result has the name and the code that stand on it.",
     "See the contract's `read`; the provider's side is described in conformance.json.",
     readsALicence},
    {"licence.same_again",
     "The same picture, delivered again, is read the same again.",
     "Keep no record of pictures; reading changes nothing.",
     readsTheSameAgain},
    {"licence.unreadable",
     "Nothing to be read is a result, also of the empty picture, which no blob of the hub holds.",
     "Answer HUB_OK with the state unreadable; read no blob when `bytes` is 0.",
     unreadableIsAResult},
    {"licence.whole_picture",
     "The provider gets all bytes of a picture of several ranges.",
     "Read the blob in ranges until `bytes` are there.",
     takesAllOfIt},
    {"licence.too_large",
     "A picture larger than an exchange can carry is refused with a message, or read all the same.",
     "Compare `bytes` with what the provider and an exchange take; answer HUB_REJECTED.",
     refusesHugePictures},
    {"licence.blob_missing",
     "Without the picture nothing is sent, and the call is neither done nor unknown.",
     "End the call when hub.blob/1 does not have the picture.",
     needsItsBlob},
    {"licence.refusal_is_final",
     "A refusal of the provider is a refusal.",
     "Put the provider's codes in a table; what is documented as final is HUB_REJECTED.",
     refusalIsFinal},
    {"licence.unsure_is_unknown",
     "A failure that no document calls final is unknown: the hub asks again.",
     "End the table of codes with HUB_OUTCOME_UNKNOWN.",
     unsureIsUnknown},
    {"licence.bad_signature",
     "An answer with a wrong signature tells nothing: the outcome is unknown.",
     "Prove the signature over the bytes as received, before they are parsed.",
     wrongSignature},
    {"licence.unsigned",
     "An answer without a signature tells nothing: the outcome is unknown.",
     "Believe no success that is not signed.",
     noSignature},
    {"licence.answer_members",
     "Unknown members of an answer change nothing: providers add fields without asking.",
     "Read the members that you know; refuse none that you don't.",
     moreMembers},
    {"licence.privacy",
     "What stands on a licence stands in no log line and no message.",
     "Write codes and words of your own into messages, never what was read.",
     saysNothing},
}};

std::span<const Rule> rules()
{
    return kRules;
}

} // namespace

const ContractSuite kLicenceSuite = {"licence", "read", freshen, rules};

} // namespace hub::conformance
