// What the capture of every provider has in common: the connector that ships, one account "a", the
// simulator's process and what carries and keeps the bytes between them. One thread.
#pragma once

#include "recorder.hpp"
#include "unit/connectors/support/desk.hpp"

#include <functional>
#include <string>

namespace independent {

using simulator_test::Json;

inline constexpr const char* kNumber = "1400000120261121104000000001";
inline constexpr const char* kOpenNumber = "1400000120261121104000000002";
inline constexpr const char* kRefundNumber = "1400000120261121120000000001";
inline constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

class Shop {
protected:
    /// Starts the simulator, its settings changed by `change`; the desk has no connector yet.
    Shop(const std::filesystem::path& folder, const std::function<void(Json&)>& change);

    /// Loads the connector's library under the account's configuration.
    void startConnector(const std::string& name, const Json& config);

    /// An order or a refund as every operation names it.
    Json about(const char* number) const;
    /// 200 yuan, open for ten minutes, and order_details_.
    Json order(const char* number, const char* product) const;
    static Json with(Json request, const Json& more);

    /// Throws std::runtime_error when the connector answers with another status.
    Json ask(const std::string& operation, const Json& request, hub_status status);

    /// Two orders are made, kNumber's is paid and kOpenNumber's closed.
    void pay();
    /// A quarter of kNumber's goes back; `more` is what the provider's refunds name besides.
    void refund(const Json& more = Json::object());

    simulator_test::Simulator simulator_;
    simulator_test::Receiver receiver_;
    Recorder recorder_;
    connector_test::Desk desk_;
    const std::int64_t created_ms_;
    Json order_details_ = Json::object(); // what every order of the provider names besides
};

} // namespace independent
