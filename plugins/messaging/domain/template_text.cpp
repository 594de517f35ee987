#include "domain/template_text.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <cctype>

namespace messaging {

namespace {

constexpr std::size_t kVariableBytesMax = 64;

std::optional<std::string> textOf(const Json& event, const std::string& name)
{
    if (name == "amount") {
        const Json amount = event.value("amount_minor", Json{});
        const Json currency = event.value("currency", Json{});
        if (!amount.is_number_integer() || !currency.is_string()) {
            return std::nullopt;
        }
        return hub::toDecimal(
            hub::Money{amount.get<std::int64_t>(), currency.get_ref<const std::string&>()});
    }
    const Json value = event.value(name, Json{});
    if (value.is_number_integer()) {
        return value.dump();
    }
    return value.is_string() ? std::optional{value.get<std::string>()} : std::nullopt;
}

bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool isPlain(const std::string& text)
{
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    };
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i - 1] == '.' && isLetter(text[i])) {
            return false;
        }
    }
    return !text.empty() && text.size() <= kVariableBytesMax &&
           std::all_of(text.begin(), text.end(), fits);
}

} // namespace

std::set<std::string> variablesIn(std::string_view text)
{
    std::set<std::string> names;
    std::size_t begin = text.find("${");
    while (begin != std::string_view::npos) {
        const std::size_t end = text.find('}', begin);
        if (end == std::string_view::npos) {
            break;
        }
        names.emplace(text.substr(begin + 2, end - begin - 2));
        begin = text.find("${", end);
    }
    return names;
}

std::optional<Json> fillNotice(const std::vector<std::string>& variables, const Json& event)
{
    Json filled = Json::object();
    for (const std::string& name : variables) {
        const auto text = textOf(event, name);
        if (!text || !isPlain(*text)) {
            return std::nullopt;
        }
        filled[name] = *text;
    }
    return filled;
}

} // namespace messaging
