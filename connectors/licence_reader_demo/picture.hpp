// The picture, read from the hub's blob in ranges.
#pragma once

#include "protocol.hpp"

#include <hub/host.hpp>
#include <hub/result.hpp>

#include <string>

namespace licence_reader {

/// All bytes, and none but those that the order names. HUB_BAD_REQUEST: there is no such blob, or
/// it has another size. Other errors are those of hub.blob/1.
hub::Result<std::string> readPicture(const hub::Host& host, const Order& order);

} // namespace licence_reader
