namespace Congress.Persistence;

/// <summary>How the file is laid out: each step leads from one version of the layout to the next.</summary>
internal static class SqliteSchema
{
    public static string[] Steps { get; } =
    [
        """
        CREATE TABLE rule_log(version INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, changes TEXT NOT NULL, at TEXT NOT NULL) STRICT;
        CREATE TABLE rule_snapshot(one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, changes TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE datasource_version(one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT;
        INSERT INTO datasource_version VALUES (1, 0);
        CREATE TABLE datasource(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, driver TEXT NOT NULL, description TEXT, is_enabled INTEGER NOT NULL,
            config BLOB NOT NULL, tables TEXT NOT NULL, ordinal INTEGER NOT NULL) STRICT;
        CREATE TABLE pushed_rows(datasource TEXT NOT NULL REFERENCES datasource(id) ON DELETE CASCADE, name TEXT NOT NULL, rows TEXT NOT NULL,
            PRIMARY KEY (datasource, name)) STRICT;
        CREATE TABLE lease(name TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
        CREATE TABLE library(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, policy TEXT NOT NULL, ordinal INTEGER NOT NULL) STRICT;
        CREATE TABLE occurrence(id TEXT PRIMARY KEY, policy TEXT NOT NULL, service TEXT NOT NULL, action TEXT NOT NULL, arguments TEXT NOT NULL, state TEXT NOT NULL,
            is_open INTEGER NOT NULL, cause TEXT NOT NULL, note TEXT, promise TEXT, opened_at TEXT NOT NULL, changed_at TEXT NOT NULL, ordinal INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX open_occurrence ON occurrence(policy, service, action, arguments) WHERE is_open = 1;
        CREATE INDEX unfinished_occurrence ON occurrence(state) WHERE state IN ('Claimed', 'Sent');
        CREATE UNIQUE INDEX occurrence_order ON occurrence(ordinal);
        """,
        """
        CREATE TABLE refusal(ordinal INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, refusal TEXT NOT NULL) STRICT;
        """,
    ];
}
