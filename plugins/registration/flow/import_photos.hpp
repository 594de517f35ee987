// Photos that come as an archive: each is judged as if it had been put one by one, found its person
// by the document number or the person's id in its name, and kept under a key of its own.
#pragma once

#include "flow/import_staging.hpp"

#include <optional>
#include <string>

#include <uploads/byte_source.hpp>

namespace registration {

/// In the task of the upload: an archive that can be opened is kept sealed for the job, since
/// judging its pictures takes longer than a request lasts. Answers as checkImport does.
hub::Answer keepArchive(const hub::Host& host,
                        hub_call_id task,
                        const Json& work,
                        const uploads::ByteSource& source);

/// In the job's task: judges and keeps each photo. {"blob", "total"}
hub::Answer judgePhotos(const hub::Host& host,
                        hub_call_id task,
                        const std::string& archive,
                        const std::string& key);

/// In a unit: the rows that a step takes from `first` on.
hub::Result<Json> readPhotoRows(const hub::Unit& unit,
                                const std::string& digest,
                                const std::string& key,
                                std::int64_t first);

std::variant<Staged, ImportError>
takePhoto(const Work& work, const Import& import, const Json& row, bool writes);

std::optional<requests::Refusal> bringPhotos(const Work& work, const Import& import);

} // namespace registration
