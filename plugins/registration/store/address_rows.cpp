#include "store/address_rows.hpp"

#include <hub/person.hpp>

namespace registration {

namespace {

constexpr const char* kColumn = "address";
constexpr std::string_view kColumns =
    "SELECT address_id, organization_id, revision, is_default, document, created_ms "
    "FROM registration_address WHERE partition = 0 AND ";

Address readAddress(const hub::Snapshot& snapshot, const hub::Row& row)
{
    Address address;
    address.address_id = row.text(0);
    address.organization_id = row.text(1);
    address.revision = row.integer(2);
    address.is_default = row.integer(3) != 0;
    const auto opened =
        hub::person::open(snapshot, address.organization_id, kColumn, row.text(4)).value_or("{}");
    address.document = Json::parse(opened);
    address.created_ms = row.integer(5);
    return address;
}

std::string sealed(const hub::Unit& unit, const Address& address)
{
    return hub::person::seal(unit, address.organization_id, kColumn, address.document.dump());
}

} // namespace

std::vector<Address> addressesOf(const hub::Snapshot& snapshot, std::string_view organization_id)
{
    std::vector<Address> addresses;
    snapshot.query(std::string(kColumns) +
                       "organization_id = ? ORDER BY is_default DESC, created_ms, address_id",
                   {organization_id},
                   [&](const hub::Row& row) { addresses.push_back(readAddress(snapshot, row)); });
    return addresses;
}

std::optional<Address> findAddress(const hub::Snapshot& snapshot, std::string_view address_id)
{
    std::optional<Address> found;
    snapshot.query(std::string(kColumns) + "address_id = ?",
                   {address_id},
                   [&](const hub::Row& row) { found = readAddress(snapshot, row); });
    return found;
}

void insertAddress(const hub::Unit& unit, const Address& address)
{
    unit.execute("INSERT INTO registration_address (partition, address_id, organization_id, "
                 "revision, is_default, document, created_ms) VALUES (0, ?, ?, ?, ?, ?, ?)",
                 {address.address_id,
                  address.organization_id,
                  address.revision,
                  std::int64_t{address.is_default},
                  hub::Blob{sealed(unit, address)},
                  address.created_ms});
}

void updateAddress(const hub::Unit& unit, const Address& address)
{
    unit.execute("UPDATE registration_address SET revision = ?, is_default = ?, document = ? "
                 "WHERE partition = 0 AND address_id = ?",
                 {address.revision,
                  std::int64_t{address.is_default},
                  hub::Blob{sealed(unit, address)},
                  address.address_id});
}

void removeAddress(const hub::Unit& unit, std::string_view address_id)
{
    unit.execute("DELETE FROM registration_address WHERE partition = 0 AND address_id = ?",
                 {address_id});
}

void clearDefault(const hub::Unit& unit, std::string_view organization_id)
{
    unit.execute("UPDATE registration_address SET is_default = 0, revision = revision + 1 "
                 "WHERE partition = 0 AND organization_id = ? AND is_default = 1",
                 {organization_id});
}

bool isAddressUsed(const hub::Snapshot& snapshot, const Address& address)
{
    bool is_used = false;
    snapshot.query("SELECT person_id FROM registration_person WHERE partition = 0 "
                   "AND organization_id = ? AND address_id = ? LIMIT 1",
                   {address.organization_id, address.address_id},
                   [&](const hub::Row&) { is_used = true; });
    return is_used;
}

} // namespace registration
