#include "json.hpp"

#include <openssl/evp.h>

namespace hub::conformance {

std::string filledText(std::string text, const std::map<std::string, std::string>& variables)
{
    for (const auto& [name, value] : variables) {
        const std::string mark = "{" + name + "}";
        for (std::size_t at = text.find(mark); at != std::string::npos;
             at = text.find(mark, at + value.size())) {
            text.replace(at, mark.size(), value);
        }
    }
    return text;
}

Json filled(const Json& pattern, const std::map<std::string, std::string>& variables)
{
    if (pattern.is_string()) {
        return filledText(pattern.get<std::string>(), variables);
    }
    Json result = pattern;
    if (pattern.is_structured()) {
        for (auto& member : result) {
            member = filled(member, variables);
        }
    }
    return result;
}

std::string toBase64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

} // namespace hub::conformance
