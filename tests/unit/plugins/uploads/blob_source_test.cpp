// Goal: a file in the hub's blobs reads like one in memory, and a storage that fails is told from a
// file that is broken. Method: a host whose blobs give at most what a unit may ask for.

#include "picture_fixture.hpp"
#include "uploads/blob_source.hpp"

#include <hub/testing/blobs_fake.hpp>

namespace {

using namespace uploads_test;

/// A hub that has nothing but blobs.
class BlobHost {
public:
    BlobHost()
    {
        api_.get_extension = [](hub_context* context, const char* id) noexcept -> const void* {
            return std::string_view{id} == HUB_EXT_BLOB_1 && self(context).is_granted
                       ? &self(context).table_
                       : nullptr;
        };
        table_.read = [](hub_context* context,
                         hub_unit*,
                         hub_text digest,
                         std::uint64_t offset,
                         std::uint64_t size,
                         hub_bytes_fn bytes,
                         void* user) noexcept {
            self(context).largest = std::max(self(context).largest, size);
            return self(context).blobs.read(
                std::string{hub::view(digest)}, offset, size, bytes, user);
        };
        table_.size = [](hub_context* context, hub_text digest, std::uint64_t* size) noexcept {
            return self(context).blobs.size(std::string{hub::view(digest)}, size);
        };
    }

    hub::Host host() { return {reinterpret_cast<hub_context*>(this), &api_}; }

    hub::testing::BlobsFake blobs;
    bool is_granted = true;
    std::uint64_t largest = 0;

private:
    static BlobHost& self(hub_context* context) { return *reinterpret_cast<BlobHost*>(context); }

    hub_host_api api_{};
    hub_blob_v1 table_{};
};

class BlobSourceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BlobSourceTest);
    CPPUNIT_TEST(aBlobIsReadInPieces);
    CPPUNIT_TEST(whatIsNotThereIsSaid);
    CPPUNIT_TEST_SUITE_END();

public:
    void aBlobIsReadInPieces()
    {
        std::string content;
        while (content.size() < 200'000) {
            content += std::to_string(content.size());
        }
        BlobHost hub;
        const auto source = uploads::BlobSource::open(hub.host(), nullptr, hub.blobs.add(content));
        CPPUNIT_ASSERT(source.ok());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{content.size()}, source.value().size());
        CPPUNIT_ASSERT(uploads::readAll(source.value(), content.size()).value() == content);
        CPPUNIT_ASSERT_EQUAL(uploads::kPieceBytes, hub.largest);
        const auto too_large = uploads::readAll(source.value(), content.size() - 1);
        CPPUNIT_ASSERT(too_large.finding().code == uploads::Code::FileTooLarge);
    }

    void whatIsNotThereIsSaid()
    {
        BlobHost hub;
        const std::string digest = hub.blobs.add("content");
        CPPUNIT_ASSERT_EQUAL(
            hub_status{HUB_NOT_FOUND},
            uploads::BlobSource::open(hub.host(), nullptr, "another").error().code);
        const auto source = uploads::BlobSource::open(hub.host(), nullptr, digest);
        hub.is_granted = false;
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNSUPPORTED},
                             uploads::BlobSource::open(hub.host(), nullptr, digest).error().code);
        CPPUNIT_ASSERT(uploads::readAll(source.value(), 100).finding().code ==
                       uploads::Code::Unreadable);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(BlobSourceTest, "blob_source");
