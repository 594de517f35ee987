// What an operator imports by file: an edition's delegations, industries and quotas; organizations,
// persons and photos of past editions.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// `expohub import <kind> EDITION [dry-run] --file F`
hub::Answer importFile(const Work& work);
/// `expohub import show IMPORT`
hub::Answer showImportCommand(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
