#include "egress/exchanger.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/failpoint.hpp"
#include "base/uuid.hpp"
#include "egress/breaker.hpp"
#include "egress/masking.hpp"
#include "egress/scheduler.hpp"
#include "egress/target.hpp"
#include "egress/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <mutex>

#include <curl/curl.h>

namespace hub::egress {

namespace {

void initializeCurl()
{
    static const CURLcode kCode = curl_global_init(CURL_GLOBAL_DEFAULT);
    // TLS over a connection that the peer closed would end the process; libcurl leaves signals to
    // its user when many threads use it.
    std::signal(SIGPIPE, SIG_IGN);
    if (kCode != CURLE_OK) {
        throw base::Failure(HUB_INTERNAL, "libcurl does not start: {}", curl_easy_strerror(kCode));
    }
}

/// One exchange from its submission to its end.
struct Work {
    Ticket ticket;
    AllowList allow;
    MaskRules mask;
    Request request;
    std::function<void(Exchange)> done;
    Record record;
};

std::string accountOf(const Ticket& ticket)
{
    return ticket.connector + "\n" + ticket.account;
}

/// The four words of Record::ended.
constexpr const char* kPersonal = "(personal: not recorded)";
constexpr std::string_view kAnswered = "answered";
constexpr std::string_view kNotSent = "not_sent";
constexpr std::string_view kUnknown = "unknown";
constexpr std::string_view kRefused = "refused";

struct Ending {
    std::string_view word;
    Exchange exchange;
};

Ending notSent(std::string reason)
{
    return {kNotSent, {HUB_UNAVAILABLE, std::move(reason), {}}};
}

} // namespace

class Exchanger::Impl {
public:
    Impl(Settings settings, Journal& journal, const base::Clock& clock)
        : settings_(std::move(settings))
        , journal_(journal)
        , clock_(clock)
        , handles_(settings_.threads)
        , scheduler_((initializeCurl(), settings_.threads),
                     settings_.queue_max,
                     settings_.per_account_max,
                     clock)
    {}

    void submit(std::shared_ptr<Work> work)
    {
        Record& record = work->record;
        record.started_ms = clock_.nowMs();
        record.id = base::makeUuidV7(record.started_ms);
        record.ticket = work->ticket;
        record.method = work->request.method;
        record.request_bytes = static_cast<std::int64_t>(work->request.body.size());
        record.request_digest = base::sha256Hex(work->request.body);
        const auto run = [this, work] {
            finish(*work, attempt(*work));
        };
        const auto expire = [this, work](Expiry why) {
            finish(*work,
                   notSent(why == Expiry::Deadline
                               ? "not sent: the call's time was up before a connection was free"
                               : "not sent: the hub is stopping"));
        };
        if (!scheduler_.submit(accountOf(work->ticket), work->ticket.deadline_ms, run, expire)) {
            finish(*work,
                   notSent(fmt::format("not sent: {} exchanges are waiting already, which is "
                                       "the limit",
                                       settings_.queue_max)));
        }
    }

    std::vector<AccountHealth> health() const
    {
        const std::lock_guard lock(mutex_);
        std::vector<AccountHealth> all;
        for (const auto& [key, account] : accounts_) {
            all.push_back(account.health);
            all.back().breaker = account.breaker.state();
        }
        return all;
    }

private:
    struct Account {
        Breaker breaker;
        AccountHealth health;
    };

    Account& account(const Ticket& ticket)
    {
        const auto [found, fresh] = accounts_.try_emplace(
            accountOf(ticket),
            Account{Breaker(settings_.breaker_failures, settings_.breaker_open_ms), {}});
        if (fresh) {
            found->second.health.connector = ticket.connector;
            found->second.health.account = ticket.account;
        }
        return found->second;
    }

    /// On a thread of the pool.
    Ending attempt(Work& work)
    {
        const auto target = checkRequest(work.allow, work.request);
        if (!target) {
            return {kRefused, {HUB_REJECTED, target.error().message, {}}};
        }
        describe(work, target.value());
        Breaker::Pass pass = Breaker::Pass::Refused;
        {
            const std::lock_guard lock(mutex_);
            pass = account(work.ticket).breaker.admit(clock_.monotonicMs());
        }
        if (pass == Breaker::Pass::Refused) {
            return notSent(
                fmt::format("{}: not sent: the last exchanges of account \"{}\" failed, and "
                            "the next try is due within {} ms",
                            target.value().origin,
                            work.ticket.account,
                            settings_.breaker_open_ms));
        }
        TransferResult result = transfer(work, target.value());
        HUB_FAILPOINT(AnswerArrived);
        count(work.ticket, pass, result);
        return judge(work, std::move(result));
    }

    void describe(Work& work, const Target& target) const
    {
        Record& record = work.record;
        record.host = target.origin;
        record.path = target.path;
        if (!target.query.empty()) {
            record.path +=
                "?" + (record.ticket.personal ? "…" : maskQuery(target.query, work.mask.request));
        }
        record.request =
            record.ticket.personal
                ? kPersonal
                : maskMessage(work.request.headers, work.request.body, work.mask.request);
    }

    TransferResult transfer(Work& work, const Target& target)
    {
        const Ticket& ticket = work.ticket;
        std::int64_t timeout_ms = work.request.total_timeout_ms != 0 ? work.request.total_timeout_ms
                                                                     : settings_.total_timeout_ms;
        if (ticket.deadline_ms != 0) {
            timeout_ms = std::min(timeout_ms, ticket.deadline_ms - clock_.nowMs());
        }
        TransferResult result;
        if (timeout_ms <= 0) {
            result.withheld = true;
            result.reason = "not sent: the call's time was up";
            return result;
        }
        const auto release = [&] {
            Record marked = work.record;
            marked.bytes_left = true; // from the mark on they may have
            work.record.bytes_left = ticket.safe || journal_.markSending(ticket, marked);
            return work.record.bytes_left;
        };
        try {
            const std::string key = accountOf(ticket);
            CurlPtr handle = handles_.take(key);
            result = Transfer(settings_, clock_, target, work.request, release)
                         .run(handle.get(), timeout_ms);
            handles_.giveBack(key, std::move(handle));
        } catch (...) {
            // The loop of a worker: whoever waits for this exchange gets an answer.
            result.released = work.record.bytes_left;
            result.reason = base::currentExceptionText();
        }
        return result;
    }

    void count(const Ticket& ticket, Breaker::Pass pass, const TransferResult& result)
    {
        const std::lock_guard lock(mutex_);
        Account& of = account(ticket);
        if (result.complete) {
            ++of.health.answered;
            of.breaker.answered(pass);
        } else if (result.withheld) {
            ++of.health.not_sent;
            of.breaker.abandoned(pass);
        } else {
            ++(result.released ? of.health.unknown : of.health.not_sent);
            of.breaker.failed(pass, clock_.monotonicMs());
        }
    }

    /// The money rule: once released, only a complete answer is an answer.
    static Ending judge(Work& work, TransferResult result)
    {
        work.record.bytes_left = result.released;
        if (result.complete) {
            return {kAnswered, {HUB_OK, {}, std::move(result.response)}};
        }
        if (!result.released) {
            return notSent(std::move(result.reason));
        }
        // Nothing changes at the provider by a safe operation: it may simply be asked again.
        const hub_status status = work.ticket.safe ? HUB_UNAVAILABLE : HUB_OUTCOME_UNKNOWN;
        return {kUnknown, {status, std::move(result.reason), {}}};
    }

    void finish(Work& work, Ending ending)
    {
        Record& record = work.record;
        const Response& response = ending.exchange.response;
        if (ending.word == kAnswered) {
            record.http_status = response.http_status;
            record.response =
                record.ticket.personal
                    ? kPersonal
                    : maskMessage(response.headers, response.body, work.mask.response);
            record.response_bytes = static_cast<std::int64_t>(response.body.size());
            record.response_digest = base::sha256Hex(response.body);
        }
        record.ended = ending.exchange.reason.empty()
                           ? std::string(ending.word)
                           : fmt::format("{}: {}", ending.word, ending.exchange.reason);
        record.ended_ms = clock_.nowMs();
        journal_.recordExchange(record);
        work.done(std::move(ending.exchange));
    }

    Settings settings_;
    Journal& journal_;
    const base::Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Account> accounts_;
    HandlePool handles_;
    Scheduler scheduler_; // the last member: its threads use the others
};

Exchanger::Exchanger(Settings settings, Journal& journal, const base::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), journal, clock))
{}

Exchanger::~Exchanger() = default;

void Exchanger::exchange(Ticket ticket,
                         AllowList allow,
                         MaskRules mask,
                         Request request,
                         std::function<void(Exchange)> done)
{
    auto work = std::make_shared<Work>();
    work->ticket = std::move(ticket);
    work->allow = std::move(allow);
    work->mask = std::move(mask);
    work->request = std::move(request);
    work->done = std::move(done);
    impl_->submit(std::move(work));
}

std::vector<AccountHealth> Exchanger::health() const
{
    return impl_->health();
}

} // namespace hub::egress
