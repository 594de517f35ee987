#include "attempts.hpp"

#include <hub/ext/secrets.h>

#include <vector>

#include <sys/socket.h>

namespace hostile {

namespace {

/// Ids of calls are small numbers: all of them that this hub can have given by now.
constexpr hub_call_id kGuesses = 300;
constexpr const char* kKey = "app_key";
constexpr const char* kAlgorithm = "hmac_sha256";

std::string judge(hub_status status)
{
    return status == HUB_OK || status == HUB_ALREADY_DONE ? "got it"
                                                          : "refused " + std::to_string(status);
}

hub_status useKey(const Surroundings& at, hub_call_id call)
{
    const auto made = at.host.hmac(call, kKey, kAlgorithm, "data");
    return made.ok() ? hub_status{HUB_OK} : made.error().code;
}

std::string useOwnKey(const Surroundings& at)
{
    return judge(useKey(at, at.call));
}

std::string useEarlierCall(const Surroundings& at)
{
    return at.earlier_call == 0 ? "no earlier call" : judge(useKey(at, at.earlier_call));
}

/// Also the live calls of others, which are among the guesses.
std::string useGuessedCalls(const Surroundings& at)
{
    int refused = 0;
    for (hub_call_id guess = 0; guess < kGuesses; ++guess) {
        for (const hub_call_id id : {guess, (hub_call_id{1} << 63U) + guess}) {
            if (id != at.call && useKey(at, id) == HUB_OK) {
                return "got call " + std::to_string(id);
            }
            ++refused;
        }
    }
    return "refused " + std::to_string(refused) + " times";
}

std::string useOtherAlgorithm(const Surroundings& at)
{
    const auto made = at.host.hmac(at.call, kKey, "hmac_sha1", "data");
    return judge(made.ok() ? hub_status{HUB_OK} : made.error().code);
}

std::string useOtherUse(const Surroundings& at)
{
    const auto made = at.host.sign(at.call, kKey, kAlgorithm, "data");
    return judge(made.ok() ? hub_status{HUB_OK} : made.error().code);
}

std::string useOtherKey(const Surroundings& at)
{
    for (const char* name : {"provider_key", "alipay-demo/app_key", "../master", ""}) {
        const auto made = at.host.sign(at.call, name, "rsa_sha256", "data");
        if (made.ok()) {
            return std::string("got ") + name;
        }
    }
    return "refused";
}

void keep(void* user, hub_bytes bytes) noexcept
{
    static_cast<std::string*>(user)->assign(hub::view(bytes));
}

/// Listed in the manifest, not granted by the operator.
std::string reveal(const Surroundings& at)
{
    const auto* secrets = at.host.extension<hub_secrets_v1>(HUB_EXT_SECRETS_1);
    if (secrets == nullptr) {
        return "no table";
    }
    std::string value;
    return judge(
        secrets->reveal(at.host.context(), at.call, hub::toText(at.argument), &keep, &value));
}

hub_status request(const Surroundings& at, const std::string& method, const std::string& url)
{
    hub::HttpRequest wanted;
    wanted.method = method;
    wanted.url = url;
    wanted.body = method == "GET" ? "" : "{}";
    const auto answer = at.host.exchange(at.call, wanted);
    return answer.ok() ? hub_status{HUB_OK} : answer.error().code;
}

std::string post(const Surroundings& at)
{
    return judge(request(at, "POST", at.argument));
}

std::string remove(const Surroundings& at)
{
    return judge(request(at, "DELETE", at.argument));
}

/// How many of ten thousand left, as far as the hub says.
std::string postManyTimes(const Surroundings& at)
{
    int refused = 0;
    int others = 0;
    for (int i = 0; i < 10000; ++i) {
        const hub_status status = request(at, "POST", at.argument);
        (status == HUB_REJECTED || status == HUB_UNAVAILABLE ? refused : others) += 1;
    }
    return "refused " + std::to_string(refused) + ", others " + std::to_string(others);
}

std::string publish(const Surroundings& at)
{
    hub::Publication publication;
    publication.type = at.argument;
    publication.key = "forged";
    publication.payload = "{}";
    const auto published = at.host.publish(publication);
    return judge(published.ok() ? hub_status{HUB_OK} : published.error().code);
}

std::string findTable(const Surroundings& at)
{
    return at.host.extension<void>(at.argument.c_str()) == nullptr ? "refused" : "got a table";
}

std::string completeOthers(const Surroundings& at)
{
    for (hub_call_id guess = 1; guess < kGuesses; ++guess) {
        if (guess != at.call) {
            hub::Reply(at.host, guess).send(HUB_OK, "forged", R"({"state":"paid"})");
        }
    }
    return "tried";
}

// Below the host's own code: frames of HUBP, written straight to the connection.

std::string number(unsigned char marker, std::uint64_t value, int bytes)
{
    std::string packed(1, static_cast<char>(marker));
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        packed.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
    }
    return packed;
}

std::string text(std::string_view value)
{
    return number(0xd9, value.size(), 1) + std::string(value);
}

std::string pair(std::string_view name, const std::string& value)
{
    return text(name) + value;
}

std::string integer(std::uint64_t value)
{
    return number(0xcf, value, 8);
}

std::string map(const std::vector<std::string>& pairs)
{
    std::string packed(1, static_cast<char>(0x80U | pairs.size()));
    for (const std::string& each : pairs) {
        packed += each;
    }
    return packed;
}

/// ZMTP 3: flags, size, bytes.
std::string part(const std::string& bytes, bool more)
{
    const bool is_long = bytes.size() > 255;
    const auto flags = static_cast<unsigned char>((more ? 1U : 0U) | (is_long ? 2U : 0U));
    return number(flags, bytes.size(), is_long ? 8 : 1) + bytes;
}

void inject(char command, const std::string& header, const std::string& payload)
{
    const std::string frames = part("HUBP1", true) + part(std::string(1, command), true) +
                               part(header, true) + part(payload, false);
    // The I/O thread writes nothing meanwhile: nobody but this thread has anything to say.
    (void)::send(connectionToHub(), frames.data(), frames.size(), MSG_NOSIGNAL);
}

/// "We answer every call that there is, and all that was to be closed is closed."
std::string forgeOutcomes(const Surroundings& at)
{
    for (hub_call_id guess = 1; guess < kGuesses; ++guess) {
        for (const std::uint64_t delivery : {1U, 2U}) {
            if (guess != at.call) {
                inject(7,
                       map({pair("call_id", integer(guess)),
                            pair("delivery", integer(delivery)),
                            pair("status", integer(HUB_OK))}),
                       R"({"state":"closed"})");
            }
        }
    }
    return "tried";
}

/// "We have handled every event that there is."
std::string forgeAcks(const Surroundings&)
{
    for (std::uint64_t seq = 1; seq < kGuesses; ++seq) {
        inject(8, map({pair("seq", integer(seq)), pair("status", integer(HUB_OK))}), "");
    }
    return "tried";
}

std::string forgePublication(const Surroundings& at)
{
    inject(9,
           map({pair("token", integer(77)),
                pair("type", text(at.argument)),
                pair("key", text("forged")),
                pair("schema_version", integer(1))}),
           "{}");
    return "tried";
}

/// A service whose table the host does not even have.
std::string forgeService(const Surroundings& at)
{
    inject(15,
           map({pair("service_id", integer(4242)),
                pair("call_id", integer(at.call)),
                pair("extension", text(at.argument)),
                pair("operation", text("query"))}),
           map({pair("sql", text("SELECT 1"))}));
    return "tried";
}

/// "I am another library": after WELCOME nobody introduces himself.
std::string forgeHello(const Surroundings& at)
{
    inject(1,
           map({pair("token", text("0000")),
                pair("library", text(at.argument)),
                pair("abi_major", integer(1))}),
           "");
    return "tried";
}

} // namespace

const std::map<std::string, HubAttempt>& hubAttempts()
{
    static const std::map<std::string, HubAttempt> kAttempts = {
        {"use_own_key", &useOwnKey},
        {"use_earlier_call", &useEarlierCall},
        {"use_guessed_calls", &useGuessedCalls},
        {"use_other_algorithm", &useOtherAlgorithm},
        {"use_other_use", &useOtherUse},
        {"use_other_key", &useOtherKey},
        {"reveal", &reveal},
        {"post", &post},
        {"delete", &remove},
        {"post_many_times", &postManyTimes},
        {"publish", &publish},
        {"table", &findTable},
        {"complete_others", &completeOthers},
        {"forge_outcomes", &forgeOutcomes},
        {"forge_acks", &forgeAcks},
        {"forge_publication", &forgePublication},
        {"forge_service", &forgeService},
        {"forge_hello", &forgeHello}};
    return kAttempts;
}

} // namespace hostile
