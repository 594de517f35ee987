// The verdicts, for people and as JSON.
#pragma once

#include "description.hpp"
#include "rule.hpp"

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace hub::conformance {

enum class Verdict { Passed, Failed, NotApplicable };

struct Judgment {
    std::string rule;
    std::string contract; // empty: of the library as a whole
    std::string sentence;
    std::string remedy;
    Verdict verdict = Verdict::Failed;
    std::string detail; // what was seen, or why it does not apply
    std::int64_t took_ms = 0;
};

struct Report {
    std::vector<Judgment> judgments;

    int count(Verdict verdict) const;
};

/// Judges by every rule that is meant, in order; `each` hears a judgment as soon as it is there.
/// Throws std::runtime_error when the suite itself can't work.
Report judge(Description description, const std::function<void(const Judgment&)>& each);

void print(std::ostream& out, const Judgment& judgment);
/// The form of the report: version 1, see sdk/conformance/README.md.
Json toJson(const Report& report, const Description& description);
/// "rule: sentence", one line each.
void printRules(std::ostream& out);

} // namespace hub::conformance
