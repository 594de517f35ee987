// Shapes: how long a number is and which characters stand where. Lower-case letters of a shape are
// classes, all else stands for itself:
//   d digit · a letter · n letter or digit · x digit or X · s the social credit alphabet ·
//   m letter, digit or < · h H or M · p D, S or P · c letter without I and O
#pragma once

#include "finding.hpp"

#include <span>
#include <string>
#include <string_view>

namespace identifiers {

/// The characters of a class; empty when the shape's character stands for itself.
std::string_view classOf(char of_shape) noexcept;

/// All shapes are for capital letters.
bool fits(std::string_view text, std::string_view shape) noexcept;

/// Nothing when the text fits one of the shapes. Else Length, or a Character for each misfit (a
/// few) of the shape that it comes nearest to. `expected` of a Character is what it was probably
/// mistaken for (O for 0), where that is known.
Findings checkShapes(std::string_view text, std::span<const std::string_view> shapes);
Findings checkShape(std::string_view text, std::string_view shape);

/// One class for a text of `length_min` to `length_max` characters.
Findings
checkRun(std::string_view text, char of_shape, std::size_t length_min, std::size_t length_max);

/// Two characters that people and scanners mistake for each other.
bool lookAlike(char one, char other) noexcept;

/// The character that `actual` was probably meant to be; NUL when none is known.
char lookAlikeIn(std::string_view allowed, char actual) noexcept;

} // namespace identifiers
