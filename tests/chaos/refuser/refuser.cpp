// Refuses every fifth event for ever: each must become one dead letter, whatever happens meanwhile.

#include <hub/connector.hpp>

#include <string_view>

namespace chaos_refuser {

class Refuser : public hub::Subscriber {
public:
    Refuser(hub::Host host, std::string_view)
        : hub::Subscriber(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        constexpr std::int64_t kEvery = 5;
        if (event.seq() % kEvery == 0) {
            reply.send(HUB_UNAVAILABLE, "this one is never taken");
        } else {
            reply.send(HUB_OK);
        }
    }
};

} // namespace chaos_refuser

HUB_SUBSCRIBER(chaos_refuser::Refuser, "chaos_refuser", "1.0.0")
