#include "core/exchange.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <utility>

namespace hub::simulator {

namespace {

constexpr std::size_t kExchangesKept = 20000;
constexpr int kErrorStatus = 502;

Reply errorPage(int status)
{
    return {.status = status,
            .content_type = "text/html; charset=utf-8",
            .body = "<html><head><title>" + std::to_string(status) +
                    "</title></head><body><center><h1>" + std::to_string(status) +
                    "</h1></center></body></html>\n"};
}

/// The beginning of a JSON answer, then bytes that are no UTF-8.
Reply garbage()
{
    return {.status = 200,
            .content_type = "text/html; charset=utf-8",
            .body = "{\"data\xff\xfe\x01\":{\"code\":\"100"};
}

} // namespace

Later::Later()
    : thread_([this] { loop(); })
{}

Later::~Later()
{
    {
        const std::lock_guard lock(guard_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Later::run(std::int64_t after_ms, std::function<void()> work)
{
    const auto due = std::chrono::steady_clock::now() + std::chrono::milliseconds(after_ms);
    {
        const std::lock_guard lock(guard_);
        waiting_.emplace(due, std::move(work));
    }
    changed_.notify_all();
}

void Later::loop()
{
    std::unique_lock lock(guard_);
    while (!stopping_) {
        if (waiting_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const auto due = waiting_.begin()->first;
        if (std::chrono::steady_clock::now() < due) {
            changed_.wait_until(lock, due);
            continue;
        }
        const auto work = std::move(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        lock.unlock();
        try {
            work();
        } catch (const std::exception& failure) {
            std::cerr << "late booking: " << failure.what() << std::endl;
        }
        lock.lock();
    }
}

void ExchangeLog::add(Json exchange)
{
    const std::lock_guard lock(guard_);
    Json numbered{{"sequence", next_++}};
    numbered.update(exchange);
    exchanges_.push_back(std::move(numbered));
    if (exchanges_.size() > kExchangesKept) {
        exchanges_.pop_front();
    }
}

Json ExchangeLog::latest(std::size_t limit) const
{
    const std::lock_guard lock(guard_);
    const std::size_t count = std::min(limit, exchanges_.size());
    Json list = Json::array();
    for (std::size_t i = exchanges_.size() - count; i < exchanges_.size(); ++i) {
        list.push_back(exchanges_[i]);
    }
    return list;
}

Exchange::Exchange(Faults& faults, ExchangeLog& log, std::function<void()> booked)
    : faults_(faults)
    , log_(log)
    , booked_(std::move(booked))
{}

Answer Exchange::settle(Provider& provider, const Call& call)
{
    if (call.refusal) {
        return *call.refusal;
    }
    Answer answer = provider.book(call);
    booked_();
    return answer;
}

void Exchange::bookLate(Provider& provider, const Call& call, std::int64_t after_ms)
{
    later_.run(after_ms, [this, &provider, call] { settle(provider, call); });
}

Ending Exchange::apply(Provider& provider, const Call& call, const FaultRule& rule, Answer& answer)
{
    const auto rendered = [&](Distortion distortion) {
        answer = settle(provider, call);
        return provider.render(call, answer, distortion);
    };
    const auto bookedIf = [&](bool wanted) {
        if (wanted) {
            answer = settle(provider, call);
        }
    };
    switch (rule.fault) {
    case Fault::DropBeforeBooking:
        return {.kind = Ending::Kind::Reset};
    case Fault::TlsClose:
        return {.kind = Ending::Kind::TlsClose};
    case Fault::DropAfterBooking:
        bookedIf(true);
        return {.kind = Ending::Kind::Reset};
    case Fault::BookLate:
        bookLate(provider, call, rule.ms);
        return {.kind = Ending::Kind::Reset};
    case Fault::Silence:
        return {.kind = Ending::Kind::Reset, .delay_ms = rule.ms};
    case Fault::HttpStatus:
        bookedIf(rule.booked);
        return {.reply = errorPage(rule.status == 0 ? kErrorStatus : rule.status)};
    case Fault::Garbage:
        bookedIf(rule.booked);
        return {.reply = garbage()};
    case Fault::Refuse:
        bookedIf(rule.booked);
        answer = provider.refuse(call, {rule.code, rule.sub_code, rule.status});
        return {.reply = provider.render(call, answer, Distortion::None)};
    case Fault::BadSignature:
        return {.reply = rendered(Distortion::BadSignature)};
    case Fault::ProbeSignature:
        return {.reply = rendered(Distortion::ProbeSignature)};
    case Fault::Unsigned:
        return {.reply = rendered(Distortion::Unsigned)};
    case Fault::WrongAmount:
        return {.reply = rendered(Distortion::WrongAmount)};
    case Fault::Delay:
        return {.reply = rendered(Distortion::None), .delay_ms = rule.ms};
    case Fault::SlowDrip:
        return {.reply = rendered(Distortion::None), .drip_ms = std::max<std::int64_t>(rule.ms, 1)};
    default:
        return {.reply = rendered(Distortion::None)};
    }
}

Ending Exchange::handle(Provider& provider, const HttpMessage& message)
{
    const std::int64_t at_ms = realNowMs();
    const Call call = provider.read(message);
    const auto rule = faults_.forRequest(provider.name(), call.method, call.number);
    Answer answer;
    Ending ending;
    if (rule) {
        ending = apply(provider, call, *rule, answer);
    } else {
        answer = settle(provider, call);
        ending.reply = provider.render(call, answer, Distortion::None);
    }
    log_.add({{"at_ms", at_ms},
              {"provider", provider.name()},
              {"app_id", call.app},
              {"method", call.method},
              {"out_trade_no", call.number},
              {"content", call.content},
              {"code", answer.code},
              {"sub_code", answer.sub_code},
              {"fault", rule ? toText(rule->fault) : std::string_view{}},
              {"answered", ending.kind == Ending::Kind::Reply},
              {"http_status", ending.kind == Ending::Kind::Reply ? ending.reply.status : 0}});
    return ending;
}

} // namespace hub::simulator
