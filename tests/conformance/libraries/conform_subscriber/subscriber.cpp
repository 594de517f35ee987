// A small sound subscriber that breaks one rule when its configuration names a defect.

#include <hub/connector.hpp>

#include <atomic>
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class ConformSubscriber : public hub::Subscriber {
public:
    ConformSubscriber(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , defect_(Json::parse(create_json).at("config").value("defect", ""))
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(receive(event)); }

private:
    bool is(std::string_view defect) const noexcept { return defect_ == defect; }

    hub::Answer receive(const hub::Event& event)
    {
        const Json seen = Json::parse(event.payload(), nullptr, false);
        if (event.payload().empty() && is("crashes_on_empty_payload")) {
            std::abort();
        }
        if (!seen.is_object() ||
            (seen.contains("conformance_unknown") && is("refuses_unknown_members"))) {
            return {HUB_BAD_REQUEST, "the event can't be read", {}, 0};
        }
        if (is("settles_nothing")) {
            return {HUB_UNAVAILABLE, "not now", {}, 0};
        }
        hub::Publication publication;
        publication.type =
            is("publishes_what_it_does_not_list") ? "payment.paid" : "conformance.seen";
        publication.id = std::string{event.id()};
        publication.id.back() = publication.id.back() == '0' ? '1' : '0';
        if (is("new_ids")) {
            publication.id.back() = static_cast<char>('2' + count_++ % 8);
        }
        publication.key = event.key();
        publication.payload = "{}";
        const auto published = host().publish(publication);
        const bool settles =
            published.ok() || is("settles_early") || is("publishes_what_it_does_not_list");
        return {settles ? HUB_OK : HUB_UNAVAILABLE, {}, {}, 0};
    }

    std::string defect_;
    std::atomic<int> count_ = 0;
};

} // namespace

HUB_SUBSCRIBER(ConformSubscriber, "conform_subscriber", "1.0.0")
