// What this plugin's answers add to those of all plugins (requests/).
#pragma once

#include <hub/event.hpp>

#include <nlohmann/json.hpp>
#include <requests/answers.hpp>
#include <requests/instant.hpp>
#include <requests/kept_refusal.hpp>

namespace messaging {

using Json = nlohmann::json;

using requests::answered;
using requests::readRequest;
using requests::Refusal;
using requests::refuse;
using requests::refuseAndKeep;
using requests::Request;
using requests::textOf;
using requests::toRfc3339;
using requests::Words;

/// To a question of another plugin.
hub::Answer said(const Json& result);
/// A command's answer.
hub::Answer shown(Json data, Json sections);
Json section(const char* title, Json columns, Json rows);

} // namespace messaging
