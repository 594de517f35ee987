// Goal: whoever subscribes finds publisher, key, form and examples of every event at
// /api/asyncapi.json. Method: the real gateway before a backend with two events.
#include "fixture.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests
using hub::base::Json;

class AsyncApiTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AsyncApiTest);
    CPPUNIT_TEST(describesTheEvents);
    CPPUNIT_TEST_SUITE_END();

public:
    void describesTheEvents()
    {
        Fixture hub;
        hub.backend.events_ = {{"desk",
                                "thing.sold",
                                2,
                                {{"en", "A thing was sold"}, {"zh", "物品已售出"}},
                                "Once for each thing.",
                                "thing_id",
                                {{"type", "object"}, {"required", Json::array({"thing_id"})}},
                                Json::array({Json{{"thing_id", "1"}}})},
                               {"desk", "thing.lost", 1, {}, "", "thing_id", {}, {}}};
        hub.start();

        const Json api = hub.exchange(request("GET", "/api/asyncapi.json")).json();

        const auto says = [&api](const char* pointer, const Json& expected) {
            const Json::json_pointer place(pointer);
            CPPUNIT_ASSERT_MESSAGE(pointer, api.contains(place));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(pointer, expected.dump(), api.at(place).dump());
        };
        says("/asyncapi", "3.0.0");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, api.at("channels").size());
        says("/channels/thing.sold/address", "thing.sold");
        says("/channels/thing.sold/messages/thing.sold.v2/$ref",
             "#/components/messages/thing.sold.v2");
        says("/operations/publish.thing.sold/x-publisher", "desk");
        says("/operations/publish.thing.sold/channel/$ref", "#/channels/thing.sold");
        says("/components/messages/thing.sold.v2/title", "A thing was sold");
        says("/components/messages/thing.sold.v2/x-title-zh", "物品已售出");
        says("/components/messages/thing.sold.v2/x-key", "thing_id");
        says("/components/messages/thing.sold.v2/headers/$ref", "#/components/schemas/Envelope");
        says("/components/messages/thing.sold.v2/payload/schema/required",
             Json::array({"thing_id"}));
        says("/components/messages/thing.sold.v2/examples/0/payload", {{"thing_id", "1"}});
        says("/components/messages/thing.lost.v1/title", "thing.lost"); // it has no other
        CPPUNIT_ASSERT(
            api.contains(Json::json_pointer("/components/schemas/Envelope/properties/seq")));
    }
};

HUB_TEST_SUITE_REGISTRATION(AsyncApiTest, "asyncapi");

} // namespace
