-- The first schema. Rules that `cargo xtask tidy` checks: the programme stands first in every key,
-- and no table or index uses what a distributed database lacks. (Of the statements one kind does: a
-- member's history is read with SQLite's INDEXED BY.) Amounts are whole, times are milliseconds
-- since 1970 UTC, days are days since 1970-01-01.

CREATE TABLE programme (
    programme     TEXT    NOT NULL,
    -- Derives members' ids from shoppers' names; without it nobody can go back.
    identity_key  BLOB    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (programme)
) STRICT, WITHOUT ROWID;

-- not per programme: one counter for all, moved by every change to stores and activities, so that a
-- running server sees at a glance whether what it holds in memory is still so
CREATE TABLE directory (
    only    INTEGER NOT NULL CHECK (only = 1),
    version INTEGER NOT NULL,
    PRIMARY KEY (only)
) STRICT, WITHOUT ROWID;

INSERT INTO directory (only, version) VALUES (1, 1);

-- not per programme: a URL names a store alone, and this row says which programme it belongs to
CREATE TABLE store (
    store         TEXT    NOT NULL,
    programme     TEXT    NOT NULL,
    zone          TEXT    NOT NULL,
    cutover_hour  INTEGER NOT NULL,
    development   INTEGER NOT NULL,
    -- The `[points]` of its store.toml, JSON; empty before the first `funfair apply`.
    points        TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (store)
) STRICT, WITHOUT ROWID;

CREATE TABLE store_key (
    programme     TEXT    NOT NULL,
    store         TEXT    NOT NULL,
    kid           TEXT    NOT NULL,
    alg           TEXT    NOT NULL,
    -- What a signature is checked with: a public key, or the shared secret of HS256.
    verifying     BLOB    NOT NULL,
    -- What `funfair token` signs with; only in stores added with --development.
    signing       BLOB,
    issuer        TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    retired_at_ms INTEGER,
    PRIMARY KEY (programme, store, kid)
) STRICT, WITHOUT ROWID;

-- What a merchant's server shows to report facts and to adjust points: known by its hash alone.
CREATE TABLE secret_key (
    programme     TEXT    NOT NULL,
    store         TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    -- SHA-256, hexadecimal.
    hash          TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    retired_at_ms INTEGER,
    PRIMARY KEY (programme, store, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE store_origin (
    programme TEXT NOT NULL,
    store     TEXT NOT NULL,
    origin    TEXT NOT NULL,
    PRIMARY KEY (programme, store, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocked (
    programme     TEXT    NOT NULL,
    store         TEXT    NOT NULL,
    sub           TEXT    NOT NULL,
    blocked_at_ms INTEGER NOT NULL,
    PRIMARY KEY (programme, store, sub)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
    programme     TEXT    NOT NULL,
    store         TEXT    NOT NULL,
    activity      TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    revision      TEXT    NOT NULL,
    -- All draws derive from it. It is published after the close, never before.
    key           BLOB    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (programme, store, activity)
) STRICT, WITHOUT ROWID;

-- Never changed, never deleted: a receipt names the revision it was decided under.
CREATE TABLE activity_revision (
    programme     TEXT    NOT NULL,
    store         TEXT    NOT NULL,
    activity      TEXT    NOT NULL,
    revision      TEXT    NOT NULL,
    setup         TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (programme, store, activity, revision)
) STRICT, WITHOUT ROWID;

-- The head of an activity: every batch of plays rewrites this row, so it holds no more than that.
CREATE TABLE lane (
    programme TEXT    NOT NULL,
    store     TEXT    NOT NULL,
    activity  TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    revision  TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    last_ms   INTEGER NOT NULL,
    shared    TEXT    NOT NULL,
    PRIMARY KEY (programme, store, activity)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
    programme TEXT NOT NULL,
    store     TEXT NOT NULL,
    sub       TEXT NOT NULL,
    member    TEXT NOT NULL,
    PRIMARY KEY (programme, store, sub)
) STRICT, WITHOUT ROWID;

CREATE TABLE member_row (
    programme TEXT NOT NULL,
    store     TEXT NOT NULL,
    activity  TEXT NOT NULL,
    member    TEXT NOT NULL,
    state     TEXT NOT NULL,
    PRIMARY KEY (programme, store, activity, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
    programme TEXT NOT NULL,
    store     TEXT NOT NULL,
    activity  TEXT NOT NULL,
    item      TEXT NOT NULL,
    state     TEXT NOT NULL,
    PRIMARY KEY (programme, store, activity, item)
) STRICT, WITHOUT ROWID;

-- A member's points. The lots that make them up lie in the same row, since nothing moves the one
-- without the other: of a play's rows most lie on a page of their own, and each costs as much.
CREATE TABLE purse (
    programme TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    points    INTEGER NOT NULL CHECK (points >= 0),
    -- What the next earnings pay back first.
    owed      INTEGER NOT NULL CHECK (owed >= 0),
    -- The soonest last day of a lot; 2147483647 where none lapses.
    lapses_on INTEGER NOT NULL,
    -- JSON: [{"expires_on": day or null, "points": n}, ...], soonest first.
    lots      TEXT    NOT NULL,
    PRIMARY KEY (programme, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE pool (
    programme TEXT    NOT NULL,
    pool      TEXT    NOT NULL,
    remaining INTEGER NOT NULL CHECK (remaining >= 0),
    daily     INTEGER,
    day       INTEGER NOT NULL,
    taken     INTEGER NOT NULL,
    PRIMARY KEY (programme, pool)
) STRICT, WITHOUT ROWID;

-- A list's codes, numbered from 1 as they came; its pool's `taken` counts those that are gone.
CREATE TABLE code (
    programme TEXT    NOT NULL,
    pool      TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    code      TEXT    NOT NULL,
    PRIMARY KEY (programme, pool, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX code_once ON code (programme, pool, code);

-- Accepted plays. A lane's rows in the order of `seq` are also its outbox. With a rowid, unlike the
-- other tables: a receipt takes a kilobyte, of which a key's own tree would put each on a page of
-- its own, and the indexes need not repeat the key.
CREATE TABLE play (
    programme TEXT    NOT NULL,
    store     TEXT    NOT NULL,
    activity  TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    member    TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    body_hash TEXT    NOT NULL,
    events    TEXT    NOT NULL,
    receipt   TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (programme, store, activity, seq)
) STRICT;

-- What makes a key good for one play.
CREATE UNIQUE INDEX play_key ON play (programme, member, key);

-- A member's history. One play, or those of one activity, are found by walking the member's own.
CREATE INDEX play_history ON play (programme, member, at_ms, id);

-- Movements of points, never changed. Each has an account of one member; the
-- member stands in the key, so that a ledger's page is one walk.
CREATE TABLE transfer (
    programme TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    debit     TEXT    NOT NULL,
    credit    TEXT    NOT NULL,
    amount    INTEGER NOT NULL CHECK (amount > 0),
    reason    TEXT    NOT NULL,
    lots      TEXT    NOT NULL,
    store     TEXT    NOT NULL,
    activity  TEXT    NOT NULL,
    play      TEXT    NOT NULL,
    -- The order of a purchase, the transfer that a refund undoes.
    of_id     TEXT,
    PRIMARY KEY (programme, member, at_ms, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE held (
    programme TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    reward    TEXT    NOT NULL,
    store     TEXT    NOT NULL,
    activity  TEXT    NOT NULL,
    play      TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    -- The parcel's number.
    tracking  TEXT,
    PRIMARY KEY (programme, member, at_ms, id)
) STRICT, WITHOUT ROWID;

-- Where claimed prizes are sent: apart from all other rows, so that it can be erased.
CREATE TABLE address (
    programme TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    held      TEXT    NOT NULL,
    address   TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (programme, member, held)
) STRICT, WITHOUT ROWID;

-- What facts have told of a member.
CREATE TABLE profile (
    programme TEXT NOT NULL,
    member    TEXT NOT NULL,
    state     TEXT NOT NULL,
    PRIMARY KEY (programme, member)
) STRICT, WITHOUT ROWID;

-- What a merchant's server said, by its own id after `fact:`, `adjust:` or `refund:`; never changed.
CREATE TABLE fact (
    programme TEXT    NOT NULL,
    store     TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    member    TEXT    NOT NULL,
    said      TEXT    NOT NULL,
    result    TEXT    NOT NULL,
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (programme, store, id)
) STRICT, WITHOUT ROWID;

-- What is known of an order, from facts that come in any order.
CREATE TABLE orders (
    programme TEXT NOT NULL,
    store     TEXT NOT NULL,
    id        TEXT NOT NULL,
    state     TEXT NOT NULL,
    PRIMARY KEY (programme, store, id)
) STRICT, WITHOUT ROWID;
