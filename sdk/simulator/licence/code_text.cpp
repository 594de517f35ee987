#include "licence/code_text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hub::simulator::licence {

namespace {

constexpr std::string_view kHead = "SAMPLE-LICENCE/1";
constexpr std::string_view kType = "type";

struct Form {
    std::string_view name;
    std::size_t characters_max;
};
constexpr std::array<Form, 7> kForms{{{"name", 200},
                                      {"social_credit_code", 18},
                                      {"kind", 100},
                                      {"representative", 100},
                                      {"address", 300},
                                      {"valid_from", 10},
                                      {"valid_until", 10}}};

std::size_t charactersOf(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) >> 6U) != 2;
    }));
}

bool isDigits(std::string_view text)
{
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isDay(std::string_view text)
{
    return text.size() == 10 && text[4] == '-' && text[7] == '-' && isDigits(text.substr(0, 4)) &&
           isDigits(text.substr(5, 2)) && isDigits(text.substr(8));
}

bool isCode(std::string_view text)
{
    return text.size() == 18 &&
           text.find_first_not_of("0123456789ABCDEFGHJKLMNPQRTUWXY") == std::string_view::npos;
}

void checkField(std::string_view name, std::string_view value)
{
    const auto* form = std::find_if(
        kForms.begin(), kForms.end(), [&](const Form& one) { return one.name == name; });
    const bool is_sound = form != kForms.end() && !value.empty() &&
                          charactersOf(value) <= form->characters_max &&
                          value.find_first_of("\r\n") == std::string_view::npos &&
                          (!name.starts_with("valid_") || isDay(value)) &&
                          (name != "social_credit_code" || isCode(value));
    if (!is_sound) {
        throw std::invalid_argument("\"" + std::string(name) + "\" is \"" + std::string(value) +
                                    "\", which is not of its form");
    }
}

} // namespace

void check(const Licence& licence)
{
    if (licence.type.empty() || licence.type.find_first_of("\r\n=") != std::string::npos) {
        throw std::invalid_argument("\"type\" must be a word");
    }
    for (const char* name : {"name", "social_credit_code"}) {
        if (!licence.fields.contains(name)) {
            throw std::invalid_argument("\"" + std::string(name) + "\" must be given");
        }
    }
    for (const auto& [name, value] : licence.fields) {
        checkField(name, value);
    }
}

std::string toCodeText(const Licence& licence)
{
    std::string text = std::string(kHead) + "\n" + std::string(kType) + "=" + licence.type + "\n";
    for (const auto& [name, value] : licence.fields) {
        text += name + "=" + value + "\n";
    }
    return text;
}

std::optional<Licence> parseCodeText(std::string_view text)
{
    Licence licence;
    bool is_first = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (is_first) {
            if (line != kHead) {
                return std::nullopt;
            }
            is_first = false;
        } else if (equals == std::string_view::npos) {
            return std::nullopt;
        } else if (line.substr(0, equals) == kType) {
            licence.type = line.substr(equals + 1);
        } else {
            licence.fields[std::string(line.substr(0, equals))] = line.substr(equals + 1);
        }
    }
    try {
        check(licence);
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
    return licence;
}

} // namespace hub::simulator::licence
