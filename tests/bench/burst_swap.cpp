#include "burst_swap.hpp"

#include "store_reader.hpp"
#include "support/hub_process.hpp"
#include "wallets.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <stdexcept>

#include <stdlib.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;

constexpr const char* kReplaced = "payment_wechat";
constexpr const char* kFormerVersion = "0.1.0";
constexpr const char* kDrained = kWallets[0].accounts[0];
constexpr const char* kRotated = kWallets[2].accounts[0];
constexpr std::chrono::milliseconds kLook{500};
constexpr std::chrono::seconds kTakeOverLimit{120};
/// What was decided before the drain may be written shortly after it.
constexpr std::int64_t kDrainMarginMs = 1000;

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

json libraryOf(const hub::test::HubProcess& hub)
{
    for (const json& one : hub.ask({"plugin", "list"})) {
        if (one.value("library", "") == kReplaced) {
            return one;
        }
    }
    throw std::runtime_error(std::string(kReplaced) + " is not there");
}

} // namespace

InstalledLibraries::InstalledLibraries(const fs::path& build)
    : build_(fs::canonical(build))
{
    std::string pattern = (build_ / "bench-libraries-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error(pattern + " can't be made");
    }
    folder_ = pattern;
    fs::copy(build_ / "lib/payments", folder_ / "payments", fs::copy_options::recursive);
    for (const Wallet& wallet : kWallets) {
        fs::copy(
            build_ / "lib" / wallet.library, folder_ / wallet.library, fs::copy_options::recursive);
    }
}

InstalledLibraries::~InstalledLibraries()
{
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void InstalledLibraries::install(const fs::path& package) const
{
    const fs::path beside = folder_ / (std::string(kReplaced) + ".new");
    fs::remove_all(beside);
    fs::copy(package, beside, fs::copy_options::recursive);
    fs::remove_all(folder_ / kReplaced);
    fs::rename(beside, folder_ / kReplaced);
}

void InstalledLibraries::installNewer() const
{
    install(build_ / "bench-newer" / kReplaced);
}

void InstalledLibraries::installFormer() const
{
    install(build_ / "lib" / kReplaced);
}

BurstSwap::BurstSwap(PaymentsHub& hub,
                     const InstalledLibraries& libraries,
                     BurstLoad& load,
                     std::size_t begin_after)
    : hub_(hub)
    , libraries_(libraries)
    , load_(load)
    , begin_after_(begin_after)
    , thread_([this] { work(); })
{}

BurstSwap::~BurstSwap()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void BurstSwap::work()
{
    try {
        awaitBegin();
        drain();
        rotate();
        libraries_.installNewer();
        newer_from_ms_ = takeOver(BENCH_NEWER_VERSION);
        newer_until_ms_ = nowMs();
        libraries_.installFormer();
        takeOver(kFormerVersion);
    } catch (const std::exception&) {
        failure_ = std::current_exception();
    }
    over_ = true;
}

void BurstSwap::pause()
{
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kLook, [this] { return stopping_; })) {
        throw std::runtime_error("the burst ended before the swap");
    }
}

void BurstSwap::awaitBegin()
{
    while (load_.created() < begin_after_) {
        pause();
    }
}

void BurstSwap::drain()
{
    StoreReader(hub_.storeFolder() / "hub.db")
        .query(fmt::format("SELECT number FROM payments_attempt WHERE account = '{}' AND state IN "
                           "('creating', 'unknown', 'waiting')",
                           kDrained),
               [&](const StoreReader::Row& row) { open_at_drain_.push_back(row.text(0)); });
    hub_.hub().ask({"provider-account", "drain", kDrained});
    drained_ms_ = nowMs();
    load_.portal().avoid(kDrained);
}

void BurstSwap::rotate()
{
    const fs::path simulator = hub_.hub().folder() / "simulator";
    const json settings = json::parse(hub::test::readFile(simulator / "simulator.json"));
    const json& second = settings.at("unionpay").at("merchants").at(0).at("certificates").at(1);
    const fs::path pem = hub_.hub().folder() / "rotated.pem";
    hub::test::writeFile(
        pem,
        hub::test::readFile(simulator / second.at("private_key").get<std::string>()) +
            hub::test::readFile(simulator / second.at("certificate").get<std::string>()));
    hub_.hub().ask({"provider-account", "put", kRotated, "signing_key", "--file", pem});
    hub_.hub().simulator("POST", "/control/provider/unionpay/rotate", json::object());
}

std::int64_t BurstSwap::takeOver(const std::string& version)
{
    hub_.hub().ask({"plugin", "reload"});
    const auto until = std::chrono::steady_clock::now() + kTakeOverLimit;
    std::int64_t seen_ms = 0;
    while (true) {
        const json library = libraryOf(hub_.hub());
        const std::string replacement = library.value("replacement", "");
        if (seen_ms == 0 && library.value("version", "") == version) {
            seen_ms = nowMs();
        }
        if (replacement.find(version + " succeeded") != std::string::npos) {
            return seen_ms;
        }
        if (replacement.find("abandoned") != std::string::npos ||
            replacement.find("rolled_back") != std::string::npos ||
            std::chrono::steady_clock::now() > until) {
            throw std::runtime_error(version + " did not take over: " + library.dump());
        }
        pause();
    }
}

json BurstSwap::judge(const fs::path& hub_store,
                      const fs::path& books,
                      std::vector<std::string>& wrong)
{
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    const StoreReader hub(hub_store);
    std::set<std::string> settled;
    hub.query(fmt::format("SELECT number FROM payments_attempt WHERE account = '{}' AND state = "
                          "'paid'",
                          kDrained),
              [&](const StoreReader::Row& row) { settled.insert(row.text(0)); });
    std::size_t settled_there = 0;
    for (const std::string& number : open_at_drain_) {
        settled_there += settled.count(number);
        if (!settled.contains(number)) {
            wrong.push_back(number + " was open at the drain and is not paid at " + kDrained);
        }
    }
    const auto begun = [&](const char* account, std::int64_t from_ms, std::int64_t until_ms) {
        return hub.number(fmt::format("SELECT count(*) FROM payments_attempt WHERE account = "
                                      "'{}' AND created_at_ms BETWEEN {} AND {}",
                                      account,
                                      from_ms,
                                      until_ms));
    };
    const std::int64_t late = begun(kDrained, drained_ms_ + kDrainMarginMs, INT64_MAX);
    const std::int64_t moved = begun(kWallets[0].accounts[1], drained_ms_, INT64_MAX);
    const std::int64_t by_newer = begun(kWallets[1].accounts[0], newer_from_ms_, newer_until_ms_);
    const std::int64_t certificates = StoreReader(books).number(
        fmt::format("SELECT count(DISTINCT json_extract(content, '$.certId')) FROM trades WHERE "
                    "provider = 'unionpay' AND seller = '{}'",
                    kWallets[2].sellers[0]));
    const auto demand = [&](bool holds, const std::string& otherwise) {
        if (!holds) {
            wrong.push_back(otherwise);
        }
    };
    demand(!open_at_drain_.empty(), "nothing was open at the drain");
    demand(late == 0, fmt::format("{} attempts began at the drained account", late));
    demand(moved > 0, "nothing began at the account beside the drained one");
    demand(by_newer > 0, "nothing was created while the newer library was there");
    demand(certificates == 2,
           fmt::format("UnionPay saw {} certificates of ours, not two", certificates));
    return {{"open_at_drain", open_at_drain_.size()},
            {"settled_on_the_old_account", settled_there},
            {"begun_there_afterwards", late},
            {"begun_at_the_other", moved},
            {"begun_by_the_newer_library", by_newer},
            {"certificates", certificates}};
}

} // namespace bench
