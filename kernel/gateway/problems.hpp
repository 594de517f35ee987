// Problems: the gateway's refusals as RFC 9457 documents, from one catalogue of codes. A code
// exists only where a client would react differently to it.
#pragma once

#include "base/json.hpp"
#include "gateway/http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::gateway {

enum class Language { En, Zh };

struct ProblemText {
    std::string_view code;
    int status = 500;
    std::string_view title_en;
    std::string_view title_zh;
    std::string_view remedy_en;
    std::string_view remedy_zh;
};

/// All codes of the gateway; plugins have codes of their own.
const std::vector<ProblemText>& problemCatalogue();
const ProblemText* findProblem(std::string_view code);

struct Problem {
    std::string code;
    int status = 0; // 0: the catalogue's
    std::string detail;
    std::optional<std::string> pointer;              // JSON Pointer into body or query
    base::Json parameters;                           // null: none
    base::Json violations;                           // null: none
    std::optional<std::uint64_t> retry_after_s = {}; // not set: a second, where that makes sense
};

/// Who gets it: decides the language and what ties it to the log.
struct ProblemContext {
    Language language = Language::En;
    std::string trace;
    std::string instance;
};

inline constexpr std::string_view kProblemType = "application/problem+json";

HttpResponse makeProblem(const Problem& problem, const ProblemContext& context);

/// GET /problems/<code>: what the code means and what to do, as plain text.
HttpResponse makeProblemPage(const ProblemText& text, Language language);

} // namespace hub::gateway
