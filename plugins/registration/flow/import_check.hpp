// The check of an uploaded file, in its task: every row is read, every error named, and what is
// sound is sealed for the steps that bring it in.
#pragma once

#include <hub/plugin.hpp>

namespace registration {

/// As many as a file may have. All of them begin to count in one unit, and the hub ends itself when
/// a unit takes more than 2 s: 10,000 persons took 1.6 s on two cores (SQLite, a dozen indexes),
/// which is too near. Larger sets come as several files; each is whole or nothing.
inline constexpr std::uint32_t kImportRowsMax = 5000;

/// {"blob", "key", "facts"} → {"total", "errors_total", "errors", "unknown_columns"}, and without
/// errors {"rows": <digest>, "pieces", "key"}.
hub::Answer checkImport(const hub::Host& host, const hub::Event& event);

} // namespace registration
