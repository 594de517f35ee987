#include "store/rows.hpp"

#include "store/statements.hpp"

namespace orders {

namespace {

const std::string kColumns =
    "number, edition, organization_id, state, end_reason, cancel_wanted, amount_minor, currency,"
    " persons, pack_revision, payment_id, created_by, created_ms, expires_ms, deadline_ms, paid_ms";
const std::string kLineColumns =
    "number, line, person_id, category, admission_period, reuse, upgraded, amount_minor";

Order toOrder(const hub::Row& row)
{
    Order order;
    order.number = row.text(0);
    order.edition = row.text(1);
    order.organization_id = row.text(2);
    order.state = parseOrderState(row.text(3));
    order.end_reason = row.text(4);
    order.cancel_wanted = row.text(5);
    order.amount_minor = row.integer(6);
    order.currency = row.text(7);
    order.persons = row.integer(8);
    order.pack_revision = row.integer(9);
    order.payment_id = row.text(10);
    order.created_by = row.text(11);
    order.created_ms = row.integer(12);
    order.expires_ms = row.integer(13);
    order.deadline_ms = row.integer(14);
    order.paid_ms = row.integer(15);
    return order;
}

constexpr std::string_view kOfPerson = "person_id = ?";

std::string linesStatement(std::string_view where)
{
    return "SELECT " + kLineColumns + " FROM orders_line WHERE partition = 0 AND " +
           std::string{where} + " ORDER BY number, line";
}

} // namespace

std::vector<Order> ReadRows::select(std::string_view where,
                                    std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<Order> found;
    snapshot_.query("SELECT " + kColumns + " FROM orders_order WHERE partition = 0 AND " +
                        std::string{where},
                    parameters,
                    [&](const hub::Row& row) { found.push_back(toOrder(row)); });
    return found;
}

std::optional<Order> ReadRows::order(std::string_view number) const
{
    const auto found = select("number = ?", {number});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Order> ReadRows::orders(const OrderFilter& filter) const
{
    const std::string rest =
        "(CAST(? AS TEXT) = '' OR edition = ?) AND (CAST(? AS TEXT) = '' OR state = ?)"
        " AND number >= ? AND (CAST(? AS TEXT) = '' OR number < ?)"
        " ORDER BY number DESC LIMIT ?";
    if (filter.organization_id.empty()) {
        return select(rest,
                      {filter.edition,
                       filter.edition,
                       filter.state,
                       filter.state,
                       filter.from,
                       filter.before,
                       filter.before,
                       filter.limit});
    }
    // A statement of its own, so that the organization's index is used.
    return select("organization_id = ? AND " + rest,
                  {filter.organization_id,
                   filter.edition,
                   filter.edition,
                   filter.state,
                   filter.state,
                   filter.from,
                   filter.before,
                   filter.before,
                   filter.limit});
}

std::vector<Order> ReadRows::unpaidOf(std::string_view edition,
                                      std::string_view organization_id) const
{
    return select("organization_id = ? AND edition = ? AND state = 'unpaid' ORDER BY number",
                  {organization_id, edition});
}

std::vector<Line> ReadRows::selectLines(std::string_view where, std::string_view parameter) const
{
    std::vector<Line> found;
    snapshot_.query(linesStatement(where), {parameter}, [&](const hub::Row& row) {
        found.push_back({row.text(0),
                         row.integer(1),
                         row.text(2),
                         row.text(3),
                         row.text(4),
                         row.integer(5) != 0,
                         row.integer(6) != 0,
                         row.integer(7)});
    });
    return found;
}

std::vector<Line> ReadRows::lines(std::string_view number) const
{
    return selectLines("number = ?", number);
}

std::vector<Line> ReadRows::linesOfPerson(std::string_view person_id) const
{
    return selectLines(kOfPerson, person_id);
}

std::string linesOfPersonStatement()
{
    return linesStatement(kOfPerson);
}

std::string ReadRows::holder(std::string_view person_id) const
{
    std::string number;
    snapshot_.query("SELECT number FROM orders_live_line WHERE partition = 0 AND person_id = ?",
                    {person_id},
                    [&](const hub::Row& row) { number = row.text(0); });
    return number;
}

std::vector<Transition> ReadRows::transitions(std::string_view number) const
{
    std::vector<Transition> found;
    snapshot_.query("SELECT ordinal, time_ms, from_state, cause, to_state, principal, trace"
                    " FROM orders_transition WHERE partition = 0 AND number = ? ORDER BY ordinal",
                    {number},
                    [&](const hub::Row& row) {
                        found.push_back({row.integer(0),
                                         row.integer(1),
                                         row.text(2),
                                         row.text(3),
                                         row.text(4),
                                         row.text(5),
                                         row.text(6)});
                    });
    return found;
}

void Rows::insert(const Order& order) const
{
    unit_.execute("INSERT INTO orders_order (partition, " + kColumns +
                      ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {order.number,
                   order.edition,
                   order.organization_id,
                   toText(order.state),
                   order.end_reason,
                   order.cancel_wanted,
                   order.amount_minor,
                   order.currency,
                   order.persons,
                   order.pack_revision,
                   order.payment_id,
                   order.created_by,
                   order.created_ms,
                   order.expires_ms,
                   order.deadline_ms,
                   order.paid_ms});
}

void Rows::save(const Order& order) const
{
    unit_.execute("UPDATE orders_order SET state = ?, end_reason = ?, cancel_wanted = ?,"
                  " payment_id = ?, expires_ms = ?, deadline_ms = ?, paid_ms = ?"
                  " WHERE partition = 0 AND number = ?",
                  {toText(order.state),
                   order.end_reason,
                   order.cancel_wanted,
                   order.payment_id,
                   order.expires_ms,
                   order.deadline_ms,
                   order.paid_ms,
                   order.number});
}

void Rows::insert(const Line& line) const
{
    unit_.execute("INSERT INTO orders_line (partition, " + kLineColumns +
                      ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {line.number,
                   line.line,
                   line.person_id,
                   line.category,
                   line.admission_period,
                   line.reuse ? 1 : 0,
                   line.upgraded ? 1 : 0,
                   line.amount_minor});
}

bool Rows::hold(std::string_view person_id, std::string_view number) const
{
    return unit_.execute("INSERT INTO orders_live_line (partition, person_id, number)"
                         " VALUES (0, ?, ?) ON CONFLICT DO NOTHING",
                         {person_id, number}) == 1;
}

void Rows::releaseAll(std::string_view number) const
{
    unit_.execute("DELETE FROM orders_live_line WHERE partition = 0 AND number = ?", {number});
}

void Rows::insert(std::string_view number, const Transition& transition) const
{
    unit_.execute("INSERT INTO orders_transition (partition, number, ordinal, time_ms, from_state,"
                  " cause, to_state, principal, trace)"
                  " SELECT 0, CAST(? AS TEXT), COALESCE(MAX(ordinal), 0) + 1, CAST(? AS BIGINT),"
                  " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),"
                  " CAST(? AS TEXT) FROM orders_transition WHERE partition = 0 AND number = ?",
                  {number,
                   transition.time_ms,
                   transition.from_state,
                   transition.cause,
                   transition.to_state,
                   transition.principal,
                   transition.trace,
                   number});
}

} // namespace orders
