// Orders, their lines and steps as values, and which order holds a person.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orders {

/// What is empty does not filter. Newest first.
struct OrderFilter {
    std::string edition;
    std::string organization_id;
    std::string state;
    std::string from;   // the lowest number
    std::string before; // the cursor: all numbers below it
    std::int64_t limit = 50;
};

class ReadRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit ReadRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Order> order(std::string_view number) const;
    std::vector<Order> orders(const OrderFilter& filter) const;
    std::vector<Order> unpaidOf(std::string_view edition, std::string_view organization_id) const;
    std::vector<Line> lines(std::string_view number) const;
    std::vector<Line> linesOfPerson(std::string_view person_id) const;
    /// The number of the order that holds the person; "" for none.
    std::string holder(std::string_view person_id) const;
    std::vector<Transition> transitions(std::string_view number) const;

protected:
    const hub::Snapshot& snapshot_;

private:
    std::vector<Order> select(std::string_view where,
                              std::initializer_list<hub::Parameter> parameters) const;
    std::vector<Line> selectLines(std::string_view where, std::string_view parameter) const;
};

class Rows : public ReadRows {
public:
    explicit Rows(const hub::Unit& unit)
        : ReadRows(unit)
        , unit_(unit)
    {}

    void insert(const Order& order) const;
    void save(const Order& order) const;
    void insert(const Line& line) const;
    /// False, and nothing is held, when an order holds the person already.
    bool hold(std::string_view person_id, std::string_view number) const;
    void releaseAll(std::string_view number) const;
    /// Takes the next ordinal of the order itself.
    void insert(std::string_view number, const Transition& transition) const;

private:
    const hub::Unit& unit_;
};

} // namespace orders
