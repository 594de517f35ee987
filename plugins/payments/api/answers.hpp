// Answers to HTTP requests, as sdk/ABI.md section 5 wants them.
#pragma once

#include "domain/evidence.hpp"

#include <hub/event.hpp>

#include <string>

namespace payments {

hub::Answer ok(Json answer);

struct Problem {
    int status = 400;
    std::string code;
    std::string pointer;
    std::string detail;
    Json parameters = Json::object();
};

/// The unit is rolled back.
hub::Answer refuse(const Problem& problem);

/// The request's payload: path, query and body; objects, also when they are absent.
struct RequestParts {
    Json path;
    Json query;
    Json body;
};

RequestParts readRequest(std::string_view payload);

} // namespace payments
