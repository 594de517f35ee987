// Commands of organizers that change how payments go: stopped methods, go-live checks.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace payments {

hub::Answer
showMethods(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer stopMethod(const Work& work, const hub::Event& event);
hub::Answer startMethod(const Work& work, const hub::Event& event);

hub::Answer
showGoLive(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer startGoLiveCheck(const Work& work, const hub::Event& event);

} // namespace payments
