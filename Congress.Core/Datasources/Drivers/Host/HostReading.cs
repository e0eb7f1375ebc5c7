using System.Globalization;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>One read of a host: the rows found so far, and what could not be read.</summary>
internal sealed class HostReading
{
    private readonly Dictionary<string, HashSet<Row>> _tables =
        HostTables.All.ToDictionary(table => table.Table, _ => new HashSet<Row>(), StringComparer.Ordinal);

    public HostReading(HostFiles files) => Files = files;

    public HostFiles Files { get; }

    /// <summary>The rows of every table.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<Row>> Tables =>
        _tables.ToDictionary(t => t.Key, t => (IReadOnlyCollection<Row>)t.Value, StringComparer.Ordinal);

    /// <summary>Adds a row unless it is there.</summary>
    public void Add(TableSchema table, params ReadOnlySpan<Value> values) => _tables[table.Table].Add(new Row(values));

    /// <summary>Notes what a table lacks.</summary>
    public void Report(TableSchema table, string path, string reason) =>
        Add(HostTables.Problems, table.Table, path, reason);

    /// <summary>Notes what a table lacks.</summary>
    public void Report(TableSchema table, string path, Fault fault) => Report(table, path, fault switch
    {
        Fault.Missing => "missing",
        Fault.Denied => "access denied",
        Fault.Failed => "cannot be read",
        Fault.Cut => "too long, the rest was not read",
    });

    /// <summary>Notes that a line is not what it should be. The line itself is not told: it may hold a secret.</summary>
    public void ReportLine(TableSchema table, string path, int number) =>
        Report(table, path, string.Create(CultureInfo.InvariantCulture, $"line {number} is malformed"));

    /// <summary>The content of what a table needs, or null; either way what is missing of it is reported.</summary>
    public T? Need<T>(TableSchema table, string path, Seen<T> seen)
        where T : class
    {
        if (seen.Fault is { } fault)
        {
            Report(table, path, fault);
        }

        return seen.Content;
    }

    /// <summary>The lines of a file that a table needs; none when it cannot be read.</summary>
    public IEnumerable<(int Number, string Text)> NeedLines(TableSchema table, string path) =>
        Lines(Need(table, path, Files.Read(path)));

    /// <summary>The lines of a file that not every host has.</summary>
    public IEnumerable<(int Number, string Text)> LinesIfPresent(TableSchema table, string path)
    {
        var seen = Files.Read(path);
        return seen.Fault == Fault.Missing ? [] : Lines(Need(table, path, seen));
    }

    /// <summary>An integer in decimal, or null.</summary>
    public static Value Integer(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Value.Null;

    private static IEnumerable<(int Number, string Text)> Lines(string? text) =>
        (text ?? "").Split('\n').Select((line, index) => (index + 1, line)).Where(line => line.line.Length > 0);
}
