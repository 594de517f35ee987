#include "gateway/routes.hpp"

#include "base/exception.hpp"
#include "gateway/fields.hpp"

#include <algorithm>
#include <set>

namespace hub::gateway {

namespace {

bool isParameter(std::string_view segment)
{
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string parameterName(const std::string& segment)
{
    return segment.substr(1, segment.size() - 2);
}

config::Schema compileQuery(const Route& route, const std::string& name)
{
    // A page is come back to from elsewhere, with whatever that adds to the address.
    base::Json schema = {{"type", "object"}, {"additionalProperties", route.page}};
    schema["properties"] = route.query.is_object() ? route.query : base::Json::object();
    return {schema, "the query of " + name};
}

std::unique_ptr<CompiledRoute> compile(Route route)
{
    const std::string label = route.method + " " + route.path;
    auto segments = splitPath(route.path);
    const auto empty = [](const std::string& segment) {
        return segment.empty();
    };
    if (!segments || std::any_of(segments->begin(), segments->end(), empty)) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "the path of the route {} of {} must be \"/segment/{{parameter}}\"",
                            label,
                            route.library);
    }
    std::optional<config::Schema> request;
    if (!route.request.is_null()) {
        request.emplace(route.request, "the body of " + label);
    }
    config::Schema query = compileQuery(route, label);
    return std::make_unique<CompiledRoute>(CompiledRoute{
        std::move(route), std::move(*segments), std::move(query), std::move(request), label});
}

/// Two paths that the same request could mean, whatever their parameters are called.
std::string shapeOf(const CompiledRoute& route)
{
    std::string shape = route.route.method;
    for (const std::string& segment : route.segments) {
        shape += "/" + (isParameter(segment) ? "{}" : segment);
    }
    return shape;
}

bool matches(const CompiledRoute& route, const std::vector<std::string>& segments)
{
    constexpr std::size_t kParameterBytesMax = 255;
    if (segments.size() != route.segments.size()) {
        return false;
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool fits = isParameter(route.segments[i])
                              ? !segments[i].empty() && segments[i].size() <= kParameterBytesMax
                              : segments[i] == route.segments[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

std::size_t parameterCount(const CompiledRoute& route)
{
    return static_cast<std::size_t>(
        std::count_if(route.segments.begin(), route.segments.end(), isParameter));
}

} // namespace

RouteTable::RouteTable(std::vector<Route> routes)
{
    std::set<std::string> shapes;
    for (Route& route : routes) {
        routes_.push_back(compile(std::move(route)));
        if (!shapes.insert(shapeOf(*routes_.back())).second) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "the route {} of {} is there twice: two plugins can't answer the "
                                "same request",
                                routes_.back()->label,
                                routes_.back()->route.library);
        }
    }
    // "/payments/summary" is found before "/payments/{payment_id}".
    std::stable_sort(routes_.begin(), routes_.end(), [](const auto& a, const auto& b) {
        return parameterCount(*a) < parameterCount(*b);
    });
}

RouteTable::Match RouteTable::find(std::string_view method, std::string_view path) const
{
    Match match;
    const auto segments = splitPath(path);
    if (!segments) {
        return match;
    }
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    for (const auto& route : routes_) {
        if (!matches(*route, *segments)) {
            continue;
        }
        if (route->route.method == wanted) {
            match.route = route.get();
            for (std::size_t i = 0; i < segments->size(); ++i) {
                if (isParameter(route->segments[i])) {
                    match.path[parameterName(route->segments[i])] = (*segments)[i];
                }
            }
            return match;
        }
        match.allowed.push_back(route->route.method);
        if (route->route.method == "GET") {
            match.allowed.emplace_back("HEAD");
        }
    }
    return match;
}

bool RouteTable::knows(std::string_view path) const
{
    const auto segments = splitPath(path);
    return segments && std::any_of(routes_.begin(), routes_.end(), [&segments](const auto& route) {
               return matches(*route, *segments);
           });
}

const CompiledRoute* RouteTable::findRead(std::string_view library,
                                          std::string_view operation) const
{
    for (const auto& route : routes_) {
        if (route->route.mode == Route::Mode::Read && route->route.library == library &&
            route->route.operation == operation) {
            return route.get();
        }
    }
    return nullptr;
}

} // namespace hub::gateway
