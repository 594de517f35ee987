// A connector that speaks a protocol of lines over the standing connection of its account:
//
//     LOGIN <account>         WELCOME
//     CHECK <number>          FREE <number>           nothing is at stake yet
//     PAY <number>            DONE <number>           the message: marked before
//     QUERY <number>          STATE <number> <state>
//     TAKEN <report>          REPORT <report>         unasked: published, then acknowledged
//                             CRASH                   ends this process at once
//
// One thread, the session's, reads; calls write and wait for the line that is theirs.
#include <hub/connector.hpp>
#include <hub/stream.hpp>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

/// One connection; the calls that use it keep it until they return.
class Connection {
public:
    explicit Connection(hub::Stream stream)
        : stream_(std::move(stream))
    {}

    const hub::Stream& stream() const noexcept { return stream_; }

    /// Writes a line and waits for the one that begins with `answer`; empty when the connection is
    /// lost before.
    std::string ask(const std::string& line, const std::string& answer)
    {
        if (!stream_.write(line + "\n").ok()) {
            return {};
        }
        std::unique_lock lock(mutex_);
        arrived_.wait_for(
            lock, std::chrono::seconds(10), [&] { return lost_ || answers_.count(answer) != 0; });
        const auto found = answers_.find(answer);
        return found == answers_.end() ? std::string() : found->second;
    }

    void take(const std::string& line)
    {
        const std::size_t number = line.find(' ') + 1;
        const std::lock_guard lock(mutex_);
        answers_[line.substr(0, line.find(' ', number))] = line;
        arrived_.notify_all();
    }

    void lose()
    {
        const std::lock_guard lock(mutex_);
        lost_ = true;
        arrived_.notify_all();
    }

private:
    hub::Stream stream_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<std::string, std::string> answers_; // by what they begin with
    bool lost_ = false;
};

class Line final : public hub::Connector {
public:
    Line(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , config_(Json::parse(create_json))
    {}

    void session(const hub::Event& event, hub::Reply reply) override
    {
        const std::string account(event.account());
        const std::string address = config_.at("accounts").at(account).at("config").at("address");
        auto stream = hub::Stream::open(host(), event.callId(), address, hub::StreamSecurity::Tls);
        if (!stream.ok()) {
            reply.send(stream.error().code, stream.error().message);
            return;
        }
        const auto connection = std::make_shared<Connection>(std::move(stream).value());
        hub::StreamLines lines(connection->stream());
        const bool written = connection->stream().write("LOGIN " + account + "\n").ok();
        const auto welcome = lines.next();
        if (!written || !welcome.ok() || welcome.value() != "WELCOME") {
            reply.send(HUB_UNAVAILABLE, "the login failed");
            return;
        }
        enter(account, connection);
        const hub::Error end = read(*connection, lines);
        enter(account, nullptr);
        connection->lose();
        reply.send(end.code == HUB_NOT_FOUND ? HUB_OK : end.code, end.message);
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const Json wanted = Json::parse(event.payload());
        const auto connection = connectionOf(std::string(event.account()));
        if (connection == nullptr) {
            reply.send(HUB_UNAVAILABLE, "the account has no connection", {}, kReconnectMs);
        } else if (event.operation() == "create") {
            reply.send(create(event, *connection, wanted.at("number")));
        } else if (event.operation() == "query") {
            reply.send(query(*connection, wanted.at("number")));
        } else {
            reply.send(HUB_UNSUPPORTED);
        }
    }

    void stop(std::int64_t) override
    {
        const std::lock_guard lock(mutex_);
        host().log(hub::LogLevel::Info,
                   "stop() with " + std::to_string(connections_.size()) + " connections");
    }

private:
    /// Until the hub has leased the next session: tries are few.
    static constexpr std::uint32_t kReconnectMs = 2000;

    hub::Answer create(const hub::Event& event, Connection& connection, const std::string& number)
    {
        if (connection.ask("CHECK " + number, "FREE " + number).empty()) {
            return {HUB_UNAVAILABLE, "nothing was sent", {}, kReconnectMs};
        }
        if (!connection.stream().begin(event.callId()).ok()) {
            return {HUB_UNAVAILABLE, "the hub did not mark the call", {}, 0};
        }
        if (connection.ask("PAY " + number, "DONE " + number).empty()) {
            return {HUB_OUTCOME_UNKNOWN, "no answer came", {}, 0};
        }
        const Json code = {{"product", "qr"}, {"qr_code", "https://qr.example.com/" + number}};
        return {HUB_OK, {}, code.dump(), 0};
    }

    static hub::Answer query(Connection& connection, const std::string& number)
    {
        const std::string line = connection.ask("QUERY " + number, "STATE " + number);
        if (line.empty()) {
            return {HUB_UNAVAILABLE, "no answer came", {}, 0};
        }
        return {HUB_OK, {}, Json{{"state", line.substr(line.rfind(' ') + 1)}}.dump(), 0};
    }

    /// Until the connection is over; why.
    hub::Error read(Connection& connection, hub::StreamLines& lines)
    {
        for (;;) {
            const auto line = lines.next();
            if (!line.ok() && line.error().code != HUB_THROTTLED) {
                return line.error();
            }
            if (!line.ok()) {
                continue; // quiet
            }
            if (line.value() == "CRASH") {
                std::raise(SIGKILL);
            }
            if (line.value().rfind("REPORT ", 0) == 0) {
                report(connection, line.value().substr(7));
            } else {
                connection.take(line.value());
            }
        }
    }

    /// The peer repeats what was not acknowledged: the same report is the same event.
    void report(Connection& connection, const std::string& number)
    {
        char id[37];
        std::snprintf(id, sizeof id, "01990000-0000-7000-8000-%012d", std::stoi(number));
        hub::Publication publication;
        publication.type = "test.reported";
        publication.id = id;
        publication.key = number;
        publication.payload = Json{{"report", number}}.dump();
        if (host().publish(publication).ok()) { // after the commit
            (void)connection.stream().write("TAKEN " + number + "\n").ok();
        }
    }

    void enter(const std::string& account, std::shared_ptr<Connection> connection)
    {
        const std::lock_guard lock(mutex_);
        if (connection == nullptr) {
            connections_.erase(account);
        } else {
            connections_[account] = std::move(connection);
        }
    }

    std::shared_ptr<Connection> connectionOf(const std::string& account)
    {
        const std::lock_guard lock(mutex_);
        const auto found = connections_.find(account);
        return found == connections_.end() ? nullptr : found->second;
    }

    Json config_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Connection>> connections_; // by account
};

} // namespace

HUB_CONNECTOR(Line, "hub_test_line", "1.0.0")
