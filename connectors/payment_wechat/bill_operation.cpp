#include "bill_operation.hpp"

#include "bill.hpp"
#include "encoding.hpp"
#include "gzip.hpp"
#include "rfc3339.hpp"

#include <openssl/evp.h>

#include <array>

namespace wechat {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::int64_t kHourMs = std::int64_t{3600} * 1000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::size_t kFileBytesMax = 64UL * 1024 * 1024;
constexpr std::size_t kSha1Digits = 40;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The first millisecond after the day.
Result<std::int64_t> endOfDay(const Json& request)
{
    const auto start = parseBillTime(textOf(request, "date") + " 00:00:00");
    return start.ok() ? Result<std::int64_t>{start.value() + kDayMs} : start;
}

/// The hash is the provider's choice; it stands against accidents, the link's signature for it.
std::string sha1Of(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
        return {};
    }
    return toUpperHex({reinterpret_cast<const char*>(digest.data()), size});
}

} // namespace

Result<Request> makeBillLink(const Account& account, const Json& request)
{
    const std::string kind = textOf(request, "kind");
    if (kind != "trades" && kind != "funds") {
        return Error{HUB_BAD_REQUEST, "\"kind\" must be trades or funds"};
    }
    if (!endOfDay(request).ok()) {
        return Error{HUB_BAD_REQUEST, "\"date\" must be a day like 2026-11-21"};
    }
    const std::string what = kind == "trades"
                                 ? "tradebill?bill_type=ALL"
                                 : "fundflowbill?account_type=" + toPercent(account.fund_account);
    return Request{
        "GET", "/v3/bill/" + what + "&bill_date=" + textOf(request, "date") + "&tar_type=GZIP", {}};
}

Answer readBillLink(const Account&, const Json&, const Json& node)
{
    const std::string address = textOf(node, "download_url");
    const std::string sha1 = textOf(node, "hash_value");
    if (uriOf(address).empty()) {
        return {HUB_OUTCOME_UNKNOWN, "the answer's download_url is no address", {}, 0};
    }
    if (toLower(textOf(node, "hash_type")) != "sha1" || sha1.size() != kSha1Digits) {
        return {HUB_OUTCOME_UNKNOWN, "the answer names no SHA-1 of the bill", {}, 0};
    }
    const Json found{{"state", "ready"}, {"address", address}, {"sha1", sha1}};
    return {HUB_OK, {}, found.dump(), 0};
}

std::string uriOf(std::string_view address)
{
    constexpr std::string_view kScheme = "https://";
    const auto slash =
        address.starts_with(kScheme) ? address.find('/', kScheme.size()) : std::string_view::npos;
    if (slash == std::string_view::npos ||
        address.find_first_of(" \t\r\n#\"") != std::string_view::npos) {
        return {};
    }
    return std::string{address.substr(slash)};
}

Result<std::string>
readBillFile(const Json& request, std::string_view bytes, std::string_view sha1_hex)
{
    const auto text =
        isGzip(bytes) ? unpackGzip(bytes, kFileBytesMax) : Result<std::string>{std::string{bytes}};
    if (!text.ok()) {
        return text;
    }
    if (const std::string sha1 = sha1Of(text.value());
        sha1.empty() || toLower(sha1) != toLower(sha1_hex)) {
        return Error{HUB_BAD_REQUEST, "the file is not the one whose SHA-1 the provider named"};
    }
    const auto table = parseBill(text.value());
    if (!table.ok()) {
        return table.error();
    }
    return textOf(request, "kind") == "funds" ? toFundLines(table.value())
                                              : toTradeLines(table.value());
}

bool isBillDayOpen(const Json& request, std::int64_t now_ms)
{
    const auto end = endOfDay(request);
    return end.ok() && now_ms < end.value();
}

bool mayBillStillCome(const Account& account, const Json& request, std::int64_t now_ms)
{
    const auto end = endOfDay(request);
    return end.ok() && now_ms < end.value() + account.bill_ready_hour * kHourMs;
}

} // namespace wechat
