#include "core/post.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>

#include <array>
#include <istream>
#include <memory>
#include <ostream>
#include <thread>

namespace hub::simulator {

namespace {

constexpr std::size_t kAnswerBytesMax = 4096;
const Poco::Timespan kConnectLimit(5, 0);

std::unique_ptr<Poco::Net::HTTPClientSession> connect(const Poco::URI& uri,
                                                      const std::filesystem::path& trust_file)
{
    using Poco::Net::Context;
    if (uri.getScheme() == "http") {
        return std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
    }
    const Context::Ptr context = new Context(Context::TLS_CLIENT_USE,
                                             "",
                                             "",
                                             trust_file.string(),
                                             Context::VERIFY_STRICT,
                                             9,
                                             trust_file.empty());
    return std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(), context);
}

/// The connection that this thread posted over last, as long as both sides keep it.
struct Kept {
    std::string to; ///< origin and trust
    std::unique_ptr<Poco::Net::HTTPClientSession> session;
};
thread_local Kept kept;

std::string readSome(std::istream& stream)
{
    std::string text(kAnswerBytesMax, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

/// Throws Poco::Exception; the connection is of no more use then.
PostAnswer postOver(Poco::Net::HTTPClientSession& session, const Poco::URI& uri, const Post& what)
{
    using namespace Poco::Net;
    const Poco::Timespan patience(what.patience_ms * 1000);
    session.setTimeout(kConnectLimit, patience, patience);
    HTTPRequest request(HTTPRequest::HTTP_POST, uri.getPathAndQuery(), HTTPRequest::HTTP_1_1);
    request.setContentType(what.message.content_type);
    request.setContentLength(static_cast<std::streamsize>(what.message.body.size()));
    request.set("User-Agent", "Mozilla/4.0");
    for (const auto& [name, value] : what.message.headers) {
        request.set(name, value);
    }
    session.sendRequest(request) << what.message.body;
    HTTPResponse response;
    std::istream& stream = session.receiveResponse(response);
    PostAnswer answer{static_cast<int>(response.getStatus()), readSome(stream)};
    if (stream.peek() != std::istream::traits_type::eof()) {
        session.reset(); // the rest of the answer is still on its way
    }
    return answer;
}

PostAnswer postAnew(const std::string& to, const Poco::URI& uri, const Post& what)
{
    kept = {to, connect(uri, what.trust_file)};
    kept.session->setKeepAlive(true);
    try {
        return postOver(*kept.session, uri, what);
    } catch (const Poco::Exception&) {
        kept = {};
        throw;
    }
}

} // namespace

PostAnswer post(const Post& what)
{
    try {
        const Poco::URI uri(what.url);
        const std::string to =
            uri.getScheme() + "://" + uri.getAuthority() + " " + what.trust_file.string();
        if (kept.session && kept.to == to && kept.session->connected()) {
            try {
                return postOver(*kept.session, uri, what);
            } catch (const Poco::TimeoutException&) {
                kept = {};
                throw;
            } catch (const Poco::Exception&) {
                // The merchant had closed it meanwhile: a new one takes the message.
            }
        }
        return postAnew(to, uri, what);
    } catch (const Poco::Exception& failure) {
        return {0, failure.displayText()};
    }
}

std::vector<PostAnswer> postCopies(const Post& what, int copies, bool at_once)
{
    std::vector<PostAnswer> answers(static_cast<std::size_t>(copies));
    if (!at_once) {
        for (PostAnswer& answer : answers) {
            answer = post(what);
        }
        return answers;
    }
    std::vector<std::thread> threads;
    threads.reserve(answers.size());
    for (PostAnswer& answer : answers) {
        threads.emplace_back([&answer, &what] { answer = post(what); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return answers;
}

} // namespace hub::simulator
