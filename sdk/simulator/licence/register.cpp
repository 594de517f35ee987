#include "licence/register.hpp"

namespace hub::simulator::licence {

namespace {

std::string textOf(const Json& body, const char* name)
{
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace

bool readState(std::string_view word, Entry& entry)
{
    entry.is_revoked = word == "revoked";
    return entry.is_revoked || word == "registered";
}

Register::Register(const std::vector<Entry>& entries, bool is_available)
    : is_available_(is_available)
{
    for (const Entry& entry : entries) {
        entries_[entry.code] = entry;
    }
}

Json Register::look(const std::string& code) const
{
    const std::lock_guard lock(guard_);
    if (!is_available_ || code.empty()) {
        return {{"state", "unavailable"}};
    }
    const auto found = entries_.find(code);
    if (found == entries_.end()) {
        return {{"state", "not_found"}};
    }
    const Entry& entry = found->second;
    return {{"state", entry.is_revoked ? "revoked" : "found"}, {"name", entry.name}};
}

Result<void> Register::change(const Json& body)
{
    const std::lock_guard lock(guard_);
    if (body.contains("available") && body["available"].is_boolean()) {
        is_available_ = body["available"].get<bool>();
        return {};
    }
    Entry entry{textOf(body, "code"), textOf(body, "name"), false};
    const std::string state = textOf(body, "state");
    if (!entry.code.empty() && state == "removed") {
        entries_.erase(entry.code);
        return {};
    }
    if (entry.code.empty() || entry.name.empty() || !readState(state, entry)) {
        return Error{HUB_BAD_REQUEST,
                     "the register takes \"available\", true or false, or \"code\" and \"name\" "
                     "with a \"state\": registered, revoked or removed"};
    }
    entries_[entry.code] = entry;
    return {};
}

} // namespace hub::simulator::licence
