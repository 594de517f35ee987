#include "stream_peer.hpp"

#include "json.hpp"

#include <algorithm>
#include <sstream>

namespace hub::conformance {

namespace {

constexpr std::int64_t kReadMs = 10000; // when the library names no time

/// The words of a line as "{0}", "{1}", …
std::map<std::string, std::string> wordsOf(const std::string& line)
{
    std::map<std::string, std::string> words;
    std::istringstream stream(line);
    for (std::string word; stream >> word;) {
        words.emplace(std::to_string(words.size()), word);
    }
    return words;
}

std::pair<hub_status, std::string> packed(const Result<std::string>& bytes)
{
    return bytes.ok() ? std::pair{HUB_OK, bytes.value()}
                      : std::pair{static_cast<hub_status>(HUB_INTERNAL), std::string()};
}

} // namespace

StreamPeer::StreamPeer(Json plan, std::function<bool(const std::string&)> allowed)
    : plan_(std::move(plan))
    , allowed_(std::move(allowed))
    , timer_([this] { watchTime(); })
{}

StreamPeer::~StreamPeer()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    timer_.join();
}

void StreamPeer::goDown()
{
    {
        const std::lock_guard lock(mutex_);
        is_down_ = true;
    }
    cut();
}

void StreamPeer::refuseMarks()
{
    const std::lock_guard lock(mutex_);
    refuses_marks_ = true;
}

void StreamPeer::cutAtMessage()
{
    const std::lock_guard lock(mutex_);
    cuts_at_message_ = true;
}

void StreamPeer::cut()
{
    Replies replies;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, connection] : connections_) {
            lose(connection, replies);
        }
    }
    for (const auto& reply : replies) {
        reply();
    }
}

void StreamPeer::speak()
{
    Replies replies;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, connection] : connections_) {
            connection.to_library += textOf(objectOf(plan_, "unasked"), "say");
            feed(connection, replies);
        }
    }
    for (const auto& reply : replies) {
        reply();
    }
}

std::vector<Line> StreamPeer::lines()
{
    const std::lock_guard lock(mutex_);
    return lines_;
}

bool StreamPeer::waitForLine(const std::function<bool(const Line&)>& is_it, Milliseconds patience)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(
        lock, patience, [&] { return std::any_of(lines_.begin(), lines_.end(), is_it); });
}

bool StreamPeer::waitForReader(Milliseconds patience)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] {
        return std::any_of(connections_.begin(), connections_.end(), [](const auto& one) {
            return one.second.has_spoken && one.second.reader && one.second.to_library.empty();
        });
    });
}

bool StreamPeer::acknowledges(const Line& line) const
{
    return line.text == textOf(objectOf(plan_, "unasked"), "acknowledged");
}

void StreamPeer::countPublication()
{
    const std::lock_guard lock(mutex_);
    ++publications_;
}

void StreamPeer::endOf(hub_call_id delivery)
{
    Replies replies;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, connection] : connections_) {
            if (connection.delivery == delivery) {
                lose(connection, replies);
            }
        }
    }
    for (const auto& reply : replies) {
        reply();
    }
}

void StreamPeer::serve(const hubp::Service& service, Desk::Reply reply)
{
    Replies replies;
    {
        const std::lock_guard lock(mutex_);
        if (service.operation == "open") {
            replies.push_back(
                [reply, served = open(service)] { reply(served.first, served.second); });
        } else if (service.operation == "read") {
            read(service, std::move(reply), replies);
        } else {
            hub_status status = HUB_OK; // secure: there is no network to secure
            if (service.operation == "begin") {
                status = begin(service);
            } else if (service.operation == "write") {
                status = write(service, replies);
            } else if (service.operation == "close") {
                const auto name = hubp::decodeService<hubp::StreamName>(service.arguments);
                const auto found = connections_.find(name.ok() ? name.value().stream : 0);
                if (found != connections_.end()) {
                    lose(found->second, replies);
                }
            }
            replies.insert(replies.begin(), [reply, status] { reply(status, ""); });
        }
    }
    changed_.notify_all();
    for (const auto& one : replies) {
        one();
    }
}

std::pair<hub_status, std::string> StreamPeer::open(const hubp::Service& service)
{
    const auto wanted = hubp::decodeService<hubp::StreamOpen>(service.arguments);
    if (!wanted.ok() || !allowed_(wanted.value().address)) {
        return {HUB_REJECTED, ""};
    }
    if (is_down_) {
        return {HUB_UNAVAILABLE, ""};
    }
    const std::uint64_t id = connections_.empty() ? 1 : connections_.rbegin()->first + 1;
    Connection& connection = connections_[id];
    connection.delivery = service.call_id;
    connection.to_library = textOf(plan_, "greeting");
    connection.has_spoken = !connection.to_library.empty();
    return packed(hubp::encodeService(hubp::StreamName{id}));
}

hub_status StreamPeer::begin(const hubp::Service& service)
{
    const auto name = hubp::decodeService<hubp::StreamName>(service.arguments);
    const auto found = connections_.find(name.ok() ? name.value().stream : 0);
    if (found == connections_.end() || found->second.is_lost || refuses_marks_) {
        return HUB_UNAVAILABLE;
    }
    found->second.marked.insert(service.call_id);
    return HUB_OK;
}

hub_status StreamPeer::write(const hubp::Service& service, Replies& replies)
{
    const auto wanted = hubp::decodeService<hubp::StreamWrite>(service.arguments);
    const auto found = connections_.find(wanted.ok() ? wanted.value().stream : 0);
    if (found == connections_.end() || found->second.is_lost) {
        return HUB_UNAVAILABLE;
    }
    Connection& connection = found->second;
    connection.from_library += wanted.value().bytes;
    for (std::size_t end = connection.from_library.find('\n');
         end != std::string::npos && !connection.is_lost;
         end = connection.from_library.find('\n')) {
        std::string line = connection.from_library.substr(0, end);
        connection.from_library.erase(0, end + 1);
        line.erase(std::min(line.size(), line.find('\r')));
        take(connection, line);
        if (lines_.back().is_message && cuts_at_message_) {
            cuts_at_message_ = false;
            lose(connection, replies);
        }
    }
    feed(connection, replies);
    return HUB_OK;
}

/// Answers with what the first pattern says whose words the line begins with.
void StreamPeer::take(Connection& connection, const std::string& text)
{
    Line line{text, false, connection.marked, publications_};
    for (const Json& answer : plan_.value("answers", Json::array())) {
        if (text.starts_with(textOf(answer, "line"))) {
            line.is_message = answer.value("message", false);
            connection.to_library += filledText(textOf(answer, "say"), wordsOf(text));
            connection.has_spoken = true;
            break;
        }
    }
    lines_.push_back(std::move(line));
}

void StreamPeer::read(const hubp::Service& service, Desk::Reply reply, Replies& replies)
{
    const auto wanted = hubp::decodeService<hubp::StreamRead>(service.arguments);
    const auto found = connections_.find(wanted.ok() ? wanted.value().stream : 0);
    if (found == connections_.end() || found->second.is_lost) {
        replies.push_back([reply] { reply(HUB_NOT_FOUND, ""); });
        return;
    }
    if (found->second.reader || wanted.value().bytes_max == 0) {
        replies.push_back([reply] { reply(HUB_BAD_REQUEST, ""); });
        return;
    }
    const std::int64_t timeout_ms =
        wanted.value().timeout_ms == 0 ? kReadMs : wanted.value().timeout_ms;
    found->second.reader = {std::move(reply), wanted.value().bytes_max, unixNowMs() + timeout_ms};
    feed(found->second, replies);
}

/// What waits goes to the reader that waits.
void StreamPeer::feed(Connection& connection, Replies& replies)
{
    if (!connection.reader || connection.to_library.empty()) {
        return;
    }
    Reader reader = std::move(*connection.reader);
    connection.reader.reset();
    const std::string bytes = connection.to_library.substr(0, reader.bytes_max);
    connection.to_library.erase(0, bytes.size());
    replies.push_back([reply = std::move(reader.reply),
                       served = packed(hubp::encodeService(hubp::Bytes{bytes}))] {
        reply(served.first, served.second);
    });
}

void StreamPeer::lose(Connection& connection, Replies& replies)
{
    connection.is_lost = true;
    connection.to_library.clear();
    if (connection.reader) {
        replies.push_back(
            [reply = std::move(connection.reader->reply)] { reply(HUB_NOT_FOUND, ""); });
        connection.reader.reset();
    }
}

/// Readers whose time is over are told so.
void StreamPeer::watchTime()
{
    constexpr auto kTick = Milliseconds(20);
    std::unique_lock lock(mutex_);
    while (!ending_) {
        changed_.wait_for(lock, kTick);
        Replies late;
        for (auto& [id, connection] : connections_) {
            if (connection.reader && connection.reader->until_ms <= unixNowMs()) {
                late.push_back(
                    [reply = std::move(connection.reader->reply)] { reply(HUB_THROTTLED, ""); });
                connection.reader.reset();
            }
        }
        lock.unlock();
        for (const auto& reply : late) {
            reply();
        }
        lock.lock();
    }
}

} // namespace hub::conformance
