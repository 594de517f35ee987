// Pages: what a person's browser gets of plugins: HTML of page routes (sdk/ABI.md section 11),
// files of web folders, and refusals in words instead of JSON.
#pragma once

#include "gateway/backend.hpp"
#include "gateway/problems.hpp"

#include <map>
#include <string>
#include <string_view>

namespace hub::gateway {

inline constexpr std::string_view kAssetPrefix = "/static/";

/// HTML, or 303 to where the answer's `location` leads: a path of this hub, or another site over
/// https. A refusal becomes a page, too.
HttpResponse makePage(const Reply& reply, const ProblemContext& context);

/// The refusal of makeProblem() for a person: what it means and what to do.
HttpResponse makeRefusalPage(const HttpResponse& problem, const ProblemContext& context);

/// What a page may load: files of this hub alone. It may post its forms to providers.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self' https:; frame-ancestors 'none'; base-uri 'none'";

/// Immutable, thus thread-safe.
class AssetTable {
public:
    explicit AssetTable(std::vector<Asset> assets);

    /// 200 or 304; 404 as a problem.
    HttpResponse answer(const HttpRequest& request, const ProblemContext& context) const;

private:
    struct Entry {
        Asset asset;
        std::string etag;
    };

    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace hub::gateway
