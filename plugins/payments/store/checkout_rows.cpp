#include "store/checkout_rows.hpp"

namespace payments {

namespace {

const std::string kColumns = "token, payment_id, created_ms, expires_ms, identity_account,"
                             " identity_call, identity_url, trouble";

} // namespace

std::optional<Checkout> CheckoutRows::select(const std::string& where,
                                             const std::string& value) const
{
    std::optional<Checkout> found;
    snapshot_.query("SELECT " + kColumns + " FROM payments_checkout WHERE partition = 0 AND " +
                        where + " = ? ORDER BY created_ms DESC LIMIT 1",
                    {value},
                    [&](const hub::Row& row) {
                        found = Checkout{row.text(0),
                                         row.text(1),
                                         row.integer(2),
                                         row.integer(3),
                                         row.text(4),
                                         row.integer(5),
                                         row.text(6),
                                         row.text(7)};
                    });
    return found;
}

std::optional<Checkout> CheckoutRows::find(const std::string& token) const
{
    return select("token", token);
}

std::optional<Checkout> CheckoutRows::newestOf(const std::string& payment_id) const
{
    return select("payment_id", payment_id);
}

void CheckoutRows::insert(const Checkout& checkout) const
{
    snapshot_.execute("INSERT INTO payments_checkout (partition, " + kColumns +
                          ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {checkout.token,
                       checkout.payment_id,
                       checkout.created_ms,
                       checkout.expires_ms,
                       checkout.identity_account,
                       checkout.identity_call,
                       checkout.identity_url,
                       checkout.trouble});
}

void CheckoutRows::save(const Checkout& checkout) const
{
    snapshot_.execute("UPDATE payments_checkout SET identity_account = ?, identity_call = ?,"
                      " identity_url = ?, trouble = ? WHERE partition = 0 AND token = ?",
                      {checkout.identity_account,
                       checkout.identity_call,
                       checkout.identity_url,
                       checkout.trouble,
                       checkout.token});
}

} // namespace payments
