// Schema: a JSON Schema (draft 7), compiled once, that says where a document breaks it.
// Configuration, route bodies and contract payloads are all checked here. Thread-safe.
#pragma once

#include "base/json.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hub::config {

struct Violation {
    std::string pointer; // JSON Pointer of the offending value, "" for the document
    std::string message; // "must be an integer", "is not a known member", …
};

class Schema {
public:
    /// Throws base::Failure{HUB_BAD_REQUEST} when `schema` is none; `name` is for that sentence.
    Schema(const base::Json& schema, const std::string& name);
    ~Schema();
    Schema(Schema&&) noexcept;
    Schema& operator=(Schema&&) noexcept;

    /// Empty when the document fits; the first violation is the most specific one.
    std::vector<Violation> check(const base::Json& document) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::config
