// Goal: a blob is what was written, under its digest, or it is not there. Method: real files.

#include "base/encoding.hpp"
#include "store/blobs.hpp"
#include "store_fixture.hpp"

#include <fstream>
#include <string>

namespace {

using namespace hub::store;
using namespace hub::store::test;

class BlobsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BlobsTest);
    CPPUNIT_TEST(aBlobIsFoundUnderItsDigest);
    CPPUNIT_TEST(aRangePastTheEndIsShorter);
    CPPUNIT_TEST(whatIsNoDigestIsRefused);
    CPPUNIT_TEST(anUnfinishedBlobLeavesNothing);
    CPPUNIT_TEST(theSameContentTwiceIsOneBlob);
    CPPUNIT_TEST(whatAnEarlierRunLeftIsRemoved);
    CPPUNIT_TEST(aFinishedWriterTakesNoMore);
    CPPUNIT_TEST_SUITE_END();

public:
    void aBlobIsFoundUnderItsDigest()
    {
        for (const std::string& content : {std::string{}, std::string("a\0b", 3), kLarge}) {
            const std::string digest = write(content);
            CPPUNIT_ASSERT_EQUAL(hub::base::sha256Hex(content), digest);
            CPPUNIT_ASSERT_EQUAL(content.size(), std::size_t{blobs_.size(digest).value()});
            CPPUNIT_ASSERT(content == blobs_.read(digest, 0, content.size() + 1).value());
            CPPUNIT_ASSERT(std::filesystem::exists(folder_.path() / "blobs" / digest.substr(0, 2) /
                                                   digest.substr(2)));
        }
    }

    void aRangePastTheEndIsShorter()
    {
        const std::string digest = write("0123456789");
        struct Row {
            std::uint64_t offset;
            std::uint64_t size;
            std::string expected;
        };
        for (const Row& row : {Row{0, 4, "0123"},
                               Row{8, 4, "89"},
                               Row{10, 4, ""},
                               Row{UINT64_MAX, 4, ""},
                               Row{2, UINT64_MAX, "23456789"}}) {
            CPPUNIT_ASSERT_EQUAL(row.expected, blobs_.read(digest, row.offset, row.size).value());
        }
    }

    void whatIsNoDigestIsRefused()
    {
        const std::string absent(64, '0');
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, blobs_.read(absent, 0, 1).error().code);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, blobs_.size(absent).error().code);
        for (const std::string& digest :
             {std::string{}, std::string("../../etc/passwd"), std::string(64, 'A'), absent + "0"}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST},
                                 blobs_.read(digest, 0, 1).error().code);
        }
    }

    void anUnfinishedBlobLeavesNothing()
    {
        {
            const auto writer = blobs_.begin();
            CPPUNIT_ASSERT(writer->append("half").ok());
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, unfinished());
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, unfinished());
        CPPUNIT_ASSERT(!blobs_.size(hub::base::sha256Hex("half")).ok());
    }

    void theSameContentTwiceIsOneBlob()
    {
        CPPUNIT_ASSERT_EQUAL(write("same"), write("same"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, unfinished());
    }

    void whatAnEarlierRunLeftIsRemoved()
    {
        std::ofstream(folder_.path() / "blobs" / "unfinished" / "left") << "left";
        blobs_.removeAbandoned();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, unfinished());
    }

    void aFinishedWriterTakesNoMore()
    {
        const auto writer = blobs_.begin();
        CPPUNIT_ASSERT(writer->finish().ok());
        CPPUNIT_ASSERT(!writer->append("more").ok());
        CPPUNIT_ASSERT(!writer->finish().ok());
    }

private:
    std::string write(const std::string& content)
    {
        const auto writer = blobs_.begin();
        CPPUNIT_ASSERT(writer->append(content.substr(0, content.size() / 2)).ok());
        CPPUNIT_ASSERT(writer->append(content.substr(content.size() / 2)).ok());
        return writer->finish().value();
    }

    std::size_t unfinished() const
    {
        const std::filesystem::directory_iterator begin(folder_.path() / "blobs" / "unfinished");
        return static_cast<std::size_t>(std::distance(begin, {}));
    }

    inline static const std::string kLarge = std::string((1 << 20) + 1, '\xFE');
    TemporaryFolder folder_;
    Blobs blobs_{folder_.path() / "blobs"};
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(BlobsTest, "blobs");
