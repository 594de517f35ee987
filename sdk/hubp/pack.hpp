// MessagePack maps with named members, written and read by the same list of fields: a function
// template calls number(), flag(), text(), bytes() and pairs() on either of the two classes.
#pragma once

#include <hub/plugin.h>
#include <hub/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::hubp {

/// A name with bytes: an HTTP header, a part of a digest.
struct NamedBytes {
    std::string name;
    std::string bytes;

    bool operator==(const NamedBytes&) const = default;
};

/// Leaves out members that are zero, false or empty: that is what a missing member means.
class MapWriter {
public:
    MapWriter();

    void number(std::string_view name, std::uint32_t value) { unsignedNumber(name, value); }
    void number(std::string_view name, std::uint64_t value) { unsignedNumber(name, value); }
    void number(std::string_view name, std::int32_t value) { signedNumber(name, value); }
    void number(std::string_view name, std::int64_t value) { signedNumber(name, value); }
    void flag(std::string_view name, bool value);
    void text(std::string_view name, std::string_view value, std::size_t bytes_max);
    void bytes(std::string_view name, std::string_view value);
    void pairs(std::string_view name, const std::vector<NamedBytes>& values);

    /// The finished map, or the first field that broke its limit.
    Result<std::string> finish() &&;

private:
    void unsignedNumber(std::string_view name, std::uint64_t value);
    void signedNumber(std::string_view name, std::int64_t value);
    void begin(std::string_view name);

    std::string out_;
    std::uint32_t members_ = 0;
    std::string error_;
};

/// Borrows the bytes given to open(). The first thing that is wrong is kept as the error; later
/// reads then do nothing.
class MapReader {
public:
    explicit MapReader(std::string_view bytes);
    ~MapReader();
    MapReader(const MapReader&) = delete;
    MapReader& operator=(const MapReader&) = delete;

    void number(std::string_view name, std::uint32_t& value);
    void number(std::string_view name, std::uint64_t& value);
    void number(std::string_view name, std::int32_t& value);
    void number(std::string_view name, std::int64_t& value);
    void flag(std::string_view name, bool& value);
    void text(std::string_view name, std::string& value, std::size_t bytes_max);
    void bytes(std::string_view name, std::string& value);
    void pairs(std::string_view name, std::vector<NamedBytes>& values);

    /// Empty when everything fitted.
    const std::string& error() const noexcept { return error_; }

private:
    struct Document;

    void refuse(std::string_view name, std::string_view found, std::string_view expected);
    std::optional<std::uint64_t> unsignedNumber(std::string_view name, std::uint64_t max);
    std::optional<std::int64_t>
    signedNumber(std::string_view name, std::int64_t min, std::int64_t max);

    std::unique_ptr<Document> document_;
    std::string error_;
};

} // namespace hub::hubp
