// Goal: only the whole token of a key in force opens a door, and the store does not hold it.
// Method: keys in a real store, tokens changed at every place, a clock of the test.

#include "base/exception.hpp"
#include "open_store.hpp"
#include "security/api_keys.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using hub::security::ApiKeys;
using hub::store::Backend;
using hub::testing::OpenStore;

class SetClock final : public hub::base::Clock {
public:
    std::int64_t nowMs() const override { return now_ms; }
    std::int64_t monotonicMs() const override { return now_ms; }
    std::int64_t now_ms = 1767225600000;
};

template <Backend kBackend>
class ApiKeysTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ApiKeysTest);
    CPPUNIT_TEST(theWholeTokenOpensTheDoor);
    CPPUNIT_TEST(anyOtherTokenIsUnauthenticated);
    CPPUNIT_TEST(theStoreDoesNotHoldTheToken);
    CPPUNIT_TEST(revokedAndExpiredKeysAreRefused);
    CPPUNIT_TEST(scopesAreExact);
    CPPUNIT_TEST(malformedKeysAreNotMade);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { store_ = std::make_unique<OpenStore>(kBackend, clock_); }
    void tearDown() override { store_.reset(); }

    void theWholeTokenOpensTheDoor()
    {
        const std::string token = create({"payments:write"});
        CPPUNIT_ASSERT(token.starts_with("ehk_"));
        CPPUNIT_ASSERT(token != create({"payments:write"}));

        const auto key = keys_.authenticate(token);
        CPPUNIT_ASSERT(key.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("portal"), key.value().holder);
        CPPUNIT_ASSERT_EQUAL(clock_.now_ms, key.value().created_ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, keys_.list().size());
    }

    void anyOtherTokenIsUnauthenticated()
    {
        const std::string token = create({"*"});
        const std::string other = create({"*"});
        for (std::size_t i = 0; i < token.size(); ++i) {
            std::string changed = token;
            changed[i] = changed[i] == 'x' ? 'y' : 'x';
            expectRefused(changed);
        }
        for (std::size_t size = 0; size < token.size(); ++size) {
            expectRefused(token.substr(0, size));
        }
        expectRefused(token + " ");
        expectRefused(token.substr(0, 21) + other.substr(21)); // one's id, the other's secret
        expectRefused("EHK_" + token.substr(4));
        expectRefused(std::string(1000000, 'x'));
    }

    void theStoreDoesNotHoldTheToken()
    {
        const std::string token = create({"*"});
        const std::string secret = token.substr(21);
        auto& row = writer().prepare("SELECT id, holder, scopes, digest FROM hub_api_key");
        while (row.step()) {
            for (int column = 0; column < row.columnCount(); ++column) {
                CPPUNIT_ASSERT(row.text(column).find(secret) == std::string::npos);
            }
        }
        store_->close();
        for (const auto& file : std::filesystem::recursive_directory_iterator(store_->folder())) {
            if (file.is_regular_file()) {
                CPPUNIT_ASSERT(hub::testing::readText(file.path()).find(secret) ==
                               std::string::npos);
            }
        }
    }

    void revokedAndExpiredKeysAreRefused()
    {
        const std::string lasting = create({"*"});
        const std::string passing = create({"*"}, clock_.now_ms + 1000);
        const std::string id = keys_.authenticate(lasting).value().id;

        clock_.now_ms += 999;
        CPPUNIT_ASSERT(keys_.authenticate(passing).ok());
        clock_.now_ms += 1;
        expectRefused(passing);

        CPPUNIT_ASSERT(keys_.revoke(writer(), id));
        CPPUNIT_ASSERT(keys_.authenticate(lasting).ok()); // until the cache is loaded
        keys_.load(writer());
        expectRefused(lasting);
        CPPUNIT_ASSERT(!keys_.revoke(writer(), id));
        CPPUNIT_ASSERT(!keys_.revoke(writer(), "0000000000000000"));
        CPPUNIT_ASSERT(keys_.list().size() == 2);
    }

    void scopesAreExact()
    {
        const auto narrow = keys_.authenticate(create({"payments:read", "events:read"})).value();
        for (const char* scope :
             {"payments:write", "payments", "payments:", "payments:rea", "*", ""}) {
            CPPUNIT_ASSERT_MESSAGE(scope, !narrow.allows(scope));
        }
        CPPUNIT_ASSERT(narrow.allows("payments:read") && narrow.allows("events:read"));
        CPPUNIT_ASSERT(keys_.authenticate(create({"*"})).value().allows("payments:write"));
    }

    void malformedKeysAreNotMade()
    {
        for (const char* scope : {"",
                                  "payments",
                                  ":write",
                                  "payments:",
                                  "a:b:c",
                                  "Payments:write",
                                  "payments:*",
                                  "a b:c",
                                  "**"}) {
            CPPUNIT_ASSERT_THROW_MESSAGE(
                scope, keys_.create(writer(), "portal", {scope}, 0), hub::base::Failure);
        }
        CPPUNIT_ASSERT_THROW(keys_.create(writer(), "portal", {}, 0), hub::base::Failure);
        CPPUNIT_ASSERT_THROW(keys_.create(writer(), "", {"*"}, 0), hub::base::Failure);
    }

private:
    hub::store::Connection& writer() { return store_->writer(); }

    std::string create(const std::vector<std::string>& scopes, std::int64_t expires_ms = 0)
    {
        hub::store::Transaction transaction(writer());
        std::string token = keys_.create(writer(), "portal", scopes, expires_ms);
        transaction.commit();
        keys_.load(writer());
        return token;
    }

    void expectRefused(const std::string& token) const
    {
        const auto key = keys_.authenticate(token);
        CPPUNIT_ASSERT_MESSAGE(token.substr(0, 100), !key.ok());
        CPPUNIT_ASSERT_EQUAL(HUB_UNAUTHENTICATED + 0, key.error().code + 0);
    }

    SetClock clock_;
    ApiKeys keys_{clock_};
    std::unique_ptr<OpenStore> store_;
};

using SqliteApiKeysTest = ApiKeysTest<Backend::SQLite>;
using PostgresApiKeysTest = ApiKeysTest<Backend::PostgreSQL>;

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqliteApiKeysTest, "api_keys");
HUB_TEST_SUITE_REGISTRATION(PostgresApiKeysTest, "api_keys");
