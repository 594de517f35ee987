// Persons that an organization brings in from a file of its own, and their photos: they become
// saved drafts, all or none.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// POST /organizations/{organization_id}/person-imports: XLSX or CSV, and …/photo-imports: a ZIP of
/// photos that are named by document number or person id; "?dry_run=true" only checks.
hub::Answer importOwnFile(const Work& work);
/// GET /organizations/{organization_id}/imports/{import_id}: progress, and errors by line.
hub::Answer showImport(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /organizations/{organization_id}/imports: the newest first.
hub::Answer listImports(const hub::Snapshot& snapshot, const hub::Event& event);

/// GET /organizations/{organization_id}/person-import-template: an XLSX file with the columns of
/// its edition; "?language=en" in English.
hub::Answer offerTemplate(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer writeTemplate(const hub::Host& host, const hub::Event& event);

} // namespace registration
