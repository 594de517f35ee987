// Templates as staff reads and changes them. A change is a new version; the former ones stay.
#pragma once

#include "flow/work.hpp"
#include "settings.hpp"

#include <hub/plugin.hpp>

namespace messaging {

hub::Answer
listTemplates(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
getTemplate(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
/// Needs If-Match with the version that the change is made from; "0" for a template that is new.
hub::Answer putTemplate(const Work& work, const hub::Event& event);

/// The command.
hub::Answer
showTemplates(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace messaging
