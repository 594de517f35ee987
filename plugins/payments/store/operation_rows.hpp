// OperationRows: what organizers do while payments go on: stopped methods and go-live checks.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace payments {

/// Nothing new begins by this method; what is open goes on.
struct MethodStop {
    std::string method;
    std::string notice_zh;
    std::string notice_en;
    std::int64_t stopped_ms = 0;
    std::string principal;
};

struct GoLive {
    std::string account;
    std::string payment_id;
    std::int64_t started_ms = 0;
    std::string principal;
    bool payment_found = false; // in the provider's bill
    bool refund_found = false;
};

class OperationRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit OperationRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::vector<MethodStop> stops() const;
    std::optional<MethodStop> stopOf(const std::string& method) const;
    void put(const MethodStop& stop) const;
    void removeStop(const std::string& method) const;

    std::optional<GoLive> goLiveAt(const std::string& account) const;
    std::optional<GoLive> goLiveOf(const std::string& payment_id) const;
    /// Replaces an earlier one of the account.
    void put(const GoLive& check) const;

private:
    std::optional<GoLive> goLive(const std::string& column, const std::string& value) const;

    const hub::Snapshot& snapshot_;
};

} // namespace payments
