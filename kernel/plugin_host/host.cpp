#include "plugin_host/host.hpp"

#include "base/clock.hpp"
#include "plugin/loader.hpp"
#include "plugin_host/call_filter.hpp"
#include "plugin_host/confinement.hpp"
#include "plugin_host/context.hpp"
#include "plugin_host/tables.hpp"

#include <hub/event.hpp>
#include <hub/ext/stream.h>
#include <hub/host.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <unistd.h>

namespace hub::plugin_host {

namespace {

using Exit = hubp::HostExit;

constexpr std::string_view kSdkVersion = "0.1.0";
/// What a library gets to stop when there is nobody left to answer to.
constexpr std::int64_t kStopWithoutHubMs = 1000;

void complain(std::string_view what)
{
    fmt::print(stderr, "expohub-plugin-host: {}\n", what);
    std::fflush(stderr);
}

/// Folders above the library's may be closed to this process's user: the working directory is not.
std::filesystem::path openable(const std::filesystem::path& path)
{
    const std::filesystem::path beside = path.filename();
    return ::access(path.c_str(), R_OK) != 0 && ::access(beside.c_str(), R_OK) == 0 ? beside : path;
}

/// Why the host is to end.
struct EndRequest {
    Exit exit = Exit::Stopped;
    std::int64_t deadline_unix_ms = 0;
};

class Host final : public WireListener {
public:
    Host(zmq::context_t& context, Environment& environment, Confinement confinement)
        : zmq_(context)
        , environment_(environment)
        , confinement_(std::move(confinement))
        , wire_(context, confinement_.endpoint)
        , deliveries_(wire_)
        , services_(wire_)
        , publications_(wire_)
        , context_{wire_, deliveries_, publications_, services_, {}, {}}
    {}

    Exit run();

    void received(hubp::Frame frame) override
    {
        std::visit([this](auto& what) { receive(std::move(what)); }, frame);
    }

    void lost(const std::string& reason) override
    {
        complain(reason);
        services_.abandon();
        publications_.abandon();
        end({Exit::HubLost, clock_.nowMs() + kStopWithoutHubMs});
    }

private:
    void receive(hubp::Call&& call) { deliveries_.take(std::move(call)); }
    void receive(hubp::Callback&& callback) { deliveries_.take(std::move(callback)); }
    void receive(hubp::Event&& event) { deliveries_.take(std::move(event)); }
    void receive(hubp::Session&& session) { deliveries_.take(std::move(session)); }
    void receive(hubp::Served&& served) { services_.served(std::move(served)); }
    void receive(hubp::Published&& published) { publications_.published(published); }
    void receive(hubp::Stop&& stop) { end({Exit::Stopped, stop.deadline_unix_ms}); }
    /// What a hub never sends after WELCOME changes nothing.
    template <typename Other>
    void receive(Other&&)
    {}

    void tellConfinement();
    Result<hubp::Welcome> meetHub(const ManifestFacts& own);
    Result<void> startLibrary(const ManifestFacts& facts, const hubp::Welcome& welcome);
    Exit refuse(Exit exit, const std::string& why);
    Exit stop(const EndRequest& request);
    void endStreams(const EndRequest& request);
    void reportIgnored();
    [[noreturn]] void leaveBehind(const EndRequest& request, const std::string& why);

    void end(EndRequest request);
    EndRequest waitForEnd();

    zmq::context_t& zmq_;
    Environment& environment_; // its token is wiped once it is used up
    const Confinement confinement_;
    base::SystemClock clock_;
    Wire wire_;
    Deliveries deliveries_;
    ServiceClient services_;
    Publications publications_;
    hub_context context_;
    hub_plugin_api api_ = {};
    hub_instance* instance_ = nullptr;
    std::mutex mutex_;
    std::condition_variable ending_;
    std::optional<EndRequest> request_;
};

Exit Host::run()
{
    const Result<ManifestFacts> own = readManifest(openable(environment_.manifest));
    if (!own.ok()) {
        complain(own.error().message);
        return Exit::LibraryRefused;
    }
    const Result<hubp::Welcome> welcome = meetHub(own.value());
    if (!welcome.ok()) {
        complain(welcome.error().message);
        return Exit::NotBegun;
    }
    wire_.start(welcome.value(), *this);
    const Result<void> filtered = environment_.confined ? filterCalls() : Result<void>{};
    if (!filtered.ok()) {
        return refuse(Exit::NotBegun, filtered.error().message);
    }
    tellConfinement();
    const Result<ManifestFacts> facts =
        parseManifest("the hub's manifest", welcome.value().manifest_json);
    if (!facts.ok()) {
        return refuse(Exit::LibraryRefused, facts.error().message);
    }
    const Result<void> started = startLibrary(facts.value(), welcome.value());
    if (!started.ok()) {
        return refuse(Exit::LibraryRefused, started.error().message);
    }
    deliveries_.start(facts.value().concurrency_max,
                      [this](const hub_event& event) { api_.handle(instance_, &event); });
    (void)wire_.send(hubp::Credit{welcome.value().credit_max}).ok();
    return stop(waitForEnd());
}

void Host::tellConfinement()
{
    wire_.log(static_cast<std::int32_t>(LogLevel::Info), confinement_.summary);
    for (const std::string& sentence : confinement_.lacking) {
        wire_.log(static_cast<std::int32_t>(LogLevel::Warning), sentence);
    }
}

Result<hubp::Welcome> Host::meetHub(const ManifestFacts& own)
{
    hubp::Hello hello;
    hello.token = environment_.token;
    hello.library = own.id;
    hello.version = own.version;
    hello.sdk_version = kSdkVersion;
    hello.abi_major = HUB_ABI_MAJOR;
    hello.abi_minor = HUB_ABI_MINOR;
    hello.pid = ::getpid();
    Result<hubp::Welcome> welcome = wire_.greet(hello);
    for (std::string* token : {&hello.token, &environment_.token}) {
        OPENSSL_cleanse(token->data(), token->size());
    }
    return welcome;
}

Result<void> Host::startLibrary(const ManifestFacts& facts, const hubp::Welcome& welcome)
{
    const Result<plugin::LoadedLibrary> loaded =
        plugin::load({openable(environment_.library), facts.sha256, facts.id, facts.version});
    if (!loaded.ok()) {
        return loaded.error();
    }
    api_ = loaded.value().api;
    context_.granted.insert(facts.extensions.begin(), facts.extensions.end());
    hub_result error = {};
    error.struct_size = sizeof error;
    instance_ = api_.create(&context_, &hostApi(), toText(welcome.config_json), &error);
    if (instance_ == nullptr) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("library \"{}\" can't be created: {}; check its configuration",
                                 facts.id,
                                 view(error.message))};
    }
    const hub_status status = api_.start(instance_);
    if (status != HUB_OK) {
        api_.destroy(instance_);
        return Error{HUB_INTERNAL,
                     fmt::format("library \"{}\" can't be started: start() answered {}; its log "
                                 "says why",
                                 facts.id,
                                 status)};
    }
    return {};
}

Exit Host::refuse(Exit exit, const std::string& why)
{
    complain(why);
    deliveries_.close();
    wire_.finish(why);
    return exit;
}

/// A call that is being sent on a session's stream would be unknown without its answer, so calls
/// get some of the time; then sessions have to return.
void Host::endStreams(const EndRequest& request)
{
    if (context_.granted.count(std::string_view(HUB_EXT_STREAM_1)) == 0) {
        return;
    }
    if (request.exit == Exit::Stopped) {
        const std::int64_t now_ms = clock_.nowMs();
        deliveries_.drainCalls(now_ms + (request.deadline_unix_ms - now_ms) / 2);
    }
    services_.abandonStreams();
}

/// First the hub's threads leave handle(), then the library's own end in stop(): the library is
/// never asked to stop under a running handle().
Exit Host::stop(const EndRequest& request)
{
    deliveries_.close();
    endStreams(request);
    if (!deliveries_.drain(request.deadline_unix_ms)) {
        leaveBehind(request, "a delivery is still in handle() at the deadline");
    }
    api_.stop(instance_, request.deadline_unix_ms);
    if (!publications_.drain(std::max(request.deadline_unix_ms, clock_.nowMs()))) {
        leaveBehind(request, "a done function of publish() has not returned at the deadline");
    }
    reportIgnored();
    const std::size_t unanswered = deliveries_.unanswered();
    services_.abandon();
    wire_.finish(unanswered == 0 ? std::string("stopped")
                                 : fmt::format("stopped, {} deliveries unanswered", unanswered));
    api_.destroy(instance_);
    return request.exit;
}

void Host::reportIgnored()
{
    const std::uint64_t answers = deliveries_.ignoredAnswers();
    const std::uint64_t strays = services_.ignoredAnswers() + publications_.ignoredAnswers();
    if (answers + strays != 0) {
        wire_.log(static_cast<std::int32_t>(LogLevel::Warning),
                  fmt::format("ignored {} second or unknown answers of the library and {} of the "
                              "hub that nobody waited for",
                              answers,
                              strays));
    }
}

/// Threads inside the library can't be ended, so nothing that they use may be destroyed.
void Host::leaveBehind(const EndRequest& request, const std::string& why)
{
    complain(why);
    wire_.finish(why);
    zmq_.close();
    ::_exit(static_cast<int>(request.exit == Exit::Stopped ? Exit::Overdue : request.exit));
}

void Host::end(EndRequest request)
{
    {
        const std::lock_guard lock(mutex_);
        // A lost hub overrules an earlier STOP: nobody waits for its deadline any more.
        if (!request_ || request.exit == Exit::HubLost) {
            request_ = request;
        }
    }
    ending_.notify_all();
}

EndRequest Host::waitForEnd()
{
    std::unique_lock lock(mutex_);
    ending_.wait(lock, [this] { return request_.has_value(); });
    return *request_;
}

} // namespace

hubp::HostExit run(Environment environment)
{
    Result<Confinement> confinement = confineProcess({environment.library.parent_path(),
                                                      environment.endpoint,
                                                      environment.uid,
                                                      environment.confined,
                                                      environment.may_lack_landlock,
                                                      environment.may_lack_namespaces});
    if (!confinement.ok()) {
        complain(confinement.error().message);
        return Exit::NotBegun;
    }
    zmq::context_t context;
    Host host(context, environment, std::move(confinement).value());
    return host.run();
}

} // namespace hub::plugin_host
