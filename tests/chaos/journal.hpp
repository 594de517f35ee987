// The hub's journal as it is kept: the events of an edition in their order, read beside the hub.
#pragma once

#include "quota_replay.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace chaos {

/// Throws std::runtime_error when it can't be read. SQLite only.
void readJournal(const std::filesystem::path& store_folder,
                 const std::string& edition,
                 const std::function<void(const JournalEvent&)>& take);

} // namespace chaos
