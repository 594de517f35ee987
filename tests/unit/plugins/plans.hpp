// How SQLite would run a statement on tables that it has no statistics of, as in a hub.
#pragma once

#include "support/suite.hpp"

#include <hub/testing/plugin_store.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hub::test {

struct Plan {
    std::string sql;
    std::string steps; // a line each
};

inline Plan planOf(hub::testing::PluginStore& store, std::string_view sql)
{
    Plan plan{std::string(sql), {}};
    const std::vector<hub_value> parameters(
        static_cast<std::size_t>(std::count(sql.begin(), sql.end(), '?')));
    hub_text error{};
    const hub_status status = store.execute(
        "EXPLAIN QUERY PLAN " + plan.sql,
        parameters.data(),
        static_cast<std::uint32_t>(parameters.size()),
        [](void* user, const hub_value* columns, std::uint32_t count) noexcept {
            static_cast<Plan*>(user)->steps +=
                std::string(hub::view(columns[count - 1].bytes)) + "\n";
            return std::int32_t{1};
        },
        &plan,
        nullptr,
        &error);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        std::string(hub::view(error)) + plan.sql, hub_status{HUB_OK}, status);
    return plan;
}

/// Every row is of the same partition: who looks by it alone walks the table.
inline void assertWalksNothing(const Plan& plan)
{
    CPPUNIT_ASSERT_MESSAGE(plan.sql, !plan.steps.empty());
    for (const char* walk : {"SCAN", "(partition=?)"}) {
        CPPUNIT_ASSERT_MESSAGE(plan.steps + plan.sql, plan.steps.find(walk) == std::string::npos);
    }
}

} // namespace hub::test
