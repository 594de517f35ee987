#include "journal/group.hpp"

#include <hub/plugin.hpp>

namespace hub::journal {

namespace {

bool isTheStores(store::Trouble trouble)
{
    switch (trouble) {
    case store::Trouble::Constraint:
    case store::Trouble::Statement:
    case store::Trouble::Denied:
        return false;
    default:
        return true;
    }
}

UnitFailed describe()
{
    try {
        throw;
    } catch (const base::Failure& failure) {
        return {failure.status(), failure.message()};
    } catch (const hub::UnitFailure& failure) {
        return {failure.status(), failure.what()};
    } catch (...) {
        return {HUB_INTERNAL, base::currentExceptionText()};
    }
}

} // namespace

std::optional<UnitFailed> Group::attempt(const std::function<void()>& body)
{
    const Sequences before = sequences_;
    Effects kept = std::move(effects_);
    effects_ = Effects{};
    const auto undo = [&](UnitFailed why) {
        effects_ = std::move(kept);
        if (!connection_.transactionLives()) {
            throw GroupBroken(store::Trouble::Io, why.message);
        }
        connection_.actAs({});
        connection_.rollbackToSavepoint();
        sequences_ = before;
        return why;
    };
    try {
        connection_.savepoint();
        body();
        connection_.actAs({});
        connection_.release();
    } catch (const store::StoreFailure& failure) {
        if (isTheStores(failure.trouble())) {
            throw GroupBroken(failure.trouble(), failure.message());
        }
        return undo({failure.status(), failure.message()});
    } catch (const GroupBroken&) {
        throw;
    } catch (...) {
        return undo(describe());
    }
    Effects mine = std::exchange(effects_, std::move(kept));
    const auto append = [](auto& to, auto& from) {
        to.insert(
            to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    append(effects_.events, mine.events);
    append(effects_.answered, mine.answered);
    append(effects_.before_answers, mine.before_answers);
    append(effects_.after_commit, mine.after_commit);
    effects_.connectors_with_calls.merge(mine.connectors_with_calls);
    return std::nullopt;
}

} // namespace hub::journal
