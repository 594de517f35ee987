// The check of an uploaded file, in its task: every row is read, every error named, and what is
// sound is sealed for the steps that bring it in.
#pragma once

#include <hub/plugin.hpp>

namespace registration {

/// More rows than a file may have: what they add is made to count in one unit, which the lane ends
/// after store.unit_ms_max (2 s). See tests/unit/plugins/registration/import_speed.
inline constexpr std::uint32_t kImportRowsMax = 10'000;

/// {"blob", "key", "facts"} → {"total", "errors_total", "errors", "unknown_columns"}, and without
/// errors {"rows": <digest>, "pieces", "key"}.
hub::Answer checkImport(const hub::Host& host, const hub::Event& event);

} // namespace registration
