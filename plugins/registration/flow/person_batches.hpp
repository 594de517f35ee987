// Batches of persons: each is done or refused by itself, and the answer says which.
#pragma once

#include "domain/person_remarks.hpp"
#include "flow/person_subjects.hpp"

#include <functional>

namespace registration {

/// {"results": [{"person_id", "done", …}]}: `act` adds its members to the result of who was done;
/// what it refuses has changed nothing.
hub::Answer
answerBatch(const Json& person_ids,
            const std::function<std::optional<requests::Refusal>(const std::string& person_id,
                                                                 Json& result)>& act);

/// An edition that does it one by one.
std::optional<requests::Refusal> refuseBatch(const Edition& edition, std::string_view rule);

} // namespace registration
