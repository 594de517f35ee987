// A demonstration of reading licences as a connector of the contract `licence`: takes a call,
// makes one exchange, answers. What the bytes mean is in protocol.cpp.

#include "account.hpp"
#include "exchange.hpp"

#include <hub/connector.hpp>

#include <string>
#include <string_view>

namespace licence_reader {
namespace {

using hub::Answer;

class LicenceConnector : public hub::Connector {
public:
    LicenceConnector(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , accounts_(parseAccounts(create_json))
        , exchanger_(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    Answer answer(const hub::Event& event) const
    {
        if (event.type() != "licence") {
            return {HUB_UNSUPPORTED, "this connector implements the contract licence only", {}, 0};
        }
        const auto account = accounts_.find(event.account());
        if (account == accounts_.end()) {
            return {HUB_INTERNAL,
                    "account " + std::string{event.account()} +
                        " is not configured for licence_reader_demo",
                    {},
                    0};
        }
        if (event.operation() != "read") {
            return {HUB_UNSUPPORTED,
                    "licence_reader_demo has no operation " + std::string{event.operation()},
                    {},
                    0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no JSON object", {}, 0};
        }
        return exchanger_.read({event.callId(), account->second, request});
    }

    Accounts accounts_;
    Exchanger exchanger_;
};

} // namespace
} // namespace licence_reader

HUB_CONNECTOR(licence_reader::LicenceConnector, "licence_reader_demo", "0.1.0")
