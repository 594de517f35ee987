// Answers to HTTP requests, as sdk/ABI.md section 5 wants them.
#pragma once

#include <hub/event.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace messaging {

using Json = nlohmann::json;

hub::Answer ok(const Json& answer);

struct Words {
    std::string en;
    std::string zh;
};

struct Problem {
    int status = 400;
    std::string code; // the rule's id
    std::string pointer;
    Words words; // what is missing, and what to do
    Json parameters = Json::object();
    std::int64_t retry_after_ms = 0;
};

/// The unit is rolled back. The gateway picks the words that the client reads.
hub::Answer refuse(const Problem& problem);
/// The same answer, but what the unit did stays done.
hub::Answer refuseAndKeep(const Problem& problem);

/// The request's payload: path, query and body; objects, also when they are absent.
struct RequestParts {
    Json path;
    Json query;
    Json body;
    std::string client_ip;
    std::string if_match;
};

RequestParts readRequest(std::string_view payload);

/// A member that is a text; "" otherwise.
std::string textOf(const Json& object, const char* name);

} // namespace messaging
