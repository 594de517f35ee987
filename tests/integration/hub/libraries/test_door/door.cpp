// Counts each try durably, then thinks about the word beside the lane, then opens or refuses. Some
// words are for the tests: "fail", "twice", "prose", "lie", and "company", which waits for a third
// one.
#include <hub/blob.hpp>
#include <hub/plugin.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Door final : public hub::Plugin {
public:
    Door(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json payload = Json::parse(event.payload());
        if (event.source() == HUB_SOURCE_COMMAND) {
            return inspect(payload);
        }
        if (event.operation() == "door.paint") {
            return paint(payload);
        }
        const std::string word = payload.at("body").at("word");
        if (!payload.contains("task")) {
            unit.execute("INSERT INTO test_door_try (n) "
                         "SELECT COALESCE(MAX(n), 0) + 1 FROM test_door_try",
                         {});
            return answered({{"status", 200}, {"task", {{"word", word}}}});
        }
        if (word == "twice") {
            return answered({{"status", 200}, {"task", {{"word", word}}}});
        }
        if (word == "lie") { // an event that is not as events.json says
            hub::Publication opened;
            opened.type = "door.opened";
            opened.key = "front";
            opened.payload = R"({"letters":"few"})";
            unit.publish(opened);
        }
        const bool opens = payload.at("task").at("opens");
        return opens ? answered({{"status", 200}, {"body", {{"opened", true}}}})
                     : hub::Answer{HUB_UNAUTHENTICATED, "another word opens it", {}, 0};
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        if (event.operation() == "door.picture") {
            return picture(Json::parse(event.payload()));
        }
        Json body;
        snapshot.query("SELECT COUNT(*) FROM test_door_try", {}, [&](const hub::Row& row) {
            body["tries"] = row.integer(0);
        });
        const std::lock_guard lock(mutex_);
        body["tasks"] = tasks_;
        body["at_once"] = at_once_;
        return answered({{"status", 200}, {"body", body}});
    }

    void task(const hub::Event& event, hub::Reply reply) override
    {
        const Json wanted = Json::parse(event.payload());
        if (wanted.contains("blob")) {
            reply.send(look(wanted.at("blob")));
            return;
        }
        if (wanted.contains("draw")) {
            reply.send(draw(event.callId(), wanted.at("draw")));
            return;
        }
        const std::string word = wanted.at("word");
        think(word);
        if (word == "fail") {
            reply.send(HUB_UNAVAILABLE, "no thought came");
        } else if (word == "prose") {
            reply.send(HUB_OK, {}, "it opens, I think");
        } else {
            reply.send(HUB_OK, {}, Json{{"opens", word == "sesame" || word == "company"}}.dump());
        }
    }

private:
    static hub::Answer answered(const Json& payload) { return {HUB_OK, {}, payload.dump(), 0}; }

    /// The unit knows what came, the task has seen it.
    static hub::Answer paint(const Json& payload)
    {
        const Json& upload = payload.at("upload");
        if (!payload.contains("task")) {
            return answered({{"status", 200}, {"task", {{"blob", upload.at("blob")}}}});
        }
        return answered(
            {{"status", 200}, {"body", {{"upload", upload}, {"seen", payload.at("task")}}}});
    }

    /// A command that works on a file, in two units as a request does.
    static hub::Answer inspect(const Json& payload)
    {
        if (!payload.contains("task")) {
            return answered(
                {{"status", 200}, {"task", {{"blob", payload.at("upload").at("blob")}}}});
        }
        const Json data = {{"upload", payload.at("upload")},
                           {"seen", payload.at("task")},
                           {"arguments", payload.at("arguments")}};
        return answered({{"data", data}, {"sections", Json::array()}, {"exit", 0}});
    }

    /// So many bytes as a file; "lie": one that nobody wrote.
    static hub::Answer picture(const Json& payload)
    {
        const std::string bytes = payload.at("query").at("bytes");
        if (!payload.contains("task")) {
            return answered(
                {{"status", 200}, {"task", {{"draw", bytes == "lie" ? 1 : std::stoi(bytes)}}}});
        }
        const Json blob =
            bytes == "lie" ? Json(std::string(64, '0')) : payload.at("task").at("blob");
        return answered(
            {{"status", 200},
             {"file", {{"blob", blob}, {"media_type", "image/png"}, {"name", "door 门.png"}}}});
    }

    hub::Answer draw(hub_call_id task, int bytes) const
    {
        auto blob = hub::blob::Writer::begin(host(), task);
        if (!blob.ok()) {
            return {blob.error().code, blob.error().message, {}, 0};
        }
        const std::string content(static_cast<std::size_t>(bytes), '\7');
        for (std::size_t at = 0; at < content.size(); at += 1'000'000) {
            if (auto written = blob.value().append(content.substr(at, 1'000'000)); !written.ok()) {
                return {written.error().code, written.error().message, {}, 0};
            }
        }
        const auto digest = blob.value().finish();
        return digest.ok() ? hub::Answer{HUB_OK, {}, Json{{"blob", digest.value()}}.dump(), 0}
                           : hub::Answer{digest.error().code, digest.error().message, {}, 0};
    }

    hub::Answer look(const std::string& blob) const
    {
        constexpr std::uint64_t kPiece = 1'000'000;
        std::uint64_t sum = 0;
        std::uint64_t read = 0;
        for (;;) {
            const auto piece = hub::blob::read(host(), nullptr, blob, read, kPiece);
            if (!piece.ok()) {
                return {piece.error().code, piece.error().message, {}, 0};
            }
            if (piece.value().empty()) {
                return {HUB_OK, {}, Json{{"bytes", read}, {"sum", sum}}.dump(), 0};
            }
            for (const char byte : piece.value()) {
                sum += static_cast<unsigned char>(byte);
            }
            read += piece.value().size();
        }
    }

    void think(const std::string& word)
    {
        std::unique_lock lock(mutex_);
        ++tasks_;
        at_once_ = std::max(at_once_, ++inside_);
        changed_.notify_all();
        if (word == "company") { // a third one would be here long before
            changed_.wait_for(lock, std::chrono::milliseconds(500), [this] { return inside_ > 2; });
        }
        --inside_;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int tasks_ = 0;
    int inside_ = 0;
    int at_once_ = 0;
};

} // namespace

HUB_PLUGIN(Door, "test_door", "1.0.0")
