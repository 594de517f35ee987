// What plugins read from requests and answer to them, as sdk/ABI.md section 5 has it.
#pragma once

#include <hub/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace requests {

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
    Json parameters = Json::object(); // for programs
};

Json toJson(const Words& words);

hub::Answer answered(int status, Json body);
/// With the revision as its ETag, for If-Match.
hub::Answer answered(int status, Json body, std::int64_t revision);
/// The unit is committed; `work` goes to the task, and the unit runs again with what comes of it.
hub::Answer worksOn(Json work);
/// The unit is rolled back.
hub::Answer refuse(const Refusal& refusal);
/// A table for the operator of a command, and the data that --json prints.
hub::Answer reported(Json data, std::vector<std::string> columns, Json rows);

/// The request's payload; members are objects also when they are absent.
struct Request {
    Json path = Json::object();
    Json query = Json::object();
    Json body = Json::object();
    Json session = Json::object();
    std::string client_ip;
    std::string if_match;
    std::optional<Json> upload; // {"media_type", "bytes", "blob"}
    std::optional<Json> task;   // what the task has worked out
};

Request readRequest(std::string_view payload);

/// A member that is a text; "" otherwise.
std::string textOf(const Json& object, std::string_view name);

/// What the session's grants are about: the ids of its scopes "organization:<id>".
std::vector<std::string> idsOf(const Json& session, std::string_view kind);

/// The revision that If-Match names ("\"7\""); nothing when there is none or it is no revision.
std::optional<std::int64_t> revisionOf(std::string_view if_match);

} // namespace requests
