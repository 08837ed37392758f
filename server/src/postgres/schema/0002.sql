-- What read-only mode, the end of what is kept about shoppers, and sign-in by ticket need. It adds
-- alone: a release that knows the first schema runs on beside it, without any of the three.

-- While it is 1, nothing but this row is written.
ALTER TABLE directory ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;

-- When it was first seen that the prize is on its way, there, or void; empty before.
ALTER TABLE address ADD COLUMN done_at_ms BIGINT;

-- 1 once whom it is about is gone, and what it said beside the bookings. What is over is found by
-- the index: facts only ever become more.
ALTER TABLE fact ADD COLUMN faded INTEGER NOT NULL DEFAULT 0;

CREATE INDEX fact_fades ON fact (programme, faded, at_ms, store, id);

-- A token that waits to be fetched, once and within a minute, by whoever knows what `hash` is of.
CREATE TABLE ticket (
    programme     TEXT COLLATE "C" NOT NULL,
    store         TEXT COLLATE "C" NOT NULL,
    hash          TEXT COLLATE "C" NOT NULL,
    token         TEXT             NOT NULL,
    expires_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (programme, store, hash)
);
