// A small sound connector that speaks lines over the standing connection of its account, and breaks
// one rule of streams when its configuration names a defect (defects_test.cpp).
#include <hub/connector.hpp>
#include <hub/stream.hpp>

#include <chrono>
#include <condition_variable>
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

    /// Writes a line and waits for the one that begins with `answer`; empty when none came.
    std::string ask(const std::string& line, const std::string& answer)
    {
        if (!stream_.write(line + "\n").ok()) {
            return {};
        }
        std::unique_lock lock(mutex_);
        arrived_.wait_for(
            lock, std::chrono::seconds(5), [&] { return lost_ || answers_.count(answer) != 0; });
        const auto found = answers_.find(answer);
        return found == answers_.end() ? std::string() : found->second;
    }

    void take(const std::string& line)
    {
        const std::lock_guard lock(mutex_);
        answers_[line.substr(0, line.find(' ', line.find(' ') + 1))] = line;
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

class ConformLine final : public hub::Connector {
public:
    ConformLine(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
    {
        const Json create = Json::parse(create_json);
        defect_ = create.at("config").value("defect", "");
        for (const auto& account : create.at("accounts")) {
            address_ = account.at("config").at("address");
        }
    }

    void session(const hub::Event& event, hub::Reply reply) override
    {
        auto stream = hub::Stream::open(host(), event.callId(), address_, hub::StreamSecurity::Tls);
        if (!stream.ok()) {
            reply.send(stream.error().code, stream.error().message);
            return;
        }
        const auto connection = std::make_shared<Connection>(std::move(stream).value());
        hub::StreamLines lines(connection->stream());
        const bool written = connection->stream().write("LOGIN main\n").ok();
        const auto welcome = lines.next();
        if (!written || !welcome.ok() || welcome.value() != "WELCOME") {
            reply.send(HUB_UNAVAILABLE, "the login failed");
            return;
        }
        enter(connection);
        const hub::Error end = read(*connection, lines);
        enter(nullptr);
        connection->lose();
        if (is("keeps_lost_sessions")) {
            hang();
        }
        reply.send(end.code, end.message);
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const Json wanted = Json::parse(event.payload(), nullptr, false);
        const bool is_create = event.operation() == "create";
        if (!is_create && event.operation() != "query") {
            reply.send(HUB_UNSUPPORTED, "no such operation");
        } else if (!wanted.is_object() || !wanted.contains("number")) {
            reply.send(HUB_BAD_REQUEST, "the payload names no number");
        } else if (const auto connection = entered(); connection == nullptr) {
            reply.send(is("unknown_without_connection") ? HUB_OUTCOME_UNKNOWN : HUB_UNAVAILABLE,
                       "the account has no connection");
        } else {
            reply.send(is_create ? create(event, *connection, wanted.at("number"))
                                 : query(*connection, wanted.at("number")));
        }
    }

private:
    bool is(std::string_view defect) const noexcept { return defect_ == defect; }

    static void hang()
    {
        std::mutex mutex;
        std::condition_variable never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, std::chrono::seconds(60), [] { return false; });
    }

    hub::Answer create(const hub::Event& event, Connection& connection, const std::string& number)
    {
        if (!is("forgets_the_mark") && !connection.stream().begin(event.callId()).ok() &&
            !is("ignores_a_refused_mark")) {
            return {HUB_UNAVAILABLE, "the hub did not mark the call", {}, 0};
        }
        if (connection.ask("PAY " + number, "DONE " + number).empty()) {
            return {is("refused_after_loss") ? HUB_REJECTED : HUB_OUTCOME_UNKNOWN, "", {}, 0};
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
            if (line.ok() && line.value().rfind("REPORT ", 0) == 0) {
                report(connection, line.value().substr(7));
            } else if (line.ok()) {
                connection.take(line.value());
            }
        }
    }

    void report(Connection& connection, const std::string& number)
    {
        if (is("acknowledges_early")) {
            (void)connection.stream().write("TAKEN " + number + "\n").ok();
        }
        hub::Publication publication;
        publication.type = "test.reported";
        publication.id = "01990000-0000-7000-8000-00000000000" +
                         (is("new_ids") ? std::to_string(++reports_) : number);
        publication.key = number;
        publication.payload = Json{{"report", number}}.dump();
        if (host().publish(publication).ok() && !is("acknowledges_early")) {
            (void)connection.stream().write("TAKEN " + number + "\n").ok();
        }
    }

    void enter(std::shared_ptr<Connection> connection)
    {
        const std::lock_guard lock(mutex_);
        connection_ = std::move(connection);
    }

    std::shared_ptr<Connection> entered()
    {
        const std::lock_guard lock(mutex_);
        return connection_;
    }

    std::string defect_;
    std::string address_;
    int reports_ = 0; // the session's thread alone
    std::mutex mutex_;
    std::shared_ptr<Connection> connection_;
};

} // namespace

HUB_CONNECTOR(ConformLine, "conform_line", "1.0.0")
