// What the core asks of a simulated provider. The core serves, remembers, delays, drops and
// notifies; the provider knows addresses, parameters, signatures, codes and what becomes of a
// trade.
#pragma once

#include "core/books.hpp"
#include "core/clock.hpp"
#include "core/json.hpp"
#include "core/message.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

/// An answer before it is put into bytes and signed.
struct Answer {
    std::string kind; ///< the provider's own mark for rendering
    int status = 200; ///< of HTTP
    Json fields = Json::object();
    std::string bytes = {}; ///< a file instead of fields
    bool is_signed = true;
    // What the memory of exchanges shows: the provider's result code and, if it has one, the finer.
    std::string code = {};
    std::string sub_code = {};
};

/// A request after it was read and checked: either `refusal` is set, or it may be booked.
struct Call {
    std::string method; ///< the provider's name of what is asked; faults match by it
    std::string number; ///< the merchant's, when the request names one
    std::string app;
    /// Texts that the provider keeps for booking and rendering, under names of its own.
    std::map<std::string, std::string> parameters;
    Json content = Json::object();
    std::optional<Answer> refusal;
};

/// What a scripted fault wants the provider to say.
struct ScriptedRefusal {
    std::string_view code;
    std::string_view sub_code;
    int status = 0; ///< of HTTP; 0: what the provider usually sends with the code
};

/// What a scripted fault does to a message while it is put into bytes. A probe carries a signature
/// of which the provider has announced that it is wrong; who announces none sends a bad one.
enum class Distortion { None, BadSignature, ProbeSignature, Unsigned, WrongAmount };

/// Whose app the payer's phone pretends to be, and who is paid.
struct Look {
    std::string app;         ///< Chinese, e.g. "模拟钱包"
    std::string app_english; ///< e.g. "Simulated wallet"
    std::string color = "#1e6fff";
    std::string merchant;
    // Before the order is opened.
    std::string greeting = "已识别付款二维码";
    std::string greeting_english = "A payment code was scanned";
};

/// How the payer's browser gets back to the merchant.
struct WayBack {
    std::string address;
    bool is_post = true;
    std::map<std::string, std::string> fields = {};
    int after_s =
        0; ///< the page leads there by itself after so long, by GET; 0: by its button only
};

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
    /// Whether this request, of a merchant or of a payer's browser, is for this provider.
    virtual bool serves(const HttpMessage& message) const = 0;

    virtual Call read(const HttpMessage& message) const = 0;
    /// Applies an unrefused call to the books; after the return the result is on disk.
    virtual Answer book(const Call& call) = 0;
    virtual Answer refuse(const Call& call, const ScriptedRefusal& scripted) const = 0;
    /// The bytes of an answer to `call`, signed now.
    virtual Reply render(const Call& call, const Answer& answer, Distortion distortion) const = 0;

    virtual Look look(const Trade& trade) const = 0;
    /// Where the page leads after payment, an end without it, or to who leaves; nothing when it
    /// stays.
    virtual std::optional<WayBack> wayBack(const Trade& trade) const;
    virtual std::string newProviderNumber() const = 0;
    /// Queues the notification that this state of the trade causes, if any; `refund` is the one
    /// that was just booked or came to its end, or null.
    virtual void tell(Book& book, const Trade& trade, const Refund* refund) const = 0;
    /// How long after payment a trade can be refunded.
    virtual std::int64_t refundWindowMs() const = 0;
    /// False when an order comes into being only as somebody opens its code, so that one that
    /// nobody opened has no end either.
    virtual bool keepsUnopenedOrders() const { return false; }

    /// One sending, signed now. `replaced` overrides fields.
    virtual OutMessage renderNotification(const Notification& notification,
                                          const Json& replaced,
                                          Distortion distortion) const = 0;
    virtual bool isAcknowledgement(int http_status, std::string_view body) const = 0;
    /// Pauses between the sendings, by the test clock.
    virtual const std::vector<std::int64_t>& notifyPausesMs() const = 0;
    /// How long an acknowledgement may take, in real time.
    virtual std::int64_t notifyPatienceMs() const;

    /// What only this provider can be told to do, e.g. to change its keys. HUB_NOT_FOUND for an
    /// unknown word, HUB_BAD_REQUEST for a wrong body.
    virtual Result<Json> command(std::string_view word, const Json& body);
};

} // namespace hub::simulator
