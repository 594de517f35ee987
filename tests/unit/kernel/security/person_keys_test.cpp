// Goal: a personal value opens for its person and column only, and never again once the person was
// erased, whatever is put back. Method: a real file of keys, looked into as bytes.

#include "base/exception.hpp"
#include "security/person_keys.hpp"
#include "store/database.hpp"
#include "support/suite.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace {

using hub::security::PersonKeys;
using hub::security::SecretBytes;
using hub::security::Secrets;

class PersonKeysTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonKeysTest);
    CPPUNIT_TEST(aValueOpensForItsPersonAndPlaceOnly);
    CPPUNIT_TEST(aKeyIsThereAfterTheNextStart);
    CPPUNIT_TEST(anErasedPersonIsGone);
    CPPUNIT_TEST(theKeysBytesAreGoneFromTheFiles);
    CPPUNIT_TEST(anOlderFileDoesNotBringAPersonBack);
    CPPUNIT_TEST(theIndexTellsEqualValuesOfOnePlaceOnly);
    CPPUNIT_TEST_SUITE_END();

    hub::testing::TemporaryFolder folder_;
    Secrets secrets_{folder_.path() / "secrets", SecretBytes{std::string(32, 'm')}};
    std::unique_ptr<PersonKeys> keys_ = open();

    std::filesystem::path file() const { return folder_.path() / "persons.db"; }

    std::unique_ptr<PersonKeys> open()
    {
        return std::make_unique<PersonKeys>(hub::store::openSideFile(file()),
                                            folder_.path() / "erasures.log",
                                            secrets_,
                                            SecretBytes{std::string(32, 'i')});
    }

    void reopen()
    {
        keys_.reset();
        keys_ = open();
    }

    hub_status
    statusOf(const std::string& person, const std::string& place, const std::string& sealed) const
    {
        const auto opened = keys_->open(person, place, sealed);
        return opened.ok() ? hub_status{HUB_OK} : opened.error().code;
    }

public:
    void aValueOpensForItsPersonAndPlaceOnly()
    {
        const std::string sealed = keys_->seal("p1", "t/phone", "13800000001").value();
        (void)keys_->seal("p2", "t/phone", "13800000001").value();
        CPPUNIT_ASSERT(sealed.find("138") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("13800000001"),
                             keys_->open("p1", "t/phone", sealed).value());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, statusOf("p2", "t/phone", sealed));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, statusOf("p1", "t/name", sealed));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, statusOf("p3", "t/phone", sealed));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, statusOf("p1", "t/phone", "short"));
    }

    void aKeyIsThereAfterTheNextStart()
    {
        const std::string sealed = keys_->seal("p1", "t/phone", "1").value();
        keys_->flush();
        const std::string lost = keys_->seal("p2", "t/phone", "2").value();
        reopen();
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, statusOf("p1", "t/phone", sealed));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("never flushed: nothing was committed that needs it",
                                     hub_status{HUB_NOT_FOUND},
                                     statusOf("p2", "t/phone", lost));
    }

    void anErasedPersonIsGone()
    {
        const std::string sealed = keys_->seal("p1", "t/phone", "1").value();
        keys_->destroy("p1", 5);
        CPPUNIT_ASSERT(keys_->isErased("p1"));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, statusOf("p1", "t/phone", sealed));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED},
                             keys_->seal("p1", "t/phone", "1").error().code);
        keys_->destroy("p1", 6);
        reopen();
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, statusOf("p1", "t/phone", sealed));
    }

    void theKeysBytesAreGoneFromTheFiles()
    {
        (void)keys_->seal("p1", "t/phone", "1").value();
        keys_->flush();
        std::string wrapped;
        {
            const auto look = hub::store::openSideFile(file());
            auto& query = look->prepare("SELECT wrapped FROM person_key WHERE person = 'p1'");
            CPPUNIT_ASSERT(query.step());
            wrapped = query.text(0);
        }
        const auto bytesOfFiles = [this] {
            return hub::testing::readText(file()) +
                   hub::testing::readText(file().string() + "-wal");
        };
        CPPUNIT_ASSERT(bytesOfFiles().find(wrapped) != std::string::npos);
        keys_->destroy("p1", 5);
        CPPUNIT_ASSERT(bytesOfFiles().find(wrapped) == std::string::npos);
    }

    void anOlderFileDoesNotBringAPersonBack()
    {
        const std::string sealed = keys_->seal("p1", "t/phone", "1").value();
        keys_->flush();
        keys_.reset();
        std::filesystem::copy(file(), folder_.path() / "older.db");
        keys_ = open();
        keys_->destroy("p1", 5);
        keys_.reset();
        std::filesystem::rename(folder_.path() / "older.db", file());
        keys_ = open();
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, statusOf("p1", "t/phone", sealed));
        keys_->repeatErasures(9);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, statusOf("p1", "t/phone", sealed));
        CPPUNIT_ASSERT(keys_->isErased("p1"));
    }

    void theIndexTellsEqualValuesOfOnePlaceOnly()
    {
        const std::string index = keys_->blindIndex("t/phone", "138");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, index.size());
        CPPUNIT_ASSERT(index == keys_->blindIndex("t/phone", "138"));
        CPPUNIT_ASSERT(index != keys_->blindIndex("t/phone", "139"));
        CPPUNIT_ASSERT(index != keys_->blindIndex("t/phone1", "38"));
        CPPUNIT_ASSERT(index != keys_->blindIndex("t/name", "138"));
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonKeysTest, "person_keys");

} // namespace
