// Answers to HTTP requests, as sdk/ABI.md section 5 wants them.
#pragma once

#include <hub/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace identity {

using Json = nlohmann::json;

/// The same sentence for both of our readers.
struct Words {
    std::string en;
    std::string zh;
};

struct Violation {
    std::string pointer; // into the body
    Words message;
};

struct Refusal {
    int status = 409;
    std::string code; // the rule's id
    Words detail;     // what is missing and what to do next
    std::vector<Violation> violations = {};
    std::optional<std::int64_t> retry_after_s = {};
};

hub::Answer answered(int status, Json body);
/// The unit is committed; `work` goes to the task, and the unit runs again with what comes of it.
hub::Answer worksOn(Json work);
/// The unit is rolled back.
hub::Answer refuse(const Refusal& refusal);
/// The unit is committed although it refuses: what it counted stays counted.
hub::Answer refuseAndKeep(const Refusal& refusal);

/// The request's payload; members are objects also when they are absent.
struct Request {
    Json path;
    Json query;
    Json body;
    Json session;
    std::string client_ip;
    std::optional<Json> task; // what the task has worked out
};

Request readRequest(std::string_view payload);

/// "" when the member is absent.
std::string textOf(const Json& object, const char* name);
/// RFC 3339 in UTC.
std::string toRfc3339(std::int64_t unix_ms);

} // namespace identity
