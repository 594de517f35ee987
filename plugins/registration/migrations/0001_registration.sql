-- Applications of an edition: organizations, their persons, who reviews and categorizes them within
-- which quota. What is personal is sealed with the key of its person (of the organization for pages
-- and addresses) and found again by blind index. Times are UTC milliseconds; `partition` is 0 until
-- a store holds more than one journal; '' and 0 stand for what is not there yet.

-- An edition without a pack is archived: it may be looked up, nothing happens in it any more.
CREATE TABLE registration_edition (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    revision BIGINT NOT NULL,
    pack TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, edition)
);

-- Delegations and, below them, sub-delegations; 'none' is the organizer's group for whoever has no
-- delegation (C-02).
CREATE TABLE registration_delegation (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    delegation_id TEXT NOT NULL,
    -- '' of a delegation.
    parent_id TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- Two digits of the social credit codes that belong there; '' for central enterprises and others.
    area TEXT NOT NULL,
    PRIMARY KEY (partition, edition, delegation_id)
);

CREATE TABLE registration_referral_code (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    code TEXT NOT NULL,
    -- 'delegation' or 'partner'.
    owner_kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    PRIMARY KEY (partition, edition, code)
);

CREATE TABLE registration_organization (
    partition BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    region TEXT NOT NULL,
    class TEXT NOT NULL,
    name TEXT NOT NULL,
    social_credit_code TEXT NOT NULL,
    delegation_id TEXT NOT NULL,
    sub_delegation_id TEXT NOT NULL,
    referral_code TEXT NOT NULL,
    -- JSON array of the pack's purposes.
    purposes TEXT NOT NULL,
    past_organization_id TEXT NOT NULL,
    -- 'none', 'uploaded', 'verified' or 'mismatch'.
    licence TEXT NOT NULL,
    -- Of domain/organization_states.
    state TEXT NOT NULL,
    -- Why it was returned, rejected or disabled, or by which rule it passed automatically.
    reason TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    submitted_ms BIGINT NOT NULL,
    decided_ms BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    PRIMARY KEY (partition, organization_id)
);
CREATE INDEX registration_organization_queue
    ON registration_organization (partition, edition, delegation_id, state, submitted_ms, organization_id);
CREATE INDEX registration_organization_sub_queue
    ON registration_organization (partition, edition, sub_delegation_id, state, submitted_ms, organization_id);
CREATE INDEX registration_organization_code
    ON registration_organization (partition, edition, social_credit_code);

-- Each page of a form is one document, sealed for its organization; never in the journal.
CREATE TABLE registration_page (
    partition BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    -- 'organization', 'contacts', 'intention' or 'licence'.
    page TEXT NOT NULL,
    revision BIGINT NOT NULL,
    document BLOB NOT NULL,
    saved_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, organization_id, page)
);

CREATE TABLE registration_address (
    partition BIGINT NOT NULL,
    address_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    document BLOB NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, address_id)
);
CREATE INDEX registration_address_organization
    ON registration_address (partition, organization_id, created_ms);
CREATE UNIQUE INDEX registration_address_default
    ON registration_address (partition, organization_id) WHERE is_default = 1;

CREATE TABLE registration_person (
    partition BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    -- Of its organization, so that a delegation's lists need no join.
    delegation_id TEXT NOT NULL,
    sub_delegation_id TEXT NOT NULL,
    -- 'mainland', 'hongkong_macao_taiwan', 'overseas' or 'resident_abroad' (R-080).
    kind TEXT NOT NULL,
    -- Of domain/person_states.
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    category TEXT NOT NULL,
    -- The order that holds the person, as orders says.
    order_id TEXT NOT NULL,
    admission_period TEXT NOT NULL,
    delivery_method TEXT NOT NULL,
    address_id TEXT NOT NULL,
    -- 1: the badge of past_person_id is used again.
    reuse BIGINT NOT NULL,
    -- 1: a better category than the reused badge's, so a new badge is made.
    upgraded BIGINT NOT NULL,
    past_person_id TEXT NOT NULL,
    -- 1 while the document may not be used by another application of the edition (C-09).
    live BIGINT NOT NULL,
    document_index BLOB,
    -- The form, sealed for the person: name, sex, document, position, phone and mail.
    document BLOB NOT NULL,
    -- What lists show, sealed for the person, so that a page of a list opens one value for each line.
    summary BLOB NOT NULL,
    photo TEXT NOT NULL,
    photo_key BLOB,
    declared_ms BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    submitted_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, person_id)
);
CREATE UNIQUE INDEX registration_person_document
    ON registration_person (partition, edition, document_index) WHERE live = 1 AND document_index IS NOT NULL;
CREATE INDEX registration_person_organization
    ON registration_person (partition, organization_id, state, created_ms, person_id);
CREATE INDEX registration_person_delegation
    ON registration_person (partition, edition, delegation_id, state, submitted_ms, person_id);
CREATE INDEX registration_person_sub_delegation
    ON registration_person (partition, edition, sub_delegation_id, state, submitted_ms, person_id);

-- Blind indexes of what people search for: pairs of characters of a name, a whole number, its last
-- four. Gone with the person.
CREATE TABLE registration_search (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    term BLOB NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (partition, edition, term, person_id)
);
CREATE INDEX registration_search_person ON registration_search (partition, person_id);

-- How much of a limited category a node may give away. What is allocated to nodes below counts as
-- used; 0 <= used <= total always.
CREATE TABLE registration_quota (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    -- 'edition', 'delegation', 'sub_delegation' or 'organization'.
    node_kind TEXT NOT NULL,
    node_id TEXT NOT NULL,
    category TEXT NOT NULL,
    total BIGINT NOT NULL,
    -- Allocated to nodes below.
    allocated BIGINT NOT NULL,
    -- Held by persons directly.
    reserved BIGINT NOT NULL,
    PRIMARY KEY (partition, edition, node_kind, node_id, category)
);

-- Which node a person's place was taken from, so that it goes back there whatever moved since.
CREATE TABLE registration_reservation (
    partition BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    node_kind TEXT NOT NULL,
    node_id TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (partition, person_id)
);

-- Persons of a state, kept by every change: lists show totals without counting.
CREATE TABLE registration_count (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    node_kind TEXT NOT NULL,
    node_id TEXT NOT NULL,
    -- 'organization' or 'person'.
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (partition, edition, node_kind, node_id, what, state)
);

-- What happened to an application, who did it and why. No personal data.
CREATE TABLE registration_history (
    partition BIGINT NOT NULL,
    -- An organization's or a person's id.
    subject TEXT NOT NULL,
    seq BIGINT NOT NULL,
    event TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, subject, seq)
);

CREATE TABLE registration_consent (
    partition BIGINT NOT NULL,
    -- An organization's or a person's id.
    subject TEXT NOT NULL,
    -- 'privacy', 'sensitive', 'exhibitors' or 'abroad' (D-09).
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_ms BIGINT NOT NULL,
    withdrawn_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, subject, kind, version)
);

-- Exceptions from a deadline, granted by the organizer (C-07).
CREATE TABLE registration_exception (
    partition BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    -- 'registration' or 'payment'.
    deadline TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, organization_id, deadline)
);

-- The tree of the purchase intention: area, zone or industry, product.
CREATE TABLE registration_industry (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    node_id TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (partition, edition, node_id)
);
