#include "picture.hpp"

#include "encoding.hpp"

#include <hub/blob.hpp>

#include <algorithm>

namespace licence_reader {

namespace {

/// A range and its frame must fit into one message of the hub.
constexpr std::uint64_t kRangeBytes = 256ULL * 1024;

} // namespace

hub::Result<std::string> readPicture(const hub::Host& host, const Order& order)
{
    std::string picture;
    while (picture.size() < order.bytes) { // the empty picture is no blob that the hub must have
        const std::uint64_t wanted = std::min(kRangeBytes, order.bytes - picture.size());
        const auto range = hub::blob::read(host, nullptr, order.blob, picture.size(), wanted);
        if (!range.ok()) {
            // It will not come by itself, so asking again is of no use.
            return range.error().code == HUB_NOT_FOUND
                       ? hub::Error{HUB_BAD_REQUEST, "the hub has no such blob"}
                       : range.error();
        }
        if (range.value().empty()) {
            break;
        }
        picture += range.value();
    }
    if (sha256(picture) != order.blob) {
        return hub::Error{HUB_BAD_REQUEST, "the blob has not the bytes that \"document\" names"};
    }
    return picture;
}

} // namespace licence_reader
