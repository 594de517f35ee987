// Archives written byte by byte, by other code than reads them, so that each field can lie.
#pragma once

#include "picture_fixture.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace uploads_test {

struct Member {
    std::string name;
    std::string content;
    std::uint32_t mode = 0100644;
    std::uint32_t method = 8; // deflate; 0 stores
    std::uint32_t flags = 0;  // 1: encrypted
    std::optional<std::uint32_t> claimed_bytes = std::nullopt;
    std::optional<std::uint32_t> claimed_checksum = std::nullopt;
};

inline std::string littleEndian(std::uint32_t value, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(value >> (8 * i) & 0xFFU);
    }
    return bytes;
}

inline std::uint32_t sizeOf(const std::string& bytes)
{
    return static_cast<std::uint32_t>(bytes.size());
}

inline std::string deflated(const std::string& bytes)
{
    z_stream stream{};
    CPPUNIT_ASSERT_EQUAL(Z_OK, deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY));
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    std::string in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = sizeOf(in);
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = sizeOf(out);
    const int status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    CPPUNIT_ASSERT_EQUAL(Z_STREAM_END, status);
    return out;
}

/// PKWARE APPNOTE 4.3.7, 4.3.12 and 4.3.16.
inline std::string zipOf(const std::vector<Member>& members, const std::string& comment = "")
{
    std::string files;
    std::string directory;
    for (const Member& member : members) {
        const std::string packed = member.method == 8 ? deflated(member.content) : member.content;
        const std::string common =
            littleEndian(20, 2) + littleEndian(member.flags, 2) + littleEndian(member.method, 2) +
            littleEndian(0, 2) + littleEndian(0x21, 2) +
            littleEndian(member.claimed_checksum.value_or(checksum(member.content)), 4) +
            littleEndian(sizeOf(packed), 4) +
            littleEndian(member.claimed_bytes.value_or(sizeOf(member.content)), 4) +
            littleEndian(sizeOf(member.name), 2) + littleEndian(0, 2);
        directory += "PK\x01\x02" + littleEndian(0x0314, 2) + common + littleEndian(0, 2) +
                     littleEndian(0, 2) + littleEndian(0, 2) + littleEndian(member.mode << 16U, 4) +
                     littleEndian(sizeOf(files), 4) + member.name;
        files += "PK\x03\x04" + common + member.name + packed;
    }
    const auto count = static_cast<std::uint32_t>(members.size());
    return files + directory + "PK\x05\x06" + littleEndian(0, 4) + littleEndian(count, 2) +
           littleEndian(count, 2) + littleEndian(sizeOf(directory), 4) +
           littleEndian(sizeOf(files), 4) + littleEndian(sizeOf(comment), 2) + comment;
}

} // namespace uploads_test
