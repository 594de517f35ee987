// refused: invalid new-expression of abstract class type 'Broken'
#include <hub/connector.hpp>

struct Broken : hub::Connector {
    Broken(hub::Host host, std::string_view)
        : hub::Connector(host)
    {}
#ifndef WRONG
    void handle(const hub::Event&, hub::Reply reply) override
    {
        reply.send(HUB_UNSUPPORTED);
    }
#endif
};

HUB_CONNECTOR(Broken, "broken", "1.0.0")
