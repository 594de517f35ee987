// The contract in the provider's words: a request of the contract becomes a request of the
// interface, an answer becomes the contract's answer. Pure: time is given, signatures are made and
// proved outside. No message holds anything that was read or received.
#pragma once

#include <hub/event.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

namespace licence_reader {

using Json = nlohmann::json;

/// What the provider takes, and what one exchange of the hub carries.
inline constexpr std::uint64_t kPictureBytesMax = 1024ULL * 1024;

/// What is to be read.
struct Order {
    std::string blob; // its SHA-256 in hex
    std::string media_type;
    std::uint64_t bytes = 0;
    std::string target; // path and query of the request
};

/// The order, or why nothing must be sent.
std::variant<Order, hub::Answer> makeOrder(const Json& request);

/// `is_genuine`: the answer carries the provider's signature over these bytes.
hub::Answer readAnswer(std::uint32_t http_status, std::string_view body, bool is_genuine);

} // namespace licence_reader
