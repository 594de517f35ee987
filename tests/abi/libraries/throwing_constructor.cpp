// A C++ library whose constructor throws: the SDK's barrier turns it into a refusal of create().
#include <hub/connector.hpp>

#include <stdexcept>

namespace {

class Throwing final : public hub::Connector {
public:
    Throwing(hub::Host host, std::string_view)
        : Connector(host)
    {
        throw std::runtime_error("the constructor had enough");
    }

    void handle(const hub::Event&, hub::Reply) override {}
};

} // namespace

HUB_CONNECTOR(Throwing, "fixture", "1.0.0")
