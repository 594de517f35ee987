#include "domain/password.hpp"

#include "domain/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

namespace identity {

namespace {

struct Parameters {
    unsigned log2_n = 15;
    std::uint64_t r = 8;
    std::uint64_t p = 1;
};

struct Record {
    Parameters parameters;
    std::string salt;
    std::string hash;
};

constexpr std::size_t kHashBytes = 32;
constexpr std::uint64_t kMemoryMax = std::uint64_t{64} * 1024 * 1024;
constexpr std::string_view kName = "scrypt";
constexpr std::string_view kDigits = "0123456789abcdef";

std::optional<std::string> fromHex(std::string_view text)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const auto high = kDigits.find(text[i]);
        const auto low = kDigits.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        bytes += static_cast<char>(high * 16 + low);
    }
    return text.size() % 2 == 0 ? std::optional(bytes) : std::nullopt;
}

std::string derive(std::string_view password, std::string_view salt, const Parameters& parameters)
{
    std::string hash(kHashBytes, '\0');
    if (EVP_PBE_scrypt(password.data(),
                       password.size(),
                       reinterpret_cast<const unsigned char*>(salt.data()),
                       salt.size(),
                       std::uint64_t{1} << parameters.log2_n,
                       parameters.r,
                       parameters.p,
                       kMemoryMax,
                       reinterpret_cast<unsigned char*>(hash.data()),
                       hash.size()) != 1) {
        throw std::runtime_error("scrypt failed: is there too little memory?");
    }
    return hash;
}

bool toNumber(std::string_view text, std::uint64_t max, std::uint64_t& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number > 0 && number <= max;
}

std::optional<Record> parse(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('$', at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    constexpr std::size_t kParts = 6;
    std::uint64_t log2_n = 0;
    Record record;
    if (parts.size() != kParts || parts[0] != kName || !toNumber(parts[1], 16, log2_n) ||
        !toNumber(parts[2], 8, record.parameters.r) ||
        !toNumber(parts[3], 4, record.parameters.p)) {
        return std::nullopt;
    }
    record.parameters.log2_n = static_cast<unsigned>(log2_n);
    const auto salt = fromHex(parts[4]);
    const auto hash = fromHex(parts[5]);
    if (!salt || !hash || hash->size() != kHashBytes) {
        return std::nullopt;
    }
    record.salt = *salt;
    record.hash = *hash;
    return record;
}

} // namespace

std::string derivePassword(std::string_view password, std::string_view salt)
{
    const Parameters parameters;
    std::string record(kName);
    for (const std::uint64_t number :
         {std::uint64_t{parameters.log2_n}, parameters.r, parameters.p}) {
        record += '$' + std::to_string(number);
    }
    return record + '$' + toHex(salt) + '$' + toHex(derive(password, salt, parameters));
}

bool matchesPassword(std::string_view password, std::string_view text)
{
    const auto record = parse(text);
    const std::string nobody(kSaltBytes, '\0');
    const std::string hash = derive(
        password, record ? record->salt : nobody, record ? record->parameters : Parameters{});
    return record && isSame(hash, record->hash);
}

} // namespace identity
