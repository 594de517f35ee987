#include "app/call_directory.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace hub::app {

namespace {

Error unknownOperation(std::string_view contract, std::string_view operation)
{
    return {HUB_UNSUPPORTED,
            "no installed contract has the operation " + std::string{contract} + "." +
                std::string{operation}};
}

Result<void> check(const std::shared_ptr<const config::Schema>& schema, std::string_view payload)
{
    const auto parsed = base::parseJson(payload);
    if (!parsed.ok()) {
        return parsed.error();
    }
    if (schema) {
        const auto violations = schema->check(parsed.value());
        if (!violations.empty()) {
            return Error{HUB_BAD_REQUEST,
                         "\"" + violations.front().pointer + "\" " + violations.front().message};
        }
    }
    return {};
}

/// Whether the account's state lets this be asked there.
bool mayAsk(const config::Account& account, const plugin::Operation* operation)
{
    using State = config::Account::State;
    const bool opens = operation != nullptr && operation->opens;
    return account.state == State::Enabled || (account.state == State::Draining && !opens);
}

} // namespace

CallDirectory::CallDirectory(const plugin::LiveCatalogue& catalogue)
    : catalogue_(catalogue)
{}

void CallDirectory::setEnabled(const std::string& library, bool enabled)
{
    const std::unique_lock lock(mutex_);
    if (enabled) {
        disabled_.erase(library);
    } else {
        disabled_.insert(library);
    }
}

bool CallDirectory::isEnabled(const std::string& library) const
{
    const plugin::Package* package = catalogue_.now().findPackage(library);
    const std::shared_lock lock(mutex_);
    return package != nullptr && package->enabled && disabled_.count(library) == 0;
}

const plugin::Operation* CallDirectory::find(std::string_view contract,
                                             std::string_view operation) const
{
    const plugin::Contract* found = catalogue_.now().findContract(std::string{contract});
    return found == nullptr ? nullptr : found->findOperation(std::string{operation});
}

Result<journal::OperationSpec> CallDirectory::operation(std::string_view contract,
                                                        std::string_view operation,
                                                        std::string_view request) const
{
    const plugin::Operation* found = find(contract, operation);
    if (found == nullptr || found->inbound) {
        return unknownOperation(contract, operation);
    }
    const plugin::Contract& owner = *catalogue_.now().findContract(std::string{contract});
    journal::OperationSpec spec;
    spec.contract = std::string{contract};
    spec.operation = std::string{operation};
    spec.version = owner.version;
    spec.safe = found->safe;
    spec.personal = owner.personal;
    const auto parsed = base::parseJson(request);
    if (parsed.ok() && owner.carrierOf(*found, parsed.value()) == plugin::Carrier::Browser) {
        spec.carrier = journal::kBrowser;
    }
    spec.after_unknown = found->after_unknown;
    spec.timeout_ms = found->timeout_ms;
    spec.deliveries_max = found->deliveries_max;
    spec.resolve = found->resolve;
    return spec;
}

Result<std::string> CallDirectory::connector(std::string_view contract,
                                             std::string_view operation,
                                             std::string_view account) const
{
    const plugin::Package* package = catalogue_.now().connectorFor(
        std::string{account}, std::string{contract}, std::string{operation}, "");
    if (package == nullptr) {
        return Error{HUB_UNSUPPORTED,
                     "no enabled connector serves " + std::string{contract} + "." +
                         std::string{operation} + " on account \"" + std::string{account} + "\""};
    }
    if (!isEnabled(package->manifest.id)) {
        return Error{HUB_UNSUPPORTED,
                     "the connector " + package->manifest.id +
                         " is switched off; enable it with "
                         "`expohub plugin enable " +
                         package->manifest.id + "`"};
    }
    const config::Account* entry = package->findAccount(std::string{account});
    if (entry == nullptr || !mayAsk(*entry, find(contract, operation))) {
        return Error{HUB_UNSUPPORTED,
                     "the account \"" + std::string{account} + "\" is " +
                         (entry == nullptr ? "gone" : toText(entry->state)) +
                         "; see `expohub provider-account list`"};
    }
    return package->manifest.id;
}

Result<void> CallDirectory::checkRequest(std::string_view contract,
                                         std::string_view operation,
                                         std::string_view payload) const
{
    const plugin::Operation* found = find(contract, operation);
    return found == nullptr ? Result<void>{unknownOperation(contract, operation)}
                            : check(found->request, payload);
}

Result<void> CallDirectory::checkResult(std::string_view contract,
                                        std::string_view operation,
                                        std::string_view payload) const
{
    const plugin::Operation* found = find(contract, operation);
    return found == nullptr ? Result<void>{unknownOperation(contract, operation)}
                            : check(found->result, payload);
}

Result<void> CallDirectory::checkPublication(std::string_view library,
                                             std::string_view type,
                                             std::uint32_t version,
                                             std::string_view payload) const
{
    const plugin::Package* package = catalogue_.now().findPackage(std::string{library});
    if (package == nullptr || !package->manifest.publishesType(std::string{type}, version)) {
        return Error{HUB_REJECTED,
                     fmt::format("the manifest of {} does not list the event {} in version {}",
                                 library,
                                 type,
                                 version)};
    }
    const plugin::EventSpec* event = package->findEvent(type, version);
    if (event == nullptr) {
        return {};
    }
    auto fits = check(event->form, payload);
    if (!fits.ok()) {
        return Error{
            HUB_BAD_REQUEST,
            fmt::format("the event {} is not as events.json says: {}", type, fits.error().message)};
    }
    return fits;
}

bool CallDirectory::mayCall(std::string_view library, std::string_view contract) const
{
    const plugin::Package* package = catalogue_.now().findPackage(std::string{library});
    if (package == nullptr) {
        return false;
    }
    const auto& calls = package->manifest.calls;
    return std::find(calls.begin(), calls.end(), contract) != calls.end();
}

journal::SubscriptionSpec subscriptionOf(const plugin::Package& package)
{
    journal::SubscriptionSpec spec;
    spec.library = package.manifest.id;
    spec.in_process = package.isolation == plugin::Isolation::InProcess;
    // One cautious wish is enough: a dead letter then keeps its key back for all types.
    spec.blocks_key = package.manifest.subscribes.empty();
    for (const plugin::Subscription& wish : package.manifest.subscribes) {
        spec.types[wish.type] = {wish.version_min, wish.version_max};
        spec.blocks_key |= wish.rule == plugin::Subscription::Rule::BlockKey;
    }
    return spec;
}

} // namespace hub::app
