// The answers of all plugins (requests/), in this plugin's own words.
#pragma once

#include <nlohmann/json.hpp>
#include <requests/answers.hpp>
#include <requests/instant.hpp>
#include <requests/kept_refusal.hpp>

namespace identity {

using Json = nlohmann::json;

using requests::answered;
using requests::readRequest;
using requests::Refusal;
using requests::refuse;
using requests::refuseAndKeep;
using requests::reported;
using requests::Request;
using requests::textOf;
using requests::toRfc3339;
using requests::Violation;
using requests::Words;
using requests::worksOn;

} // namespace identity
