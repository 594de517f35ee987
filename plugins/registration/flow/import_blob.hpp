// The rows of an import between its check and its steps: one blob of pieces, each with the place of
// its first row and sealed under a key of its own, so that a step opens its piece alone.
#pragma once

#include <hub/blob.hpp>
#include <hub/plugin.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

/// A key seals one file only (sealed_file.hpp): each part of an import has its own.
std::string keyOfPart(const std::string& key, const std::string& part);

struct ImportPiece {
    std::int64_t first = 0; // row, from 0
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};
requests::Json toJson(const std::vector<ImportPiece>& pieces);
std::vector<ImportPiece> readPieces(const requests::Json& json);

/// In a task. `key` has kFileKeyBytes and seals this import only.
class ImportBlobWriter {
public:
    static hub::Result<ImportBlobWriter>
    begin(const hub::Host& host, hub_call_id task, std::string key);

    hub::Result<void> add(const requests::Json& row);
    /// The blob's digest.
    hub::Result<std::string> finish();

    std::int64_t total() const noexcept { return total_; }
    const std::vector<ImportPiece>& pieces() const noexcept { return pieces_; }

private:
    ImportBlobWriter(hub::blob::Writer writer, std::string key)
        : writer_(std::move(writer))
        , key_(std::move(key))
    {}
    hub::Result<void> flush();

    hub::blob::Writer writer_;
    std::string key_;
    std::vector<std::string> rows_; // of the piece that is not sealed yet
    std::size_t bytes_ = 0;
    std::int64_t total_ = 0;
    std::vector<ImportPiece> pieces_;
};

/// In a unit: the rows of one piece. HUB_REJECTED when it is damaged or sealed under another key.
hub::Result<requests::Json> readPiece(const hub::Unit& unit,
                                      const std::string& digest,
                                      const std::string& key,
                                      const ImportPiece& piece);

} // namespace registration
