-- A database of schema 1 with a history, as its release wrote it. Never edited: see server/tests/released.rs.

CREATE TABLE migration (
    number INTEGER NOT NULL, checksum TEXT NOT NULL,
    oldest INTEGER NOT NULL, PRIMARY KEY (number)
);

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

DELETE FROM directory;
INSERT INTO programme VALUES ('acme', x'006d10fddc1bc64c2db55763c963864a22b873c4e8304f3f9171d5b431dc4c0c', 1795352701888);
INSERT INTO directory VALUES (1, 7);
INSERT INTO store VALUES ('acme', 'acme', 'Asia/Shanghai', 0, 1, '{"per_100_cents":1,"on":"paid","worth_cents":null,"expiry":{"type":"never"},"refund_grace_days":30}', 1795352701888);
INSERT INTO store_key VALUES ('acme', 'acme', 'development', 'EdDSA', x'47385689d29f23d51c5823c6700f8d914e6c6c4376e9661e911f6041412b50c3', x'3051020101300506032b657004220420a2c418ec017da89283bd55fe7c798dde0844415f2f8d67745d3eb769fdb9d8fa81210047385689d29f23d51c5823c6700f8d914e6c6c4376e9661e911f6041412b50c3', 'acme', 1795352701889, NULL);
INSERT INTO activity VALUES ('acme', 'acme', 'wheel', 'live', '66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356', x'6ab6f38dc4d1d2beed41e539bbae22b0b5ed140042a6c80e72abe054167b1d98', 1795352701927);
INSERT INTO activity_revision VALUES ('acme', 'acme', 'wheel', '66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356', '{"budget":{"cents":null,"points":null},"chances":{"bought_per_day":null,"earned":[],"free_per_day":0,"free_total":0,"points_each":5},"closes_at_ms":2082729600000,"cutover_hour":0,"kind":"spin-wheel","look":"plain","opens_at_ms":1767196800000,"rules":{"prizes":[{"icon":"points","id":"points-5","label":{"en":"5 points","zh-CN":"5积分"},"reward":{"amount":5,"days":30,"type":"points"},"tier":3,"weight":3},{"icon":"points","id":"points-2","label":{"en":"2 points","zh-CN":"2积分"},"reward":{"amount":2,"type":"points"},"tier":3,"weight":3},{"icon":"points","id":"points-9","label":{"en":"9 points","zh-CN":"9积分"},"reward":{"amount":9,"type":"points"},"stock":3,"tier":2,"weight":1},{"fallback":true,"icon":"points","id":"points-1","label":{"en":"1 point","zh-CN":"1积分"},"reward":{"amount":1,"type":"points"},"tier":0,"weight":3}]},"terms":{"en":"For the tests.","zh-CN":"测试用。"},"title":{"en":"Wheel","zh-CN":"转盘"},"zone":"Asia/Shanghai"}', 1795352701927);
INSERT INTO lane VALUES ('acme', 'acme', 'wheel', 'live', '66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356', 3, 1795352701988, '{}');
INSERT INTO lane VALUES ('acme#draft', 'acme', 'wheel', 'draft', '66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356', 0, 0, '');
INSERT INTO identity VALUES ('acme', 'acme', 'ann', 'ann');
INSERT INTO identity VALUES ('acme', 'acme', 'bob', 'bob');
INSERT INTO member_row VALUES ('acme', 'acme', 'wheel', 'ann', '{"draws":3,"chances":{"day":"2026-11-22","free_used":0,"total_used":0,"bought":3,"granted":[]},"state":{"luck":{"plays":3,"dry":1,"won":{}},"last":"points-1"}}');
INSERT INTO purse VALUES ('acme', 'ann', 0, 2, 2147483647, '[]');
INSERT INTO purse VALUES ('acme', 'bob', 20, 0, 2147483647, '[{"expires_on":null,"points":20}]');
INSERT INTO pool VALUES ('acme', 'acme/wheel/points-9', 3, NULL, 0, 0);
INSERT INTO pool VALUES ('acme', 'codes:acme/summer', 2, NULL, 0, 0);
INSERT INTO pool VALUES ('acme#draft', 'acme/wheel/points-9', 3, NULL, 0, 0);
INSERT INTO code VALUES ('acme', 'codes:acme/summer', 1, 'A');
INSERT INTO code VALUES ('acme', 'codes:acme/summer', 2, 'B');
INSERT INTO play VALUES ('acme', 'acme', 'wheel', 1, 'ann', 'key-0', 'ddfadd57f30636385fd2f49e', '', '[{"type":"spun","prize":"points-5","label":{"en":"5 points","zh-CN":"5积分"},"tier":3,"paid":{"type":"points","points":5},"capped":false,"grant":{"rewards":[{"type":"points","label":{"en":"5 points","zh-CN":"5积分"},"amount":5,"expires_on":"2026-12-21"}],"take":[]}}]', '{"id":"ddfadd57f30636385fd2f49e","activity":"wheel","status":"settled","outcome":{"type":"won","label":{"en":"5 points","zh-CN":"5积分"},"prize":"points-5","tier":3},"rewards":[{"type":"points","label":{"en":"5 points","zh-CN":"5积分"},"amount":5,"expires_on":"2026-12-21"}],"proof":{"version":"funfair/1","activity":"wheel","revision":"66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356","n":0,"client_seed":"abcdefgh","server_seed":"249fb0684a01b5dd0b28ecc0591b5aa59f5e608641095c37a4d20f625b18a87d","commitment":"6facb3c266b6e374b36c6d4b5a59851d8ea77066309af744184df812ac022d11","draws":[{"counter":0,"table":[{"prize":"points-5","weight":3},{"prize":"points-2","weight":3},{"prize":"points-9","weight":1},{"prize":"points-1","weight":3}],"picked":"points-5"}]},"at_ms":1795352701986}', 1795352701986);
INSERT INTO play VALUES ('acme', 'acme', 'wheel', 2, 'ann', 'key-1', 'fc82c927b242854bfc70f3e7', '', '[{"type":"spun","prize":"points-2","label":{"en":"2 points","zh-CN":"2积分"},"tier":3,"paid":{"type":"points","points":5},"capped":false,"grant":{"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"take":[]}}]', '{"id":"fc82c927b242854bfc70f3e7","activity":"wheel","status":"settled","outcome":{"type":"won","label":{"en":"2 points","zh-CN":"2积分"},"prize":"points-2","tier":3},"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"proof":{"version":"funfair/1","activity":"wheel","revision":"66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356","n":1,"client_seed":"abcdefgh","server_seed":"dbd24cb3da6cfe07118538ff2d9d84957bda12a6e7f5ff23fdd19e0fae0a8653","commitment":"d47a561be66df4dcbf5eb47c4296e48ebd5ce410d8887c2a9dc3f8b3a95d27db","draws":[{"counter":0,"table":[{"prize":"points-5","weight":3},{"prize":"points-2","weight":3},{"prize":"points-9","weight":1},{"prize":"points-1","weight":3}],"picked":"points-2"}]},"at_ms":1795352701988}', 1795352701988);
INSERT INTO play VALUES ('acme', 'acme', 'wheel', 3, 'ann', 'key-2', 'a0c567ce675c0e1fabf708fa', '', '[{"type":"spun","prize":"points-1","label":{"en":"1 point","zh-CN":"1积分"},"tier":0,"paid":{"type":"points","points":5},"capped":false,"grant":{"rewards":[{"type":"points","label":{"en":"1 point","zh-CN":"1积分"},"amount":1,"expires_on":null}],"take":[]}}]', '{"id":"a0c567ce675c0e1fabf708fa","activity":"wheel","status":"settled","outcome":{"type":"consoled","label":{"en":"1 point","zh-CN":"1积分"},"prize":"points-1","tier":0},"rewards":[{"type":"points","label":{"en":"1 point","zh-CN":"1积分"},"amount":1,"expires_on":null}],"proof":{"version":"funfair/1","activity":"wheel","revision":"66de39b07e0b9a43ee7792214df95c51b1a90f4e51400f5ff4ad2771591d6356","n":2,"client_seed":"abcdefgh","server_seed":"5339ebd4ebb0b86763a80bbcc33c59021b2bec8e60fea12ce2bc0ab21ba12e6a","commitment":"e85230c2f0245d18037d146572785c7e991c68859be04e113302ce00131c0550","draws":[{"counter":0,"table":[{"prize":"points-5","weight":3},{"prize":"points-2","weight":3},{"prize":"points-9","weight":1},{"prize":"points-1","weight":3}],"picked":"points-1"}]},"at_ms":1795352701988}', 1795352701988);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701929, '5add820e4ac1662b2a0cf2b1-0', 'h:issued', 'm:ann', 15, 'earn', '[{"expires_on":null,"points":15}]', 'acme', '', '5add820e4ac1662b2a0cf2b1', 'o1');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701929, '97dec9738ce4826ee74c3f5d-0', 'm:ann', 'h:issued', 8, 'refund', '[{"expires_on":null,"points":8}]', 'acme', '', '97dec9738ce4826ee74c3f5d', 'o1');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701929, '97dec9738ce4826ee74c3f5d-1', 'o:ann', 'h:issued', 7, 'refund', '[]', 'acme', '', '97dec9738ce4826ee74c3f5d', 'o1');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701929, 'a4dd8dc07345377dcf0fb050-0', 'h:redeemed', 'm:ann', 5, 'refund', '[{"expires_on":"2026-12-21","points":5}]', 'acme', '', 'a4dd8dc07345377dcf0fb050', 'fc82c927b242854bfc70f3e7-0');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701929, 'a4dd8dc07345377dcf0fb050-1', 'm:ann', 'o:ann', 5, 'refund', '[{"expires_on":"2026-12-21","points":5}]', 'acme', '', 'a4dd8dc07345377dcf0fb050', 'fc82c927b242854bfc70f3e7-0');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701986, 'ddfadd57f30636385fd2f49e-0', 'm:ann', 'h:redeemed', 5, 'redeem', '[{"expires_on":null,"points":5}]', 'acme', 'wheel', 'ddfadd57f30636385fd2f49e', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701986, 'ddfadd57f30636385fd2f49e-1', 'h:issued', 'm:ann', 5, 'earn', '[{"expires_on":"2026-12-21","points":5}]', 'acme', 'wheel', 'ddfadd57f30636385fd2f49e', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701988, 'a0c567ce675c0e1fabf708fa-0', 'm:ann', 'h:redeemed', 5, 'redeem', '[{"expires_on":null,"points":5}]', 'acme', 'wheel', 'a0c567ce675c0e1fabf708fa', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701988, 'a0c567ce675c0e1fabf708fa-1', 'h:issued', 'm:ann', 1, 'earn', '[{"expires_on":null,"points":1}]', 'acme', 'wheel', 'a0c567ce675c0e1fabf708fa', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701988, 'fc82c927b242854bfc70f3e7-0', 'm:ann', 'h:redeemed', 5, 'redeem', '[{"expires_on":"2026-12-21","points":5}]', 'acme', 'wheel', 'fc82c927b242854bfc70f3e7', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352701988, 'fc82c927b242854bfc70f3e7-1', 'h:issued', 'm:ann', 2, 'earn', '[{"expires_on":null,"points":2}]', 'acme', 'wheel', 'fc82c927b242854bfc70f3e7', NULL);
INSERT INTO transfer VALUES ('acme', 'bob', 1795352701929, '608858156854c5270dd1cb15-0', 'h:adjusted', 'm:bob', 20, 'adjust', '[{"expires_on":null,"points":20}]', 'acme', '', '608858156854c5270dd1cb15', NULL);
INSERT INTO profile VALUES ('acme', 'ann', '{"tier":null,"tags":[],"updated_at_ms":0,"tagged_at_ms":0,"joined":null,"facts":{"order.paid":{"count":1,"days":["2026-11-22"]},"order.refunded":{"count":1,"days":["2026-11-22"]}}}');
INSERT INTO fact VALUES ('acme', 'acme', 'adjust:a1', 'ann', '{"id":"a1","sub":"ann","points":null,"refund_of":"fc82c927b242854bfc70f3e7-0","note":"the wheel stood still"}', '{"entry":"a4dd8dc07345377dcf0fb050-0","repeated":false,"balance":0,"owed":2}', 1795352701929);
INSERT INTO fact VALUES ('acme', 'acme', 'adjust:a2', 'bob', '{"id":"a2","sub":"bob","points":20,"refund_of":null,"note":"a gift"}', '{"entry":"608858156854c5270dd1cb15-0","repeated":false,"balance":20,"owed":0}', 1795352701929);
INSERT INTO fact VALUES ('acme', 'acme', 'fact:f1', 'ann', '{"id":"f1","fact":"order.paid","sub":"ann","at_ms":1795352701929,"order":"o1","amount_cents":1500,"item":null,"dwell_seconds":null,"tier":null,"tags":null,"prize":null,"tracking":null}', '{"id":"f1","repeated":false,"points":15,"chances":0}', 1795352701929);
INSERT INTO fact VALUES ('acme', 'acme', 'fact:f2', 'ann', '{"id":"f2","fact":"order.refunded","sub":"ann","at_ms":1795352701929,"order":"o1","amount_cents":1500,"item":null,"dwell_seconds":null,"tier":null,"tags":null,"prize":null,"tracking":null}', '{"id":"f2","repeated":false,"points":-15,"chances":0}', 1795352701929);
INSERT INTO fact VALUES ('acme', 'acme', 'refund:fc82c927b242854bfc70f3e7-0', 'ann', '{"id":"a1","sub":"ann","points":null,"refund_of":"fc82c927b242854bfc70f3e7-0","note":"the wheel stood still"}', '{"entry":"a4dd8dc07345377dcf0fb050-0","repeated":false,"balance":0,"owed":2}', 1795352701929);
INSERT INTO orders VALUES ('acme', 'acme', 'o1', '{"member":"ann","per_100_cents":1,"paid_cents":1500,"received_cents":null,"counts":true,"refunded_cents":1500,"points":0,"until":null}');
INSERT INTO migration VALUES (1, 'f8323622a04709f8a8d58e0aebe249c2199c2c7445fc74d38e174be738f3f96c', 1);
