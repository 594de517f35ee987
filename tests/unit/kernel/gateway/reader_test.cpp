// Goal: what a request is depends on its bytes, not on how they were cut into packets. Method: the
// same bytes whole, in two packets cut at every place, and byte by byte, over a pair of sockets.

#include "base/clock.hpp"
#include "gateway/reader.hpp"
#include "support/suite.hpp"

#include <Poco/Net/StreamSocketImpl.h>

#include <string>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace {

using hub::gateway::ReadLimits;
using hub::gateway::RequestReader;
using hub::gateway::Transport;
using Pieces = std::vector<std::string>;

constexpr std::size_t kHeaderBytesMax = 64;
const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n";

/// What a client that sends these packets, one each, and goes away is told.
std::string judge(const Pieces& pieces)
{
    int ends[2];
    CPPUNIT_ASSERT_EQUAL(0, ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
    const Poco::Net::StreamSocket socket(new Poco::Net::StreamSocketImpl(ends[0]));
    for (const std::string& piece : pieces) {
        CPPUNIT_ASSERT_EQUAL(static_cast<ssize_t>(piece.size()),
                             ::send(ends[1], piece.data(), piece.size(), MSG_NOSIGNAL));
    }
    ::close(ends[1]);
    const hub::base::SystemClock clock;
    const ReadLimits limits{kHeaderBytesMax, 1024, 10000, 10000, 10000};
    Transport transport(socket, nullptr, clock);
    RequestReader reader(transport, limits, clock);
    std::string said;
    while (reader.awaitRequest() == RequestReader::Status::Ready) {
        const auto status = reader.readHead(clock.monotonicMs() + limits.header_ms);
        if (status != RequestReader::Status::Ready) {
            return said +
                   (status == RequestReader::Status::Refused ? reader.refusal().code : "closed");
        }
        said += reader.request().method + " ";
    }
    return said;
}

class ReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReaderTest);
    CPPUNIT_TEST(judgesAHeadAlikeHoweverItArrives);
    CPPUNIT_TEST_SUITE_END();

public:
    void judgesAHeadAlikeHoweverItArrives()
    {
        struct Row {
            std::string name;
            std::string bytes;
            std::string said;
        };
        const std::vector<Row> rows = {
            {"a request", kGet + "\r\n", "GET "},
            {"one empty line", "\r\n" + kGet + "\r\n", "GET "},
            {"two empty lines", "\r\n\r\n" + kGet + "\r\n", "malformed_request"},
            {"an empty line each", "\r\n" + kGet + "\r\n\r\n" + kGet + "\r\n", "GET GET "},
            {"two between", kGet + "\r\n\r\n\r\n" + kGet + "\r\n", "GET malformed_request"},
            {"nothing but an empty line", "\r\n", "closed"},
            {"half an empty line", "\r" + kGet + "\r\n", "malformed_request"},
            {"a bare line feed first", "\n" + kGet + "\r\n", "malformed_request"},
            {"as long as allowed", headOf(kHeaderBytesMax), "GET "},
            {"the same after an empty line", "\r\n" + headOf(kHeaderBytesMax), "GET "},
            {"one byte longer", headOf(kHeaderBytesMax + 1), "header_too_large"},
            {"much longer", headOf(kHeaderBytesMax * 3), "header_too_large"},
            {"a bare line feed behind the limit",
             headOf(kHeaderBytesMax + 8).substr(0, kHeaderBytesMax + 8) + "\n",
             "header_too_large"},
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.said, judge({row.bytes}));
            Pieces single;
            for (std::size_t i = 0; i < row.bytes.size(); ++i) {
                single.emplace_back(1, row.bytes[i]);
                const Pieces two = {row.bytes.substr(0, i), row.bytes.substr(i)};
                CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name + " cut at " + std::to_string(i),
                                             row.said,
                                             judge(i == 0 ? Pieces{row.bytes} : two));
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name + " in bytes", row.said, judge(single));
        }
    }

private:
    /// A request whose head, without the empty line after it, has that many bytes.
    static std::string headOf(std::size_t bytes)
    {
        return kGet + "A:" + std::string(bytes - kGet.size() - 2, 'a') + "\r\n\r\n";
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ReaderTest, "reader");
