#include "host.hpp"

#include "hubp/batch.hpp"

#include <utility>

namespace hub::simulation {

Host::Host(Surroundings& world, Network& network, bus::HostId id, std::uint32_t credit)
    : world_(world)
    , network_(network)
    , id_(std::move(id))
    , credit_(credit)
{}

void Host::start(const std::string& token, std::function<void()> died)
{
    died_ = std::move(died);
    link_ = network_.connect([self = weak_from_this()](const hubp::Frame& frame) {
        if (const auto host = self.lock()) {
            host->receive(frame);
        }
    });
    hubp::Hello hello;
    hello.token = token;
    hello.library = id_.library;
    hello.abi_major = HUB_ABI_MAJOR;
    send(hello);
}

void Host::die(const std::string& why)
{
    if (alive_) {
        world_.trace.add("{}.{} ends: {}", id_.library, id_.incarnation, why);
        world_.oracle.disturbed();
        alive_ = false;
        Network::close(link_);
        died_();
    }
}

void Host::send(const hubp::Frame& frame)
{
    network_.send(link_, frame);
}

void Host::grant(std::uint32_t count)
{
    open_credit_ += count;
    send(hubp::Credit{count});
}

void Host::soon(std::function<void()> what)
{
    after(1 + world_.random.below(world_.weather.think_max_ms), std::move(what));
}

void Host::after(std::int64_t delay_ms, std::function<void()> what)
{
    world_.timeline.after(delay_ms, [self = shared_from_this(), what = std::move(what)] {
        if (self->alive_) {
            self->waiting_.push_back(what);
            self->work();
        }
    });
}

void Host::receive(const hubp::Frame& frame)
{
    waiting_.push_back([this, frame] { hear(frame); });
    work();
}

void Host::work()
{
    while (alive_ && !hangs_ && !waiting_.empty()) {
        const auto next = std::move(waiting_.front());
        waiting_.pop_front();
        next();
    }
}

bool Host::survives()
{
    if (world_.random.chance(world_.weather.host_dies)) {
        die("crashed");
        return false;
    }
    if (world_.random.chance(world_.weather.host_hangs)) {
        world_.trace.add("{}.{} hangs", id_.library, id_.incarnation);
        hangs_ = true;
        world_.timeline.after(1 + world_.random.below(25000), [self = shared_from_this()] {
            self->hangs_ = false;
            self->work();
        });
    }
    return true;
}

void Host::charge()
{
    if (open_credit_ == 0) {
        world_.oracle.creditOverdrawn(id_.library);
    } else {
        --open_credit_;
    }
}

void Host::hear(const hubp::Frame& frame)
{
    if (const auto* batch = std::get_if<hubp::Batch>(&frame)) {
        // Before what came behind it.
        auto place = waiting_.begin();
        (void)hubp::readBatch(*batch, [&](Result<hubp::Frame> inner) {
            place = waiting_.insert(place, [this, one = inner.value()] { hear(one); }) + 1;
            return true;
        });
    } else if (std::holds_alternative<hubp::Ping>(frame)) {
        send(hubp::Pong{});
    } else if (std::holds_alternative<hubp::Welcome>(frame)) {
        soon([this] {
            grant(credit_);
            ready();
        });
    } else if (const auto* refuse = std::get_if<hubp::Refuse>(&frame)) {
        die("refused: " + refuse->message);
    } else if (const auto* published = std::get_if<hubp::Published>(&frame)) {
        takePublished(*published);
    } else if (const auto* served = std::get_if<hubp::Served>(&frame)) {
        takeServed(*served);
    } else if (const auto* call = std::get_if<hubp::Call>(&frame)) {
        charge();
        if (survives()) {
            takeCall(*call);
        }
    } else if (const auto* event = std::get_if<hubp::Event>(&frame)) {
        charge();
        world_.trace.add("{}.{} hears event {} try {}{}",
                         id_.library,
                         id_.incarnation,
                         event->envelope.seq,
                         event->envelope.attempt,
                         event->resume ? ", resume" : "");
        if (survives()) {
            takeEvent(*event);
        }
    }
}

} // namespace hub::simulation
