#include "app/host_works.hpp"

#include "base/failpoint.hpp"

#include <utility>

namespace hub::app {

namespace {

/// What a host said once and would not say again: kept while the store is away.
class StateWork final : public journal::Work {
public:
    explicit StateWork(std::function<void(journal::LaneContext&)> change)
        : change_(std::move(change))
    {}
    void run(journal::LaneContext& context) override { change_(context); }
    void committed() noexcept override {}
    void failed(const journal::UnitFailed&) noexcept override {}
    bool mustHappen() const noexcept override { return true; }

private:
    std::function<void(journal::LaneContext&)> change_;
};

/// Publications that came together share a savepoint; one that can't be stored does not take the
/// others with it.
class PublishWork final : public journal::Work {
public:
    PublishWork(std::vector<HostPublication> publications, HostPublished done)
        : publications_(std::move(publications))
        , done_(std::move(done))
    {}

    void run(journal::LaneContext& context) override
    {
        results_.assign(publications_.size(), {HUB_REJECTED, 0});
        const auto all = [&] {
            for (std::size_t i = 0; i < publications_.size(); ++i) {
                append(context, i);
            }
        };
        if (!context.group.attempt(all)) {
            return;
        }
        for (std::size_t i = 0; i < publications_.size(); ++i) {
            if (const auto failed = context.group.attempt([&] { append(context, i); })) {
                results_[i] = {failed->status, 0};
            }
        }
    }

    void committed() noexcept override
    {
        HUB_FAILPOINT(PublicationCommitted);
        for (std::size_t i = 0; i < publications_.size(); ++i) {
            done_(publications_[i], results_[i]);
        }
    }

    void failed(const journal::UnitFailed&) noexcept override
    {
        for (const HostPublication& each : publications_) {
            done_(each, {HUB_UNAVAILABLE, 0});
        }
    }

private:
    void append(journal::LaneContext& context, std::size_t i)
    {
        const journal::Publication& wanted = publications_[i].publication;
        const auto fits = context.directory.checkPublication(
            wanted.publisher, wanted.type, wanted.version, wanted.payload);
        results_[i] = fits.ok() ? context.log.append(context.group, wanted)
                                : journal::Published{fits.error().code, 0, fits.error().message};
        HUB_FAILPOINT(PublicationAppended);
    }

    std::vector<HostPublication> publications_;
    HostPublished done_;
    std::vector<journal::Published> results_;
};

std::unique_ptr<journal::Work> stateWork(std::function<void(journal::LaneContext&)> change)
{
    return std::make_unique<StateWork>(std::move(change));
}

} // namespace

std::unique_ptr<journal::Work> hostUpWork(bus::HostId host)
{
    return stateWork([host = std::move(host)](journal::LaneContext& context) {
        context.hosts.up(host.library, host.incarnation);
        context.calls.wake({host.library});
    });
}

std::unique_ptr<journal::Work> hostLostWork(bus::HostId host, std::string reason)
{
    return stateWork(
        [host = std::move(host), reason = std::move(reason)](journal::LaneContext& context) {
            const bool had_events = context.hosts.isPresent(host.library, host.incarnation);
            context.calls.hostLost(context.group, host.library, host.incarnation, reason);
            if (had_events) {
                context.deliveries.hostLost(context.group, host.library, reason);
            }
        });
}

std::unique_ptr<journal::Work> answerWork(std::string library, journal::CallAnswer answer)
{
    return stateWork(
        [library = std::move(library), answer = std::move(answer)](journal::LaneContext& context) {
            context.calls.answer(context.group, library, answer);
        });
}

std::unique_ptr<journal::Work> wordsWork(std::vector<HostWord> words)
{
    return stateWork([words = std::move(words)](journal::LaneContext& context) {
        for (const HostWord& word : words) {
            if (const auto* credit = std::get_if<std::uint32_t>(&word.what)) {
                context.hosts.credit(word.host.library, word.host.incarnation, *credit);
            } else {
                context.deliveries.acknowledge(context.group,
                                               word.host.library,
                                               std::get<journal::Acknowledgement>(word.what));
            }
        }
    });
}

std::unique_ptr<journal::Work> publishWork(std::vector<HostPublication> publications,
                                           HostPublished done)
{
    return std::make_unique<PublishWork>(std::move(publications), std::move(done));
}

} // namespace hub::app
