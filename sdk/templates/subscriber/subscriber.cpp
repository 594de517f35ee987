// A complete subscriber to copy: for every paid payment it asks for a receipt, by an event of its
// own. Events come at least once, in order per key, so the same event must have the same effect:
// the published event's id is made from the id of what caused it, and the hub ignores an id that
// it has.

#include <hub/connector.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace example_receipts {
namespace {

using Json = nlohmann::json;

/// Another id of the same form that belongs to `id` alone: the last digits are mirrored in the
/// alphabet of hexadecimal digits.
std::string derivedId(std::string_view id)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    constexpr std::size_t kNodeDigits = 12;
    std::string derived{id};
    for (std::size_t i = id.size() - kNodeDigits; i < id.size(); ++i) {
        const auto digit = kDigits.find(derived[i]);
        if (digit != std::string_view::npos) {
            derived[i] = kDigits[15 - digit];
        }
    }
    return derived;
}

class ReceiptSubscriber : public hub::Subscriber {
public:
    ReceiptSubscriber(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , amount_minor_min_(Json::parse(create_json)
                                .value("config", Json::object())
                                .value("amount_minor_min", std::int64_t{0}))
    {}

    /// HUB_OK settles the event. Anything else brings it again, later events of its key wait, and
    /// in the end it is a dead letter that an operator sees.
    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(receive(event)); }

private:
    hub::Answer receive(const hub::Event& event) const
    {
        const Json paid = Json::parse(event.payload(), nullptr, false);
        const auto amount = paid.is_object() ? paid.find("amount_minor") : paid.end();
        if (event.id().size() != 36 || amount == paid.end() || !amount->is_number_integer()) {
            return {HUB_BAD_REQUEST, "the event has no UUID or no amount_minor", {}, 0};
        }
        if (amount->get<std::int64_t>() < amount_minor_min_) {
            return {HUB_OK, "below the smallest amount", {}, 0};
        }
        hub::Publication receipt;
        receipt.type = "receipt.requested";
        receipt.id = derivedId(event.id());
        receipt.key = event.key();
        receipt.edition = event.edition();
        receipt.correlation_id = event.id();
        receipt.payload = Json{{"payment", event.key()}, {"amount_minor", *amount}}.dump();
        // Waits for the commit: only then may the event be settled.
        const auto published = host().publish(receipt);
        if (!published.ok()) {
            return {HUB_UNAVAILABLE, published.error().message, {}, 0};
        }
        host().log(hub::LogLevel::Info, "a receipt was asked for, payment " + receipt.key);
        return {HUB_OK, {}, {}, 0};
    }

    std::int64_t amount_minor_min_;
};

} // namespace
} // namespace example_receipts

HUB_SUBSCRIBER(example_receipts::ReceiptSubscriber, "subscriber_example", "1.0.0")
