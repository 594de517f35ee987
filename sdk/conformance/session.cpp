#include "session.hpp"

#include "hubp/batch.hpp"
#include "hubp/socket.hpp"
#include "keyring.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <variant>

#include <stdlib.h> // NOLINT(modernize-deprecated-headers): mkdtemp
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::conformance {

namespace {

constexpr std::uint32_t kCredit = 64;
// The host's own thread that tells of publications; it lives as long as its tables.
constexpr const char* kHostNotifier = "published";
// The thread sanitizer's runtime has one thread, with the process' own name; so has a thread that a
// library did not name.
constexpr const char* kProcessName = "expohub-plugin-";
#if defined(__SANITIZE_THREAD__)
constexpr int kSanitizerThreads = 1;
#else
constexpr int kSanitizerThreads = 0;
#endif
// sdk/PROTOCOL.md, 5.1: what a session's call_id is at least.
constexpr hub_call_id kSessionCallBit = hub_call_id{1} << 61U;
constexpr std::uint32_t kHeartbeatMs = 1000;
// Wide, because a partner's machine may be busy: the rules judge time themselves.
constexpr std::uint32_t kHeartbeatsMissedMax = 60;
constexpr auto kTurn = std::chrono::milliseconds(100);
constexpr auto kKillPatience = std::chrono::milliseconds(5000);
// What a host may take to leave behind its library: the linger time of its socket and a little.
constexpr auto kLeavePatience = std::chrono::milliseconds(3000);
// Enough to fill every buffer between a host and a hub that does not read.
constexpr int kJamPings = 40000;

std::filesystem::path makeFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "conform-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) { // mode 0700
        throw std::runtime_error(pattern + ": no folder for the socket can be made");
    }
    return pattern;
}

} // namespace

std::int64_t unixNowMs()
{
    return std::chrono::duration_cast<Milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

struct Session::Socket {
    Socket()
        : router(context, zmq::socket_type::router)
        , wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        router.set(zmq::sockopt::linger, 0);
        router.set(zmq::sockopt::sndhwm, 0);
        router.set(zmq::sockopt::rcvhwm, 4);
        router.set(zmq::sockopt::router_mandatory, false);
        router.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(hubp::kWrappedBytesMax));
    }
    ~Socket() { ::close(wake); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    zmq::context_t context;
    zmq::socket_t router;
    int wake;
    std::string peer;
    hubp::ReceivedMessage received;
    std::int64_t pinged_ms = 0;
};

Session::Session(HostPlan plan, Desk& desk)
    : plan_(std::move(plan))
    , desk_(desk)
    , token_(randomHex(32))
    , folder_(makeFolder())
    , socket_(std::make_unique<Socket>())
{
    const std::string endpoint = "ipc://" + (folder_ / "hub").string();
    socket_->router.bind(endpoint);
    process_ = std::make_unique<Process>(
        plan_.host,
        std::vector<std::string>{},
        std::vector<std::string>{"HUB_HOST_ENDPOINT=" + endpoint,
                                 "HUB_HOST_TOKEN=" + token_,
                                 "HUB_HOST_LIBRARY=" + plan_.library.string(),
                                 "HUB_HOST_MANIFEST=" + plan_.manifest.string(),
                                 "HUB_HOST_SANDBOX=" + plan_.sandbox,
                                 "HUB_HOST_UID=" + plan_.uid,
                                 "LANG=C.UTF-8"},
        [this](const std::string& line) { note(line); });
    thread_ = std::thread([this] { run(); });
}

Session::~Session()
{
    process_.reset();
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    ::eventfd_write(socket_->wake, 1);
    thread_.join();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

bool Session::begin(Milliseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
        {
            std::unique_lock lock(mutex_);
            if (changed_.wait_for(lock, kTurn, [this] { return is_ready_; })) {
                return true;
            }
        }
        if (process_->wait(Milliseconds(0))) {
            return false;
        }
    }
    return false;
}

std::string Session::why()
{
    const auto ended = process_->wait(Milliseconds(0));
    if (ended) {
        process_->finishOutput(); // its last word may still be on its way
    }
    const std::string line = process_->lastLine();
    const std::lock_guard lock(mutex_);
    if (!problem_.empty()) {
        return problem_;
    }
    return ended ? "its process " + ended->text + (line.empty() ? "" : ": " + line)
                 : "its process does not answer";
}

std::optional<int> Session::exitCode()
{
    const auto ended = process_->wait(Milliseconds(0));
    return ended ? ended->exit_code : std::nullopt;
}

hub_call_id Session::begin(hub_call_id id)
{
    const std::lock_guard lock(mutex_);
    live_[id] = {{}, unixNowMs()};
    return id;
}

hub_call_id Session::call(hubp::Envelope envelope, std::string payload)
{
    envelope.call_id = begin(++last_id_);
    post(hubp::Call{envelope, 1, std::move(payload)});
    return envelope.call_id;
}

hub_call_id Session::callback(hubp::Envelope envelope, std::string payload)
{
    envelope.call_id = begin(++last_id_);
    post(hubp::Callback{envelope, 1, std::move(payload)});
    return envelope.call_id;
}

hub_call_id Session::event(hubp::Envelope envelope, std::string payload)
{
    envelope.seq = static_cast<std::int64_t>(++last_id_);
    envelope.call_id = begin(hubp::kEventCallBit + last_id_);
    post(hubp::Event{envelope, true, std::move(payload)});
    return envelope.call_id;
}

hub_call_id Session::lease(hubp::Envelope envelope)
{
    envelope.call_id = begin(kSessionCallBit + ++last_id_);
    post(hubp::Session{envelope, 1, "{}"});
    return envelope.call_id;
}

Answer Session::await(hub_call_id id, Milliseconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    bool is_last = false;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, kTurn, [&] { return live_[id].answer.arrived; });
            if (live_[id].answer.arrived || is_last) {
                return live_[id].answer;
            }
        }
        // What a process sent before its end is heard first: one turn more.
        is_last = process_->wait(Milliseconds(0)) || std::chrono::steady_clock::now() >= until;
    }
}

void Session::strayServed(std::uint64_t service_id)
{
    post(hubp::Served{service_id, HUB_OK, {}});
}

Ending Session::stop(Milliseconds grace)
{
    post(hubp::Stop{unixNowMs() + grace.count()});
    return finish(grace + kLeavePatience);
}

Ending Session::stopWatched(Milliseconds grace)
{
    {
        const std::lock_guard lock(mutex_);
        deaf_ = true;
        for (int i = 0; i < kJamPings; ++i) {
            waiting_.emplace_back(hubp::Ping{});
        }
    }
    post(hubp::Stop{unixNowMs() + grace.count()});
    auto left = watchThreads(grace + kLeavePatience);
    {
        const std::lock_guard lock(mutex_);
        deaf_ = false;
    }
    ::eventfd_write(socket_->wake, 1);
    Ending ending = finish(grace + kLeavePatience);
    ending.threads_left = std::move(left);
    return ending;
}

namespace {

/// PF_EXITING of proc(5)'s "flags": it runs nothing of the library any more. A thread that was
/// joined may be listed so for a while when the machine is busy.
bool isExiting(const std::filesystem::path& task)
{
    constexpr unsigned kExiting = 0x4;
    std::ifstream file(task / "stat");
    std::string text;
    std::getline(file, text);
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) {
        return true; // gone meanwhile
    }
    std::istringstream fields(text.substr(end_of_name + 1));
    std::string state;
    int skipped = 0;
    unsigned flags = 0;
    fields >> state >> skipped >> skipped >> skipped >> skipped >> skipped >> flags;
    return (flags & kExiting) != 0;
}

} // namespace

/// When the host's thread "wire" is gone, the library's stop() has returned; the host itself then
/// waits in ZeroMQ ("ZMQbg/…") on its main thread. Whoever stays beside those is the library's.
std::optional<std::vector<std::string>> Session::watchThreads(Milliseconds patience)
{
    const std::filesystem::path tasks = "/proc/" + std::to_string(process_->pid()) + "/task";
    const auto until = std::chrono::steady_clock::now() + patience;
    // Seen twice in a row: between "comm" and "stat" a thread may end. And never taken back: while
    // the process exits its threads go one by one, in any order.
    std::set<std::string> left;
    std::set<std::string> before;
    std::filesystem::path wire; // looked at by its name: a list of tasks may miss one that lives
    int looks = 0;
    while (std::chrono::steady_clock::now() < until && !process_->wait(Milliseconds(2))) {
        const bool has_stopped = !wire.empty() && !std::filesystem::exists(wire);
        std::set<std::string> others;
        int by_sanitizer = kSanitizerThreads;
        std::error_code failed;
        for (const auto& task : std::filesystem::directory_iterator(tasks, failed)) {
            std::ifstream file(task.path() / "comm");
            std::string name;
            std::getline(file, name);
            if (name == "wire") {
                wire = task.path();
            }
            if (task.path().filename() != std::to_string(process_->pid()) && !name.empty() &&
                !name.starts_with("ZMQbg") && name != kHostNotifier &&
                (name != kProcessName || by_sanitizer-- <= 0) && !isExiting(task.path())) {
                others.insert(name);
            }
        }
        if (has_stopped && !failed) {
            std::set_intersection(before.begin(),
                                  before.end(),
                                  others.begin(),
                                  others.end(),
                                  std::inserter(left, left.end()));
            before = std::move(others);
            ++looks;
        }
    }
    if (looks < 2) {
        return std::nullopt;
    }
    return std::vector<std::string>(left.begin(), left.end());
}

Ending Session::finish(Milliseconds patience)
{
    Ending ending;
    auto ended = process_->wait(patience);
    ending.in_time = ended.has_value();
    if (!ended) {
        process_->signal(SIGKILL);
        ended = process_->wait(kKillPatience);
    }
    if (ended) {
        ending.exit_code = ended->exit_code;
        ending.text = ended->text;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kTurn * 5, [this] { return said_bye_; });
    ending.said_bye = said_bye_;
    return ending;
}

std::vector<std::string> Session::said()
{
    const std::lock_guard lock(mutex_);
    return said_;
}

std::vector<std::string> Session::payloads()
{
    const std::lock_guard lock(mutex_);
    return payloads_;
}

std::uint64_t Session::lastService()
{
    const std::lock_guard lock(mutex_);
    return last_service_;
}

void Session::post(hubp::Frame frame)
{
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(frame));
    }
    ::eventfd_write(socket_->wake, 1);
}

void Session::note(std::string text)
{
    const std::lock_guard lock(mutex_);
    said_.push_back(std::move(text));
}

void Session::run()
{
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (ending_) {
                return;
            }
        }
        turn();
    }
}

void Session::turn()
{
    bool is_deaf = false;
    {
        const std::lock_guard lock(mutex_);
        is_deaf = deaf_;
    }
    std::vector<zmq::pollitem_t> items = {{nullptr, socket_->wake, ZMQ_POLLIN, 0}};
    if (!is_deaf) {
        items.push_back({socket_->router.handle(), 0, ZMQ_POLLIN, 0});
    }
    zmq::poll(items.data(), items.size(), kTurn);
    eventfd_t ignored = 0;
    ::eventfd_read(socket_->wake, &ignored);
    while (!is_deaf && socket_->received.receive(socket_->router)) {
        hear(socket_->received.parts());
    }
    if (!is_deaf && unixNowMs() - socket_->pinged_ms > kHeartbeatMs) {
        socket_->pinged_ms = unixNowMs();
        post(hubp::Ping{});
    }
    sendWaiting();
}

void Session::sendWaiting()
{
    std::deque<hubp::Frame> frames;
    {
        const std::lock_guard lock(mutex_);
        if (socket_->peer.empty()) {
            waiting_.clear(); // pings to nobody
            return;
        }
        frames.swap(waiting_);
    }
    for (const hubp::Frame& frame : frames) {
        const auto message = hubp::encode(frame);
        if (!message.ok()) {
            const std::lock_guard lock(mutex_);
            problem_ = "the suite can't encode a message: " + message.error().message;
            continue;
        }
        hubp::sendMessage(socket_->router, socket_->peer, message.value());
    }
}

void Session::hear(const std::vector<std::string_view>& parts)
{
    if (parts.size() < 2) {
        return;
    }
    const auto frame = hubp::decode(std::span(parts).subspan(1));
    if (!frame.ok()) {
        const std::lock_guard lock(mutex_);
        problem_ = "the host broke the protocol: " + frame.error().message;
        changed_.notify_all();
        return;
    }
    if (std::holds_alternative<hubp::Hello>(frame.value()) && socket_->peer.empty()) {
        socket_->peer = std::string{parts[0]};
    }
    if (parts[0] == socket_->peer) {
        hear(frame.value());
    }
}

void Session::hear(const hubp::Frame& frame)
{
    if (const auto* batch = std::get_if<hubp::Batch>(&frame)) {
        (void)hubp::readBatch(*batch, [this](const Result<hubp::Frame>& one) {
            if (one.ok()) {
                hear(one.value());
            }
            return one.ok();
        }).ok();
        return;
    }
    std::visit([this](const auto& what) { take(what); }, frame);
    changed_.notify_all();
}

void Session::take(const hubp::Hello& hello)
{
    if (hello.token != token_ || hello.abi_major != HUB_ABI_MAJOR) {
        post(hubp::Refuse{"another token or another major of the boundary"});
        return;
    }
    post(hubp::Welcome{
        kCredit, kHeartbeatMs, kHeartbeatsMissedMax, plan_.manifest_json, plan_.config_json});
}

void Session::take(const hubp::Outcome& outcome)
{
    settle(outcome.call_id, {true, outcome.status, outcome.message, outcome.payload});
    desk_.ended(outcome.call_id);
}

void Session::take(const hubp::Ack& ack)
{
    settle(hubp::kEventCallBit + static_cast<hub_call_id>(ack.seq),
           {true, ack.status, ack.message, {}});
}

void Session::settle(hub_call_id id, const Answer& answer)
{
    const std::lock_guard lock(mutex_);
    said_.push_back(answer.message);
    payloads_.push_back(answer.payload);
    Live& live = live_[id];
    if (!live.answer.arrived) {
        live.answer = answer;
        live.answer.took_ms = unixNowMs() - live.begun_ms;
    }
}

void Session::take(const hubp::Publish& publish)
{
    note(publish.payload);
    note(publish.envelope.key);
    const hub_status status = desk_.publish(publish);
    post(hubp::Published{publish.token, status, status == HUB_OK ? 1 : 0});
}

void Session::take(const hubp::Service& service)
{
    bool is_live = false;
    {
        const std::lock_guard lock(mutex_);
        last_service_ = service.service_id;
        const auto found = live_.find(service.call_id);
        is_live = found != live_.end() && !found->second.answer.arrived;
    }
    desk_.serve(
        service, is_live, [this, id = service.service_id](hub_status status, std::string result) {
            post(hubp::Served{id, status, std::move(result)});
        });
}

void Session::take(const hubp::Credit&)
{
    const std::lock_guard lock(mutex_);
    is_ready_ = true;
}

void Session::take(const hubp::Log& log)
{
    note(log.message);
}

void Session::take(const hubp::Bye&)
{
    const std::lock_guard lock(mutex_);
    said_bye_ = true;
}

} // namespace hub::conformance
