#include "protocol.hpp"

#include "outcome_table.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace licence_reader {

namespace {

using hub::Answer;

constexpr std::uint32_t kOk = 200;
constexpr std::uint32_t kClientErrors = 400;
constexpr std::uint32_t kServerErrors = 500;
constexpr std::size_t kDigestDigits = 64;

/// The contract's limits of the texts, in characters.
struct TextField {
    const char* name;
    std::size_t characters_max;
};
constexpr std::array<TextField, 5> kTexts = {{{"name", 200},
                                              {"social_credit_code", 18},
                                              {"kind", 100},
                                              {"representative", 100},
                                              {"address", 300}}};
constexpr std::array<const char*, 2> kDays = {"valid_from", "valid_until"};
constexpr std::array<std::string_view, 4> kKinds = {"business_licence",
                                                    "institution_certificate",
                                                    "social_organization_certificate",
                                                    "organ_certificate"};
constexpr std::array<std::string_view, 4> kRegisterStates = {
    "found", "not_found", "revoked", "unavailable"};

Answer badRequest(std::string message)
{
    return {HUB_BAD_REQUEST, std::move(message), {}, 0};
}

Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

template <typename List>
bool lists(const List& list, std::string_view word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool isDigest(std::string_view text)
{
    return text.size() == kDigestDigits &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// nlohmann's parser has refused what is no UTF-8, so each character has one leading byte.
std::size_t charactersOf(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// Exactly "2020-01-02", and a day that exists.
bool isDay(std::string_view text)
{
    constexpr std::string_view kForm = "dddd-dd-dd";
    if (text.size() != kForm.size()) {
        return false;
    }
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == 'd' ? !is_digit : text[i] != '-') {
            return false;
        }
    }
    const auto number = [&](std::size_t at, std::size_t size) {
        return std::stoi(std::string{text.substr(at, size)});
    };
    using namespace std::chrono;
    return year_month_day{year{number(0, 4)},
                          month{static_cast<unsigned>(number(5, 2))},
                          day{static_cast<unsigned>(number(8, 2))}}
        .ok();
}

// ---- What comes back. Nothing in these means: not of the form.

std::optional<Json> readFields(const Json& answer)
{
    const auto given = answer.find("fields");
    if (given == answer.end() || !given->is_object()) {
        return std::nullopt;
    }
    Json fields = Json::object();
    for (const TextField& field : kTexts) {
        if (const auto found = given->find(field.name); found != given->end()) {
            if (!found->is_string() ||
                charactersOf(found->get_ref<const std::string&>()) > field.characters_max) {
                return std::nullopt;
            }
            fields[field.name] = *found;
        }
    }
    for (const char* name : kDays) {
        if (const auto found = given->find(name); found != given->end()) {
            if (!found->is_string() || !isDay(found->get_ref<const std::string&>())) {
                return std::nullopt;
            }
            fields[name] = *found;
        }
    }
    return fields;
}

/// Of the fields that were read; whatever else the provider is sure of is nobody's concern.
std::optional<Json> readConfidence(const Json& answer, const Json& fields)
{
    Json confidence = Json::object();
    const auto given = answer.find("confidence");
    if (given == answer.end()) {
        return confidence;
    }
    if (!given->is_object()) {
        return std::nullopt;
    }
    for (const auto& [name, percent] : given->items()) {
        if (!fields.contains(name)) {
            continue;
        }
        if (!percent.is_number_integer() || percent < 0 || percent > 100) {
            return std::nullopt;
        }
        confidence[name] = percent;
    }
    return confidence;
}

std::optional<Json> readRegister(const Json& answer)
{
    const auto given = answer.find("register");
    if (given == answer.end() || !given->is_object() ||
        !lists(kRegisterStates, textOf(*given, "state"))) {
        return std::nullopt;
    }
    Json entry{{"state", textOf(*given, "state")}};
    if (const auto name = given->find("name"); name != given->end()) {
        if (!name->is_string() ||
            charactersOf(name->get_ref<const std::string&>()) > kTexts[0].characters_max) {
            return std::nullopt;
        }
        entry["name"] = *name;
    }
    return entry;
}

Answer readResult(const Json& answer)
{
    const std::string state = textOf(answer, "state");
    if (state == "unreadable") {
        return {HUB_OK, {}, Json{{"state", state}}.dump(), 0};
    }
    const auto fields = readFields(answer);
    const auto confidence = fields ? readConfidence(answer, *fields) : std::nullopt;
    const auto entry = readRegister(answer);
    if (state != "read" || !fields || !confidence || !entry) {
        return unknown("the provider's answer is not of its form");
    }
    Json result{{"state", state}, {"fields", *fields}, {"register", *entry}};
    if (!confidence->empty()) {
        result["confidence"] = *confidence;
    }
    return {HUB_OK, {}, result.dump(), 0};
}

} // namespace

std::variant<Order, Answer> makeOrder(const Json& request)
{
    const auto document = request.find("document");
    if (document == request.end() || !document->is_object()) {
        return badRequest("\"document\" must be an object");
    }
    const std::string kind = textOf(request, "kind");
    if (!lists(kKinds, kind)) {
        return badRequest("\"kind\" must be one of the contract");
    }
    Order order{textOf(*document, "blob"),
                textOf(*document, "media_type"),
                0,
                "/v1/licences/read?kind=" + kind};
    if (!isDigest(order.blob)) {
        return badRequest("\"blob\" must be 64 hex digits");
    }
    if (order.media_type != "image/jpeg" && order.media_type != "image/png") {
        return badRequest("\"media_type\" must be image/jpeg or image/png");
    }
    const auto bytes = document->find("bytes");
    if (bytes == document->end() || !bytes->is_number_unsigned()) {
        return badRequest("\"bytes\" must be a whole number from 0");
    }
    order.bytes = bytes->get<std::uint64_t>();
    if (order.bytes > kPictureBytesMax) {
        return Answer{HUB_REJECTED,
                      "the picture has " + std::to_string(order.bytes) +
                          " bytes, the provider takes " + std::to_string(kPictureBytesMax) +
                          " at most: make it smaller",
                      {},
                      0};
    }
    return order;
}

Answer readAnswer(std::uint32_t http_status, std::string_view body, bool is_genuine)
{
    const std::string status = "HTTP status " + std::to_string(http_status);
    const bool is_readable =
        http_status == kOk || (http_status >= kClientErrors && http_status < kServerErrors);
    const Json answer = is_readable ? Json::parse(body, nullptr, false) : Json{};
    const std::string code = answer.is_object() ? textOf(answer, "code") : std::string{};
    if (code.empty()) {
        return unknown(status + " without a readable code");
    }
    const OutcomeRule& rule = findOutcome(code);
    if (!is_genuine && !rule.is_believed_unsigned) {
        return unknown(status + " without the provider's signature");
    }
    if ((code == "OK") != (http_status == kOk)) {
        return unknown(status + " contradicts the code");
    }
    if (code == "OK") {
        return readResult(answer);
    }
    return {rule.status, std::string{rule.words}, {}, rule.retry_after_ms};
}

} // namespace licence_reader
