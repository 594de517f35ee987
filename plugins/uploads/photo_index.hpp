// Which file of a photo archive shows which person: people name photos by document number, or by
// the row of the list, with the person's name and other words around it.
#pragma once

#include "uploads/zip_archive.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace uploads {

class PhotoIndex {
public:
    /// Files that systems add by themselves (__MACOSX/, .DS_Store, Thumbs.db) are left out.
    explicit PhotoIndex(const std::vector<ZipEntry>& entries);

    /// The photo's place in `entries`. A document number is a whole word of the file's name, blanks
    /// and signs within it aside, and counts before the row, which must be the name's first word.
    /// PhotoMissing, PhotoAmbiguous.
    Judged<std::size_t> find(std::string_view document_number, std::uint32_t row) const;

private:
    std::vector<std::string> names_;
    std::multimap<std::string, std::size_t, std::less<>> by_word_;
    std::multimap<std::uint32_t, std::size_t> by_row_;
};

} // namespace uploads
