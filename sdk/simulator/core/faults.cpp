#include "core/faults.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace hub::simulator {

namespace {

constexpr std::array<std::pair<Fault, std::string_view>, 23> kFaults{{
    {Fault::Delay, "delay"},
    {Fault::DropBeforeBooking, "drop_before_booking"},
    {Fault::DropAfterBooking, "drop_after_booking"},
    {Fault::BookLate, "book_late"},
    {Fault::Silence, "silence"},
    {Fault::HttpStatus, "http_status"},
    {Fault::Garbage, "garbage"},
    {Fault::BadSignature, "bad_signature"},
    {Fault::ProbeSignature, "probe_signature"},
    {Fault::Unsigned, "unsigned"},
    {Fault::WrongAmount, "wrong_amount"},
    {Fault::Refuse, "refuse"},
    {Fault::SlowDrip, "slow_drip"},
    {Fault::TlsClose, "tls_close"},
    {Fault::NotifyNone, "notify_none"},
    {Fault::NotifyDelay, "notify_delay"},
    {Fault::NotifyDuplicate, "notify_duplicate"},
    {Fault::NotifyParallel, "notify_parallel"},
    {Fault::NotifyReorder, "notify_reorder"},
    {Fault::NotifyBadSignature, "notify_bad_signature"},
    {Fault::NotifyProbeSignature, "notify_probe_signature"},
    {Fault::NotifyAlter, "notify_alter"},
    {Fault::NotifyWrongAmount, "notify_wrong_amount"},
}};

std::optional<Fault> parseFault(std::string_view text)
{
    for (const auto& [fault, word] : kFaults) {
        if (word == text) {
            return fault;
        }
    }
    return std::nullopt;
}

Error refuse(std::string_view member, std::string_view expectation)
{
    return Error{HUB_BAD_REQUEST,
                 fmt::format("fault rule: \"{}\" must be {}", member, expectation)};
}

/// Copies a whole number within [low, high]; false when the member is something else.
template <typename Number>
bool readNumber(const Json& value, std::int64_t low, std::int64_t high, Number& into)
{
    if (!value.is_number_integer() || value.get<std::int64_t>() < low ||
        value.get<std::int64_t>() > high) {
        return false;
    }
    into = static_cast<Number>(value.get<std::int64_t>());
    return true;
}

bool readText(const Json& value, std::string& into)
{
    if (!value.is_string()) {
        return false;
    }
    into = value.get<std::string>();
    return true;
}

constexpr std::int64_t kCountMax = 1'000'000'000;

Result<void> readMatch(const Json& match, FaultRule& rule)
{
    if (!match.is_object()) {
        return refuse("match", "an object");
    }
    for (const auto& [name, value] : match.items()) {
        bool fits = false;
        if (name == "provider") {
            fits = readText(value, rule.provider);
        } else if (name == "method") {
            fits = readText(value, rule.method);
        } else if (name == "out_trade_no") {
            fits = readText(value, rule.number_prefix);
        } else if (name == "event") {
            fits = readText(value, rule.event);
        } else if (name == "nth") {
            fits = readNumber(value, 1, kCountMax, rule.nth);
        } else if (name == "times") {
            fits = readNumber(value, 0, kCountMax, rule.times);
        } else if (name == "chance" && value.is_number()) {
            rule.chance = value.get<double>();
            fits = rule.chance >= 0 && rule.chance <= 1;
        }
        if (!fits) {
            return refuse("match/" + name,
                          "one of the texts provider, method, out_trade_no (a prefix), event or "
                          "the numbers nth (from 1), times (0 for all), chance (0 to 1)");
        }
    }
    return {};
}

Result<void> readMember(const std::string& name, const Json& value, FaultRule& rule)
{
    bool fits = false;
    if (name == "match") {
        return readMatch(value, rule);
    }
    if (name == "fault") {
        const auto fault = parseFault(value.is_string() ? value.get<std::string>() : "");
        rule.fault = fault.value_or(rule.fault);
        fits = fault.has_value();
    } else if (name == "ms") {
        fits = readNumber(value, 0, 7LL * 24 * 3600 * 1000, rule.ms);
    } else if (name == "status") {
        fits = readNumber(value, 200, 599, rule.status);
    } else if (name == "count") {
        fits = readNumber(value, 1, 1000, rule.count);
    } else if (name == "booked" && value.is_boolean()) {
        rule.booked = value.get<bool>();
        fits = true;
    } else if (name == "code") {
        fits = readText(value, rule.code);
    } else if (name == "sub_code") {
        fits = readText(value, rule.sub_code);
    } else if (name == "fields" && value.is_object()) {
        rule.fields = value;
        fits = true;
    }
    if (!fits) {
        return refuse(name,
                      "match, fault (a known name), ms (0 to a week), status (200 to 599), count "
                      "(1 to 1000), booked (true or false), code, sub_code or fields (an object)");
    }
    return {};
}

Result<FaultRule> readRule(const Json& text)
{
    if (!text.is_object() || !text.contains("fault")) {
        return refuse("fault", "given: the name of what goes wrong");
    }
    FaultRule rule;
    for (const auto& [name, value] : text.items()) {
        if (auto read = readMember(name, value, rule); !read) {
            return read.error();
        }
    }
    return rule;
}

/// splitmix64: every draw depends on seed, rule and count only, not on draws for other rules.
double draw(std::uint64_t seed, std::uint64_t rule, std::int64_t count)
{
    std::uint64_t x =
        seed + rule * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(count) * 0xD1B54A32D192ED03U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    x ^= x >> 31U;
    return static_cast<double>(x >> 11U) * 0x1.0p-53;
}

bool matches(const std::string& wanted, std::string_view value)
{
    return wanted.empty() || wanted == value;
}

} // namespace

std::string_view toText(Fault fault)
{
    return kFaults.at(static_cast<std::size_t>(fault)).second;
}

bool isNotificationFault(Fault fault)
{
    return fault >= Fault::NotifyNone;
}

Result<void> Faults::add(const Json& script)
{
    std::vector<FaultRule> fresh;
    std::optional<std::uint64_t> seed;
    if (script.is_object() && (script.contains("rules") || script.contains("seed"))) {
        for (const auto& [name, value] : script.items()) {
            if (name == "seed" && value.is_number_unsigned()) {
                seed = value.get<std::uint64_t>();
            } else if (name != "rules" || !value.is_array()) {
                return refuse(name, "seed (a whole number) or rules (a list)");
            }
        }
        for (const Json& text : script.value("rules", Json::array())) {
            auto rule = readRule(text);
            if (!rule) {
                return rule.error();
            }
            fresh.push_back(std::move(rule).value());
        }
    } else {
        auto rule = readRule(script);
        if (!rule) {
            return rule.error();
        }
        fresh.push_back(std::move(rule).value());
    }
    const std::lock_guard lock(guard_);
    seed_ = seed.value_or(seed_);
    for (FaultRule& rule : fresh) {
        rules_.push_back({std::move(rule), next_id_++, 0, 0});
    }
    return {};
}

void Faults::clear()
{
    const std::lock_guard lock(guard_);
    rules_.clear();
    next_id_ = 1;
}

Json Faults::toJson() const
{
    const std::lock_guard lock(guard_);
    Json rules = Json::array();
    for (const Counted& counted : rules_) {
        const FaultRule& rule = counted.rule;
        rules.push_back({{"fault", toText(rule.fault)},
                         {"match",
                          {{"provider", rule.provider},
                           {"method", rule.method},
                           {"out_trade_no", rule.number_prefix},
                           {"event", rule.event},
                           {"nth", rule.nth},
                           {"times", rule.times},
                           {"chance", rule.chance}}},
                         {"matched", counted.matched},
                         {"applied", counted.applied}});
    }
    return {{"seed", seed_}, {"rules", std::move(rules)}};
}

bool Faults::hits(Counted& counted) const
{
    const FaultRule& rule = counted.rule;
    const std::int64_t count = ++counted.matched;
    const std::int64_t end =
        rule.times == 0 ? std::numeric_limits<std::int64_t>::max() : rule.nth + rule.times;
    if (count < rule.nth || count >= end) {
        return false;
    }
    const bool hit = rule.chance >= 1 || draw(seed_, counted.id, count) < rule.chance;
    counted.applied += hit ? 1 : 0;
    return hit;
}

std::optional<FaultRule>
Faults::forRequest(std::string_view provider, std::string_view method, std::string_view number)
{
    const std::lock_guard lock(guard_);
    for (Counted& counted : rules_) {
        const FaultRule& rule = counted.rule;
        if (!isNotificationFault(rule.fault) && matches(rule.provider, provider) &&
            matches(rule.method, method) && number.starts_with(rule.number_prefix) &&
            hits(counted)) {
            return rule;
        }
    }
    return std::nullopt;
}

std::optional<FaultRule>
Faults::forNotification(std::string_view provider, std::string_view event, std::string_view number)
{
    const std::lock_guard lock(guard_);
    for (Counted& counted : rules_) {
        const FaultRule& rule = counted.rule;
        if (isNotificationFault(rule.fault) && matches(rule.provider, provider) &&
            matches(rule.event, event) && number.starts_with(rule.number_prefix) && hits(counted)) {
            return rule;
        }
    }
    return std::nullopt;
}

} // namespace hub::simulator
