// VerificationRows: the table of verifications, which is also what their limits are counted in.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace messaging {

class VerificationRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit VerificationRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Verification> find(const std::string& verification_id) const;
    std::optional<Verification> ofMessage(const std::string& message_id) const;
    /// Open ones of the same number and purpose.
    std::vector<Verification> open(const std::string& recipient_index,
                                   const std::string& purpose) const;
    void insert(const Verification& verification) const;
    void save(const Verification& verification) const;

    /// When they were made, newest first, since then.
    std::vector<std::int64_t> timesOfRecipient(const std::string& recipient_index,
                                               std::int64_t since_ms) const;
    std::vector<std::int64_t> timesOfClient(const std::string& client_index,
                                            std::int64_t since_ms) const;

    /// Removes at most `limit` that were made before; how many.
    std::int64_t purge(std::int64_t before_ms, std::int64_t limit) const;

private:
    std::vector<Verification> select(const std::string& where,
                                     std::initializer_list<hub::Parameter> parameters) const;
    std::vector<std::int64_t>
    times(const std::string& column, const std::string& index, std::int64_t since_ms) const;

    const hub::Snapshot& snapshot_;
};

} // namespace messaging
