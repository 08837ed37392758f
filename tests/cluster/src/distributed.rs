//! What a distributed engine does to a schema and its transactions, on one machine: see
//! [`Database::spread`].

use crate::Database;

/// Every table whose key starts with the programme becomes one of four partitions. Done to what the
/// server's own migrations made, so that it holds for every schema to come; PostgreSQL itself
/// refuses a unique key without the programme.
const PARTITIONS: &str = r"
CREATE SCHEMA plain;
DO $$
DECLARE one record; more record;
BEGIN
    FOR one IN
        SELECT c.oid, c.relname AS name FROM pg_class c
        JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'programme'
    LOOP
        EXECUTE format('ALTER TABLE public.%I SET SCHEMA plain', one.name);
        EXECUTE format(
            'CREATE TABLE public.%I (LIKE plain.%1$I INCLUDING ALL EXCLUDING INDEXES)
             PARTITION BY HASH (programme)', one.name);
        FOR n IN 0..3 LOOP
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.%I
                 FOR VALUES WITH (MODULUS 4, REMAINDER %s)', one.name || '_' || n, one.name, n);
        END LOOP;
        -- Under their own names: an error names the key that it is about.
        FOR more IN
            SELECT conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint
            WHERE conrelid = one.oid AND contype IN ('p', 'u')
        LOOP
            EXECUTE format(
                'ALTER TABLE public.%I ADD CONSTRAINT %I %s', one.name, more.name, more.text);
        END LOOP;
        FOR more IN
            SELECT pg_get_indexdef(indexrelid) AS text FROM pg_index
            WHERE indrelid = one.oid
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        LOOP
            EXECUTE replace(more.text, ' ON plain.', ' ON public.');
        END LOOP;
        EXECUTE format('INSERT INTO public.%I SELECT * FROM plain.%1$I', one.name);
    END LOOP;
END $$;
DROP SCHEMA plain CASCADE;
";

/// Of seventeen writing transactions one is told to start again by a statement of its own, and one
/// only at its COMMIT. By the transaction's number: its repetition has another, so no bad luck adds
/// up, however many rows it writes.
const TELL: &str = r"
CREATE SEQUENCE told;
CREATE FUNCTION start_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_current_xact_id()::text::bigint % 17 = TG_ARGV[0]::bigint THEN
        PERFORM nextval('told');
        RAISE EXCEPTION 'told to start again (%)', TG_ARGV[0] USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'p'
    LOOP
        EXECUTE format(
            'CREATE TRIGGER at_once AFTER INSERT OR UPDATE OR DELETE ON %I
             FOR EACH STATEMENT EXECUTE FUNCTION start_again(3)', name);
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT OR UPDATE ON %I
             DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION start_again(11)', name);
    END LOOP;
END $$;
";

/// What a transaction hears then.
pub const START_AGAIN: &str = "told to start again (";

impl Database<'_> {
    /// Partitions every table of a programme by it, and has some transactions start again: what is
    /// right on this is right on an engine that spreads its rows. The schema has to be there.
    /// Those who use it ask for [`Self::serializable_url`].
    pub fn spread(&self) {
        self.sql(PARTITIONS);
        self.sql(TELL);
    }

    /// Its address, with the strictest isolation as the default of each of its connections.
    pub fn serializable_url(&self) -> String {
        let url = self.url();
        let more = if url.contains('?') { '&' } else { '?' };
        format!("{url}{more}options=-c%20default_transaction_isolation%3Dserializable")
    }

    /// How many transactions were told to start again since [`Self::spread`].
    pub fn told_to_start_again(&self) -> u64 {
        let told = self.sql("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM told");
        told.parse().expect("a number")
    }
}
