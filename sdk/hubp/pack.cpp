#include "hubp/pack.hpp"

#include "hubp/frames.hpp"
#include "hubp/text.hpp"

#include <limits>

#include <msgpack.hpp>

namespace hub::hubp {

namespace {

constexpr std::uint32_t kMembersMax = 64;
constexpr std::uint32_t kPairsMax = 1024;
constexpr std::size_t kDepthMax = 8;
constexpr std::size_t kMapHeaderBytes = 3; // map 16

/// What msgpack::packer writes to.
struct Sink {
    std::string& out;
    void write(const char* data, std::size_t size) { out.append(data, size); }
};

std::string_view viewOf(const msgpack::object_str& str)
{
    return {str.ptr, str.size};
}

std::string_view typeName(const msgpack::object& value)
{
    switch (value.type) {
    case msgpack::type::NIL:
        return "nil";
    case msgpack::type::BOOLEAN:
        return "a boolean";
    case msgpack::type::POSITIVE_INTEGER:
    case msgpack::type::NEGATIVE_INTEGER:
        return "an integer out of range";
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
        return "a floating point number";
    case msgpack::type::STR:
        return "a text";
    case msgpack::type::BIN:
        return "bytes";
    case msgpack::type::ARRAY:
        return "an array";
    case msgpack::type::MAP:
        return "a map";
    default:
        return "an extension type";
    }
}

std::string tooLong(std::string_view name, std::size_t size, std::size_t bytes_max)
{
    return "\"" + std::string(name) + "\" has " + std::to_string(size) + " bytes, at most " +
           std::to_string(bytes_max) + " are allowed";
}

} // namespace

MapWriter::MapWriter()
    : out_(kMapHeaderBytes, '\0')
{}

void MapWriter::begin(std::string_view name)
{
    ++members_;
    Sink sink{out_};
    msgpack::packer<Sink> packer(sink);
    packer.pack_str(static_cast<std::uint32_t>(name.size()));
    packer.pack_str_body(name.data(), static_cast<std::uint32_t>(name.size()));
}

void MapWriter::unsignedNumber(std::string_view name, std::uint64_t value)
{
    if (value != 0) {
        begin(name);
        Sink sink{out_};
        msgpack::packer<Sink>(sink).pack_uint64(value);
    }
}

void MapWriter::signedNumber(std::string_view name, std::int64_t value)
{
    if (value != 0) {
        begin(name);
        Sink sink{out_};
        msgpack::packer<Sink>(sink).pack_int64(value);
    }
}

void MapWriter::flag(std::string_view name, bool value)
{
    if (value) {
        begin(name);
        Sink sink{out_};
        msgpack::packer<Sink>(sink).pack_true();
    }
}

void MapWriter::text(std::string_view name, std::string_view value, std::size_t bytes_max)
{
    if (value.empty()) {
        return;
    }
    if (error_.empty() && value.size() > bytes_max) {
        error_ = tooLong(name, value.size(), bytes_max);
    }
    if (error_.empty() && !isWellFormed(value)) {
        error_ = "\"" + std::string(name) + "\" is no UTF-8";
    }
    begin(name);
    Sink sink{out_};
    msgpack::packer<Sink> packer(sink);
    packer.pack_str(static_cast<std::uint32_t>(value.size()));
    packer.pack_str_body(value.data(), static_cast<std::uint32_t>(value.size()));
}

void MapWriter::bytes(std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return;
    }
    if (value.size() > kWrappedBytesMax) {
        error_ = error_.empty() ? tooLong(name, value.size(), kWrappedBytesMax) : error_;
        return;
    }
    begin(name);
    Sink sink{out_};
    msgpack::packer<Sink> packer(sink);
    packer.pack_bin(static_cast<std::uint32_t>(value.size()));
    packer.pack_bin_body(value.data(), static_cast<std::uint32_t>(value.size()));
}

void MapWriter::pairs(std::string_view name, const std::vector<NamedBytes>& values)
{
    if (values.empty()) {
        return;
    }
    if (values.size() > kPairsMax) {
        error_ = "\"" + std::string(name) + "\" has " + std::to_string(values.size()) +
                 " entries, at most " + std::to_string(kPairsMax) + " are allowed";
        return;
    }
    begin(name);
    Sink sink{out_};
    msgpack::packer<Sink> packer(sink);
    packer.pack_array(static_cast<std::uint32_t>(values.size()));
    for (const NamedBytes& value : values) {
        packer.pack_array(2);
        packer.pack_str(static_cast<std::uint32_t>(value.name.size()));
        packer.pack_str_body(value.name.data(), static_cast<std::uint32_t>(value.name.size()));
        packer.pack_bin(static_cast<std::uint32_t>(value.bytes.size()));
        packer.pack_bin_body(value.bytes.data(), static_cast<std::uint32_t>(value.bytes.size()));
    }
}

Result<std::string> MapWriter::finish() &&
{
    if (!error_.empty()) {
        return Error{HUB_BAD_REQUEST, std::move(error_)};
    }
    out_[0] = '\xDE';
    out_[1] = static_cast<char>(members_ >> 8U);
    out_[2] = static_cast<char>(members_ & 0xFFU);
    return std::move(out_);
}

struct MapReader::Document {
    msgpack::object_handle handle;

    const msgpack::object* find(std::string_view name) const
    {
        const msgpack::object_map& map = handle.get().via.map;
        for (std::uint32_t i = 0; i < map.size; ++i) {
            if (viewOf(map.ptr[i].key.via.str) == name) {
                return &map.ptr[i].val;
            }
        }
        return nullptr;
    }

    /// Empty when the document is a map with text keys, each once.
    std::string check() const
    {
        if (handle.get().type != msgpack::type::MAP) {
            return "is " + std::string(typeName(handle.get())) + ", must be a map";
        }
        const msgpack::object_map& map = handle.get().via.map;
        for (std::uint32_t i = 0; i < map.size; ++i) {
            if (map.ptr[i].key.type != msgpack::type::STR) {
                return "has a member name that is " + std::string(typeName(map.ptr[i].key)) +
                       ", must be a text";
            }
            for (std::uint32_t j = 0; j < i; ++j) {
                if (viewOf(map.ptr[i].key.via.str) == viewOf(map.ptr[j].key.via.str)) {
                    return "names a member twice";
                }
            }
        }
        return {};
    }
};

MapReader::MapReader(std::string_view bytes)
    : document_(std::make_unique<Document>())
{
    const auto borrow = [](msgpack::type::object_type, std::size_t, void*) {
        return true;
    };
    const msgpack::unpack_limit limit(
        kPairsMax, kMembersMax, kWrappedBytesMax, kWrappedBytesMax, kHeaderBytesMax, kDepthMax);
    try {
        std::size_t end = 0;
        msgpack::unpack(document_->handle, bytes.data(), bytes.size(), end, borrow, nullptr, limit);
        error_ = end == bytes.size() ? document_->check() : "has bytes after its end";
    } catch (const msgpack::unpack_error&) {
        error_ = "is no MessagePack, or larger or deeper than allowed";
    }
}

MapReader::~MapReader() = default;

void MapReader::refuse(std::string_view name, std::string_view found, std::string_view expected)
{
    error_ = "\"" + std::string(name) + "\" is " + std::string(found) + ", must be " +
             std::string(expected);
}

std::optional<std::uint64_t> MapReader::unsignedNumber(std::string_view name, std::uint64_t max)
{
    const msgpack::object* value = error_.empty() ? document_->find(name) : nullptr;
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->type != msgpack::type::POSITIVE_INTEGER || value->via.u64 > max) {
        refuse(name, typeName(*value), "an unsigned integer up to " + std::to_string(max));
        return std::nullopt;
    }
    return value->via.u64;
}

std::optional<std::int64_t>
MapReader::signedNumber(std::string_view name, std::int64_t min, std::int64_t max)
{
    const msgpack::object* value = error_.empty() ? document_->find(name) : nullptr;
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->type == msgpack::type::POSITIVE_INTEGER &&
        value->via.u64 <= static_cast<std::uint64_t>(max)) {
        return static_cast<std::int64_t>(value->via.u64);
    }
    if (value->type == msgpack::type::NEGATIVE_INTEGER && value->via.i64 >= min) {
        return value->via.i64;
    }
    refuse(name, typeName(*value), "an integer up to " + std::to_string(max));
    return std::nullopt;
}

void MapReader::number(std::string_view name, std::uint32_t& value)
{
    value = static_cast<std::uint32_t>(
        unsignedNumber(name, std::numeric_limits<std::uint32_t>::max()).value_or(value));
}

void MapReader::number(std::string_view name, std::uint64_t& value)
{
    value = unsignedNumber(name, std::numeric_limits<std::uint64_t>::max()).value_or(value);
}

void MapReader::number(std::string_view name, std::int32_t& value)
{
    using Limits = std::numeric_limits<std::int32_t>;
    value =
        static_cast<std::int32_t>(signedNumber(name, Limits::min(), Limits::max()).value_or(value));
}

void MapReader::number(std::string_view name, std::int64_t& value)
{
    using Limits = std::numeric_limits<std::int64_t>;
    value = signedNumber(name, Limits::min(), Limits::max()).value_or(value);
}

void MapReader::flag(std::string_view name, bool& value)
{
    const msgpack::object* found = error_.empty() ? document_->find(name) : nullptr;
    if (found == nullptr) {
        return;
    }
    if (found->type != msgpack::type::BOOLEAN) {
        refuse(name, typeName(*found), "a boolean");
        return;
    }
    value = found->via.boolean;
}

void MapReader::text(std::string_view name, std::string& value, std::size_t bytes_max)
{
    const msgpack::object* found = error_.empty() ? document_->find(name) : nullptr;
    if (found == nullptr) {
        return;
    }
    if (found->type != msgpack::type::STR) {
        refuse(name, typeName(*found), "a text");
    } else if (found->via.str.size > bytes_max) {
        error_ = tooLong(name, found->via.str.size, bytes_max);
    } else if (!isWellFormed(viewOf(found->via.str))) {
        error_ = "\"" + std::string(name) + "\" is no UTF-8";
    } else {
        value.assign(viewOf(found->via.str));
    }
}

void MapReader::bytes(std::string_view name, std::string& value)
{
    const msgpack::object* found = error_.empty() ? document_->find(name) : nullptr;
    if (found == nullptr) {
        return;
    }
    if (found->type != msgpack::type::BIN) {
        refuse(name, typeName(*found), "bytes");
        return;
    }
    value.assign(found->via.bin.ptr, found->via.bin.size);
}

void MapReader::pairs(std::string_view name, std::vector<NamedBytes>& values)
{
    const msgpack::object* found = error_.empty() ? document_->find(name) : nullptr;
    if (found == nullptr) {
        return;
    }
    if (found->type != msgpack::type::ARRAY) {
        refuse(name, typeName(*found), "an array of [text, bytes]");
        return;
    }
    for (std::uint32_t i = 0; i < found->via.array.size; ++i) {
        const msgpack::object& pair = found->via.array.ptr[i];
        if (pair.type != msgpack::type::ARRAY || pair.via.array.size != 2 ||
            pair.via.array.ptr[0].type != msgpack::type::STR ||
            pair.via.array.ptr[1].type != msgpack::type::BIN) {
            refuse(name, "something else", "an array of [text, bytes]");
            return;
        }
        const msgpack::object* entry = pair.via.array.ptr;
        values.push_back({std::string(viewOf(entry[0].via.str)),
                          std::string(entry[1].via.bin.ptr, entry[1].via.bin.size)});
    }
}

} // namespace hub::hubp
