-- The first schema: the tables and columns of SQLite's. Rules that `cargo xtask tidy` checks: the
-- programme stands first in every key, and no table or index uses what a distributed database
-- lacks. Keys compare byte by byte (COLLATE "C"), as in the other stores: pages and locks follow
-- one order whatever the database's locale. Amounts are whole, times are milliseconds since 1970
-- UTC, days are days since 1970-01-01.

CREATE TABLE programme (
    programme     TEXT COLLATE "C" NOT NULL,
    -- Derives members' ids from shoppers' names; without it nobody can go back.
    identity_key  BYTEA            NOT NULL,
    created_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (programme)
);

-- not per programme: one counter for all, moved by every change to stores and activities, so that a
-- running server sees at a glance whether what it holds in memory is still so
CREATE TABLE directory (
    "only"  INTEGER NOT NULL CHECK ("only" = 1),
    version BIGINT  NOT NULL,
    PRIMARY KEY ("only")
);

INSERT INTO directory ("only", version) VALUES (1, 1);

-- not per programme: a URL names a store alone, and this row says which programme it belongs to
CREATE TABLE store (
    store         TEXT COLLATE "C" NOT NULL,
    programme     TEXT             NOT NULL,
    zone          TEXT             NOT NULL,
    cutover_hour  INTEGER          NOT NULL,
    development   INTEGER          NOT NULL,
    -- The `[points]` of its store.toml, JSON; empty before the first `funfair apply`.
    points        TEXT             NOT NULL,
    created_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (store)
);

CREATE TABLE store_key (
    programme     TEXT COLLATE "C" NOT NULL,
    store         TEXT COLLATE "C" NOT NULL,
    kid           TEXT COLLATE "C" NOT NULL,
    alg           TEXT             NOT NULL,
    -- What a signature is checked with: a public key, or the shared secret of HS256.
    verifying     BYTEA            NOT NULL,
    -- What `funfair token` signs with; only in stores added with --development.
    signing       BYTEA,
    issuer        TEXT             NOT NULL,
    created_at_ms BIGINT           NOT NULL,
    retired_at_ms BIGINT,
    PRIMARY KEY (programme, store, kid)
);

-- What a merchant's server shows to report facts and to adjust points: known by its hash alone.
CREATE TABLE secret_key (
    programme     TEXT COLLATE "C" NOT NULL,
    store         TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    -- SHA-256, hexadecimal.
    hash          TEXT             NOT NULL,
    created_at_ms BIGINT           NOT NULL,
    retired_at_ms BIGINT,
    PRIMARY KEY (programme, store, id)
);

CREATE TABLE store_origin (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    origin    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (programme, store, origin)
);

CREATE TABLE blocked (
    programme     TEXT COLLATE "C" NOT NULL,
    store         TEXT COLLATE "C" NOT NULL,
    sub           TEXT COLLATE "C" NOT NULL,
    blocked_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (programme, store, sub)
);

CREATE TABLE activity (
    programme     TEXT COLLATE "C" NOT NULL,
    store         TEXT COLLATE "C" NOT NULL,
    activity      TEXT COLLATE "C" NOT NULL,
    state         TEXT             NOT NULL,
    revision      TEXT             NOT NULL,
    -- All draws derive from it. It is published after the close, never before.
    key           BYTEA            NOT NULL,
    created_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (programme, store, activity)
);

-- Never changed, never deleted: a receipt names the revision it was decided under.
CREATE TABLE activity_revision (
    programme     TEXT COLLATE "C" NOT NULL,
    store         TEXT COLLATE "C" NOT NULL,
    activity      TEXT COLLATE "C" NOT NULL,
    revision      TEXT COLLATE "C" NOT NULL,
    setup         TEXT             NOT NULL,
    created_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (programme, store, activity, revision)
);

-- The head of an activity: every batch of plays rewrites this row, so it holds no more than that.
CREATE TABLE lane (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    activity  TEXT COLLATE "C" NOT NULL,
    state     TEXT             NOT NULL,
    revision  TEXT             NOT NULL,
    seq       BIGINT           NOT NULL,
    last_ms   BIGINT           NOT NULL,
    shared    TEXT             NOT NULL,
    PRIMARY KEY (programme, store, activity)
);

CREATE TABLE identity (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    sub       TEXT COLLATE "C" NOT NULL,
    member    TEXT             NOT NULL,
    PRIMARY KEY (programme, store, sub)
);

CREATE TABLE member_row (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    activity  TEXT COLLATE "C" NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    state     TEXT             NOT NULL,
    PRIMARY KEY (programme, store, activity, member)
);

CREATE TABLE item (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    activity  TEXT COLLATE "C" NOT NULL,
    item      TEXT COLLATE "C" NOT NULL,
    state     TEXT             NOT NULL,
    PRIMARY KEY (programme, store, activity, item)
);

CREATE TABLE purse (
    programme TEXT COLLATE "C" NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    points    BIGINT           NOT NULL CHECK (points >= 0),
    -- What the next earnings pay back first.
    owed      BIGINT           NOT NULL CHECK (owed >= 0),
    -- The soonest last day of a lot; 2147483647 where none lapses.
    lapses_on INTEGER          NOT NULL,
    -- The lots, JSON, soonest first: they are read and written with the balance, never alone.
    lots      TEXT             NOT NULL,
    PRIMARY KEY (programme, member)
);

CREATE TABLE pool (
    programme TEXT COLLATE "C" NOT NULL,
    pool      TEXT COLLATE "C" NOT NULL,
    remaining BIGINT           NOT NULL CHECK (remaining >= 0),
    daily     BIGINT,
    day       INTEGER          NOT NULL,
    taken     BIGINT           NOT NULL,
    PRIMARY KEY (programme, pool)
);

-- A list's codes, numbered from 1 as they came; its pool's `taken` counts those that are gone.
CREATE TABLE code (
    programme TEXT COLLATE "C" NOT NULL,
    pool      TEXT COLLATE "C" NOT NULL,
    number    BIGINT           NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (programme, pool, number)
);

CREATE UNIQUE INDEX code_once ON code (programme, pool, code);

-- Accepted plays. A lane's rows in the order of `seq` are also its outbox.
CREATE TABLE play (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    activity  TEXT COLLATE "C" NOT NULL,
    seq       BIGINT           NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    key       TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    body_hash TEXT             NOT NULL,
    events    TEXT             NOT NULL,
    receipt   TEXT             NOT NULL,
    at_ms     BIGINT           NOT NULL,
    PRIMARY KEY (programme, store, activity, seq)
);

-- What makes a key good for one play.
CREATE UNIQUE INDEX play_key ON play (programme, member, key);

-- A member's history. One play, or those of one activity, are found by walking the member's entries
-- alone: the table's own key stands at the end of each.
CREATE INDEX play_history ON play (programme, member, at_ms, id);

-- Movements of points, never changed. Each has an account of one member; the
-- member stands in the key, so that a ledger's page is one walk.
CREATE TABLE transfer (
    programme TEXT COLLATE "C" NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    at_ms     BIGINT           NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    debit     TEXT             NOT NULL,
    credit    TEXT             NOT NULL,
    amount    BIGINT           NOT NULL CHECK (amount > 0),
    reason    TEXT             NOT NULL,
    lots      TEXT             NOT NULL,
    store     TEXT             NOT NULL,
    activity  TEXT             NOT NULL,
    play      TEXT             NOT NULL,
    -- The order of a purchase, the transfer that a refund undoes.
    of_id     TEXT,
    PRIMARY KEY (programme, member, at_ms, id)
);

CREATE TABLE held (
    programme TEXT COLLATE "C" NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    at_ms     BIGINT           NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    reward    TEXT             NOT NULL,
    store     TEXT             NOT NULL,
    activity  TEXT             NOT NULL,
    play      TEXT             NOT NULL,
    status    TEXT             NOT NULL,
    -- The parcel's number.
    tracking  TEXT,
    PRIMARY KEY (programme, member, at_ms, id)
);

-- Where claimed prizes are sent: apart from all other rows, so that it can be erased.
CREATE TABLE address (
    programme TEXT COLLATE "C" NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    held      TEXT COLLATE "C" NOT NULL,
    address   TEXT             NOT NULL,
    at_ms     BIGINT           NOT NULL,
    PRIMARY KEY (programme, member, held)
);

-- What facts have told of a member.
CREATE TABLE profile (
    programme TEXT COLLATE "C" NOT NULL,
    member    TEXT COLLATE "C" NOT NULL,
    state     TEXT             NOT NULL,
    PRIMARY KEY (programme, member)
);

-- What a merchant's server said, by its own id after `fact:`, `adjust:` or `refund:`; never changed.
CREATE TABLE fact (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    member    TEXT             NOT NULL,
    said      TEXT             NOT NULL,
    result    TEXT             NOT NULL,
    at_ms     BIGINT           NOT NULL,
    PRIMARY KEY (programme, store, id)
);

-- What is known of an order, from facts that come in any order.
CREATE TABLE orders (
    programme TEXT COLLATE "C" NOT NULL,
    store     TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    state     TEXT             NOT NULL,
    PRIMARY KEY (programme, store, id)
);
