// Plugin: one business domain with its own tables. Runs in process and is trusted like the hub.
// It keeps no mutable state outside its tables: a unit that is rolled back could not undo it.
#pragma once

#include <hub/connector.hpp>
#include <hub/ext/accounts.h>
#include <hub/ext/ask.h>
#include <hub/ext/store.h>

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub {

/// A statement or another service of the unit failed. Let it pass: the unit is rolled back and
/// what it was asked to do is retried or refused as its source says.
class UnitFailure : public std::runtime_error {
public:
    UnitFailure(hub_status status, const std::string& message)
        : std::runtime_error(message)
        , status_(status)
    {}
    hub_status status() const noexcept { return status_; }

private:
    hub_status status_;
};

/// Bytes for a column of type BLOB; borrowed until the statement ran.
struct Blob {
    std::string_view bytes;
};

/// A parameter of a statement. Text is borrowed until the statement ran.
class Parameter {
public:
    Parameter(std::nullptr_t) noexcept {} // NOLINT: NULL
    template <std::integral Number>
    Parameter(Number number) noexcept // NOLINT
    {
        raw_.type = HUB_VALUE_INTEGER;
        raw_.integer = static_cast<std::int64_t>(number);
    }
    Parameter(std::string_view text) noexcept // NOLINT
    {
        raw_.type = HUB_VALUE_TEXT;
        raw_.bytes = toBytes(text);
    }
    Parameter(Blob blob) noexcept // NOLINT
    {
        raw_.type = HUB_VALUE_BLOB;
        raw_.bytes = toBytes(blob.bytes);
    }
    Parameter(const std::string& text) noexcept
        : Parameter(std::string_view{text})
    {} // NOLINT
    Parameter(const char* text) noexcept
        : Parameter(std::string_view{text})
    {} // NOLINT

    const hub_value& raw() const noexcept { return raw_; }

private:
    hub_value raw_{};
};

/// One row of a result, borrowed until the callback returns.
class Row {
public:
    Row(const hub_value* columns, std::uint32_t count) noexcept
        : columns_(columns)
        , count_(count)
    {}

    std::uint32_t count() const noexcept { return count_; }
    bool isNull(std::uint32_t i) const { return at(i).type == HUB_VALUE_NULL; }
    std::int64_t integer(std::uint32_t i) const { return at(i).integer; }
    /// Text, or the bytes of a BLOB.
    std::string text(std::uint32_t i) const { return std::string{view(at(i).bytes)}; }

private:
    const hub_value& at(std::uint32_t i) const
    {
        if (i >= count_) {
            throw UnitFailure(HUB_INTERNAL, "a statement has fewer columns than the code reads");
        }
        return columns_[i];
    }

    const hub_value* columns_;
    std::uint32_t count_;
};

/// A request to a contract, made within a unit.
struct CallRequest {
    std::string contract;
    std::string operation;
    std::string key;
    std::string account;
    std::string payload;
    std::string idempotency_key;
    std::int64_t deadline_unix_ms = 0; // 0: as the contract says
    std::string edition;               // empty: taken from what is being handled
};

/// What a plugin may do while it reads: SQL on its own tables, and questions to others.
/// Lives on the stack of the one thread that runs the unit or read.
class Snapshot {
public:
    Snapshot(Host host, const hub_event& event) noexcept
        : host_(host)
        , event_(&event)
    {}

    const Host& host() const noexcept { return host_; }

    /// Wall clock; the same value at every call of one unit.
    std::int64_t nowMs() const
    {
        return service<hub_clock_v1>(HUB_EXT_CLOCK_1).now_unix_ms(host_.context(), event_->unit);
    }

    std::string random(std::size_t size) const { return host_.random(size); }

    /// For the headers of other extensions. Throws UnitFailure when the manifest lacks it.
    template <typename Table>
    const Table& service(const char* id) const
    {
        const auto* table = host_.extension<Table>(id);
        if (table == nullptr) {
            throw UnitFailure(HUB_UNSUPPORTED, std::string{"the manifest does not list "} + id);
        }
        return *table;
    }

    hub_unit* handle() const noexcept { return event_->unit; }

    /// Runs a statement, calls `row` for each row; returns the number of rows written.
    template <typename RowFunction>
    std::int64_t query(std::string_view sql,
                       std::initializer_list<Parameter> parameters,
                       RowFunction&& row) const
    {
        std::function<void(const Row&)> receive = std::forward<RowFunction>(row);
        return run(sql, parameters, &receive);
    }

    std::int64_t execute(std::string_view sql, std::initializer_list<Parameter> parameters) const
    {
        return run(sql, parameters, nullptr);
    }

    /// Asks the owner of a contract. Never throws for a missing owner: HUB_NOT_FOUND.
    Answer ask(std::string_view contract,
               std::string_view operation,
               std::string_view key,
               std::string_view payload) const
    {
        Answer answer;
        const hub_status status = service<hub_ask_v1>(HUB_EXT_ASK_1)
                                      .ask(host_.context(),
                                           event_->unit,
                                           toText(contract),
                                           toText(operation),
                                           toText(key),
                                           toBytes(payload),
                                           &Snapshot::receiveAnswer,
                                           &answer);
        if (status != HUB_OK) {
            answer.status = status;
        }
        return answer;
    }

    /// The array of hub.accounts/1 as JSON text.
    std::string accounts(std::string_view contract) const
    {
        std::string json;
        const hub_status status = service<hub_accounts_v1>(HUB_EXT_ACCOUNTS_1)
                                      .list(
                                          host_.context(),
                                          event_->unit,
                                          toText(contract),
                                          [](void* user, hub_bytes bytes) noexcept {
                                              static_cast<std::string*>(user)->assign(view(bytes));
                                          },
                                          &json);
        if (status != HUB_OK) {
            throw UnitFailure(status, "the accounts could not be listed");
        }
        return json;
    }

private:
    struct Receiver {
        std::function<void(const Row&)>* row;
        std::exception_ptr failure;
    };

    std::int64_t run(std::string_view sql,
                     std::initializer_list<Parameter> parameters,
                     std::function<void(const Row&)>* row) const
    {
        std::vector<hub_value> values;
        values.reserve(parameters.size());
        for (const Parameter& parameter : parameters) {
            values.push_back(parameter.raw());
        }
        Receiver receiver{row, nullptr};
        std::int64_t changes = 0;
        hub_text error{};
        const hub_status status = service<hub_store_v1>(HUB_EXT_STORE_1)
                                      .execute(host_.context(),
                                               event_->unit,
                                               toText(sql),
                                               values.data(),
                                               static_cast<std::uint32_t>(values.size()),
                                               row == nullptr ? nullptr : &Snapshot::receiveRow,
                                               &receiver,
                                               &changes,
                                               &error);
        if (receiver.failure) {
            std::rethrow_exception(receiver.failure);
        }
        if (status != HUB_OK) {
            throw UnitFailure(status, std::string{view(error)});
        }
        return changes;
    }

    /// The exception of a row function waits here until the C frames are gone.
    static std::int32_t
    receiveRow(void* user, const hub_value* columns, std::uint32_t count) noexcept
    {
        auto& receiver = *static_cast<Receiver*>(user);
        try {
            (*receiver.row)(Row{columns, count});
            return 1;
        } catch (...) {
            receiver.failure = std::current_exception();
            return 0;
        }
    }

    static void receiveAnswer(void* user, const hub_result* raw) noexcept
    {
        auto& answer = *static_cast<Answer*>(user);
        answer.status = raw->status;
        answer.message.assign(view(raw->message));
        answer.payload.assign(view(raw->payload));
    }

    Host host_;
    const hub_event* event_;
};

/// A unit of work: everything it does is committed together, or not at all.
class Unit : public Snapshot {
public:
    using Snapshot::Snapshot;

    void publish(const Publication& publication) const
    {
        hub_event event{};
        event.struct_size = sizeof event;
        event.source = HUB_SOURCE_EVENT;
        event.id = toText(publication.id);
        event.type = toText(publication.type);
        event.key = toText(publication.key);
        event.edition = toText(publication.edition);
        event.correlation_id = toText(publication.correlation_id);
        event.schema_version = publication.schema_version;
        event.payload = toBytes(publication.payload);
        const hub_status status =
            host().api().publish(host().context(), handle(), &event, nullptr, nullptr);
        if (status != HUB_OK && status != HUB_ALREADY_DONE) {
            throw UnitFailure(status, "the event " + publication.type + " was refused");
        }
    }

    /// HUB_UNSUPPORTED and HUB_BAD_REQUEST come back as errors; the unit may go on.
    Result<hub_call_id> call(const CallRequest& request) const
    {
        hub_event event{};
        event.struct_size = sizeof event;
        event.source = HUB_SOURCE_CALL;
        event.type = toText(request.contract);
        event.operation = toText(request.operation);
        event.key = toText(request.key);
        event.edition = toText(request.edition);
        event.account = toText(request.account);
        event.idempotency_key = toText(request.idempotency_key);
        event.deadline_unix_ms = request.deadline_unix_ms;
        event.payload = toBytes(request.payload);
        hub_call_id id = 0;
        const hub_status status = host().api().call(host().context(), handle(), &event, &id);
        if (status == HUB_UNSUPPORTED || status == HUB_BAD_REQUEST) {
            return Error{status,
                         "the call " + request.contract + "." + request.operation +
                             " on account \"" + request.account + "\" was refused"};
        }
        if (status != HUB_OK) {
            throw UnitFailure(status, "a call could not be recorded");
        }
        return id;
    }

    void releaseCall(hub_call_id call) const
    {
        const hub_status status = host().api().release_call(host().context(), handle(), call);
        if (status != HUB_OK && status != HUB_NOT_FOUND) {
            throw UnitFailure(status, "a call could not be released");
        }
    }

    void setTimer(std::string_view kind,
                  std::string_view key,
                  std::int64_t due_unix_ms,
                  std::string_view payload = "{}") const
    {
        const hub_status status = service<hub_clock_v1>(HUB_EXT_CLOCK_1)
                                      .set_timer(host().context(),
                                                 handle(),
                                                 toText(kind),
                                                 toText(key),
                                                 due_unix_ms,
                                                 toBytes(payload));
        if (status != HUB_OK) {
            throw UnitFailure(status, "a timer could not be set");
        }
    }

    void cancelTimer(std::string_view kind, std::string_view key) const
    {
        const hub_status status =
            service<hub_clock_v1>(HUB_EXT_CLOCK_1)
                .cancel_timer(host().context(), handle(), toText(kind), toText(key));
        if (status != HUB_OK && status != HUB_NOT_FOUND) {
            throw UnitFailure(status, "a timer could not be canceled");
        }
    }
};

/// May throw anywhere: the unit is rolled back and the hub decides by its source (a request gets
/// 500, an event is retried and then a dead letter).
class Plugin {
public:
    explicit Plugin(Host host) noexcept
        : host_(host)
    {}
    virtual ~Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    virtual void start() {}
    /// [lane] Events, outcomes, timers, callbacks and writing requests.
    virtual Answer unit(Unit& unit, const Event& event) = 0;
    /// [worker] GET routes, asks and commands.
    virtual Answer read(const Snapshot& snapshot, const Event& event) = 0;
    /// [worker] Slow work without the store.
    virtual void task(const Event& /*event*/, Reply reply)
    {
        reply.send(HUB_UNSUPPORTED, "this plugin has no tasks");
    }
    virtual void stop(std::int64_t /*deadline_unix_ms*/) {}

    const Host& host() const noexcept { return host_; }

    /// For the barrier.
    void dispatch(const hub_event& raw) noexcept
    {
        // In unit and read mode a dropped answer would be an unknown outcome; here nothing has
        // left, so an exception is answered as what it is.
        Answer answer{HUB_INTERNAL, "handle() threw something that is no std::exception", "", 0};
        try {
            const Event event{raw};
            if (raw.kind == HUB_KIND_TASK) {
                task(event, Reply{host_, raw.call_id});
                return;
            }
            if (raw.kind == HUB_KIND_UNIT) {
                Unit unit_of_work{host_, raw};
                answer = unit(unit_of_work, event);
            } else {
                answer = read(Snapshot{host_, raw}, event);
            }
        } catch (const UnitFailure& failure) {
            answer.status = failure.status();
            answer.message = failure.what();
        } catch (const std::exception& problem) {
            answer.message = problem.what();
        } catch (...) {
            host_.log(LogLevel::Error, answer.message);
        }
        if (raw.kind != HUB_KIND_TASK) {
            Reply{host_, raw.call_id}.send(answer);
        }
    }

private:
    Host host_;
};

} // namespace hub

#define HUB_PLUGIN(Type, id, version) HUB_LIBRARY(Type, id, version)
