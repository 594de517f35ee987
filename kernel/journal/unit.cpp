#include "journal/unit.hpp"

#include "journal/calls.hpp"
#include "journal/erasures.hpp"
#include "journal/timers.hpp"

#include <utility>

namespace hub::journal {

Unit::Unit(Group& group,
           EventLog& log,
           const Directory& directory,
           std::string library,
           const Envelope& cause)
    : group_(group)
    , log_(log)
    , directory_(directory)
    , library_(std::move(library))
    , cause_(cause)
{}

Published Unit::publish(Publication publication)
{
    const auto fits = directory_.checkPublication(
        library_, publication.type, publication.version, publication.payload);
    if (!fits.ok()) {
        return {fits.error().code, 0, fits.error().message};
    }
    publication.publisher = library_;
    publication.trace = cause_.trace;
    if (publication.correlation.empty()) {
        publication.correlation = cause_.id;
    }
    if (publication.edition.empty()) {
        publication.edition = cause_.edition;
    }
    group_.connection().actAs({});
    return log_.append(group_, std::move(publication));
}

Result<hub_call_id> Unit::call(const CallWanted& wanted)
{
    if (!directory_.mayCall(library_, wanted.contract)) {
        return Error{HUB_UNAUTHENTICATED,
                     "the manifest of " + library_ + " does not list calls to " + wanted.contract};
    }
    auto checked = directory_.checkRequest(wanted.contract, wanted.operation, wanted.payload);
    if (!checked.ok()) {
        return checked.error();
    }
    auto spec = directory_.operation(wanted.contract, wanted.operation, wanted.payload);
    if (!spec.ok()) {
        return spec.error();
    }
    auto connector = directory_.connector(wanted.contract, wanted.operation, wanted.account);
    if (!connector.ok()) {
        return connector.error();
    }
    group_.connection().actAs({});
    NewCall call;
    call.spec = std::move(spec).value();
    call.owner = library_;
    call.connector = std::move(connector).value();
    call.account = wanted.account;
    call.key = wanted.key;
    call.edition = wanted.edition.empty() ? cause_.edition : wanted.edition;
    call.idempotency_key = wanted.idempotency_key;
    call.principal = cause_.principal;
    call.trace = cause_.trace;
    call.correlation = cause_.id;
    call.payload = wanted.payload;
    call.deadline_ms = wanted.deadline_ms;
    return Calls::create(group_, call);
}

Result<void> Unit::releaseCall(hub_call_id call)
{
    group_.connection().actAs({});
    if (!Calls::release(group_, call, library_)) {
        return Error{HUB_NOT_FOUND, "no call of " + library_ + " has this number"};
    }
    return {};
}

void Unit::setTimer(const std::string& kind,
                    const std::string& key,
                    std::int64_t due_ms,
                    const std::string& payload)
{
    group_.connection().actAs({});
    Timers::set(group_, {library_, kind, key, due_ms, cause_.edition, cause_.trace, payload});
}

bool Unit::erasePerson(const std::string& person, std::function<void()> destroy)
{
    group_.connection().actAs({});
    if (!Erasures::record(group_, person, library_, cause_.trace)) {
        return false;
    }
    group_.effects().after_commit.push_back(std::move(destroy));
    return true;
}

bool Unit::cancelTimer(const std::string& kind, const std::string& key)
{
    group_.connection().actAs({});
    return Timers::cancel(group_, library_, kind, key);
}

} // namespace hub::journal
