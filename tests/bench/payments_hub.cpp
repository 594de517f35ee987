#include "payments_hub.hpp"

#include "bench_store.hpp"
#include "chaos/processes.hpp"
#include "store_reader.hpp"
#include "support/hub_process.hpp"
#include "wallets.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <unistd.h>

namespace bench {

namespace fs = std::filesystem;

namespace {

using hub::test::HubProcess;
using nlohmann::json;

constexpr int kAttemptLifeSeconds = 7200;
constexpr std::array kParts = {"hub", "simulator"};

/// 0 when it does not run. A host wipes its environment; what it has mapped it can't hide.
pid_t hostOf(pid_t hub, const std::string& library)
{
    for (const pid_t child : chaos::childrenOf(hub)) {
        std::ifstream maps("/proc/" + std::to_string(child) + "/maps");
        std::ostringstream text;
        text << maps.rdbuf();
        if (text.str().find("/lib" + library + ".so") != std::string::npos) {
            return child;
        }
    }
    return 0;
}

void setEnvironment(const char* name, const fs::path& value)
{
    if (::setenv(name, value.c_str(), 1) != 0) {
        throw std::runtime_error(std::string(name) + " can't be set");
    }
}

void enablePayments(HubProcess& hub, const PaymentsSetup& setup)
{
    json accounts = {kAccount};
    for (const TestConnector& other : setup.others) {
        accounts.push_back(other.id);
        hub.configure(
            other.id,
            {{"library", other.id},
             {"enabled", true},
             {"accounts",
              {{other.id,
                {{"config", json::object()}, {"callback_token", other.callback_token}}}}}});
    }
    const json scan = {{"scan", {{"product", "qr"}, {"accounts", accounts}}}};
    hub.configure("payments",
                  {{"library", "payments"},
                   {"enabled", true},
                   {"config",
                    {{"methods", setup.wallets ? enableWallets(hub) : scan},
                     // The setup may take long: no code shall be asked about meanwhile.
                     {"attempt_life_s", kAttemptLifeSeconds},
                     {"amount_max_minor", 5'000'000}}}});
    for (const char* example : {"plugin_example", "subscriber_example"}) {
        fs::remove(hub.folder() / "hub/plugins.d" / (std::string(example) + ".json"));
    }
}

void copyPart(const fs::path& from, const fs::path& to)
{
    fs::remove_all(to);
    fs::create_directories(to.parent_path());
    const auto end = hub::test::runProgram({"cp", "-a", from.string(), to.string()});
    if (end.code != 0) {
        throw std::runtime_error("can't copy " + from.string() + ": " + end.error);
    }
}

double processorSecondsOf(pid_t process)
{
    const std::string text = hub::test::readFile("/proc/" + std::to_string(process) + "/stat");
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) {
        throw std::runtime_error("process " + std::to_string(process) + " has ended");
    }
    constexpr int kBeforeUserTime = 11; // from the state on
    std::istringstream fields(text.substr(end_of_name + 2));
    std::string skipped;
    for (int i = 0; i < kBeforeUserTime; ++i) {
        fields >> skipped;
    }
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

} // namespace

PaymentsHub::PaymentsHub(const Options& options, const PaymentsSetup& setup)
{
    for (const Wallet& wallet : kWallets) {
        if (setup.wallets || connectors_.empty()) {
            connectors_.emplace_back(wallet.library);
        }
    }
    const fs::path build = fs::canonical(options.build);
    setEnvironment("HUB_BUILD_DIR", build);
    setEnvironment("HUB_SOURCE_DIR", fs::current_path());
    setEnvironment("TMPDIR", build); // the disk that is measured, not one in memory
    hub_ = std::make_unique<HubProcess>(hub::test::HubOptions{setup.settings, {}, false});
    if (options.rows > 0) {
        // The store's seals belong to its secrets, and those to the provider that they were for.
        const fs::path filled = filledInstallation(options, options.rows);
        for (const char* part : {"hub/store", "hub/secrets", "hub/master.key", "simulator"}) {
            copyPart(filled / part, hub_->folder() / part);
        }
    }
    enablePayments(*hub_, setup);
}

PaymentsHub::~PaymentsHub() = default;

void PaymentsHub::start()
{
    ::sync(); // what was written before is not measured
    hub_->startSimulator();
    hub_->start();
    const auto areStarted = [this] {
        std::size_t started = 0;
        for (const json& one : hub_->ask({"plugin", "list"})) {
            const bool is_ours =
                std::find(connectors_.begin(), connectors_.end(), one.value("library", "")) !=
                connectors_.end();
            if (is_ours && one.value("state", "") == "started") {
                ++started;
            }
        }
        return started == connectors_.size();
    };
    if (!hub::test::becomesTrue(areStarted)) {
        throw std::runtime_error("the connectors did not come up: " + hub_->log());
    }
    rows_at_start_ = journalRows();
}

void PaymentsHub::stop()
{
    hub_->stop();
    hub_->stopSimulator();
}

void PaymentsHub::keep()
{
    for (const char* part : kParts) {
        copyPart(hub_->folder() / part, hub_->folder() / "kept" / part);
    }
}

void PaymentsHub::bringBack()
{
    for (const char* part : kParts) {
        copyPart(hub_->folder() / "kept" / part, hub_->folder() / part);
    }
}

std::uint16_t PaymentsHub::port() const
{
    const std::string address = hub_->httpAddress();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

fs::path PaymentsHub::storeFolder() const
{
    return hub_->folder() / "hub/store";
}

fs::path PaymentsHub::merchantKey() const
{
    return hub_->folder() / "simulator/alipay/app_private_key.pem";
}

fs::path PaymentsHub::providerKey() const
{
    return hub_->folder() / "simulator/alipay/provider_private_key.pem";
}

fs::path PaymentsHub::providerPublicKey() const
{
    return hub_->folder() / "simulator/alipay/provider_public_key.pem";
}

Spent PaymentsHub::spent() const
{
    Spent spent{processorSecondsOf(hub_->pid()), 0};
    for (const std::string& library : connectors_) {
        const pid_t connector = hostOf(hub_->pid(), library);
        if (connector == 0) {
            throw std::runtime_error("the connector " + library + " does not run: " + hub_->log());
        }
        spent.connector += processorSecondsOf(connector);
    }
    return spent;
}

std::string PaymentsHub::finding(const std::string& subject) const
{
    const auto end = hub_->command({"doctor", "--json"}); // its code tells of findings
    const json facts = json::parse(end.output, nullptr, false);
    for (const json& fact : facts.is_array() ? facts : json::array()) {
        if (fact.value("subject", "") == subject) {
            return fact.value("finding", "");
        }
    }
    return "";
}

std::int64_t PaymentsHub::journalRows() const
{
    return StoreReader(storeFolder() / "hub.db")
        .number("SELECT (SELECT count(*) FROM hub_event) + (SELECT count(*) FROM hub_call)");
}

json PaymentsHub::facts() const
{
    return {{"rows_at_start", rows_at_start_},
            {"store", finding("store settings")},
            {"cores", ::sysconf(_SC_NPROCESSORS_ONLN)},
            {"connections", kConnections}};
}

Creates::Creates(const PaymentsHub& hub, const std::string& name, std::size_t connections)
    : name_(name)
    , requests_(connections)
{
    head_ = "POST /api/v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
            const_cast<PaymentsHub&>(hub).hub().token() +
            "\r\nContent-Type: application/json\r\nPrefer: wait=10\r\nIdempotency-Key: ";
}

HttpLoad::Next Creates::next()
{
    return [this](std::size_t connection) -> const std::string* {
        if (left_ == 0) {
            return nullptr;
        }
        --left_;
        const std::string key = name_ + "-" + std::to_string(++number_);
        const std::string body =
            R"({"order_ref":")" + key + R"(","method":"scan","amount_minor":)" +
            std::to_string(kAmountMinor) + R"(,"currency":"CNY","subject":"Sample ticket"})";
        std::string& request = requests_[connection];
        request =
            head_ + key + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return &request;
    };
}

bool Creates::took(const HttpAnswer& answer)
{
    const bool full =
        answer.status == 201 && answer.body.find("\"qr_code\":\"") != std::string_view::npos;
    if (!full) {
        ++without_code_;
        last_without_code_ = std::to_string(answer.status) + " " + std::string(answer.body);
    }
    return full;
}

void Creates::demandCodes() const
{
    constexpr std::size_t kOneOf = 1000;
    if (without_code_ * kOneOf > number_) {
        throw std::runtime_error(
            std::to_string(without_code_) + " of " + std::to_string(number_) +
            " creates came to no code in time, the last one: " + last_without_code_);
    }
}

void judgeRounds(json& line,
                 const std::vector<double>& values,
                 const std::vector<double>& limits,
                 Mark mark)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < values.size(); ++i) {
        ratios.push_back(values[i] / limits.at(i));
    }
    judge(line, median(ratios), 1, mark);
    line["value"] = median(values);
    line["limit"] = median(limits);
    line["ratios"] = ratios;
}

} // namespace bench
