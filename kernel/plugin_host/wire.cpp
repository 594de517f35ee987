#include "plugin_host/wire.hpp"

#include "base/assert.hpp"
#include "hubp/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <utility>

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::plugin_host {

namespace {

constexpr std::int64_t kWelcomeTimeoutMs = 10000;
constexpr std::int64_t kFinishMs = 500;
constexpr int kLingerMs = 1000;
constexpr int kBatch = 256;
constexpr std::size_t kLogBacklogMax = 4096;

} // namespace

Wire::Wire(zmq::context_t& context, const std::string& endpoint)
    : socket_(context, zmq::socket_type::dealer)
    , wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    HUB_ASSERT(wake_ >= 0, "the process may open another file");
    // A lost connection ends this process: a new one would be another peer to the hub.
    socket_.set(zmq::sockopt::reconnect_ivl, -1);
    socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(hubp::kWrappedBytesMax));
    socket_.set(zmq::sockopt::linger, kLingerMs);
    socket_.connect(endpoint);
}

Wire::~Wire()
{
    end();
    ::close(wake_);
}

Result<hubp::Welcome> Wire::greet(const hubp::Hello& hello)
{
    const Result<hubp::Message> message = hubp::encode(hello);
    if (!message.ok()) {
        return message.error();
    }
    hubp::sendMessage(socket_, {}, message.value());
    zmq::pollitem_t item = {socket_.handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, std::chrono::milliseconds(kWelcomeTimeoutMs));
    if (!received_.receive(socket_)) {
        return Error{HUB_UNAVAILABLE,
                     fmt::format("the hub did not answer HELLO within {} ms", kWelcomeTimeoutMs)};
    }
    Result<hubp::Frame> answer = hubp::decode(received_.parts());
    if (!answer.ok()) {
        return answer.error();
    }
    if (auto* welcome = std::get_if<hubp::Welcome>(&answer.value())) {
        return std::move(*welcome);
    }
    const auto* refusal = std::get_if<hubp::Refuse>(&answer.value());
    return Error{HUB_UNAUTHENTICATED,
                 "the hub refused this host: " +
                     (refusal != nullptr ? refusal->message : "it sent no WELCOME")};
}

void Wire::start(const hubp::Welcome& welcome, WireListener& listener)
{
    listener_ = &listener;
    silence_max_ms_ = std::int64_t{welcome.heartbeat_ms} * welcome.heartbeats_missed_max;
    heard_ms_ = clock_.monotonicMs();
    thread_ = std::thread([this] { run(); });
}

Result<void> Wire::send(const hubp::Frame& frame)
{
    return enqueue(frame, 0);
}

Result<void> Wire::sendAnswer(const hubp::Frame& frame)
{
    return enqueue(frame, 1);
}

void Wire::log(std::int32_t level, std::string_view message)
{
    std::uint64_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        if (outgoing_.size() >= kLogBacklogMax) {
            ++log_lines_dropped_;
            return;
        }
        dropped = std::exchange(log_lines_dropped_, 0);
    }
    constexpr std::int32_t kWarning = 3;
    if (dropped != 0) {
        (void)send(hubp::Log{kWarning, fmt::format("{} log lines were dropped", dropped)}).ok();
    }
    const std::string_view text = hubp::shortened(message, HUB_MESSAGE_BYTES_MAX);
    if (hubp::isWellFormed(text)) {
        (void)send(hubp::Log{level, std::string(text)}).ok();
    } else {
        (void)send(hubp::Log{kWarning, "the library logged a text that is no UTF-8"}).ok();
    }
}

Result<void> Wire::enqueue(const hubp::Frame& frame, std::uint32_t credit)
{
    Result<hubp::Message> message = hubp::encode(frame);
    if (!message.ok()) {
        return message.error();
    }
    bool was_empty = false;
    {
        const std::lock_guard lock(mutex_);
        if (finishing_) {
            return {}; // behind BYE nobody listens
        }
        was_empty = outgoing_.empty();
        outgoing_.push_back({std::move(message).value(), credit});
    }
    if (was_empty) {
        ::eventfd_write(wake_, 1);
    }
    return {};
}

void Wire::finish(std::string bye_message)
{
    Result<hubp::Message> bye = hubp::encode(hubp::Bye{std::move(bye_message)});
    {
        const std::lock_guard lock(mutex_);
        if (bye.ok() && !finishing_) {
            outgoing_.push_back({std::move(bye).value(), 0});
        }
        finishing_ = true;
    }
    end();
}

void Wire::end()
{
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
    }
    ::eventfd_write(wake_, 1);
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Wire::run()
{
    pthread_setname_np(pthread_self(), "wire");
    std::int64_t finish_by_ms = 0;
    for (;;) {
        waitForWork();
        takeOutgoing();
        flush();
        receive();
        checkSilence();
        if (ending_) {
            const std::int64_t now_ms = clock_.monotonicMs();
            finish_by_ms = finish_by_ms == 0 ? now_ms + kFinishMs : finish_by_ms;
            if ((!leaving_ && backlog_.empty()) || now_ms >= finish_by_ms) {
                socket_.close(); // what was handed over still leaves, within the linger time
                return;
            }
        }
    }
}

void Wire::waitForWork()
{
    const short events = leaving_ ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
    std::array<zmq::pollitem_t, 2> items = {
        {{socket_.handle(), 0, events, 0}, {nullptr, wake_, ZMQ_POLLIN, 0}}};
    const std::int64_t silence_ends_ms = heard_ms_ + silence_max_ms_;
    const std::int64_t wait_ms =
        std::clamp<std::int64_t>(silence_ends_ms - clock_.monotonicMs() + 1, 0, kFinishMs);
    try {
        zmq::poll(
            items.data(), items.size(), std::chrono::milliseconds(lost_ ? kFinishMs : wait_ms));
    } catch (const zmq::error_t& problem) {
        if (problem.num() != EINTR) {
            throw;
        }
    }
    eventfd_t ignored = 0;
    ::eventfd_read(wake_, &ignored);
}

void Wire::takeOutgoing()
{
    std::uint32_t credit = 0;
    {
        const std::lock_guard lock(mutex_);
        ending_ = finishing_;
        for (Outgoing& outgoing : outgoing_) {
            credit += outgoing.credit;
            backlog_.push_back(std::move(outgoing.message));
        }
        outgoing_.clear();
    }
    if (credit != 0 && !ending_) {
        // One CREDIT for all that was answered in this turn, behind the answers.
        backlog_.push_back(hubp::encode(hubp::Credit{credit}).value());
    }
}

void Wire::flush()
{
    while (leaving_ || !backlog_.empty()) {
        if (!leaving_) {
            hubp::BatchWriter batch;
            while (!backlog_.empty() && batch.add(std::move(backlog_.front()))) {
                backlog_.pop_front();
            }
            leaving_ = batch.take();
        }
        if (!hubp::sendMessage(socket_, {}, *leaving_)) {
            return;
        }
        leaving_.reset();
    }
}

void Wire::receive()
{
    for (int i = 0; i < kBatch && received_.receive(socket_); ++i) {
        heard_ms_ = clock_.monotonicMs();
        Result<hubp::Frame> frame = hubp::decode(received_.parts());
        if (frame.ok()) {
            handle(std::move(frame).value());
        } else {
            lose("the hub broke the protocol: " + frame.error().message);
        }
    }
}

void Wire::checkSilence()
{
    if (!lost_ && !ending_ && clock_.monotonicMs() - heard_ms_ > silence_max_ms_) {
        lose(fmt::format("the hub was silent for {} ms", silence_max_ms_));
    }
}

void Wire::handle(hubp::Frame frame)
{
    // After BYE the hub knows this peer no more, and may well say so.
    if (lost_ || ending_) {
        return;
    }
    if (std::holds_alternative<hubp::Ping>(frame)) {
        (void)send(hubp::Pong{}).ok();
    } else if (const auto* refusal = std::get_if<hubp::Refuse>(&frame)) {
        lose("the hub refused this host: " + refusal->message);
    } else if (const auto* batch = std::get_if<hubp::Batch>(&frame)) {
        handleEach(*batch);
    } else {
        listener_->received(std::move(frame));
    }
}

void Wire::handleEach(const hubp::Batch& batch)
{
    const auto take = [this](Result<hubp::Frame> frame) {
        if (frame.ok()) {
            handle(std::move(frame).value());
        } else {
            lose("the hub broke the protocol: " + frame.error().message);
        }
        return !lost_;
    };
    if (const Result<void> whole = hubp::readBatch(batch, take); !whole.ok()) {
        lose("the hub broke the protocol: " + whole.error().message);
    }
}

void Wire::lose(const std::string& reason)
{
    if (!std::exchange(lost_, true)) {
        listener_->lost(reason);
    }
}

} // namespace hub::plugin_host
