// StatementMeter: the plugin's own reading functions run against a store beside the hub, and what
// their statements cost it: steps of SQLite's virtual machine, or rows that PostgreSQL's plan
// looked at. Unlike times, both are the same on a busy machine.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class StatementMeter {
public:
    virtual ~StatementMeter() = default;
    StatementMeter(const StatementMeter&) = delete;
    StatementMeter& operator=(const StatementMeter&) = delete;

    /// What the plugin's functions read by. Sealed values are those of erased persons to it: the
    /// meter has no keys.
    hub::Snapshot snapshot();
    /// What was spent since the last call.
    std::int64_t takeCost();

protected:
    using Row = std::function<bool(const std::vector<hub_value>& columns)>;

    StatementMeter() = default;
    /// Calls `row` until it answers false; returns the cost. Throws std::runtime_error.
    virtual std::int64_t
    run(std::string_view sql, const std::vector<hub_value>& parameters, const Row& row) = 0;

private:
    struct Tables;

    std::int64_t cost_ = 0;
    std::string error_;
    hub_event event_{};
};

std::unique_ptr<StatementMeter> makeSqliteMeter(const std::filesystem::path& file);
/// `connection` is libpq's, of somebody who may read all tables.
std::unique_ptr<StatementMeter> makePostgresMeter(const std::string& connection);

} // namespace bench
