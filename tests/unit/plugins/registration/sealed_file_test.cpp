// Goal: a kept file opens with its key alone and only as a whole: nothing can be changed, cut off,
// added or reordered unnoticed. Method: files around the size of a piece, sealed, tampered with,
// and kept on a host whose blobs the test sees.
#include "flow/sealed_file.hpp"
#include "kept_blobs.hpp"
#include "support/suite.hpp"

#include <stdexcept>

namespace registration::test {

namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;
constexpr std::size_t kSealedPiece = kPiece + 16;

std::string content(std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(i * 31 % 251);
    }
    return bytes;
}

class SealedFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SealedFileTest);
    CPPUNIT_TEST(opensWithItsKeyAlone);
    CPPUNIT_TEST(nothingCanBeChanged);
    CPPUNIT_TEST(piecesCantBeCutOffAddedOrReordered);
    CPPUNIT_TEST(aKeyHas32Bytes);
    CPPUNIT_TEST(isKeptAsABlobThatTellsNothing);
    CPPUNIT_TEST(whatIsTooLargeOrMissingIsNotRead);
    CPPUNIT_TEST(aFullDiskIsTold);
    CPPUNIT_TEST(base64LeadsBack);
    CPPUNIT_TEST_SUITE_END();

    const std::string key_ = content(kFileKeyBytes);
    const std::string other_key_ = std::string(kFileKeyBytes, 'k');

public:
    void opensWithItsKeyAlone()
    {
        for (const std::size_t size : {std::size_t{0},
                                       std::size_t{1},
                                       kPiece - 1,
                                       kPiece,
                                       kPiece + 1,
                                       2 * kPiece,
                                       3 * kPiece + 7}) {
            const std::string sealed = sealFile(key_, content(size));
            CPPUNIT_ASSERT(openFile(key_, sealed) == content(size));
            CPPUNIT_ASSERT(!openFile(other_key_, sealed));
        }
    }

    void nothingCanBeChanged()
    {
        const std::string sealed = sealFile(key_, content(kPiece + 10));
        for (const std::size_t at : {std::size_t{0}, kPiece, kSealedPiece, sealed.size() - 1}) {
            std::string changed = sealed;
            changed[at] = static_cast<char>(changed[at] ^ 1);
            CPPUNIT_ASSERT(!openFile(key_, changed));
        }
    }

    void piecesCantBeCutOffAddedOrReordered()
    {
        const std::string sealed = sealFile(key_, content(3 * kPiece));
        const std::string first = sealed.substr(0, kSealedPiece);
        const std::string second = sealed.substr(kSealedPiece, kSealedPiece);
        const std::string third = sealed.substr(2 * kSealedPiece);
        CPPUNIT_ASSERT(openFile(key_, first + second + third));
        for (const std::string& wrong : {std::string{},
                                         first,
                                         first + second,
                                         second + first + third,
                                         first + second + third + third,
                                         first + second + second + third,
                                         first + second + third.substr(0, third.size() - 1)}) {
            CPPUNIT_ASSERT(!openFile(key_, wrong));
        }
    }

    void aKeyHas32Bytes()
    {
        CPPUNIT_ASSERT_THROW(sealFile("short", "content"), std::invalid_argument);
    }

    void isKeptAsABlobThatTellsNothing()
    {
        KeptBlobs blobs;
        const std::string plain = content(kPiece + 100);
        const auto digest = keepFile(blobs.host(), 7, key_, plain);
        CPPUNIT_ASSERT(digest.ok());
        CPPUNIT_ASSERT_EQUAL(hub_call_id{7}, blobs.task);
        const std::string& kept = blobs.contents.at(digest.value());
        CPPUNIT_ASSERT(kept.find(plain.substr(0, 64)) == std::string::npos);
        const auto read = readFile(blobs.host(), digest.value(), key_, plain.size());
        CPPUNIT_ASSERT(read.ok());
        CPPUNIT_ASSERT(read.value() == plain);
        CPPUNIT_ASSERT(!readFile(blobs.host(), digest.value(), other_key_, plain.size()).ok());
    }

    void whatIsTooLargeOrMissingIsNotRead()
    {
        KeptBlobs blobs;
        const auto digest = keepFile(blobs.host(), 7, key_, content(kPiece * 2));
        const auto read = readFile(blobs.host(), digest.value(), key_, kPiece);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, read.error().code);
        const auto missing = readFile(blobs.host(), "blob-9", key_, kPiece);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, missing.error().code);
    }

    void aFullDiskIsTold()
    {
        KeptBlobs blobs;
        blobs.is_full = true;
        const auto digest = keepFile(blobs.host(), 7, key_, "content");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, digest.error().code);
    }

    void base64LeadsBack()
    {
        for (const std::size_t size : {0U, 1U, 2U, 3U, 32U}) {
            CPPUNIT_ASSERT(fromBase64(toBase64(content(size))) == content(size));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("QQ=="), toBase64("A"));
        CPPUNIT_ASSERT(!fromBase64("QQ="));
        CPPUNIT_ASSERT(!fromBase64("Q!=="));
    }
};

HUB_TEST_SUITE_REGISTRATION(SealedFileTest, "sealed_file");

} // namespace

} // namespace registration::test
