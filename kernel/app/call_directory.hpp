// CallDirectory: the journal's view of the catalogue: operations, connectors of accounts, schemas
// and rights to publish. Which connectors are enabled changes at run time.
#pragma once

#include "journal/directory.hpp"
#include "plugin/live_catalogue.hpp"

#include <set>
#include <shared_mutex>
#include <string>

namespace hub::app {

class CallDirectory final : public journal::Directory {
public:
    explicit CallDirectory(const plugin::LiveCatalogue& catalogue);

    /// An operator switched a library; calls to a disabled one are refused from now on.
    void setEnabled(const std::string& library, bool enabled);
    bool isEnabled(const std::string& library) const;

    Result<journal::OperationSpec> operation(std::string_view contract,
                                             std::string_view operation,
                                             std::string_view request) const override;
    Result<std::string> connector(std::string_view contract,
                                  std::string_view operation,
                                  std::string_view account) const override;
    Result<void> checkRequest(std::string_view contract,
                              std::string_view operation,
                              std::string_view payload) const override;
    Result<void> checkResult(std::string_view contract,
                             std::string_view operation,
                             std::string_view payload) const override;
    Result<void> checkPublication(std::string_view library,
                                  std::string_view type,
                                  std::uint32_t version,
                                  std::string_view payload) const override;
    bool mayCall(std::string_view library, std::string_view contract) const override;

private:
    const plugin::Operation* find(std::string_view contract, std::string_view operation) const;

    const plugin::LiveCatalogue& catalogue_;
    mutable std::shared_mutex mutex_;
    std::set<std::string> disabled_;
};

/// What a package subscribes to.
journal::SubscriptionSpec subscriptionOf(const plugin::Package& package);

} // namespace hub::app
