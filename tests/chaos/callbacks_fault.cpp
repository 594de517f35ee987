// callbacks: what providers, networks and forgers do to notices. Each case says what it did, and
// the store is compared before and after what must change nothing.

#include "callbacks_desk.hpp"
#include "callbacks_mutator.hpp"
#include "fault.hpp"
#include "proxy.hpp"
#include "shop.hpp"
#include "store_digest.hpp"
#include "verdict.hpp"

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
        , scratch_(makeScratch())
        , installation_(options, setup())
        , balance_(balanceOf(installation_))
        , merchant_(readMerchant(installation_.folder(), kAccount))
        , provider_(Key::readPrivate(keys() / "provider_private_key.pem"))
        , public_key_(Key::readPublic(keys() / "provider_public_key.pem"))
        , foreign_(Key::readPrivate(keys() / "app_private_key.pem"))
        , shop_(installation_, memory_)
        , desk_(installation_.httpPort())
        , random_(options.seed)
    {}
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
        setup.configure = addOtherAccounts;
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

    std::filesystem::path keys() const { return installation_.folder() / "simulator/alipay"; }
    std::filesystem::path diskFault() const { return scratch_ / "fault"; }
    std::string nextKey(const std::string& what)
    {
        return "callbacks-" + std::to_string(options_.seed) + "-" + what + "-" +
               std::to_string(++orders_);
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
        proof_.floors.push_back({what, times, floor});
        std::cout << what << ": " << times << std::endl;
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
        if (!shop_.pay(order)) {
            throw std::runtime_error("the wallet can't pay " + order.key);
        }
        return order;
    }
    std::string genuine(const Order& order)
    {
        return signedForm(paidNotice(merchant_, order), provider_);
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
    bool refundAtProvider(const Order& order);
    void mutants();
    std::vector<std::string>
    deliverMutants(const Order& order, const std::string& other, int count);
    void lies();
    void disconnects();
    void disconnectAt(Proxy& proxy, Direction direction, std::size_t after, const Order& order);
    void failingDisk();

    Options options_;
    std::filesystem::path scratch_;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    Merchant merchant_;
    Key provider_;
    Key public_key_;
    Key foreign_;
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
                      {"match", {{"method", "alipay.trade.precreate"}, {"times", wanted}}}}});
    std::atomic<int> early{0};
    std::vector<std::thread> customers;
    std::mutex mutex;
    for (int i = 0; i < wanted; ++i) {
        customers.emplace_back([&, key = nextKey("early"), amount = nextAmount()] {
            Shop shop(installation_, memory_);
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
        good += isSuccess(desk_.deliver(merchant_.path, genuine(in_turn))) ? 1 : 0;
    }
    demand(good == kSequential,
           "of one notice, repeated, " + std::to_string(good) + " of " +
               std::to_string(kSequential) + " were answered success");
    demandPaidOnce(in_turn, "the same notice again and again");

    const Order at_once = paidInSilence("parallel");
    const std::string form = genuine(at_once);
    std::atomic<int> successes{0};
    std::vector<std::thread> senders;
    for (int i = 0; i < kParallel; ++i) {
        senders.emplace_back([&] {
            Deliverer desk(installation_.httpPort());
            successes += isSuccess(desk.deliver(merchant_.path, form)) ? 1 : 0;
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

/// A person at the provider gives the money back: the hub did not ask for it.
bool Callbacks::refundAtProvider(const Order& order)
{
    std::time_t now = std::time(nullptr) + 8 * 3600;
    std::array<char, 32> time{};
    std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", std::gmtime(&now));
    Fields fields = {{"app_id", merchant_.app_id},
                     {"method", "alipay.trade.refund"},
                     {"charset", "utf-8"},
                     {"format", "JSON"},
                     {"version", "1.0"},
                     {"timestamp", time.data()},
                     {"sign_type", "RSA2"},
                     {"biz_content",
                      Json{{"out_trade_no", order.number},
                           {"refund_amount", toYuan(order.amount_minor)},
                           {"out_request_no", order.number + "-1"},
                           {"refund_reason", "at the provider " + order.key}}
                          .dump()}};
    std::string text;
    for (const auto& [name, value] : fields) {
        text += (text.empty() ? "" : "&") + name + "=" + value;
    }
    fields["sign"] = foreign_.sign(text);
    const HttpAnswer answer = shop_.simulator().postForm("/gateway.do", toForm(fields));
    const Json body = answer.body.is_object()
                          ? answer.body.value("alipay_trade_refund_response", Json::object())
                          : Json::object();
    if (textOf(body, "code") != "10000") {
        fail("the provider does not refund " + order.key + ": " + answer.body.dump());
        return false;
    }
    return true;
}

/// Paid and refunded at the provider; then its notices come in every order, an old one last.
void Callbacks::permutations()
{
    using Maker = Fields (*)(const Merchant&, const Order&);
    const std::vector<std::pair<const char*, Maker>> kNotices = {
        {"paid", paidNotice}, {"refunded", refundedNotice}, {"closed", closedNotice}};
    std::vector<std::size_t> order_of = {0, 1, 2};
    int permutations = 0;
    std::map<std::string, std::string> ends;
    std::vector<std::pair<std::string, Order>> cases;
    do {
        const Order order = paidInSilence("order");
        if (!refundAtProvider(order)) {
            return;
        }
        std::string name;
        for (const std::size_t i : order_of) {
            const auto& [word, make] = kNotices[i];
            name += std::string(name.empty() ? "" : ", ") + word;
            const RawAnswer answer =
                desk_.deliver(merchant_.path, signedForm(make(merchant_, order), provider_));
            demand(isSuccess(answer) || answer.status >= 400, name + ": answered " + show(answer));
        }
        desk_.deliver(merchant_.path, signedForm(waitingNotice(merchant_, order), provider_));
        cases.emplace_back(name, order);
        ++permutations;
    } while (std::next_permutation(order_of.begin(), order_of.end()));
    for (const auto& [name, order] : cases) {
        const auto end = [&] {
            const Json payment = shop_.payment(order);
            return textOf(payment, "state") + " keeps " +
                   std::to_string(payment.value("captured_minor", std::int64_t{-1}) -
                                  payment.value("refunded_minor", std::int64_t{-1}));
        };
        const bool settled =
            waitUntil(Milliseconds{45'000}, [&] { return end() == "paid keeps 0"; });
        demand(settled, "after " + name + " " + order.key + " is " + end());
    }
    did("orders of paid, refunded and closed", permutations, 6);
}

/// Four senders; what is harmless by the provider's own verification comes back instead of going
/// out.
std::vector<std::string>
Callbacks::deliverMutants(const Order& order, const std::string& other, int count)
{
    constexpr std::uint64_t kSenders = 4;
    const Fields fields = paidNotice(merchant_, order);
    const std::string form = genuine(order);
    std::vector<std::string> harmless;
    std::map<std::string, int> by_kind;
    std::mutex mutex;
    std::vector<std::thread> senders;
    for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
        senders.emplace_back([&, sender] {
            Mutator mutator(public_key_, other, options_.seed * 100 + sender);
            Deliverer desk(installation_.httpPort());
            for (int i = 0; i < count / static_cast<int>(kSenders); ++i) {
                const Mutant mutant = mutator.draw(form, fields);
                const RawAnswer answer =
                    mutant.harmless ? RawAnswer{} : desk.deliver(merchant_.path, mutant.body);
                const std::lock_guard lock(mutex);
                ++by_kind[mutant.kind];
                if (mutant.harmless) {
                    harmless.push_back(mutant.body);
                } else if (!isRefusal(answer)) {
                    proof_.findings.forged.push_back(std::string(mutant.kind) + " was answered " +
                                                     show(answer) + ": " + mutant.body);
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
    std::cout << "mutants by kind: " << kinds << std::endl;
    return harmless;
}

void Callbacks::mutants()
{
    const int count = options_.rounds * kMutantsPerRound;
    const Order order = paidInSilence("mutant");
    const Order other = paidInSilence("other");
    const std::string before = settledDigest();
    const auto start = Clock::now();
    const auto harmless =
        deliverMutants(order, provider_.sign(signedText(paidNotice(merchant_, other))), count);
    const auto took = since(start).count();
    if (settledDigest() != before) {
        proof_.findings.forged.emplace_back("the store is not what it was before the mutants");
    }
    demand(shop_.stateOf(order) == "waiting", order.key + " is " + shop_.stateOf(order));

    demand(isSuccess(desk_.deliver(merchant_.path, genuine(order))),
           "the genuine notice among the mutants was not taken");
    const std::string paid = settledDigest();
    int answered = 0;
    for (const std::string& form : harmless) {
        const RawAnswer answer = desk_.deliver(merchant_.path, form);
        answered += isSuccess(answer) ? 1 : 0;
        demand(isSuccess(answer) || isRefusal(answer),
               "a harmless form was answered " + show(answer) + ": " + form);
    }
    if (settledDigest() != paid) {
        proof_.findings.doubled.emplace_back("a notice that says the same changed the store");
    }
    demandPaidOnce(order, "its mutants");
    const auto forged =
        static_cast<std::int64_t>(count) - static_cast<std::int64_t>(harmless.size());
    proof_.figures.push_back("forged mutants " + std::to_string(forged) + " in " +
                             std::to_string(took) + " ms; harmless " +
                             std::to_string(harmless.size()) + ", of which " +
                             std::to_string(answered) + " were answered success");
    did("forged mutants refused",
        forged - static_cast<std::int64_t>(proof_.findings.forged.size()),
        options_.rounds * 1'000LL);
}

/// Validly signed, and still not about this payment as it is.
void Callbacks::lies()
{
    const Order order = paidInSilence("lie");
    const Order other = paidInSilence("other");
    const std::vector<Lie> lies = liesAbout(order,
                                            other,
                                            {merchant_,
                                             readMerchant(installation_.folder(), kSecondAccount),
                                             readMerchant(installation_.folder(), kSisterAccount)});
    const std::string before = settledDigest();
    std::int64_t refused = 0;
    for (const Lie& lie : lies) {
        Fields fields = paidNotice(merchant_, order);
        for (const auto& [name, value] : lie.changes) {
            fields[name] = value;
        }
        const RawAnswer answer = desk_.deliver(lie.path, signedForm(fields, provider_));
        refused += isRefusal(answer) ? 1 : 0;
        if (!isRefusal(answer)) {
            proof_.findings.forged.push_back(lie.what + ", validly signed, was answered " +
                                             show(answer));
        }
    }
    if (settledDigest() != before) {
        proof_.findings.forged.emplace_back("the store is not what it was before the lies");
    }
    demand(isSuccess(desk_.deliver(merchant_.path, genuine(order))), "the truth was not taken");
    demand(isSuccess(desk_.deliver(merchant_.path, genuine(other))), "the truth was not taken");
    demandPaidOnce(order, "lies about it");
    did("validly signed lies refused", refused, static_cast<std::int64_t>(lies.size()));
}

void Callbacks::disconnectAt(Proxy& proxy,
                             Direction direction,
                             std::size_t after,
                             const Order& order)
{
    proxy.setScript(Script({{{Behavior::Reset, direction, after, {}, 0}, 100, 0}}));
    const std::string form = genuine(order);
    RawAnswer cut;
    try {
        RawConnection connection(proxy.port());
        connection.send(formRequest(merchant_.path, form));
        cut = connection.receive(Milliseconds{5'000});
    } catch (const Poco::Net::ConnectionResetException&) {
        cut.closed = true; // before the first byte, it may be cut while it is being made
    }
    demand(cut.status == 0,
           "a connection cut after " + std::to_string(after) + " bytes brought a whole answer");
    disconnects_ += cut.status == 0 ? 1 : 0;
    const RawAnswer again = desk_.deliver(merchant_.path, form);
    demand(isSuccess(again),
           "after a cut at " + std::to_string(after) + " the retry was answered " + show(again));
    demandPaidOnce(order, "a cut at " + std::to_string(after));
}

void Callbacks::disconnects()
{
    Proxy proxy(installation_.httpPort());
    const int wanted = options_.rounds * kDisconnectsPerRound;
    for (int i = 0; i < wanted; ++i) {
        const Order order = paidInSilence("cut");
        const std::size_t size = formRequest(merchant_.path, genuine(order)).size();
        // Two of six within the answer, one right behind the request, the others within it.
        const int place = i % kDisconnectsPerRound;
        const Direction direction = place < 2 ? Direction::ToClient : Direction::ToServer;
        const std::size_t most = place < 2 ? 40 : size - 1;
        const std::size_t after =
            place == 2 ? size : std::uniform_int_distribution<std::size_t>(0, most)(random_);
        disconnectAt(proxy, direction, after, order);
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
    const std::string form = genuine(order);
    std::ofstream(diskFault()) << "full";
    std::int64_t refused = 0;
    for (int i = 0; i < 10; ++i) {
        const RawAnswer answer = desk_.deliver(merchant_.path, form);
        refused += answer.status >= 500 ? 1 : 0;
        demand(answer.status >= 500, "on a full disk a notice was answered " + show(answer));
    }
    std::filesystem::remove(diskFault());
    const auto isTaken = [&](const std::string& notice) {
        return waitUntil(Milliseconds{10'000},
                         [&] { return isSuccess(desk_.deliver(merchant_.path, notice)); });
    };
    demand(isTaken(form), "with space again, the notice is not taken");
    demandPaidOnce(order, "a full disk");
    did("notices told to come again on a full disk", refused, 10);

    const Order unsynced = paidInSilence("sync");
    const std::string second = genuine(unsynced);
    std::ofstream(diskFault()) << "sync";
    const RawAnswer doubtful = desk_.deliver(merchant_.path, second);
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
        {{{"fault", "notify_none"}, {"match", {{"provider", "alipay"}, {"times", 0}}}}});
}

int Callbacks::run()
{
    using Case = std::pair<const char*, void (Callbacks::*)()>;
    static constexpr std::array<Case, 7> kCases = {{{"early", &Callbacks::comesBeforeTheAnswer},
                                                    {"repeats", &Callbacks::repeats},
                                                    {"disorder", &Callbacks::permutations},
                                                    {"mutants", &Callbacks::mutants},
                                                    {"lies", &Callbacks::lies},
                                                    {"cuts", &Callbacks::disconnects},
                                                    {"disk", &Callbacks::failingDisk}}};
    bool any = false;
    for (const auto& [name, play] : kCases) {
        if (options_.steps.empty() || options_.steps == name) {
            silence();
            (this->*play)();
            any = true;
        }
    }
    if (!any) {
        throw std::invalid_argument("--steps has \"" + options_.steps +
                                    "\"; callbacks knows early, repeats, disorder, mutants, lies, "
                                    "cuts and disk");
    }
    proof_.figures.emplace_back(
        "not in this protocol: a time window for notices, and their currency");
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "callbacks: " << options.rounds << " rounds, " << options.rounds * kMutantsPerRound
              << " mutants, " << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed "
              << options.seed << std::endl;
    return Callbacks(options).run();
}

} // namespace

extern const Fault kCallbacksFault;
const Fault kCallbacksFault = {
    "callbacks",
    "notices repeated, early, out of order, forged, cut off, and without a disk to keep them",
    kFullRounds,
    1,
    run};

} // namespace chaos
