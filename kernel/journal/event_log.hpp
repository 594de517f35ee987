// EventLog: the append-only table of events, and a bounded memory of its newest rows.
#pragma once

#include "journal/event.hpp"
#include "journal/group.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace hub::journal {

class EventLog {
public:
    explicit EventLog(std::size_t recent_max)
        : recent_max_(recent_max)
    {}

    /// Appends within the group's transaction. An id that is there with the same content is
    /// HUB_ALREADY_DONE with its seq, with other content HUB_REJECTED.
    Published append(Group& group, Publication publication);

    /// After the commit: the events can be delivered from memory.
    void remember(const std::vector<EventPtr>& events);
    /// After a rollback: a commit whose answer was lost may have left rows that are not remembered.
    void forget() noexcept;

    /// Up to `limit` committed events after `seq`, in order.
    std::vector<EventPtr>
    after(store::Connection& connection, std::int64_t seq, std::size_t limit) const;
    static EventPtr find(store::Connection& connection, std::int64_t seq);
    static EventPtr findById(store::Connection& connection, std::string_view id);

private:
    std::size_t recent_max_;
    std::deque<EventPtr> recent_; // ascending seq, no gap but those of the table
    std::size_t recent_bytes_ = 0;
};

} // namespace hub::journal
