// What is to be said of a person's application: which rule says it, where it is to be mended, and
// the sentence for its reader. A list of them becomes one refusal, so that all is mended at once.
#pragma once

#include <string>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

struct PersonRemark {
    std::string rule;    // "R-082"
    std::string code;    // "photo_missing"
    std::string pointer; // into the form; '' for the application as a whole
    requests::Words message;
};

using PersonRemarks = std::vector<PersonRemark>;

requests::Json toJson(const PersonRemarks& remarks);

/// A refusal by one rule.
requests::Refusal refusedBy(int status, std::string rule, std::string code, requests::Words detail);
/// By all of them, which are not empty: `detail` says it as a whole.
requests::Refusal
refusedBy(int status, std::string code, requests::Words detail, const PersonRemarks& remarks);

/// A refusal as one result of a batch.
requests::Json toJson(const requests::Refusal& refusal);

} // namespace registration
