// TemplateRows: the table of templates. The newest version of a name and language is in force.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace messaging {

class TemplateRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit TemplateRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    /// The newest version, enabled or not.
    std::optional<Template> newest(const std::string& name, const std::string& language) const;
    /// The newest version in this language, or in the other one when this one has none that is
    /// enabled; nothing when neither has.
    std::optional<Template> usable(const std::string& name, const std::string& language) const;
    /// The newest versions, by name and language.
    std::vector<Template> list() const;
    /// All versions, newest first.
    std::vector<Template> versions(const std::string& name, const std::string& language) const;
    void insert(const Template& form) const;

private:
    std::vector<Template> select(const std::string& rest,
                                 std::initializer_list<hub::Parameter> parameters) const;

    const hub::Snapshot& snapshot_;
};

} // namespace messaging
