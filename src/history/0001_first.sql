-- What was known and sent before. SQL that SQLite and PostgreSQL both take; moments are UTC text of one
-- width (2026-11-21T06:00:00.000000Z), so that they sort as they are written; truths are 0 and 1.

CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    estate TEXT NOT NULL,
    tenants TEXT NOT NULL,
    narrowed TEXT NOT NULL,
    collected TEXT NOT NULL,
    kept TEXT NOT NULL,
    as_of TEXT NOT NULL,
    as_of_given BIGINT NOT NULL,
    policy TEXT NOT NULL,
    fail_on TEXT NOT NULL,
    exit_code BIGINT NOT NULL,
    failing BIGINT NOT NULL,
    critical BIGINT NOT NULL,
    high BIGINT NOT NULL,
    medium BIGINT NOT NULL,
    low BIGINT NOT NULL,
    info BIGINT NOT NULL,
    waived BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    unanswered BIGINT NOT NULL,
    registrations BIGINT NOT NULL,
    proven BIGINT NOT NULL,
    format TEXT NOT NULL,
    assessment TEXT NOT NULL
);

CREATE INDEX runs_by_estate ON runs (estate, tenants, narrowed, collected);

CREATE TABLE claims (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    taken TEXT NOT NULL,
    expires TEXT NOT NULL
);

CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    run TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    intended TEXT NOT NULL,
    settled TEXT NOT NULL,
    why TEXT NOT NULL
);

CREATE INDEX messages_by_recipient ON messages (recipient, kind, state, settled);

CREATE TABLE reminders (
    message TEXT NOT NULL REFERENCES messages (id),
    registration TEXT NOT NULL,
    credential TEXT NOT NULL,
    band TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (message, registration, credential, band, kind)
);

CREATE INDEX reminders_by_credential ON reminders (registration, credential);
