#include "store/rows.hpp"

#include "store/statements.hpp"

namespace payments {

namespace {

// The one definition of what people see, for answers and for the filter of the list.
const std::string kShown = "CASE WHEN p.state <> 'open' THEN p.state"
                           " WHEN a.state IN ('queued', 'creating') THEN 'creating'"
                           " WHEN a.state = 'unknown' THEN 'checking'"
                           " WHEN a.state = 'waiting' THEN 'waiting'"
                           " ELSE 'unpaid' END";
const std::string kPaymentJoin =
    " FROM payments_payment p LEFT JOIN payments_attempt a"
    " ON a.partition = p.partition AND a.number = p.current_number WHERE p.partition = 0 AND ";

const std::string kOfOrder = "p.order_ref = ? AND ";
const std::string kListed = "(? = '' OR " + kShown +
                            " = ?) AND (CAST(? AS BIGINT) = 0 OR p.ordinal < ?)"
                            " ORDER BY p.ordinal DESC LIMIT ?";

std::string paymentsStatement(const std::string& where)
{
    return "SELECT p.payment_id, p.ordinal, p.edition, p.order_ref, p.method, p.state,"
           " p.amount_minor, p.currency, p.subject, p.current_number, p.revision, p.created_ms,"
           " p.expires_ms" +
           kPaymentJoin + where;
}

const std::string kAttemptColumns =
    "number, payment_id, ordinal, edition, created_at_ms, expires_at_ms, amount_minor, currency,"
    " subject, account, product, state, application, end_wanted, create_call, confirming_ms,"
    " qr_code, merchant, provider_number, provider_refunded_minor, paid_at_ms, message, wallet,"
    " payer, presentation";

const std::string kRefundColumns =
    "number, payment_id, ordinal, edition, attempt_number, account, created_at_ms, amount_minor,"
    " currency, reason, origin, state, refused, provider_refund_number, refunded_at_ms, message,"
    " sent_at_ms, may_have_left";

Attempt toAttempt(const hub::Row& row)
{
    Attempt attempt;
    attempt.number = row.text(0);
    attempt.payment_id = row.text(1);
    attempt.ordinal = row.integer(2);
    attempt.edition = row.text(3);
    attempt.created_at_ms = row.integer(4);
    attempt.expires_at_ms = row.integer(5);
    attempt.amount_minor = row.integer(6);
    attempt.currency = row.text(7);
    attempt.subject = row.text(8);
    attempt.account = row.text(9);
    attempt.product = row.text(10);
    attempt.state = parseAttemptState(row.text(11));
    attempt.application = parseApplication(row.text(12));
    attempt.end_wanted = parseEndReason(row.text(13));
    attempt.create_call = row.integer(14);
    attempt.confirming_ms = row.integer(15);
    attempt.qr_code = row.text(16);
    attempt.merchant = row.text(17);
    attempt.provider_number = row.text(18);
    attempt.provider_refunded_minor = row.integer(19);
    attempt.paid_at_ms = row.integer(20);
    attempt.message = row.text(21);
    attempt.wallet = row.text(22);
    attempt.payer = row.text(23);
    attempt.presentation = row.text(24);
    return attempt;
}

Refund toRefund(const hub::Row& row)
{
    Refund refund;
    refund.number = row.text(0);
    refund.payment_id = row.text(1);
    refund.ordinal = row.integer(2);
    refund.edition = row.text(3);
    refund.attempt_number = row.text(4);
    refund.account = row.text(5);
    refund.created_at_ms = row.integer(6);
    refund.amount_minor = row.integer(7);
    refund.currency = row.text(8);
    refund.reason = row.text(9);
    refund.origin = parseRefundOrigin(row.text(10));
    refund.state = parseRefundState(row.text(11));
    refund.refused = row.integer(12) != 0;
    refund.provider_refund_number = row.text(13);
    refund.refunded_at_ms = row.integer(14);
    refund.message = row.text(15);
    refund.sent_at_ms = row.integer(16);
    refund.may_have_left = row.integer(17) != 0;
    return refund;
}

} // namespace

std::int64_t Rows::nextOf(const std::string& sequence) const
{
    snapshot_.execute("INSERT INTO payments_sequence (partition, name, last) VALUES (0, ?, 0)"
                      " ON CONFLICT DO NOTHING",
                      {sequence});
    snapshot_.execute(
        "UPDATE payments_sequence SET last = last + 1 WHERE partition = 0 AND name = ?",
        {sequence});
    std::int64_t last = 0;
    snapshot_.query("SELECT last FROM payments_sequence WHERE partition = 0 AND name = ?",
                    {sequence},
                    [&](const hub::Row& row) { last = row.integer(0); });
    return last;
}

bool Rows::takeNumber(const std::string& number, const std::string& kind) const
{
    return snapshot_.execute("INSERT INTO payments_number (partition, number, kind)"
                             " VALUES (0, ?, ?) ON CONFLICT DO NOTHING",
                             {number, kind}) == 1;
}

std::vector<Payment> Rows::selectPayments(const std::string& where,
                                          std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<Payment> found;
    snapshot_.query(paymentsStatement(where), parameters, [&](const hub::Row& row) {
        Payment payment;
        payment.payment_id = row.text(0);
        payment.ordinal = row.integer(1);
        payment.edition = row.text(2);
        payment.order_ref = row.text(3);
        payment.method = row.text(4);
        payment.state = parsePaymentState(row.text(5));
        payment.amount_minor = row.integer(6);
        payment.currency = row.text(7);
        payment.subject = row.text(8);
        payment.current_number = row.text(9);
        payment.revision = row.integer(10);
        payment.created_ms = row.integer(11);
        payment.expires_ms = row.integer(12);
        found.push_back(std::move(payment));
    });
    return found;
}

std::optional<Payment> Rows::payment(const std::string& payment_id) const
{
    const auto found = selectPayments("p.payment_id = ?", {payment_id});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Payment> Rows::payments(const PaymentFilter& filter) const
{
    const std::int64_t before = filter.before_ordinal;
    if (filter.order_ref.empty()) {
        return selectPayments(kListed, {filter.shown, filter.shown, before, before, filter.limit});
    }
    // A statement of its own, so that the order's index is used.
    return selectPayments(
        kOfOrder + kListed,
        {filter.order_ref, filter.shown, filter.shown, before, before, filter.limit});
}

std::string paymentsOfOrderStatement()
{
    return paymentsStatement(kOfOrder + kListed);
}

std::string Rows::paymentOf(const std::string& number) const
{
    std::string payment_id;
    snapshot_.query("SELECT payment_id FROM payments_attempt WHERE partition = 0 AND number = ?"
                    " UNION SELECT payment_id FROM payments_refund"
                    " WHERE partition = 0 AND number = ?",
                    {number, number},
                    [&](const hub::Row& row) { payment_id = row.text(0); });
    return payment_id;
}

std::string Rows::shownState(const std::string& payment_id) const
{
    std::string shown;
    snapshot_.query("SELECT " + kShown + kPaymentJoin + "p.payment_id = ?",
                    {payment_id},
                    [&](const hub::Row& row) { shown = row.text(0); });
    return shown;
}

void Rows::insert(const Payment& payment) const
{
    snapshot_.execute("INSERT INTO payments_payment (partition, payment_id, ordinal, edition,"
                      " order_ref, method, state, amount_minor, currency, subject,"
                      " current_number, revision, created_ms, expires_ms)"
                      " VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {payment.payment_id,
                       payment.ordinal,
                       payment.edition,
                       payment.order_ref,
                       payment.method,
                       toText(payment.state),
                       payment.amount_minor,
                       payment.currency,
                       payment.subject,
                       payment.current_number,
                       payment.revision,
                       payment.created_ms,
                       payment.expires_ms});
}

void Rows::save(const Payment& payment) const
{
    snapshot_.execute(
        "UPDATE payments_payment SET state = ?, current_number = ?, revision = ?"
        " WHERE partition = 0 AND payment_id = ?",
        {toText(payment.state), payment.current_number, payment.revision, payment.payment_id});
}

bool Rows::orderIsPaidBesides(const Payment& payment) const
{
    // A sum of BIGINT is NUMERIC on PostgreSQL, hence the cast. CROSS JOIN: SQLite begins with the
    // order's payments, never with every attempt there is.
    std::int64_t held = 0;
    snapshot_.query(
        "SELECT COUNT(*) FROM payments_payment p CROSS JOIN payments_attempt a"
        " WHERE a.partition = p.partition AND a.payment_id = p.payment_id"
        " AND p.partition = 0 AND p.edition = ? AND p.order_ref = ? AND p.payment_id <> ?"
        " AND a.application = 'fees' AND a.amount_minor > (SELECT"
        " CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM payments_refund r"
        " WHERE r.partition = 0 AND r.attempt_number = a.number AND r.state = 'succeeded')",
        {payment.edition, payment.order_ref, payment.payment_id},
        [&](const hub::Row& row) { held = row.integer(0); });
    return held > 0;
}

std::vector<Attempt> Rows::selectAttempts(const std::string& where, const std::string& value) const
{
    std::vector<Attempt> found;
    snapshot_.query("SELECT " + kAttemptColumns +
                        " FROM payments_attempt WHERE partition = 0 AND " + where +
                        " ORDER BY ordinal",
                    {value},
                    [&](const hub::Row& row) { found.push_back(toAttempt(row)); });
    return found;
}

std::optional<Attempt> Rows::attempt(const std::string& number) const
{
    const auto found = selectAttempts("number = ?", number);
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Attempt> Rows::attempts(const std::string& payment_id) const
{
    return selectAttempts("payment_id = ?", payment_id);
}

std::int64_t Rows::begunSince(const std::string& account, std::int64_t since_ms) const
{
    std::int64_t total = 0;
    snapshot_.query("SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM payments_attempt"
                    " WHERE partition = 0 AND account = ? AND created_at_ms >= ?",
                    {account, since_ms},
                    [&](const hub::Row& row) { total = row.integer(0); });
    return total;
}

void Rows::insert(const Attempt& attempt) const
{
    snapshot_.execute("INSERT INTO payments_attempt (partition, " + kAttemptColumns +
                          ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                          " ?, ?, ?, ?, ?, ?)",
                      {attempt.number,
                       attempt.payment_id,
                       attempt.ordinal,
                       attempt.edition,
                       attempt.created_at_ms,
                       attempt.expires_at_ms,
                       attempt.amount_minor,
                       attempt.currency,
                       attempt.subject,
                       attempt.account,
                       attempt.product,
                       toText(attempt.state),
                       toText(attempt.application),
                       toText(attempt.end_wanted),
                       attempt.create_call,
                       attempt.confirming_ms,
                       attempt.qr_code,
                       attempt.merchant,
                       attempt.provider_number,
                       attempt.provider_refunded_minor,
                       attempt.paid_at_ms,
                       attempt.message,
                       attempt.wallet,
                       attempt.payer,
                       attempt.presentation});
}

void Rows::save(const Attempt& attempt) const
{
    // The frozen intent is not in this list.
    snapshot_.execute("UPDATE payments_attempt SET state = ?, application = ?, end_wanted = ?,"
                      " create_call = ?, confirming_ms = ?, qr_code = ?, merchant = ?,"
                      " provider_number = ?, provider_refunded_minor = ?, paid_at_ms = ?,"
                      " message = ?, presentation = ? WHERE partition = 0 AND number = ?",
                      {toText(attempt.state),
                       toText(attempt.application),
                       toText(attempt.end_wanted),
                       attempt.create_call,
                       attempt.confirming_ms,
                       attempt.qr_code,
                       attempt.merchant,
                       attempt.provider_number,
                       attempt.provider_refunded_minor,
                       attempt.paid_at_ms,
                       attempt.message,
                       attempt.presentation,
                       attempt.number});
}

std::vector<Refund> Rows::selectRefunds(const std::string& where, const std::string& value) const
{
    std::vector<Refund> found;
    snapshot_.query("SELECT " + kRefundColumns + " FROM payments_refund WHERE partition = 0 AND " +
                        where + " ORDER BY ordinal",
                    {value},
                    [&](const hub::Row& row) { found.push_back(toRefund(row)); });
    return found;
}

std::optional<Refund> Rows::refund(const std::string& number) const
{
    const auto found = selectRefunds("number = ?", number);
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Refund> Rows::refunds(const std::string& payment_id) const
{
    return selectRefunds("payment_id = ?", payment_id);
}

std::vector<Refund> Rows::refundsOf(const std::string& attempt_number) const
{
    return selectRefunds("attempt_number = ?", attempt_number);
}

void Rows::insert(const Refund& refund) const
{
    snapshot_.execute("INSERT INTO payments_refund (partition, " + kRefundColumns +
                          ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {refund.number,
                       refund.payment_id,
                       refund.ordinal,
                       refund.edition,
                       refund.attempt_number,
                       refund.account,
                       refund.created_at_ms,
                       refund.amount_minor,
                       refund.currency,
                       refund.reason,
                       toText(refund.origin),
                       toText(refund.state),
                       refund.refused ? 1 : 0,
                       refund.provider_refund_number,
                       refund.refunded_at_ms,
                       refund.message,
                       refund.sent_at_ms,
                       refund.may_have_left ? 1 : 0});
}

void Rows::save(const Refund& refund) const
{
    snapshot_.execute("UPDATE payments_refund SET state = ?, refused = ?,"
                      " provider_refund_number = ?, refunded_at_ms = ?, message = ?,"
                      " sent_at_ms = ?, may_have_left = ? WHERE partition = 0 AND number = ?",
                      {toText(refund.state),
                       refund.refused ? 1 : 0,
                       refund.provider_refund_number,
                       refund.refunded_at_ms,
                       refund.message,
                       refund.sent_at_ms,
                       refund.may_have_left ? 1 : 0,
                       refund.number});
}

std::optional<ProviderCall> Rows::call(std::int64_t call_id) const
{
    std::optional<ProviderCall> found;
    snapshot_.query(
        "SELECT call_id, operation, number, created_ms, answered FROM payments_call"
        " WHERE partition = 0 AND call_id = ?",
        {call_id},
        [&](const hub::Row& row) {
            found = ProviderCall{
                row.integer(0), row.text(1), row.text(2), row.integer(3), row.integer(4) != 0};
        });
    return found;
}

void Rows::insert(const ProviderCall& call) const
{
    snapshot_.execute(
        "INSERT INTO payments_call (partition, call_id, operation, number,"
        " created_ms, answered) VALUES (0, ?, ?, ?, ?, ?)",
        {call.call_id, call.operation, call.number, call.created_ms, call.answered ? 1 : 0});
}

void Rows::markAnswered(std::int64_t call_id) const
{
    snapshot_.execute("UPDATE payments_call SET answered = 1 WHERE partition = 0 AND call_id = ?",
                      {call_id});
}

bool Rows::hasOpenCall(const std::string& number, const std::string& operation) const
{
    std::int64_t open = 0;
    snapshot_.query("SELECT COUNT(*) FROM payments_call WHERE partition = 0 AND number = ?"
                    " AND operation = ? AND answered = 0",
                    {number, operation},
                    [&](const hub::Row& row) { open = row.integer(0); });
    return open > 0;
}

std::int64_t Rows::lastCallMs(const std::string& number, const std::string& operation) const
{
    std::int64_t last = 0;
    snapshot_.query("SELECT COALESCE(MAX(created_ms), 0) FROM payments_call WHERE partition = 0"
                    " AND number = ? AND operation = ?",
                    {number, operation},
                    [&](const hub::Row& row) { last = row.integer(0); });
    return last;
}

void Rows::insert(const Payment& payment, const Transition& transition) const
{
    snapshot_.execute("INSERT INTO payments_transition (partition, payment_id, ordinal, time_ms,"
                      " subject, number, from_state, cause, to_state, account,"
                      " credential_version, configuration_version, principal, trace, message)"
                      " VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {payment.payment_id,
                       transition.ordinal,
                       transition.time_ms,
                       transition.subject,
                       transition.number,
                       transition.from_state,
                       transition.cause,
                       transition.to_state,
                       transition.account,
                       nullptr,
                       transition.configuration_version,
                       transition.principal,
                       transition.trace,
                       transition.message});
}

std::vector<Transition> Rows::transitions(const std::string& payment_id) const
{
    std::vector<Transition> found;
    snapshot_.query("SELECT ordinal, time_ms, subject, number, from_state, cause, to_state,"
                    " account, configuration_version, principal, trace, message"
                    " FROM payments_transition WHERE partition = 0 AND payment_id = ?"
                    " ORDER BY ordinal",
                    {payment_id},
                    [&](const hub::Row& row) {
                        found.push_back({row.integer(0),
                                         row.integer(1),
                                         row.text(2),
                                         row.text(3),
                                         row.text(4),
                                         row.text(5),
                                         row.text(6),
                                         row.text(7),
                                         row.integer(8),
                                         row.text(9),
                                         row.text(10),
                                         row.text(11)});
                    });
    return found;
}

} // namespace payments
