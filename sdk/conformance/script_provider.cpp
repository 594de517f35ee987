// A provider that conformance.json writes down: what it answers, what it signs and how. It keeps
// the state of each attempt, so that queries and repetitions are answered as a provider would.
#include "provider.hpp"
#include "session.hpp"

#include <hub/money.hpp>

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace hub::conformance {

namespace {

constexpr std::int64_t kLongAgoMs = 7LL * 24 * 3600 * 1000;

struct Attempt {
    std::string number;
    std::int64_t amount_minor = 0;
    bool is_paid = false;
    std::map<std::string, std::int64_t> refunds; // by the refund's number
    // Of the request that is being answered, when it names a refund.
    std::string refund_number = {};
    std::int64_t refund_minor = 0;
    // Of messages.
    std::string phone = {};
    std::size_t messages = 0;
    bool is_known = false; // to the provider
};

[[noreturn]] void refuse(const std::string& what)
{
    throw std::runtime_error("conformance.json: provider.script: " + what);
}

class ScriptedProvider final : public Provider {
public:
    ScriptedProvider(const Description& description, Keyring& keys)
        : script_(objectOf(objectOf(description.text, "provider"), "script"))
        , hosts_(objectOf(description.manifest, "http").value("hosts", Json::array()))
        , keys_(keys)
    {
        if (objectOf(script_, "operations").empty()) {
            refuse("\"operations\" must say what each operation is answered with");
        }
        if (textOf(objectOf(script_, "request"), "number").empty()) {
            refuse(
                "\"request\" must say where the number stands, such as {\"number\": \"/number\"}");
        }
    }

    bool serves(const std::string& url) const override { return !operationAt(url).empty(); }
    Result<hubp::HttpAnswer> exchange(const hubp::HttpExchange& request) override;
    std::string spoil(const std::string& operation, Flaw flaw) override;
    std::vector<std::string> numbers() override
    {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> found;
        for (const Attempt& attempt : attempts_) {
            found.push_back(attempt.number);
        }
        return found;
    }
    Result<std::int64_t> refunded(const std::string& number) override;
    Result<void> pay(const std::string& number, std::int64_t amount_minor) override
    {
        const std::lock_guard lock(mutex_);
        Attempt& attempt = findOrAdd(number, amount_minor);
        attempt.is_paid = true;
        attempt.is_known = true;
        return {};
    }
    Result<Inbound>
    callback(const std::string& number, std::int64_t amount_minor, Flaw flaw) override;
    Result<std::size_t> messages(const std::string& number) override
    {
        const std::lock_guard lock(mutex_);
        return findOrAdd(number, 0).messages;
    }
    Result<Inbound> report(const std::string& number) override;
    Result<SampleLicence> licence() override;
    std::string callbackUrl() const override
    {
        return "https://hub.example.com/callback/conformance";
    }
    /// `{provider}`: the first host that the manifest lists.
    std::map<std::string, std::string> variables() const override
    {
        return hosts_.empty() ? std::map<std::string, std::string>{}
                              : std::map<std::string, std::string>{
                                    {"provider", "https://" + hosts_.front().get<std::string>()}};
    }

private:
    std::string operationAt(const std::string& url) const;
    static Json bodyOf(const hubp::HttpExchange& request);
    std::string pointed(const Json& body, const char* name) const;
    Attempt& findOrAdd(const std::string& number, std::int64_t amount_minor);
    Json answerTo(const std::string& operation, const Attempt& attempt, Flaw flaw) const;
    std::vector<std::pair<std::string, std::string>> signedHeaders(const std::string& body,
                                                                   Flaw flaw) const;
    std::string signatureOf(const std::string& body, const std::string& timestamp, Flaw flaw) const;
    static std::map<std::string, std::string> variablesOf(const Attempt& attempt, Flaw flaw);

    const Json script_;
    const Json hosts_;
    Keyring& keys_;
    std::mutex mutex_;
    std::vector<Attempt> attempts_;
    std::map<std::string, Flaw> flaws_; // by operation, for its next answer
};

std::string ScriptedProvider::operationAt(const std::string& url) const
{
    try {
        const Poco::URI uri(url);
        const std::string path = uri.getPath();
        if (std::find(hosts_.begin(), hosts_.end(), Json(uri.getHost())) == hosts_.end()) {
            return {}; // whatever host the manifest lists is this provider, no other
        }
        for (const auto& [name, operation] : script_.at("operations").items()) {
            if (textOf(operation, "path") == path) {
                return name;
            }
        }
    } catch (const Poco::SyntaxException&) {
        return {};
    }
    return {};
}

/// JSON, or the fields of a form as one object.
Json ScriptedProvider::bodyOf(const hubp::HttpExchange& request)
{
    Json body = Json::parse(request.body, nullptr, false);
    if (body.is_object()) {
        return body;
    }
    body = Json::object();
    try {
        Poco::URI uri;
        uri.setRawQuery(request.body.empty() ? Poco::URI(request.url).getRawQuery() : request.body);
        for (const auto& [name, value] : uri.getQueryParameters()) {
            body[name] = value;
        }
    } catch (const Poco::Exception&) {
        return Json::object();
    }
    return body;
}

std::string ScriptedProvider::pointed(const Json& body, const char* name) const
{
    const std::string pointer = textOf(objectOf(script_, "request"), name);
    if (pointer.empty()) {
        return {};
    }
    const Json::json_pointer at{pointer};
    if (!body.contains(at)) {
        return {};
    }
    return body[at].is_string() ? body[at].get<std::string>() : body[at].dump();
}

Attempt& ScriptedProvider::findOrAdd(const std::string& number, std::int64_t amount_minor)
{
    const auto found = std::find_if(attempts_.begin(), attempts_.end(), [&](const Attempt& one) {
        return one.number == number;
    });
    return found != attempts_.end()
               ? *found
               : attempts_.emplace_back(Attempt{number, amount_minor, false, {}});
}

std::map<std::string, std::string> ScriptedProvider::variablesOf(const Attempt& attempt, Flaw flaw)
{
    const std::int64_t more_minor = flaw == Flaw::WrongAmount ? 100 : 0;
    const std::int64_t minor = attempt.amount_minor + more_minor;
    const std::int64_t refund_minor = attempt.refund_minor + more_minor;
    return {{"number", attempt.number},
            {"amount_minor", std::to_string(minor)},
            {"amount", hub::toDecimal({minor, "CNY"})},
            {"phone", attempt.phone},
            {"refund_number", attempt.refund_number},
            {"refund_amount_minor", std::to_string(refund_minor)},
            {"refund_amount", hub::toDecimal({refund_minor, "CNY"})}};
}

Json ScriptedProvider::answerTo(const std::string& operation,
                                const Attempt& attempt,
                                Flaw flaw) const
{
    const Json& answers = script_.at("operations").at(operation);
    const bool has_states = answers.contains("waiting");
    const std::string word = flaw == Flaw::Refused      ? "refused"
                             : flaw == Flaw::Unsure     ? "unsure"
                             : flaw == Flaw::Unreadable ? "unreadable"
                             : !has_states              ? "accepted"
                             : !attempt.is_known        ? "not_found"
                             : attempt.is_paid          ? "paid"
                                                        : "waiting";
    if (!answers.contains(word)) {
        refuse("operation " + operation + " has no answer \"" + word + "\"");
    }
    Json body = filled(answers.at(word), variablesOf(attempt, flaw));
    if (flaw == Flaw::MoreMembers) {
        body["conformance_unknown"] = Json{{"nested", Json::array({1, "two", nullptr})}};
    }
    return body;
}

Result<hubp::HttpAnswer> ScriptedProvider::exchange(const hubp::HttpExchange& request)
{
    const std::lock_guard lock(mutex_);
    const std::string operation = operationAt(request.url);
    const Json body = bodyOf(request);
    const std::string number = pointed(body, "number");
    const Json& rules = script_.at("operations").at(operation);
    const auto found = flaws_.find(operation);
    const Flaw flaw = found == flaws_.end() ? Flaw::None : found->second;
    flaws_.erase(operation);
    Attempt attempt{number, 0, false, {}};
    const auto parsed = hub::parseDecimal(pointed(body, "amount"));
    const std::int64_t amount_minor = parsed.ok() ? parsed.value().amountMinor() : 0;
    if (rules.value("refunds", false)) {
        Attempt& known = findOrAdd(number, 0);
        known.refunds.emplace(pointed(body, "refund_number"), amount_minor);
        attempt = known;
        attempt.refund_number = pointed(body, "refund_number");
        attempt.refund_minor = amount_minor;
    } else if (rules.contains("accepted")) {
        Attempt& known = findOrAdd(number, amount_minor);
        known.is_known = true;
        known.phone = pointed(body, "phone");
        known.messages += flaw == Flaw::Refused || flaw == Flaw::Unsure ? 0 : 1;
        attempt = known;
    } else {
        for (const Attempt& known : attempts_) {
            attempt = known.number == number ? known : attempt;
        }
    }
    hubp::HttpAnswer answer;
    answer.http_status = 200;
    answer.body = answerTo(operation, attempt, flaw).dump();
    for (auto& [name, value] : signedHeaders(answer.body, flaw)) {
        answer.headers.push_back({name, value});
    }
    return answer;
}

Result<std::int64_t> ScriptedProvider::refunded(const std::string& number)
{
    const std::lock_guard lock(mutex_);
    std::int64_t sum_minor = 0;
    for (const auto& [refund, amount_minor] : findOrAdd(number, 0).refunds) {
        sum_minor += amount_minor;
    }
    return sum_minor;
}

std::string ScriptedProvider::spoil(const std::string& operation, Flaw flaw)
{
    const Json answers = objectOf(objectOf(script_, "operations"), operation);
    if (answers.empty()) {
        return "the script has no operation " + operation;
    }
    if (flaw == Flaw::Refused && !answers.contains("refused")) {
        return "the script has no answer \"refused\" to " + operation;
    }
    if (flaw == Flaw::Unsure && !answers.contains("unsure")) {
        return "the script has no answer \"unsure\" to " + operation;
    }
    if (flaw == Flaw::Unreadable && !answers.contains("unreadable")) {
        return "the script has no answer \"unreadable\" to " + operation;
    }
    if (flaw == Flaw::WrongAmount && answers.dump().find("{amount") == std::string::npos) {
        return "the provider's answers to " + operation + " name no amount";
    }
    const std::lock_guard lock(mutex_);
    flaws_[operation] = flaw;
    return {};
}

std::string ScriptedProvider::signatureOf(const std::string& body,
                                          const std::string& timestamp,
                                          Flaw flaw) const
{
    const Json how = objectOf(script_, "signature");
    const std::string text =
        filledText(textOf(how, "text"), {{"timestamp", timestamp}}); // {body} last: it is foreign
    const std::size_t at = text.find("{body}");
    const std::string covered =
        at == std::string::npos ? text : std::string(text).replace(at, 6, body);
    const std::string key = textOf(how, "key");
    const std::string algorithm = textOf(how, "algorithm");
    auto raw = algorithm.starts_with("hmac_") ? keys_.hmac(key, algorithm, covered)
                                              : keys_.sign(key, algorithm, covered);
    if (!raw.ok()) {
        refuse("\"signature\": " + raw.error().message + " (key \"" + key + "\", algorithm \"" +
               algorithm + "\")");
    }
    if (flaw == Flaw::BadSignature) {
        std::string& bytes = raw.value();
        bytes.front() = static_cast<char>(bytes.front() ^ 1);
    }
    return textOf(how, "encoding") == "base64" ? toBase64(raw.value()) : toHex(raw.value());
}

std::vector<std::pair<std::string, std::string>>
ScriptedProvider::signedHeaders(const std::string& body, Flaw flaw) const
{
    const std::int64_t now_ms = unixNowMs() - (flaw == Flaw::Stale ? kLongAgoMs : 0);
    const std::string timestamp = std::to_string(now_ms / 1000);
    std::vector<std::pair<std::string, std::string>> headers;
    const Json fixed = objectOf(script_, "headers");
    for (const auto& [name, value] : fixed.items()) {
        headers.emplace_back(name, filledText(value, {{"timestamp", timestamp}}));
    }
    const std::string header = textOf(objectOf(script_, "signature"), "header");
    if (flaw != Flaw::Unsigned && !header.empty()) {
        headers.emplace_back(header, signatureOf(body, timestamp, flaw));
    }
    if (flaw == Flaw::MoreMembers) {
        headers.emplace_back("x-conformance-unknown", "1");
    }
    return headers;
}

Result<Inbound>
ScriptedProvider::callback(const std::string& number, std::int64_t amount_minor, Flaw flaw)
{
    const Json how = objectOf(script_, "callback");
    if (how.empty()) {
        return Error{HUB_UNSUPPORTED, "the script has no callback"};
    }
    if (flaw == Flaw::Stale && !how.value("has_window", false)) {
        return Error{HUB_UNSUPPORTED, "the provider defines no time window for callbacks"};
    }
    Json body = filled(objectOf(how, "body"), variablesOf({number, amount_minor, true, {}}, flaw));
    if (flaw == Flaw::Foreign) {
        if (objectOf(how, "foreign").empty()) {
            return Error{HUB_UNSUPPORTED, "the provider's callbacks name no merchant"};
        }
        body.update(objectOf(how, "foreign"));
    }
    if (flaw == Flaw::MoreMembers) {
        body["conformance_unknown"] = "1";
    }
    Inbound inbound{"POST", "/callback/conformance", "", {}, body.dump()};
    inbound.headers = signedHeaders(inbound.body, flaw);
    return inbound;
}

Result<Inbound> ScriptedProvider::report(const std::string& number)
{
    const Json how = objectOf(script_, "callback");
    if (how.empty()) {
        return Error{HUB_UNSUPPORTED, "the script has no callback"};
    }
    const std::lock_guard lock(mutex_);
    const Json body = filled(objectOf(how, "body"), variablesOf(findOrAdd(number, 0), Flaw::None));
    Inbound inbound{"POST", "/callback/conformance", "", {}, body.dump()};
    inbound.headers = signedHeaders(inbound.body, Flaw::None);
    return inbound;
}

Result<SampleLicence> ScriptedProvider::licence()
{
    const Json written = objectOf(script_, "licence");
    if (written.empty()) {
        return Error{HUB_UNSUPPORTED, "the script has no licence"};
    }
    // Whatever the picture is, the answer is written down.
    return SampleLicence{"\x89PNG\r\n\x1a\n" + randomHex(64),
                         textOf(written, "name"),
                         textOf(written, "social_credit_code")};
}

} // namespace

std::unique_ptr<Provider> makeScriptedProvider(const Description& description, Keyring& keys)
{
    return std::make_unique<ScriptedProvider>(description, keys);
}

} // namespace hub::conformance
