// What the core asks of a simulated provider. The core serves, remembers, delays, drops and
// notifies; the provider knows parameters, signatures, codes and what becomes of a trade.
#pragma once

#include "core/books.hpp"
#include "core/clock.hpp"
#include "core/json.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

/// A request as it came, and where it came to.
struct HttpMessage {
    std::string method;
    std::string path;
    std::string query; ///< still percent-encoded
    std::string content_type;
    std::string body;
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json; charset=utf-8";
    std::string body;
    std::string location = {}; ///< for 303
};

/// An answer before it is put into bytes and signed.
struct Answer {
    std::string node;
    Json fields = Json::object();
    bool is_signed = true;

    std::string code() const { return fields.value("code", ""); }
    std::string subCode() const { return fields.value("sub_code", ""); }
};

/// A request after it was read and checked: either `refusal` is set, or it may be booked.
struct Call {
    std::string method;
    std::string number; ///< the merchant's, when the request names one
    std::string app;
    std::map<std::string, std::string> parameters;
    Json content = Json::object();
    std::optional<Answer> refusal;
};

/// What a scripted fault does to a message while it is put into bytes.
enum class Distortion { None, BadSignature, Unsigned, WrongAmount };

/// Where a provider lives.
struct Surroundings {
    Books& books;
    const TestClock& clock;
    std::string public_url; ///< "https://127.0.0.1:8443", for the addresses in codes
};

/// Thread-safe: requests are answered by many threads.
class Provider {
public:
    virtual ~Provider() = default;

    virtual std::string_view name() const = 0;
    /// The path that merchants call.
    virtual std::string_view path() const = 0;

    virtual Call read(const HttpMessage& message) const = 0;
    /// Applies an unrefused call to the books; after the return the result is on disk.
    virtual Answer book(const Call& call) = 0;
    virtual Answer
    refuse(const Call& call, std::string_view code, std::string_view sub_code) const = 0;
    virtual Reply render(const Answer& answer, Distortion distortion) const = 0;

    /// The shop's name for the payer's eyes.
    virtual std::string merchantName(const Trade& trade) const = 0;
    virtual std::string newProviderNumber() const = 0;
    /// Queues the notification that this state of the trade causes, if any; `refund` is the one
    /// that was just booked, or null.
    virtual void tell(Book& book, const Trade& trade, const Refund* refund) const = 0;
    /// How long after payment a trade can be refunded.
    virtual std::int64_t refundWindowMs() const = 0;

    /// The bytes of one sending, signed now. `replaced` overrides fields.
    virtual std::string renderNotification(const Notification& notification,
                                           const Json& replaced,
                                           Distortion distortion) const = 0;
    virtual bool isAcknowledgement(int http_status, std::string_view body) const = 0;
    /// Pauses between the sendings, by the test clock.
    virtual const std::vector<std::int64_t>& notifyPausesMs() const = 0;
};

} // namespace hub::simulator
