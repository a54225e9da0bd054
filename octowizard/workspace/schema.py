"""The tables of a workspace, and the steps from each older version to the present one.

`user_version` counts the steps taken. A step is never edited once released: a new one is added.
Amounts are stored as text, moments as ISO 8601 in UTC (or Unix seconds where they are compared often).
"""

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE reading (            -- one row per thing read as a whole: bookyears, journals/5, accounts/5 ...
        name TEXT PRIMARY KEY,
        taken_at TEXT NOT NULL,
        body BLOB NOT NULL
    );
    CREATE TABLE record (             -- records of both sides, one row each
        kind TEXT NOT NULL,           -- invoice, credit_note, customer, relation, booking, balancing
        key TEXT NOT NULL,
        stamp TEXT NOT NULL DEFAULT '',       -- the vendor's own time of change, where it gives one
        body BLOB NOT NULL,
        detail BLOB,                  -- the full record, where the list shows only part of it
        detail_stamp TEXT,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
    CREATE TABLE customer_link (      -- a Teamleader customer is an Octopus relation
        customer TEXT PRIMARY KEY,    -- company or contact id
        relation INTEGER NOT NULL,
        external_number INTEGER NOT NULL,
        how TEXT NOT NULL,            -- created, vat_number, external_number, name_and_address
        at TEXT NOT NULL
    );
    CREATE TABLE document_link (      -- a document is a booking
        document TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        bookyear INTEGER NOT NULL,
        journal TEXT NOT NULL,
        number INTEGER NOT NULL,
        how TEXT NOT NULL,            -- booked, recognised, elsewhere, watched
        at TEXT NOT NULL,
        UNIQUE (bookyear, journal, number)
    );
    CREATE TABLE payment_link (       -- a match in Octopus is a payment in Teamleader, or the other way round
        key TEXT PRIMARY KEY,
        document TEXT NOT NULL,
        amount TEXT NOT NULL,
        paid_on TEXT NOT NULL,
        how TEXT NOT NULL,            -- registered, found, mirrored
        at TEXT NOT NULL
    );
    CREATE INDEX payment_link_document ON payment_link (document);
    CREATE TABLE intent (             -- a write that is about to be made, made, or in doubt
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        kind TEXT NOT NULL,           -- booking, relation, payment, mirror_booking, mirror_match
        subject TEXT NOT NULL,        -- Teamleader id of the document or customer
        natural_key TEXT NOT NULL,    -- by what the result can be found again
        body BLOB NOT NULL,           -- what was to be written
        state TEXT NOT NULL,          -- open, done, not_done, refused, parked
        made_at REAL NOT NULL,        -- Unix seconds, this computer's clock
        vendor_time TEXT NOT NULL,    -- the vendor's clock at that moment
        closed_at REAL,
        outcome TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX intent_open ON intent (state) WHERE state IN ('open', 'parked');
    CREATE TABLE spent (scope TEXT NOT NULL, operation TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX spent_at ON spent (scope, operation, at);
    CREATE TABLE turn (scope TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX turn_at ON turn (scope, at);
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        started TEXT NOT NULL,
        finished TEXT,
        dry_run INTEGER NOT NULL,
        last_line BLOB
    );
    CREATE TABLE event (
        run INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        document TEXT,
        line BLOB NOT NULL,
        PRIMARY KEY (run, seq)
    ) WITHOUT ROWID;
    CREATE INDEX event_document ON event (document) WHERE document IS NOT NULL;
    """,
    """
    CREATE TABLE exclusion (          -- documents the user keeps out of the sync
        document TEXT PRIMARY KEY,    -- Teamleader id, or the number as the user wrote it
        at TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE decision (           -- what the user decided or declared: in the set-up, about customers
        key TEXT PRIMARY KEY,         -- scenario, booster, skipped/<step>, declared/<question> ...
        value TEXT NOT NULL,          -- JSON
        at TEXT NOT NULL
    );
    CREATE TABLE same_answer (        -- the user's word on whether two customers are one
        left_key TEXT NOT NULL,       -- octopus/<relation id>, teamleader/<id>, or file/<name>/<id>, the smaller first
        right_key TEXT NOT NULL,
        same INTEGER NOT NULL,
        evidence TEXT NOT NULL DEFAULT '',    -- JSON: the evidence as it was weighed, to learn from
        at TEXT NOT NULL,
        PRIMARY KEY (left_key, right_key)
    ) WITHOUT ROWID;
    CREATE TABLE declared (           -- a customer as an export file of the vendor declares it
        customer TEXT PRIMARY KEY,    -- Teamleader id
        body TEXT NOT NULL,           -- JSON
        source TEXT NOT NULL,         -- name of the file
        at TEXT NOT NULL
    );
    CREATE TABLE undo_pack (          -- all that a merge takes away, written before it begins
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,        -- the Teamleader id that goes
        survivor TEXT NOT NULL,
        state TEXT NOT NULL,          -- begun, merged, undoing, undone
        body BLOB NOT NULL,           -- JSON
        at TEXT NOT NULL
    );
    CREATE TABLE prediction (         -- what an import into Teamleader was foretold to do, to be held against it
        id INTEGER PRIMARY KEY,
        body BLOB NOT NULL,           -- JSON
        at TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE refused_credential ( -- what a vendor refused at a sign-in, not to be sent again as it is
        vendor TEXT NOT NULL,
        what TEXT NOT NULL,           -- software house, password, refresh token, client secret
        fingerprint BLOB NOT NULL,    -- scrypt of it, with one salt for all of a kind
        salt BLOB NOT NULL,
        operation TEXT NOT NULL,
        text TEXT NOT NULL,           -- the vendor's words, redacted
        status INTEGER,
        code INTEGER,
        at TEXT NOT NULL,
        PRIMARY KEY (vendor, what, fingerprint)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE declaration (        -- what stands for a side that nobody signed in to: of each thing the newest
        id INTEGER PRIMARY KEY,
        what TEXT NOT NULL,           -- years, journals, relations, companies, invoices, credit_notes
        body TEXT NOT NULL,           -- JSON
        source TEXT NOT NULL,         -- name of the file, empty for the user's own word
        at TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE declared ADD COLUMN place INTEGER NOT NULL DEFAULT 0;     -- in the order of the export
    UPDATE declared SET place = rowid;
    """,
)

TABLES: dict[str, tuple[str, ...]] = {
    "reading": ("name", "taken_at", "body"),
    "record": ("kind", "key", "stamp", "body", "detail", "detail_stamp"),
    "customer_link": ("customer", "relation", "external_number", "how", "at"),
    "document_link": ("document", "kind", "bookyear", "journal", "number", "how", "at"),
    "payment_link": ("key", "document", "amount", "paid_on", "how", "at"),
    "intent": (
        *(
            "id",
            "run",
            "kind",
            "subject",
            "natural_key",
            "body",
            "state",
            "made_at",
            "vendor_time",
            "closed_at",
        ),
        "outcome",
    ),
    "spent": ("scope", "operation", "at"),
    "turn": ("scope", "at"),
    "run": ("id", "started", "finished", "dry_run", "last_line"),
    "event": ("run", "seq", "document", "line"),
    "exclusion": ("document", "at"),
    "decision": ("key", "value", "at"),
    "same_answer": ("left_key", "right_key", "same", "evidence", "at"),
    "declared": ("customer", "body", "source", "at", "place"),
    "undo_pack": ("id", "subject", "survivor", "state", "body", "at"),
    "prediction": ("id", "body", "at"),
    "refused_credential": (
        *("vendor", "what", "fingerprint", "salt", "operation", "text", "status", "code", "at"),
    ),
    "declaration": ("id", "what", "body", "source", "at"),
}
"""All tables with their columns, as the last step leaves them: what is moved from one place to another."""
