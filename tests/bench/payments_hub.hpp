// PaymentsHub: the installation that payments are measured on. Hub and simulator are real, made as
// for the demonstration, with the plugin `payments` and the connector `payment_alipay` in its own
// process, or all three wallets' connectors in theirs; the examples of the SDK are not enabled.
#pragma once

#include "figure.hpp"
#include "http_load.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace hub::test {
class HubProcess;
} // namespace hub::test

namespace bench {

inline constexpr const char* kAccount = "alipay-demo";
inline constexpr std::int64_t kAmountMinor = 20'000;
/// Of the load: two for each exchange that an account may have on its way.
inline constexpr std::size_t kConnections = 32;
/// Before what is measured.
inline constexpr double kWarmUpSeconds = 3;

/// A connector for the tests beside the real one; its account has its name.
struct TestConnector {
    std::string id;
    std::string callback_token;
};

struct PaymentsSetup {
    std::vector<TestConnector> others{};
    bool wallets = false;                // all three, and a method of each one's name; else `scan`
    std::vector<std::string> settings{}; // lines "key = value" of hub.properties
};

/// Processor seconds that processes have spent, all their threads together.
struct Spent {
    double hub = 0;
    double connector = 0; // of all real ones
};

class PaymentsHub {
public:
    /// Prepares the installation in the build's folder; nothing runs yet.
    /// Throws std::runtime_error.
    explicit PaymentsHub(const Options& options, const PaymentsSetup& setup = {});
    /// Stops both and removes the folder.
    ~PaymentsHub();
    PaymentsHub(const PaymentsHub&) = delete;
    PaymentsHub& operator=(const PaymentsHub&) = delete;

    /// Simulator and hub, until both answer.
    void start();
    /// In good order.
    void stop();
    /// While stopped: keeps what was made so far, and brings it back as often as wanted.
    void keep();
    void bringBack();

    hub::test::HubProcess& hub() { return *hub_; }
    std::uint16_t port() const;
    std::filesystem::path storeFolder() const;
    std::filesystem::path merchantKey() const;
    std::filesystem::path providerKey() const;
    std::filesystem::path providerPublicKey() const;
    /// Until now. Throws std::runtime_error when one of them does not run.
    Spent spent() const;
    /// What `expohub doctor` says of the subject.
    std::string finding(const std::string& subject) const;
    /// Events and calls in the journal, asked of the store beside the hub.
    std::int64_t journalRows() const;
    /// Members that each line of payments has.
    nlohmann::json facts() const;

private:
    std::unique_ptr<hub::test::HubProcess> hub_;
    std::vector<std::string> connectors_;
    std::int64_t rows_at_start_ = 0;
};

/// Requests that create payments, each with its own key, and what was answered. The answer comes
/// when the provider's code is there.
class Creates {
public:
    /// `name` tells its keys from those of others at the same hub.
    Creates(const PaymentsHub& hub, const std::string& name, std::size_t connections);

    HttpLoad::Next next();
    /// False for an answer without a code, which it counts.
    bool took(const HttpAnswer& answer);
    std::size_t withoutCode() const { return without_code_; }
    /// Throws std::runtime_error when more than one of a thousand was without.
    void demandCodes() const;
    void limit(std::size_t count) { left_ = count; }

private:
    std::string head_;
    std::string name_;
    std::vector<std::string> requests_;
    std::size_t number_ = 0;
    std::size_t left_ = SIZE_MAX;
    std::size_t without_code_ = 0;
    std::string last_without_code_;
};

/// Rounds of one figure: the values' medians, and the ratio of each round by its own limit.
void judgeRounds(nlohmann::json& line,
                 const std::vector<double>& values,
                 const std::vector<double>& limits,
                 Mark mark);

std::vector<Figure> callbackFigures();
std::vector<Figure> createFigures();
std::vector<Figure> containFigures();

} // namespace bench
