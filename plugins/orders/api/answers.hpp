// Answers to HTTP requests, commands and questions, as sdk/ABI.md sections 5 and 7 want them.
#pragma once

#include "domain/json.hpp"
#include "domain/words.hpp"

#include <hub/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orders {

struct Violation {
    std::string pointer; // into the body
    Words message;
};

struct Refusal {
    int status = 409;
    std::string code; // the rule's id
    Words detail;     // what is missing and what to do next
    std::vector<Violation> violations = {};
    Json parameters = Json::object();
    std::optional<std::int64_t> retry_after_s = {};
};

hub::Answer answered(int status, Json body);
hub::Answer created(Json body, const std::string& location);
/// The unit is rolled back. Works for commands, too: they show the English sentence.
hub::Answer refuse(const Refusal& refusal);
/// A command's answer.
hub::Answer shown(Json data, Json sections);
Json section(const char* title, Json columns, Json rows);

/// The request's payload; members are objects also when they are absent.
struct Request {
    Json path;
    Json query;
    Json body;
    Json session;
};

Request readRequest(std::string_view payload);
/// A command's argument; "" when it is missing.
std::string argumentOf(std::string_view payload, std::size_t index);

/// Whose orders the session may see and make: the one organization of its scopes (identity puts
/// "organization:<id>" there). Nothing for an API key, and for a session of none or several.
std::optional<std::string> organizationOf(const Request& request);
Refusal noOrganization();

} // namespace orders
