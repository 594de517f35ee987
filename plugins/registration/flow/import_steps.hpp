// The steps of an import (sdk/include/hub/ext/job.h): rows are staged piece by piece, each judged
// by what the tables hold, and count all at once or not at all. The key of what is staged is
// destroyed when it ends.
#pragma once

#include "flow/import_blob.hpp"
#include "flow/work.hpp"
#include "store/import_rows.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// Begins the job. `checked` is what checkImport answered about a file without errors; gets its id
/// in the tables.
Import beginImport(const Work& work, Import import, const Json& checked);

hub::Answer parseImport(const hub::Host& host, const hub::Event& event);
hub::Answer stageImport(const Work& work);
hub::Answer activateImport(const Work& work);
hub::Answer discardImport(const Work& work);

} // namespace registration
