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
    ];
}
