// Connection and Statement: the thin layer over SQLite and PostgreSQL that the kernel writes its
// SQL against. Sessions come from Poco::Data; statements use the native handle under the session
// (kernel/ARCHITECTURE.md says why). A connection belongs to one thread at a time.
#pragma once

#include "base/exception.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hub::store {

enum class Backend { SQLite, PostgreSQL };

enum class Trouble {
    Constraint, // a unique or foreign key refuses
    Statement,  // wrong SQL or wrong parameters
    Denied,     // not this role's to touch
    Busy,       // another writer or a time-out; nothing happened
    Full,       // disk full
    ReadOnly,
    Io,    // read or write failed; nothing of the transaction is durable
    Sync,  // fsync failed: the process must stop and start from the store
    Lost,  // the connection is gone; a commit under way is unknown
    Fenced // another hub holds this store
};

class StoreFailure : public base::Failure {
public:
    StoreFailure(Trouble trouble, const std::string& message)
        : base::Failure(trouble == Trouble::Constraint  ? HUB_ALREADY_DONE
                        : trouble == Trouble::Statement ? HUB_BAD_REQUEST
                        : trouble == Trouble::Denied    ? HUB_UNAUTHENTICATED
                                                        : HUB_UNAVAILABLE,
                        "{}",
                        message)
        , trouble_(trouble)
    {}

    Trouble trouble() const noexcept { return trouble_; }
    Poco::Exception* clone() const override { return new StoreFailure(*this); }
    void rethrow() const override { throw *this; }

private:
    Trouble trouble_;
};

enum class ValueType { Null, Integer, Text, Blob };

/// A prepared statement with `?` parameters, numbered from 1. Owned by its connection's cache;
/// valid until the connection's next prepare() of the same text, reset by it.
class Statement {
public:
    virtual ~Statement() = default;

    virtual Statement& bind(int parameter, std::int64_t value) = 0;
    /// Text and blob are copied.
    virtual Statement& bindText(int parameter, std::string_view value) = 0;
    virtual Statement& bindBlob(int parameter, std::string_view value) = 0;
    virtual Statement& bindNull(int parameter) = 0;

    /// True while there is a row; false at the end, and again until a bind or a prepare. Throws
    /// StoreFailure.
    virtual bool step() = 0;
    /// Steps to the end; returns the number of rows written.
    virtual std::int64_t run() = 0;

    virtual int columnCount() const = 0;
    virtual ValueType type(int column) const = 0;
    /// 0 for NULL.
    virtual std::int64_t integer(int column) const = 0;
    /// Text or blob, borrowed until the next step; empty for NULL.
    virtual std::string_view bytes(int column) const = 0;

    std::string text(int column) const { return std::string{bytes(column)}; }
};

/// Who a statement is prepared for. The kernel itself (an empty name) may touch everything; a
/// library only its own tables `<library>_…` and the views granted to it.
struct Role {
    std::string library;
    bool read_only = false;
};

class Connection {
public:
    virtual ~Connection() = default;

    virtual Backend backend() const = 0;

    /// As the role set by actAs(). SELECT, INSERT, UPDATE, DELETE and WITH, one statement; the
    /// kernel's role may run anything. Throws StoreFailure{Denied, Statement}.
    virtual Statement& prepare(std::string_view sql) = 0;
    /// For DDL and maintenance, as the kernel: may hold several statements.
    virtual void execute(std::string_view sql) = 0;

    /// Switches the role until the next switch. Cheap when it is the same.
    virtual void actAs(const Role& role) = 0;

    /// A writer's begin takes the write lock at once.
    virtual void begin() = 0;
    virtual void commit() = 0;
    /// Never throws: a connection that can't roll back is reset.
    virtual void rollback() noexcept = 0;
    virtual void savepoint() = 0;
    virtual void release() = 0;
    virtual void rollbackToSavepoint() = 0;
    /// False when a failed statement ended the transaction behind our back.
    virtual bool transactionLives() const = 0;
    /// Whether anything was written since begin(), be it taken back.
    virtual bool hasWritten() const = 0;
};

/// Rolls back at the end of the scope unless commit() was called.
class Transaction {
public:
    explicit Transaction(Connection& connection)
        : connection_(connection)
    {
        connection_.begin();
    }
    ~Transaction()
    {
        if (!done_) {
            connection_.rollback();
        }
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit()
    {
        connection_.commit();
        done_ = true;
    }

private:
    Connection& connection_;
    bool done_ = false;
};

} // namespace hub::store
