// RouteTable: which route answers a method and a path under /api/v1, with its schemas compiled.
#pragma once

#include "config/schema.hpp"
#include "gateway/backend.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::gateway {

inline constexpr std::string_view kApiPrefix = "/api/v1";

struct CompiledRoute {
    Route route;
    std::vector<std::string> segments; // of the path; "{name}" is a parameter
    config::Schema query;
    std::optional<config::Schema> request;
    std::string label; // "GET /payments/{payment_id}", for metrics and the log
};

/// Immutable, thus thread-safe.
class RouteTable {
public:
    /// Throws base::Failure naming the route when a schema or a path is none, or when two routes
    /// answer the same.
    explicit RouteTable(std::vector<Route> routes);

    struct Match {
        const CompiledRoute* route = nullptr; // null: see `allowed`
        base::Json path = base::Json::object();
        std::vector<std::string> allowed; // methods that the path knows; empty: no such path
    };

    /// `path` as received, after the prefix. HEAD is answered by GET.
    Match find(std::string_view method, std::string_view path) const;
    /// Whether some method answers there.
    bool knows(std::string_view path) const;
    /// A read route by its operation; null when there is none.
    const CompiledRoute* findRead(std::string_view library, std::string_view operation) const;
    const std::vector<std::unique_ptr<CompiledRoute>>& all() const noexcept { return routes_; }

private:
    std::vector<std::unique_ptr<CompiledRoute>> routes_;
};

} // namespace hub::gateway
