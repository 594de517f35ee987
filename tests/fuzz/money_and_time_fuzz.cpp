// Input: any text, taken as an amount, a time, a time-out and a trace, and its first eight bytes as
// a number. What is read can be written, and then reads the same; the simulator, which shares no
// code with the connector, reads alike.

#include "alipay/content.hpp"
#include "core/clock.hpp"
#include "domain/number.hpp"
#include "expect.hpp"
#include "observe/trace.hpp"
#include "payment_alipay/beijing_time.hpp"

#include <hub/money.hpp>

#include <cstring>

namespace {

using namespace hub::fuzz;

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kFirstMs = 694195200000;  // 1992-01-01 in Beijing
constexpr std::int64_t kEndMs = 253402271999999; // 9999 ends in Beijing
constexpr std::size_t kWithoutFraction = 19;

void checkAmount(std::string_view text)
{
    const auto money = hub::parseDecimal(text);
    const auto simulated = hub::simulator::alipay::parseAmount(std::string(text));
    if (!money.ok()) {
        expectReadable(money.error().message);
        return;
    }
    expect(money.value().amountMinor() >= 0, "no decimal is negative", text);
    expect(
        !simulated || *simulated == money.value().amountMinor(), "an amount has one value", text);
    const auto again = hub::parseDecimal(hub::toDecimal(money.value()));
    expect(again.ok() && again.value() == money.value(), "an amount survives its coding", text);
}

void checkMinor(std::int64_t amount_minor)
{
    const std::string text = hub::toDecimal({amount_minor, "CNY"});
    const bool negative = amount_minor < 0;
    expect(negative == (text.front() == '-'), "a sign is the amount's", text);
    const auto magnitude = hub::parseDecimal(std::string_view(text).substr(negative ? 1 : 0));
    constexpr std::int64_t kMinorEnd = 1'000'000'000'000'000'000; // 18 digits
    const bool in_range = amount_minor > -kMinorEnd && amount_minor < kMinorEnd;
    expect(magnitude.ok() == in_range, "18 digits can be read", text);
    expect(!in_range ||
               magnitude.value().amountMinor() == (negative ? -amount_minor : amount_minor),
           "an amount survives its coding",
           text);
    const auto sum = hub::add({amount_minor, "CNY"}, {amount_minor, "CNY"});
    expect(!sum.ok() || sum.value().amountMinor() / 2 == amount_minor, "a sum is the sum", text);
}

void checkTime(std::string_view text)
{
    const auto time = alipay::parseBeijingTime(text);
    const auto simulated = hub::simulator::parseBeijingText(text);
    if (!time.ok()) {
        expectReadable(time.error().message);
        expect(!simulated || *simulated < kFirstMs, "two readers take the same times", text);
        return;
    }
    expect(time.value() >= kFirstMs && time.value() <= kEndMs, "a time is in range", text);
    expect(simulated.has_value() == (text.size() == kWithoutFraction), "both read times", text);
    expect(!simulated || *simulated == time.value(), "a time has one value", text);
    const auto written = alipay::toBeijingTime(time.value());
    expect(written.ok() && written.value() == text.substr(0, kWithoutFraction),
           "a time survives its coding",
           text);
}

void checkMoment(std::int64_t unix_ms)
{
    const auto text = alipay::toBeijingTime(unix_ms);
    const bool in_range = unix_ms >= kFirstMs && unix_ms <= kEndMs;
    expect(text.ok() == in_range, "1992 to 9999 can be written");
    if (!in_range) {
        expectReadable(text.error().message);
        return;
    }
    const auto time = alipay::parseBeijingTime(text.value());
    expect(time.ok() && time.value() == unix_ms - unix_ms % kSecondMs,
           "a moment survives its coding",
           text.value());
    expect(
        hub::simulator::toBeijingText(unix_ms) == text.value(), "both write times", text.value());
    const std::string rfc3339 = payments::toRfc3339(unix_ms);
    expect(
        rfc3339.size() == 24 && rfc3339.back() == 'Z' && rfc3339[10] == 'T', "RFC 3339", rfc3339);
    // Eight hours apart, so minutes, seconds and hours modulo 24 agree.
    expect(rfc3339.substr(13, 6) == text.value().substr(13, 6), "one minute everywhere", rfc3339);
    const int hours = std::stoi(rfc3339.substr(11, 2)) + 8;
    expect(hours % 24 == std::stoi(text.value().substr(11, 2)), "Beijing is ahead", rfc3339);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    checkAmount(text);
    checkTime(text);
    constexpr std::int64_t kNowMs = 1795228800000;
    if (const auto due_ms = hub::simulator::alipay::parseTimeout(text, kNowMs)) {
        expect(
            *due_ms >= kNowMs && *due_ms <= kNowMs + 15LL * 86400 * 1000, "15 days at most", text);
    }
    if (const auto trace = hub::observe::parseTraceparent(text)) {
        expect(trace->size() == 32 &&
                   hub::observe::parseTraceparent(hub::observe::makeTraceparent(*trace)) == trace,
               "a trace survives its coding",
               *trace);
    }
    if (size >= sizeof(std::int64_t)) {
        std::int64_t number = 0;
        std::memcpy(&number, data, sizeof number);
        checkMinor(number);
        checkMoment(number);
        // Most numbers lie outside of all years.
        checkMoment(static_cast<std::int64_t>(static_cast<std::uint64_t>(number) %
                                              static_cast<std::uint64_t>(kEndMs + kSecondMs)));
    }
    return 0;
}
