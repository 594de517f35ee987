// refused: no matching function for call to 'Broken::Broken(hub::Host, std::basic_string_view
// std::basic_string_view<char>)'
#include <hub/connector.hpp>

struct Broken : hub::Connector {
#ifdef WRONG
    explicit Broken(hub::Host host)
#else
    Broken(hub::Host host, std::string_view)
#endif
        : hub::Connector(host)
    {}
    void handle(const hub::Event&, hub::Reply reply) override
    {
        reply.send(HUB_UNSUPPORTED);
    }
};

HUB_CONNECTOR(Broken, "broken", "1.0.0")
