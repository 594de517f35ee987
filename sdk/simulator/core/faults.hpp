// Scripted faults: rules that say which request or notification goes wrong, and how. The same
// rules, seed and order of requests give the same faults.
#pragma once

#include "core/json.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

/// What can go wrong. The first group befalls answers, the second one notifications.
enum class Fault {
    Delay,             ///< booked at once, answered after `ms`
    DropBeforeBooking, ///< connection reset, nothing booked
    DropAfterBooking,  ///< booked, connection reset
    BookLate,          ///< connection reset, booked `ms` later
    Silence,           ///< nothing booked, no answer; connection reset after `ms`
    HttpStatus,        ///< `status` with an HTML page; booked when `booked`
    Garbage,           ///< 200 with a body that is no JSON; booked when `booked`
    BadSignature,      ///< booked; the signature is over another text
    ProbeSignature,    ///< booked; a wrong signature of which the provider says that it is one
    Unsigned,          ///< booked; a success without signature
    WrongAmount,       ///< booked; amounts in the answer are one fen too high, validly signed
    Refuse,            ///< `code`, `sub_code` instead of the true answer; booked when `booked`
    SlowDrip,          ///< booked; one byte of the answer every `ms`
    TlsClose,          ///< nothing booked; TLS is closed in good order without an answer
    NotifyNone,        ///< never sent
    NotifyDelay,       ///< sent `ms` later by the test clock
    NotifyDuplicate,   ///< sent `count` times in a row, same bytes
    NotifyParallel,    ///< sent `count` times at once, same bytes
    NotifyReorder,     ///< held until another one of its trade went out, at most `ms`
    NotifyBadSignature,
    NotifyProbeSignature,
    NotifyAlter,       ///< `fields` replaced before signing: validly signed, wrong content
    NotifyWrongAmount, ///< amounts one fen too high, validly signed
};

struct FaultRule {
    Fault fault = Fault::Delay;
    // An empty text matches everything.
    std::string provider;
    std::string method;        ///< of a request, in the provider's words
    std::string number_prefix; ///< of the merchant's number
    std::string event;         ///< of a notification, in the provider's words
    std::int64_t nth = 1;      ///< the first matching one that is hit
    std::int64_t times = 1;    ///< how many are hit; 0 for all
    double chance = 1;         ///< of those, drawn from the seed
    // What the fault needs.
    std::int64_t ms = 0;
    int status = 0; ///< of HTTP; 0: 502 for a page, the provider's own for a refusal
    int count = 2;
    bool booked = false;
    std::string code;
    std::string sub_code;
    Json fields = Json::object();
};

/// Thread-safe.
class Faults {
public:
    /// Adds what {"seed": n, "rules": [rule, …]} or a single rule says; all or nothing. A rule is
    /// {"match": {"provider", "method", "out_trade_no", "event", "nth", "times", "chance"},
    /// "fault": name, …}. An unknown member is refused by name.
    Result<void> add(const Json& script);
    void clear();
    Json toJson() const;

    /// The fault that hits this request or notification, if any. Counts as one match.
    std::optional<FaultRule>
    forRequest(std::string_view provider, std::string_view method, std::string_view number);
    std::optional<FaultRule>
    forNotification(std::string_view provider, std::string_view event, std::string_view number);

private:
    struct Counted {
        FaultRule rule;
        std::uint64_t id = 0;
        std::int64_t matched = 0;
        std::int64_t applied = 0;
    };
    bool hits(Counted& counted) const;

    mutable std::mutex guard_;
    std::vector<Counted> rules_;
    std::uint64_t seed_ = 1;
    std::uint64_t next_id_ = 1;
};

std::string_view toText(Fault fault);
bool isNotificationFault(Fault fault);

} // namespace hub::simulator
