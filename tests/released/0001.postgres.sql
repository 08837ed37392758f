-- A database of schema 1 with a history, as its release wrote it. Never edited: see server/tests/released.rs.

CREATE TABLE migration (
    number INTEGER NOT NULL, checksum TEXT NOT NULL,
    oldest INTEGER NOT NULL, PRIMARY KEY (number)
);

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

DELETE FROM directory;
INSERT INTO programme VALUES ('acme', '\x41ce68e316b02c79a56cb91801d37c10e61e31ab416f0d7ab89333daf05da740', 1795352743876);
INSERT INTO directory VALUES (1, 7);
INSERT INTO store VALUES ('acme', 'acme', 'Asia/Shanghai', 0, 1, '{"per_100_cents":1,"on":"paid","worth_cents":null,"expiry":{"type":"never"},"refund_grace_days":30}', 1795352743876);
INSERT INTO store_key VALUES ('acme', 'acme', 'development', 'EdDSA', '\xc5eec7167b3232accad5e23914076590040b772f06a96b7df8a543f4b1508642', '\x3051020101300506032b657004220420b8c4f7cfc10de79236db8d661c59de7b9d20592308562f4c697ba045d8e411a0812100c5eec7167b3232accad5e23914076590040b772f06a96b7df8a543f4b1508642', 'acme', 1795352743907, NULL);
INSERT INTO activity VALUES ('acme', 'acme', 'wheel', 'live', '1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4', '\xadb34d17d9b3c2a0d715c64fab69ca4db1fd40b67b6665eec07263a6759e6615', 1795352743925);
INSERT INTO activity_revision VALUES ('acme', 'acme', 'wheel', '1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4', '{"budget":{"cents":null,"points":null},"chances":{"bought_per_day":null,"earned":[],"free_per_day":0,"free_total":0,"points_each":5},"closes_at_ms":2082729600000,"cutover_hour":0,"kind":"spin-wheel","look":"plain","opens_at_ms":1767196800000,"rules":{"prizes":[{"icon":"points","id":"points-5","label":{"en":"5 points","zh-CN":"5积分"},"reward":{"amount":5,"days":30,"type":"points"},"tier":3,"weight":3},{"icon":"points","id":"points-2","label":{"en":"2 points","zh-CN":"2积分"},"reward":{"amount":2,"type":"points"},"tier":3,"weight":3},{"icon":"points","id":"points-9","label":{"en":"9 points","zh-CN":"9积分"},"reward":{"amount":9,"type":"points"},"stock":3,"tier":2,"weight":1},{"fallback":true,"icon":"points","id":"points-1","label":{"en":"1 point","zh-CN":"1积分"},"reward":{"amount":1,"type":"points"},"tier":0,"weight":3}]},"terms":{"en":"For the tests.","zh-CN":"测试用。"},"title":{"en":"Wheel","zh-CN":"转盘"},"zone":"Asia/Shanghai"}', 1795352743925);
INSERT INTO lane VALUES ('acme#draft', 'acme', 'wheel', 'draft', '1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4', 0, 0, '');
INSERT INTO lane VALUES ('acme', 'acme', 'wheel', 'live', '1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4', 3, 1795352743951, '{}');
INSERT INTO identity VALUES ('acme', 'acme', 'ann', 'ann');
INSERT INTO identity VALUES ('acme', 'acme', 'bob', 'bob');
INSERT INTO member_row VALUES ('acme', 'acme', 'wheel', 'ann', '{"draws":3,"chances":{"day":"2026-11-22","free_used":0,"total_used":0,"bought":3,"granted":[]},"state":{"luck":{"plays":3,"dry":0,"won":{}},"last":"points-2"}}');
INSERT INTO purse VALUES ('acme', 'ann', 0, 4, 2147483647, '[]');
INSERT INTO purse VALUES ('acme', 'bob', 20, 0, 2147483647, '[{"expires_on":null,"points":20}]');
INSERT INTO pool VALUES ('acme#draft', 'acme/wheel/points-9', 3, NULL, 0, 0);
INSERT INTO pool VALUES ('acme', 'acme/wheel/points-9', 3, NULL, 0, 0);
INSERT INTO pool VALUES ('acme', 'codes:acme/summer', 2, NULL, 0, 0);
INSERT INTO code VALUES ('acme', 'codes:acme/summer', 1, 'A');
INSERT INTO code VALUES ('acme', 'codes:acme/summer', 2, 'B');
INSERT INTO play VALUES ('acme', 'acme', 'wheel', 1, 'ann', 'key-0', 'ddfadd57f30636385fd2f49e', '', '[{"type":"spun","prize":"points-2","label":{"en":"2 points","zh-CN":"2积分"},"tier":3,"paid":{"type":"points","points":5},"capped":false,"grant":{"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"take":[]}}]', '{"id":"ddfadd57f30636385fd2f49e","activity":"wheel","status":"settled","outcome":{"type":"won","label":{"en":"2 points","zh-CN":"2积分"},"prize":"points-2","tier":3},"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"proof":{"version":"funfair/1","activity":"wheel","revision":"1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4","n":0,"client_seed":"abcdefgh","server_seed":"ccfa76705d2dd569cd213e04174b52225389c6e10ad50e02c8a76f6175a57121","commitment":"2a9e8abd63f369c57c7e3488efaf737f221fcb585ec29c28c1b7974755eedbe9","draws":[{"counter":0,"table":[{"prize":"points-5","weight":3},{"prize":"points-2","weight":3},{"prize":"points-9","weight":1},{"prize":"points-1","weight":3}],"picked":"points-2"}]},"at_ms":1795352743944}', 1795352743944);
INSERT INTO play VALUES ('acme', 'acme', 'wheel', 2, 'ann', 'key-1', 'fc82c927b242854bfc70f3e7', '', '[{"type":"spun","prize":"points-2","label":{"en":"2 points","zh-CN":"2积分"},"tier":3,"paid":{"type":"points","points":5},"capped":false,"grant":{"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"take":[]}}]', '{"id":"fc82c927b242854bfc70f3e7","activity":"wheel","status":"settled","outcome":{"type":"won","label":{"en":"2 points","zh-CN":"2积分"},"prize":"points-2","tier":3},"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"proof":{"version":"funfair/1","activity":"wheel","revision":"1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4","n":1,"client_seed":"abcdefgh","server_seed":"be900efa93e19d565ec4476c81c377e2ea009dadc150c42fe3bb75a809e4a30d","commitment":"bfba7ab2a5707c2c115f6417c91a6c48ad91682c76f0388ed782f2f8dda1e4cb","draws":[{"counter":0,"table":[{"prize":"points-5","weight":3},{"prize":"points-2","weight":3},{"prize":"points-9","weight":1},{"prize":"points-1","weight":3}],"picked":"points-2"}]},"at_ms":1795352743949}', 1795352743949);
INSERT INTO play VALUES ('acme', 'acme', 'wheel', 3, 'ann', 'key-2', 'a0c567ce675c0e1fabf708fa', '', '[{"type":"spun","prize":"points-2","label":{"en":"2 points","zh-CN":"2积分"},"tier":3,"paid":{"type":"points","points":5},"capped":false,"grant":{"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"take":[]}}]', '{"id":"a0c567ce675c0e1fabf708fa","activity":"wheel","status":"settled","outcome":{"type":"won","label":{"en":"2 points","zh-CN":"2积分"},"prize":"points-2","tier":3},"rewards":[{"type":"points","label":{"en":"2 points","zh-CN":"2积分"},"amount":2,"expires_on":null}],"proof":{"version":"funfair/1","activity":"wheel","revision":"1be84c02e93e53af1b64cef3aae3036658ed644b29282f5ff8af02d68dd379a4","n":2,"client_seed":"abcdefgh","server_seed":"1ed5025c14b31ae929ca02bd077940e1caf9f0e5d3867155ce48bb1e8cafb019","commitment":"e46c65daaec556c64a86fbe85a95e78f38eced358a3d57dd47ffda84d4d11bb2","draws":[{"counter":0,"table":[{"prize":"points-5","weight":3},{"prize":"points-2","weight":3},{"prize":"points-9","weight":1},{"prize":"points-1","weight":3}],"picked":"points-2"}]},"at_ms":1795352743951}', 1795352743951);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743938, '5add820e4ac1662b2a0cf2b1-0', 'h:issued', 'm:ann', 15, 'earn', '[{"expires_on":null,"points":15}]', 'acme', '', '5add820e4ac1662b2a0cf2b1', 'o1');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743944, 'ddfadd57f30636385fd2f49e-0', 'm:ann', 'h:redeemed', 5, 'redeem', '[{"expires_on":null,"points":5}]', 'acme', 'wheel', 'ddfadd57f30636385fd2f49e', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743944, 'ddfadd57f30636385fd2f49e-1', 'h:issued', 'm:ann', 2, 'earn', '[{"expires_on":null,"points":2}]', 'acme', 'wheel', 'ddfadd57f30636385fd2f49e', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743949, 'fc82c927b242854bfc70f3e7-0', 'm:ann', 'h:redeemed', 5, 'redeem', '[{"expires_on":null,"points":5}]', 'acme', 'wheel', 'fc82c927b242854bfc70f3e7', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743949, 'fc82c927b242854bfc70f3e7-1', 'h:issued', 'm:ann', 2, 'earn', '[{"expires_on":null,"points":2}]', 'acme', 'wheel', 'fc82c927b242854bfc70f3e7', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743951, 'a0c567ce675c0e1fabf708fa-0', 'm:ann', 'h:redeemed', 5, 'redeem', '[{"expires_on":null,"points":5}]', 'acme', 'wheel', 'a0c567ce675c0e1fabf708fa', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743951, 'a0c567ce675c0e1fabf708fa-1', 'h:issued', 'm:ann', 2, 'earn', '[{"expires_on":null,"points":2}]', 'acme', 'wheel', 'a0c567ce675c0e1fabf708fa', NULL);
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743938, '97dec9738ce4826ee74c3f5d-0', 'm:ann', 'h:issued', 6, 'refund', '[{"expires_on":null,"points":6}]', 'acme', '', '97dec9738ce4826ee74c3f5d', 'o1');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743938, '97dec9738ce4826ee74c3f5d-1', 'o:ann', 'h:issued', 9, 'refund', '[]', 'acme', '', '97dec9738ce4826ee74c3f5d', 'o1');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743938, 'a4dd8dc07345377dcf0fb050-0', 'h:redeemed', 'm:ann', 5, 'refund', '[{"expires_on":null,"points":5}]', 'acme', '', 'a4dd8dc07345377dcf0fb050', 'a0c567ce675c0e1fabf708fa-0');
INSERT INTO transfer VALUES ('acme', 'ann', 1795352743938, 'a4dd8dc07345377dcf0fb050-1', 'm:ann', 'o:ann', 5, 'refund', '[{"expires_on":null,"points":5}]', 'acme', '', 'a4dd8dc07345377dcf0fb050', 'a0c567ce675c0e1fabf708fa-0');
INSERT INTO transfer VALUES ('acme', 'bob', 1795352743938, '608858156854c5270dd1cb15-0', 'h:adjusted', 'm:bob', 20, 'adjust', '[{"expires_on":null,"points":20}]', 'acme', '', '608858156854c5270dd1cb15', NULL);
INSERT INTO profile VALUES ('acme', 'ann', '{"tier":null,"tags":[],"updated_at_ms":0,"tagged_at_ms":0,"joined":null,"facts":{"order.paid":{"count":1,"days":["2026-11-22"]},"order.refunded":{"count":1,"days":["2026-11-22"]}}}');
INSERT INTO fact VALUES ('acme', 'acme', 'fact:f1', 'ann', '{"id":"f1","fact":"order.paid","sub":"ann","at_ms":1795352743938,"order":"o1","amount_cents":1500,"item":null,"dwell_seconds":null,"tier":null,"tags":null,"prize":null,"tracking":null}', '{"id":"f1","repeated":false,"points":15,"chances":0}', 1795352743938);
INSERT INTO fact VALUES ('acme', 'acme', 'fact:f2', 'ann', '{"id":"f2","fact":"order.refunded","sub":"ann","at_ms":1795352743938,"order":"o1","amount_cents":1500,"item":null,"dwell_seconds":null,"tier":null,"tags":null,"prize":null,"tracking":null}', '{"id":"f2","repeated":false,"points":-15,"chances":0}', 1795352743938);
INSERT INTO fact VALUES ('acme', 'acme', 'adjust:a1', 'ann', '{"id":"a1","sub":"ann","points":null,"refund_of":"a0c567ce675c0e1fabf708fa-0","note":"the wheel stood still"}', '{"entry":"a4dd8dc07345377dcf0fb050-0","repeated":false,"balance":0,"owed":4}', 1795352743938);
INSERT INTO fact VALUES ('acme', 'acme', 'refund:a0c567ce675c0e1fabf708fa-0', 'ann', '{"id":"a1","sub":"ann","points":null,"refund_of":"a0c567ce675c0e1fabf708fa-0","note":"the wheel stood still"}', '{"entry":"a4dd8dc07345377dcf0fb050-0","repeated":false,"balance":0,"owed":4}', 1795352743938);
INSERT INTO fact VALUES ('acme', 'acme', 'adjust:a2', 'bob', '{"id":"a2","sub":"bob","points":20,"refund_of":null,"note":"a gift"}', '{"entry":"608858156854c5270dd1cb15-0","repeated":false,"balance":20,"owed":0}', 1795352743938);
INSERT INTO orders VALUES ('acme', 'acme', 'o1', '{"member":"ann","per_100_cents":1,"paid_cents":1500,"received_cents":null,"counts":true,"refunded_cents":1500,"points":0,"until":null}');
INSERT INTO migration VALUES (1, '0321d593e2bbacdd7c1d7fbff9ee4a41138980942722a030edf9953298bdd017', 1);
