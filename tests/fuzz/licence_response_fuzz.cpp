// Input: "signed" or "unsigned" and the HTTP status on the first line, then the body of an answer.
// Whatever it says, the answer is one of the money rule, fits the contract, and repeats nothing.

#include "expect.hpp"
#include "licence_reader_demo/protocol.hpp"

#include <charconv>
#include <map>
#include <set>

namespace {

using namespace hub::fuzz;
using licence_reader::Json;

std::uint32_t numberIn(std::string_view line)
{
    line.remove_prefix(std::min(line.size(), line.find(' ') + 1));
    std::uint32_t value = 0;
    std::from_chars(line.data(), line.data() + line.size(), value);
    return value % 1000;
}

bool isText(const Json& value, std::size_t characters_max)
{
    constexpr std::size_t kBytesOfACharacter = 4;
    return value.is_string() &&
           value.get_ref<const std::string&>().size() <= characters_max * kBytesOfACharacter;
}

void checkFields(const Json& fields)
{
    static const std::map<std::string, std::size_t> kFields{{"name", 200},
                                                            {"social_credit_code", 18},
                                                            {"kind", 100},
                                                            {"representative", 100},
                                                            {"address", 300},
                                                            {"valid_from", 10},
                                                            {"valid_until", 10}};
    for (const auto& [name, value] : fields.items()) {
        const auto field = kFields.find(name);
        expect(field != kFields.end(), "a field is one of the contract", name);
        expect(isText(value, field->second), "a field is as long as the contract lets it", name);
    }
}

void checkResult(const Json& result)
{
    static const std::set<std::string> kRegister{"found", "not_found", "revoked", "unavailable"};
    const std::string state = result.value("state", "");
    if (state == "unreadable") {
        expect(result.size() == 1, "what is unreadable says nothing else", result.dump());
        return;
    }
    expect(state == "read", "a result has a state of the contract", result.dump());
    checkFields(result.at("fields"));
    expect(kRegister.contains(result.at("register").value("state", "")),
           "the register has a state of the contract",
           result.dump());
    const Json confidence = result.value("confidence", Json::object()); // items() refers to it
    for (const auto& [name, percent] : confidence.items()) {
        expect(result["fields"].contains(name) && percent.is_number_integer() && percent >= 0 &&
                   percent <= 100,
               "confidence is a percentage of a field that was read",
               result.dump());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body = textOf(data, size);
    const std::string_view first = takeLine(body);
    const bool is_genuine = first.starts_with("signed ");
    const std::uint32_t status = numberIn(first);
    const hub::Answer answer = licence_reader::readAnswer(status, body, is_genuine);
    const std::set<hub_status> answers{
        HUB_OK, HUB_REJECTED, HUB_UNAUTHENTICATED, HUB_THROTTLED, HUB_OUTCOME_UNKNOWN};
    expect(answers.contains(answer.status), "an answer has an outcome", body);
    if (answer.status == HUB_OK) {
        expect(status == 200 && is_genuine, "only what is signed succeeds", body);
        checkResult(Json::parse(answer.payload));
        return 0;
    }
    expect(is_genuine || answer.status == HUB_OUTCOME_UNKNOWN ||
               answer.status == HUB_UNAUTHENTICATED,
           "what is not signed refuses the key at most",
           body);
    expectReadable(answer.message);
    expect(answer.message.size() <= 100, "a message is of our own words", answer.message);
    expect(answer.payload.empty(), "a failure has no result", answer.payload);
    return 0;
}
