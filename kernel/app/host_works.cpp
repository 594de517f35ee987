#include "app/host_works.hpp"

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

class PublishWork final : public journal::Work {
public:
    PublishWork(journal::Publication publication, std::function<void(journal::Published)> done)
        : publication_(std::move(publication))
        , done_(std::move(done))
    {}

    void run(journal::LaneContext& context) override
    {
        result_ = {HUB_REJECTED, 0};
        if (!context.directory.mayPublish(
                publication_.publisher, publication_.type, publication_.version)) {
            return;
        }
        const auto failed = context.group.attempt(
            [&] { result_ = context.log.append(context.group, publication_); });
        if (failed) {
            result_ = {failed->status, 0};
        }
    }
    void committed() noexcept override { done_(result_); }
    void failed(const journal::UnitFailed&) noexcept override { done_({HUB_UNAVAILABLE, 0}); }

private:
    journal::Publication publication_;
    std::function<void(journal::Published)> done_;
    journal::Published result_;
};

std::unique_ptr<journal::Work> stateWork(std::function<void(journal::LaneContext&)> change)
{
    return std::make_unique<StateWork>(std::move(change));
}

} // namespace

std::unique_ptr<journal::Work> hostUpWork(std::string library)
{
    return stateWork([library = std::move(library)](journal::LaneContext& context) {
        context.hosts.up(library);
        context.calls.wake({library});
    });
}

std::unique_ptr<journal::Work> creditWork(std::string library, std::uint32_t count)
{
    return stateWork([library = std::move(library), count](journal::LaneContext& context) {
        context.hosts.credit(library, count);
    });
}

std::unique_ptr<journal::Work> hostLostWork(std::string library, std::string reason)
{
    return stateWork(
        [library = std::move(library), reason = std::move(reason)](journal::LaneContext& context) {
            context.calls.hostLost(context.group, library, reason);
            context.deliveries.hostLost(context.group, library, reason);
        });
}

std::unique_ptr<journal::Work> answerWork(std::string library, journal::CallAnswer answer)
{
    return stateWork(
        [library = std::move(library), answer = std::move(answer)](journal::LaneContext& context) {
            context.calls.answer(context.group, library, answer);
        });
}

std::unique_ptr<journal::Work> acknowledgeWork(std::string library,
                                               journal::Acknowledgement acknowledgement)
{
    return stateWork([library = std::move(library),
                      acknowledgement = std::move(acknowledgement)](journal::LaneContext& context) {
        context.deliveries.acknowledge(context.group, library, acknowledgement);
    });
}

std::unique_ptr<journal::Work> publishWork(journal::Publication publication,
                                           std::function<void(journal::Published)> done)
{
    return std::make_unique<PublishWork>(std::move(publication), std::move(done));
}

} // namespace hub::app
