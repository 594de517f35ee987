// Work: what every rule of this plugin needs while one unit runs, and the steps that all rules
// share: ids, blind indexes, moving a message along its table. A message is saved and told by the
// step that moves it, so that row and event can't part.
#pragma once

#include "domain/records.hpp"
#include "domain/routing.hpp"
#include "settings.hpp"
#include "store/message_rows.hpp"
#include "store/template_rows.hpp"
#include "store/verification_rows.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace messaging {

inline constexpr std::string_view kQuietTimer = "quiet";
inline constexpr std::string_view kRetentionTimer = "retention";

/// Columns of sealed values and blind indexes (hub.person/1).
inline constexpr std::string_view kRecipientColumn = "recipient";
inline constexpr std::string_view kTailColumn = "recipient_tail";

class Work {
public:
    /// Borrowed; lives on the stack of one unit.
    Work(const hub::Unit& unit, const hub::Event& event, const Settings& settings)
        : unit_(unit)
        , event_(event)
        , settings_(settings)
        , messages_(unit)
        , verifications_(unit)
        , templates_(unit)
        , now_ms_(unit.nowMs())
    {}

    const hub::Unit& unit() const noexcept { return unit_; }
    const hub::Event& event() const noexcept { return event_; }
    const Settings& settings() const noexcept { return settings_; }
    const MessageRows& messages() const noexcept { return messages_; }
    const VerificationRows& verifications() const noexcept { return verifications_; }
    const TemplateRows& templates() const noexcept { return templates_; }
    std::int64_t nowMs() const noexcept { return now_ms_; }

    std::string drawId() const;
    /// The accounts of the contract sms, as hub.accounts/1 lists them.
    Json accounts() const;

    /// Seals the phone for `message.person` and makes it searchable. Throws hub::UnitFailure with
    /// HUB_REJECTED for a person who was erased.
    void address(Message& message, std::string_view phone) const;
    /// Nothing when it was purged, or its person erased.
    std::optional<std::string> phoneOf(const Message& message) const;

    /// Along the table, with the event that tells it. False, and nothing happened, when the table
    /// has no such step.
    bool advance(Message& message, MessageCause cause, std::string_view reason = {}) const;
    bool advance(Verification& verification, VerificationCause cause) const;

    /// Of every message that holds a recipient: the nightly purge will come.
    void scheduleRetention() const;

private:
    void publish(const Message& message) const;

    const hub::Unit& unit_;
    const hub::Event& event_;
    const Settings& settings_;
    MessageRows messages_;
    VerificationRows verifications_;
    TemplateRows templates_;
    std::int64_t now_ms_;
};

} // namespace messaging
