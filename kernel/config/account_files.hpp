// AccountFiles: changes files of plugins.d for a running hub, as an operator would by hand: whole,
// durable, one at a time. What is in place was checked before.
#pragma once

#include "base/json.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace hub::config {

/// Not thread-safe. Functions throw base::Failure naming the file when the disk fails.
class AccountFiles {
public:
    explicit AccountFiles(std::filesystem::path folder)
        : folder_(std::move(folder))
    {}

    /// The name of the file that is about the library; "<library>.json" when there is none.
    std::string nameOf(const std::string& library) const;
    /// As it is written; nothing when there is no such file.
    std::optional<base::Json> read(const std::string& name) const;
    /// A copy of the folder in `place` (which is emptied before) with `document` in that file.
    void copyWith(const std::string& name,
                  const base::Json& document,
                  const std::filesystem::path& place) const;
    /// Puts it in place, readable for a person and with the rights of the file before; durable on
    /// return. Nothing: removes the file.
    void write(const std::string& name, const std::optional<base::Json>& document) const;

private:
    std::filesystem::path folder_;
};

} // namespace hub::config
