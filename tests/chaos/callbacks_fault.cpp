// callbacks: what providers, networks and forgers do to notices. Each case says what it did, and
// the store is compared before and after what must change nothing.

#include "callbacks_desk.hpp"
#include "callbacks_mutator.hpp"
#include "fault.hpp"
#include "key_change.hpp"
#include "lost_notices.hpp"
#include "proxy.hpp"
#include "shop.hpp"
#include "store_digest.hpp"
#include "verdict.hpp"
#include "wallet.hpp"

#include <Poco/Net/NetException.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <functional>
#include <iostream>
#include <mutex>
#include <thread>

namespace chaos {

namespace {

constexpr int kFullRounds = 10;
constexpr int kMutantsPerRound = 1'500; ///< some turn out harmless
constexpr int kDisconnectsPerRound = 6;
constexpr int kSequential = 100;
constexpr int kParallel = 32;
constexpr Milliseconds kAnswersLate{2'000};

class Callbacks {
public:
    explicit Callbacks(const Options& options)
        : options_(options)
        , wallets_(chosenWallets(options))
        , scratch_(makeScratch())
        , installation_(options, setup())
        , balance_(balanceOf(installation_))
        , shop_(installation_, memory_)
        , desk_(installation_.httpPort())
        , random_(options.seed)
    {
        for (const auto& wallet : wallets_) {
            wallet->enter(installation_.folder());
        }
    }
    ~Callbacks()
    {
        std::error_code ignored;
        std::filesystem::remove_all(scratch_, ignored);
    }
    Callbacks(const Callbacks&) = delete;
    Callbacks& operator=(const Callbacks&) = delete;

    int run();

private:
    static std::filesystem::path makeScratch()
    {
        std::string path =
            (std::filesystem::temp_directory_path() / "chaos-callbacks-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) {
            throw std::runtime_error(path + ": can't be made");
        }
        return path;
    }

    Setup setup() const
    {
        Setup setup;
        setup.connectors = librariesOf(wallets_);
        setup.configure = [this](const std::filesystem::path& folder) {
            const auto port = portOf(folder);
            installWallets(
                wallets_, std::filesystem::canonical(options_.build), [&](const Wallet&) {
                    return Site{folder, port, port};
                });
        };
        if (!options_.postgres) {
            const std::string store = scratch_ / "store";
            setup.settings = {"store.folder = " + store};
            setup.environment = {"LD_PRELOAD=" + (std::filesystem::canonical(options_.build) /
                                                  "tests/hub_disk_faults.so")
                                                     .string(),
                                 "HUB_DISK_FOLDER=" + store,
                                 "HUB_DISK_FAULT=" + diskFault().string()};
        }
        return setup;
    }

    /// Of the simulator, as the demonstration's account has it.
    static std::uint16_t portOf(const std::filesystem::path& folder)
    {
        const Json content = Json::parse(readText(folder / "hub/plugins.d/payment_alipay.json"));
        const std::string place = content.at("accounts").at(kAccount).at("http_exact").at(0);
        return static_cast<std::uint16_t>(std::stoi(place.substr(place.find(':') + 1)));
    }
    std::filesystem::path diskFault() const { return scratch_ / "fault"; }
    std::string nextKey(const std::string& what)
    {
        return "callbacks-" + std::to_string(options_.seed) + "-" + wallet_->name() + "-" + what +
               "-" + std::to_string(++orders_);
    }
    std::int64_t nextAmount()
    {
        return std::uniform_int_distribution<std::int64_t>(100, 50'000)(random_);
    }
    void fail(const std::string& sentence) { proof_.failures.push_back(sentence); }
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            fail(sentence);
        }
    }
    std::string show(const RawAnswer& answer) const
    {
        return std::to_string(answer.status) + " \"" + answer.body.substr(0, 200) + "\"";
    }
    void did(const std::string& what, std::int64_t times, std::int64_t floor)
    {
        const std::string text = wallet_->name() + ": " + what;
        proof_.floors.push_back({text, times, floor});
        std::cout << text << ": " << times << std::endl;
    }
    std::int64_t share(std::int64_t whole) const
    {
        return shareOf(whole, options_.rounds, kFullRounds);
    }
    /// When nothing follows any more: subscribers publish what they conclude from an event.
    std::string settledDigest()
    {
        std::string last;
        const bool settled = waitUntil(
            Milliseconds{10'000},
            [&] {
                const std::string before = std::exchange(last, digest());
                return before == last;
            },
            Milliseconds{300});
        demand(settled, "the store does not come to rest");
        return last;
    }
    /// Of payments and events; PostgreSQL shows them through the API.
    std::string digest()
    {
        if (!options_.postgres) {
            const StoreDigest read = readDigest(scratch_ / "store");
            return read.digest + " " + std::to_string(read.events);
        }
        std::string text = std::to_string(readRecord(installation_.recordFile()).events.size());
        for (const auto& [id, payment] : readPayments(installation_.hub())) {
            text += payment.dump();
        }
        return text;
    }
    /// An order with a code that the wallet has paid, of which nobody told the hub.
    Order paidInSilence(const std::string& what)
    {
        Order order = shop_.order(nextKey(what), nextAmount());
        order.trade_number = shop_.payFor(order);
        if (order.trade_number.empty()) {
            throw std::runtime_error("the wallet can't pay " + order.key);
        }
        return order;
    }
    Notice genuine(const Order& order) const { return wallet_->paid(order); }
    bool takes(const Notice& notice)
    {
        return wallet_->isSuccess(desk_.deliver(wallet_->path(), notice));
    }
    /// For good: a 4xx that does not say success.
    bool refuses(const RawAnswer& answer) const
    {
        return isRefusal(answer) && !wallet_->isSuccess(answer);
    }
    int timesPaid(const Order& order)
    {
        const Json timeline =
            shop_.hub().get("/api/v1/payments/" + order.payment_id + "/timeline").body;
        int times = 0;
        for (const Json& step : timeline.value("steps", Json::array())) {
            times += textOf(step, "cause") == "attempt_paid" ? 1 : 0;
        }
        return times;
    }
    void demandPaidOnce(const Order& order, const std::string& after)
    {
        const std::string state = shop_.stateOf(order);
        const int times = timesPaid(order);
        demand(state == "paid" && times == 1,
               order.key + " is " + state + " and was paid " + std::to_string(times) +
                   " times after " + after);
    }

    void silence();
    void comesBeforeTheAnswer();
    void repeats();
    void permutations();
    void mutants();
    std::vector<Notice> deliverMutants(const Order& order, const Order& other, int count);
    void lies();
    void window();
    void disconnects();
    void disconnectAt(Proxy& proxy,
                      Direction direction,
                      std::size_t after,
                      const Order& order,
                      const Notice& notice);
    void failingDisk();
    bool playForEach();
    void playForAll();

    Options options_;
    Wallets wallets_;
    Wallet* wallet_ = nullptr; ///< whose turn it is
    std::filesystem::path scratch_;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    Shop shop_;
    Deliverer desk_;
    std::mt19937_64 random_;
    Proof proof_;
    int orders_ = 0;
    std::int64_t disconnects_ = 0;
};

/// The provider books at once, answers after two seconds, and tells of the payment in between.
void Callbacks::comesBeforeTheAnswer()
{
    const int wanted = static_cast<int>(share(10));
    shop_.setFaults(options_.seed,
                    {{{"fault", "delay"},
                      {"ms", kAnswersLate.count()},
                      {"match",
                       {{"provider", wallet_->name()},
                        {"method", wallet_->requests().create},
                        {"times", wanted}}}}});
    std::atomic<int> early{0};
    std::vector<std::thread> customers;
    std::mutex mutex;
    for (int i = 0; i < wanted; ++i) {
        customers.emplace_back([&, key = nextKey("early"), amount = nextAmount()] {
            Shop shop(installation_, memory_, Till{wallet_->method()});
            const auto start = Clock::now();
            Order order = shop.create(key, amount);
            const bool paid = waitUntil(kAnswersLate, [&] {
                order.number =
                    textOf(shop.payment(order).value("attempt", Json::object()), "number");
                return !order.number.empty() && shop.pay(order);
            });
            const bool known = paid && shop.reaches(order, "paid", kAnswersLate - since(start));
            early += known ? 1 : 0;
            if (paid && !shop.reaches(order, "paid")) {
                const std::lock_guard lock(mutex);
                fail(key + " was paid before its code came and is " + shop.stateOf(order));
            }
        });
    }
    for (std::thread& customer : customers) {
        customer.join();
    }
    did("paid before the answer to create", early, std::max(1, wanted / 2));
}

void Callbacks::repeats()
{
    const Order in_turn = paidInSilence("repeat");
    int good = 0;
    for (int i = 0; i < kSequential; ++i) {
        good += takes(genuine(in_turn)) ? 1 : 0;
    }
    demand(good == kSequential,
           "of one notice, repeated, " + std::to_string(good) + " of " +
               std::to_string(kSequential) + " were answered success");
    demandPaidOnce(in_turn, "the same notice again and again");

    const Order at_once = paidInSilence("parallel");
    const Notice notice = genuine(at_once);
    std::atomic<int> successes{0};
    std::vector<std::thread> senders;
    for (int i = 0; i < kParallel; ++i) {
        senders.emplace_back([&] {
            Deliverer desk(installation_.httpPort());
            successes += wallet_->isSuccess(desk.deliver(wallet_->path(), notice)) ? 1 : 0;
        });
    }
    for (std::thread& sender : senders) {
        sender.join();
    }
    demand(successes == kParallel,
           "of one notice, at once, " + std::to_string(successes) + " of " +
               std::to_string(kParallel) + " were answered success");
    demandPaidOnce(at_once, "the same notice at once");
    did("repeats in sequence", good, kSequential);
    did("repeats in parallel", successes, kParallel);
}

/// Paid and refunded at the provider; then its notices come in every order, an old one last.
void Callbacks::permutations()
{
    std::vector<std::size_t> order_of = {0, 1, 2};
    int permutations = 0;
    struct Case {
        std::string name;
        Order order;
        std::string end;
    };
    std::vector<Case> cases;
    do {
        const Order order = paidInSilence("order");
        const Tale tale = wallet_->tell(shop_, desk_, order);
        std::string name;
        for (const std::size_t i : order_of) {
            const auto& [word, notice] = tale.words.at(i);
            name += std::string(name.empty() ? "" : ", ") + word;
            const RawAnswer answer = desk_.deliver(wallet_->path(), notice);
            demand(wallet_->isSuccess(answer) || answer.status >= 400,
                   name + ": answered " + show(answer));
        }
        desk_.deliver(wallet_->path(), tale.late);
        cases.push_back({name, order, tale.end});
        ++permutations;
    } while (std::next_permutation(order_of.begin(), order_of.end()));
    for (const Case& one : cases) {
        const auto end = [&] {
            const Json payment = shop_.payment(one.order);
            return textOf(payment, "state") + " keeps " +
                   std::to_string(payment.value("captured_minor", std::int64_t{-1}) -
                                  payment.value("refunded_minor", std::int64_t{-1}));
        };
        const bool settled = waitUntil(Milliseconds{45'000}, [&] { return end() == one.end; });
        demand(settled, "after " + one.name + " " + one.order.key + " is " + end());
    }
    did("orders of three notices", permutations, 6);
}

/// Four senders; what is harmless by the provider's own verification comes back instead of going
/// out.
std::vector<Notice> Callbacks::deliverMutants(const Order& order, const Order& other, int count)
{
    constexpr std::uint64_t kSenders = 4;
    std::vector<Notice> harmless;
    std::map<std::string, int> by_kind;
    std::mutex mutex;
    std::vector<std::thread> senders;
    for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
        senders.emplace_back([&, sender] {
            const auto mutator = wallet_->mutator(order, other, options_.seed * 100 + sender);
            Deliverer desk(installation_.httpPort());
            for (int i = 0; i < count / static_cast<int>(kSenders); ++i) {
                const Mutant mutant = mutator->draw();
                const RawAnswer answer =
                    mutant.harmless ? RawAnswer{} : desk.deliver(wallet_->path(), mutant.notice);
                const std::lock_guard lock(mutex);
                ++by_kind[mutant.kind];
                if (mutant.harmless) {
                    harmless.push_back(mutant.notice);
                } else if (!refuses(answer)) {
                    proof_.findings.forged.push_back(wallet_->name() + ", " + mutant.kind +
                                                     ", was answered " + show(answer) + ": " +
                                                     postRequest(wallet_->path(), mutant.notice));
                }
            }
        });
    }
    for (std::thread& sender : senders) {
        sender.join();
    }
    std::string kinds;
    for (const auto& [kind, times] : by_kind) {
        kinds += std::string(kinds.empty() ? "" : ", ") + kind + " " + std::to_string(times);
    }
    std::cout << wallet_->name() << ": mutants by kind: " << kinds << std::endl;
    return harmless;
}

void Callbacks::mutants()
{
    const int count = options_.rounds * kMutantsPerRound;
    const Order order = paidInSilence("mutant");
    const Order other = paidInSilence("other");
    const std::string before = settledDigest();
    const auto forged_before = proof_.findings.forged.size();
    const auto start = Clock::now();
    const auto harmless = deliverMutants(order, other, count);
    const auto took = since(start).count();
    const auto taken = static_cast<std::int64_t>(proof_.findings.forged.size() - forged_before);
    if (settledDigest() != before) {
        proof_.findings.forged.emplace_back("the store is not what it was before the mutants");
    }
    demand(shop_.stateOf(order) == "waiting", order.key + " is " + shop_.stateOf(order));

    demand(takes(genuine(order)), "the genuine notice among the mutants was not taken");
    const std::string paid = settledDigest();
    int answered = 0;
    for (const Notice& notice : harmless) {
        const RawAnswer answer = desk_.deliver(wallet_->path(), notice);
        answered += wallet_->isSuccess(answer) ? 1 : 0;
        demand(wallet_->isSuccess(answer) || refuses(answer),
               "a harmless notice was answered " + show(answer) + ": " + notice.body);
    }
    if (settledDigest() != paid) {
        proof_.findings.doubled.emplace_back("a notice that says the same changed the store");
    }
    demandPaidOnce(order, "its mutants");
    demand(takes(genuine(other)), "the other genuine notice was not taken");
    const auto forged =
        static_cast<std::int64_t>(count) - static_cast<std::int64_t>(harmless.size());
    proof_.figures.push_back(wallet_->name() + ": forged mutants " + std::to_string(forged) +
                             " in " + std::to_string(took) + " ms; harmless " +
                             std::to_string(harmless.size()) + ", of which " +
                             std::to_string(answered) + " were answered success");
    did("forged mutants refused", forged - taken, options_.rounds * 1'000LL);
}

/// Validly signed, and still not about this payment as it is.
void Callbacks::lies()
{
    const Order order = paidInSilence("lie");
    const Order other = paidInSilence("other");
    const std::vector<Lie> lies = wallet_->lies(order, other);
    const std::string before = settledDigest();
    std::int64_t refused = 0;
    for (const Lie& lie : lies) {
        const RawAnswer answer = desk_.deliver(lie.path, lie.notice);
        refused += refuses(answer) ? 1 : 0;
        if (!refuses(answer)) {
            proof_.findings.forged.push_back(lie.what + ", validly signed, was answered " +
                                             show(answer) + " (" + wallet_->name() + ")");
        }
    }
    if (settledDigest() != before) {
        proof_.findings.forged.emplace_back("the store is not what it was before the lies");
    }
    demand(takes(genuine(order)), "the truth was not taken");
    demand(takes(genuine(other)), "the truth was not taken");
    demandPaidOnce(order, "lies about it");
    did("validly signed lies refused", refused, static_cast<std::int64_t>(lies.size()));
}

/// Genuine, and told too early or too late; then within the window, and the same once more.
void Callbacks::window()
{
    const Order order = paidInSilence("window");
    const auto notices = wallet_->timed(order);
    if (notices.empty()) {
        proof_.figures.push_back(wallet_->name() +
                                 ": not in this protocol: a time window for notices");
        demand(takes(genuine(order)), "the notice was not taken");
        return;
    }
    const std::string before = settledDigest();
    std::int64_t right = 0;
    for (const TimedNotice& one : notices) {
        if (!one.is_timely) {
            const RawAnswer answer = desk_.deliver(wallet_->path(), one.notice);
            right += refuses(answer) ? 1 : 0;
            if (!refuses(answer)) {
                proof_.findings.forged.push_back("a notice of " + one.what + " was answered " +
                                                 show(answer));
            }
        }
    }
    if (settledDigest() != before) {
        proof_.findings.forged.emplace_back("a notice out of the window changed the store");
    }
    for (const TimedNotice& one : notices) {
        if (one.is_timely) {
            const bool taken = takes(one.notice) && takes(one.notice);
            right += taken ? 1 : 0;
            demand(taken, "a notice of " + one.what + ", within the window, was not taken");
        }
    }
    demandPaidOnce(order, "notices within the window");
    did("notices judged by the window", right, static_cast<std::int64_t>(notices.size()));
}

void Callbacks::disconnectAt(
    Proxy& proxy, Direction direction, std::size_t after, const Order& order, const Notice& notice)
{
    proxy.setScript(Script({{{Behavior::Reset, direction, after, {}, 0}, 100, 0}}));
    RawAnswer cut;
    try {
        RawConnection connection(proxy.port());
        connection.send(postRequest(wallet_->path(), notice));
        cut = connection.receive(Milliseconds{5'000});
    } catch (const Poco::Net::ConnectionResetException&) {
        cut.closed = true; // before the first byte, it may be cut while it is being made
    }
    demand(cut.status == 0,
           "a connection cut after " + std::to_string(after) + " bytes brought a whole answer");
    disconnects_ += cut.status == 0 ? 1 : 0;
    const RawAnswer again = desk_.deliver(wallet_->path(), notice);
    demand(wallet_->isSuccess(again),
           "after a cut at " + std::to_string(after) + " the retry was answered " + show(again));
    demandPaidOnce(order, "a cut at " + std::to_string(after));
}

void Callbacks::disconnects()
{
    Proxy proxy(installation_.httpPort());
    disconnects_ = 0;
    const int wanted = options_.rounds * kDisconnectsPerRound;
    for (int i = 0; i < wanted; ++i) {
        const Order order = paidInSilence("cut");
        // Made once: the next one would be a few bytes longer or shorter.
        const Notice notice = genuine(order);
        const std::size_t size = postRequest(wallet_->path(), notice).size();
        // Two of six within the answer, one right behind the request, the others within it.
        const int place = i % kDisconnectsPerRound;
        const Direction direction = place < 2 ? Direction::ToClient : Direction::ToServer;
        const std::size_t most = place < 2 ? 40 : size - 1;
        const std::size_t after =
            place == 2 ? size : std::uniform_int_distribution<std::size_t>(0, most)(random_);
        disconnectAt(proxy, direction, after, order, notice);
    }
    did("connections cut at byte offsets", disconnects_, wanted);
    demand(proxy.counts().of(Behavior::Reset) >= wanted, "the proxy has cut fewer connections");
}

/// No commit, no success: the provider is told to come again.
void Callbacks::failingDisk()
{
    if (options_.postgres) {
        std::cout << "skipped: a failing disk, which is SQLite's (see --fault store)\n";
        return;
    }
    const Order order = paidInSilence("disk");
    const Notice notice = genuine(order);
    std::ofstream(diskFault()) << "full";
    std::int64_t refused = 0;
    for (int i = 0; i < 10; ++i) {
        const RawAnswer answer = desk_.deliver(wallet_->path(), notice);
        refused += answer.status >= 500 ? 1 : 0;
        demand(answer.status >= 500, "on a full disk a notice was answered " + show(answer));
    }
    std::filesystem::remove(diskFault());
    const auto isTaken = [&](const Notice& one) {
        return waitUntil(Milliseconds{10'000}, [&] { return takes(one); });
    };
    demand(isTaken(notice), "with space again, the notice is not taken");
    demandPaidOnce(order, "a full disk");
    did("notices told to come again on a full disk", refused, 10);

    const Order unsynced = paidInSilence("sync");
    const Notice second = genuine(unsynced);
    std::ofstream(diskFault()) << "sync";
    const RawAnswer doubtful = desk_.deliver(wallet_->path(), second);
    const bool honest = doubtful.status == 0 || doubtful.status >= 500;
    demand(honest, "while the sync failed a notice was answered " + show(doubtful));
    demand(isTaken(second), "after the restart the notice is not taken");
    demand(!std::filesystem::exists(diskFault()), "no sync has failed");
    demandPaidOnce(unsynced, "a sync that failed");
    did("notices without success while a sync failed", honest ? 1 : 0, 1);
}

void Callbacks::silence()
{
    shop_.setFaults(
        options_.seed,
        {{{"fault", "notify_none"}, {"match", {{"provider", wallet_->name()}, {"times", 0}}}}});
}

/// One wallet after the other. False when --steps names none of these cases.
bool Callbacks::playForEach()
{
    using Case = std::pair<const char*, void (Callbacks::*)()>;
    static constexpr std::array<Case, 8> kCases = {{{"early", &Callbacks::comesBeforeTheAnswer},
                                                    {"repeats", &Callbacks::repeats},
                                                    {"disorder", &Callbacks::permutations},
                                                    {"mutants", &Callbacks::mutants},
                                                    {"lies", &Callbacks::lies},
                                                    {"window", &Callbacks::window},
                                                    {"cuts", &Callbacks::disconnects},
                                                    {"disk", &Callbacks::failingDisk}}};
    bool any = false;
    for (const auto& [name, play] : kCases) {
        if (!options_.steps.empty() && options_.steps != name) {
            continue;
        }
        any = true;
        for (const auto& wallet : wallets_) {
            wallet_ = wallet.get();
            shop_.setTill(Till{wallet->method()});
            silence();
            (this->*play)();
        }
    }
    return any;
}

/// Every wallet at once; what is told is told by the provider itself.
void Callbacks::playForAll()
{
    if (options_.steps.empty() || options_.steps == "keys") {
        shop_.clearFaults();
        KeyChange(installation_, memory_, proof_, wallets_).run();
    }
    if (options_.steps.empty() || options_.steps == "lost") {
        shop_.clearFaults();
        loseNotices(installation_, memory_, proof_, wallets_, options_.rounds);
    }
}

int Callbacks::run()
{
    const bool any = playForEach();
    if (!any && options_.steps != "keys" && options_.steps != "lost") {
        throw std::invalid_argument("--steps has \"" + options_.steps +
                                    "\"; callbacks knows early, repeats, disorder, mutants, lies, "
                                    "window, cuts, disk, keys and lost");
    }
    playForAll();
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "callbacks: " << options.rounds << " rounds, " << options.rounds * kMutantsPerRound
              << " mutants, --provider " << options.provider << ", "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return Callbacks(options).run();
}

} // namespace

extern const Fault kCallbacksFault;
const Fault kCallbacksFault = {"callbacks",
                               "notices repeated, early, out of order, forged, cut off, lost, "
                               "without a disk to keep them, and "
                               "while keys change",
                               kFullRounds,
                               1,
                               run};

} // namespace chaos
