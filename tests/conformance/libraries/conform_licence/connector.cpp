// A reader of licences for the suite's own tests: sound, and with one defect when its configuration
// names one. Its provider is the script in conformance.json, which wants to know the digest of the
// picture only.

#include <hub/blob.hpp>
#include <hub/connector.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using hub::Answer;
using Json = nlohmann::json;

constexpr std::uint64_t kRangeBytes = 256ULL * 1024;
constexpr std::uint64_t kPictureBytesMax = 1024ULL * 1024;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

Answer unknown(const char* message)
{
    return {HUB_OUTCOME_UNKNOWN, message, {}, 0};
}

class ConformLicence : public hub::Connector {
public:
    ConformLicence(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , defect_(textOf(Json::parse(create_json).at("config"), "defect"))
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    bool is(std::string_view defect) const noexcept { return defect_ == defect; }

    Answer answer(const hub::Event& event) const
    {
        if (event.operation() != "read") {
            return {HUB_UNSUPPORTED, "no such operation", {}, 0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        const Json document =
            request.is_object() ? request.value("document", Json::object()) : Json{};
        if (!document.is_object() || !document.contains("bytes")) {
            return {HUB_BAD_REQUEST, "no picture is named", {}, 0};
        }
        const auto bytes = document["bytes"].get<std::uint64_t>();
        if (bytes > kPictureBytesMax) {
            return is("takes_any_size") ? unknown("too large")
                                        : Answer{HUB_REJECTED, "the picture is too large", {}, 0};
        }
        const auto picture = take(textOf(document, "blob"), bytes);
        if (!picture.ok() && !is("sends_without_the_picture")) {
            return {HUB_BAD_REQUEST, picture.error().message, {}, 0};
        }
        return exchange(event, picture.ok() ? picture.value() : "");
    }

    hub::Result<std::string> take(const std::string& blob, std::uint64_t bytes) const
    {
        std::string picture;
        while (picture.size() < bytes) {
            const auto range = hub::blob::read(host(),
                                               nullptr,
                                               blob,
                                               picture.size(),
                                               std::min(kRangeBytes, bytes - picture.size()));
            if (!range.ok()) {
                return range.error();
            }
            if (range.value().empty()) {
                return hub::Error{HUB_BAD_REQUEST, "the blob is shorter than it was said"};
            }
            picture += range.value();
            if (is("sends_the_first_range")) {
                break;
            }
        }
        return picture;
    }

    Answer exchange(const hub::Event& event, const std::string& picture) const
    {
        const auto digest = host().digest(event.callId(), "sha256", {{"", picture}});
        if (!digest.ok()) {
            return {HUB_UNAVAILABLE, digest.error().message, {}, 0};
        }
        hub::HttpRequest http;
        http.url = "https://licences.example.com/read";
        http.body = Json{{"sha256", toHex(digest.value())}}.dump();
        const auto response = host().exchange(event.callId(), http);
        if (!response.ok()) {
            return {response.error().code, response.error().message, {}, 0};
        }
        if (!isGenuine(event, response.value())) {
            return unknown("not genuine");
        }
        const Json said = response.value().status == 200
                              ? Json::parse(response.value().body, nullptr, false)
                              : Json{};
        return read(event, said);
    }

    bool isGenuine(const hub::Event& event, const hub::HttpResponse& response) const
    {
        std::string given;
        for (const auto& [name, value] : response.headers) {
            given = name == "x-signature" ? value : given;
        }
        if (given.empty()) {
            return is("believes_unsigned");
        }
        const auto expected =
            host().hmac(event.callId(), "provider_secret", "hmac_sha256", response.body);
        return is("believes_any_signature") || (expected.ok() && toHex(expected.value()) == given);
    }

    Answer read(const hub::Event& event, const Json& said) const
    {
        const std::string result = textOf(said, "result");
        const bool has_more = said.is_object() && said.contains("conformance_unknown");
        if (has_more && is("refuses_answer_members")) {
            return unknown("unknown member");
        }
        if ((result == "refused" && !is("refusals_are_unknown")) ||
            (result == "busy" && is("unsure_is_refused")) ||
            (result == "nothing" && is("nothing_is_a_failure"))) {
            return {HUB_REJECTED, "refused", {}, 0};
        }
        if (result == "nothing") {
            return {HUB_OK, {}, Json{{"state", "unreadable"}}.dump(), 0};
        }
        return result == "ok" ? readFields(event, said) : unknown("not readable");
    }

    Answer readFields(const hub::Event& event, const Json& said) const
    {
        std::string name = textOf(said, "name");
        std::string code = textOf(said, "code");
        if (is("logs_what_it_read")) {
            host().log(hub::LogLevel::Info, "a licence of " + name);
        }
        if (is("swaps_fields")) {
            name = code;
        }
        if (is("reads_once") && event.attempt() > 1) {
            return {HUB_OK, {}, Json{{"state", "unreadable"}}.dump(), 0};
        }
        return {HUB_OK,
                {},
                Json{{"state", "read"}, {"fields", {{"name", name}, {"social_credit_code", code}}}}
                    .dump(),
                0};
    }

    const std::string defect_;
};

} // namespace

HUB_CONNECTOR(ConformLicence, "conform_licence", "1.0.0")
