// The fields of an ACP message and the three ways in which they travel: sorted as the text that is
// signed, form-coded (requests, forms, notifications), and raw (synchronous answers). Pure
// functions.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unionpay {

/// Names and raw values, in their order of appearance.
using Fields = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kSignature = "signature";

/// What a sender does before it signs: blanks around values go, then fields without a value.
Fields trimmed(const Fields& fields);

/// Sorted by name in byte order, joined as "k=v&k=v" with raw values, without `signature`.
std::string signText(const Fields& fields);

/// `application/x-www-form-urlencoded`, in the order given: a space becomes a plus sign.
std::string toForm(const Fields& fields);
/// Decodes once. HUB_BAD_REQUEST for broken escapes, bytes that are not UTF-8, and a name that
/// appears twice: two readers could pick different values.
hub::Result<Fields> fromForm(std::string_view body);

/// A synchronous answer: "k=v&k=v" without any escapes. An & within {…} or […] is data, a pair is
/// split at its first =, a plus sign is a plus sign. HUB_BAD_REQUEST for a pair without a name or
/// a =, a group without its end, a name that appears twice, bytes that are not UTF-8.
hub::Result<Fields> fromRaw(std::string_view body);

/// One signature covers every way to cut the signed text into fields. True when the documented way
/// gives back these fields and no others.
bool hasOneReading(const Fields& fields);

/// The value of `name`, or nothing when it is not there.
std::string_view valueOf(const Fields& fields, std::string_view name) noexcept;

} // namespace unionpay
