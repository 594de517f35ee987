// Routes: what of a plugin the gateway serves, from its routes.json (sdk/ABI.md section 11). The
// gateway has a struct of the same fields; this folder may not include the gateway's.
#pragma once

#include "base/json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hub::plugin {

struct RouteSpec {
    enum class Mode { Unit, Read, Task };

    std::string library;
    std::string operation;
    std::string method;
    std::string path; // "/payments/{payment_id}", under /api/v1; of a page under the root
    Mode mode = Mode::Read;
    std::string scope;
    bool page = false; // for a person's browser: HTML out, a form in
    bool idempotent = false;
    base::Json title;
    base::Json query;   // name -> schema
    base::Json request; // schema; null: no body
    struct Upload {
        std::size_t bytes_max = 0;
        std::vector<std::string> media_types;
    };
    std::optional<Upload> upload;       // the body is a file
    std::size_t download_bytes_max = 0; // the answer is a file; 0: it is not
    base::Json answers;                 // status -> schema

    /// Place, method and path with all parameters alike: two routes with the same shape collide.
    std::string shape() const;
};

/// Empty when something is wrong; then `problems` has a sentence for each.
std::optional<std::vector<RouteSpec>> parseRoutes(const base::Json& json,
                                                  const std::string& library,
                                                  const std::string& name,
                                                  std::vector<std::string>& problems);

} // namespace hub::plugin
