using System.Globalization;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Drivers.Files;

namespace Congress.Cli;

/// <summary>What an evaluation gave: derived tables, or the answer to a query; and the forms in which it can be shown.</summary>
internal sealed class Evaluation
{
    private readonly Session _session;
    private readonly IReadOnlyList<ResultTable> _tables;
    private readonly bool _isQuery;

    private Evaluation(Session session, IReadOnlyList<ResultTable> tables, bool isQuery) =>
        (_session, _tables, _isQuery) = (session, tables, isQuery);

    /// <summary>The number of rows of all tables.</summary>
    public long Rows => _tables.Sum(t => t.Count);

    /// <summary>Evaluates all derived tables, once for all that depend on them.</summary>
    public static Evaluation OfDerived(Workspace workspace, Session session)
    {
        var tables = workspace.DerivedTables;
        workspace.Engine.Maintain([.. tables.Select(t => t.Table)], session.Cancellation);
        return new(session, [.. tables.Select(t => ResultTable.Of(t.Name, t.Table, workspace, session.Cancellation))], isQuery: false);
    }

    /// <summary>Answers a query.</summary>
    public static Evaluation OfQuery(string query, Workspace workspace, Session session)
    {
        session.Sources.Add("query", query);
        return new(session, [ResultTable.Of(query, workspace, session.Cancellation)], isQuery: true);
    }

    /// <summary>Prints all rows as facts, sorted.</summary>
    public void PrintRows()
    {
        foreach (var table in _tables)
        {
            foreach (var row in Sorted(table))
            {
                _session.Output.WriteLine(table.FactOf(row));
            }
        }
    }

    /// <summary>Prints the number of rows of each table; of a query the number alone.</summary>
    public void PrintCounts(bool withChecksum)
    {
        foreach (var table in _tables)
        {
            var count = table.Count.ToString(CultureInfo.InvariantCulture);
            var checksum = withChecksum ? "\t" + ChecksumOf(table).ToString(CultureInfo.InvariantCulture) : "";
            _session.Output.WriteLine($"{(_isQuery ? "" : table.Name + "\t")}{count}{checksum}");
        }
    }

    /// <summary>Writes each table as a facts file.</summary>
    public void WriteFiles(string folder)
    {
        foreach (var table in _tables)
        {
            if (!table.CanBeFile)
            {
                _session.Diagnostics.PrintWarning(folder, $"the rows of {table.Name} are not written, as that cannot be the name of a facts file");
                continue;
            }

            using var writer = new FactsWriter(folder, table.Folder, table.Table.Table);
            using var rows = table.Read();
            while (Next(rows))
            {
                writer.Write(rows.Current);
            }

            writer.Complete();
        }
    }

    /// <summary>Writes the tables by name; the answer to a query by itself.</summary>
    public void WriteJson(Utf8JsonWriter json, bool counts, bool withChecksum)
    {
        json.WriteStartObject();
        if (!_isQuery)
        {
            json.WriteStartObject("tables");
        }

        foreach (var table in _tables)
        {
            if (!_isQuery)
            {
                json.WriteStartObject(table.Name);
            }

            if (counts)
            {
                WriteCounts(json, table, withChecksum);
            }
            else
            {
                WriteRows(json, table);
            }

            if (!_isQuery)
            {
                json.WriteEndObject();
            }
        }

        if (!_isQuery)
        {
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteCounts(Utf8JsonWriter json, ResultTable table, bool withChecksum)
    {
        json.WriteNumber("count", table.Count);
        if (withChecksum)
        {
            json.WriteNumber("checksum", ChecksumOf(table));
        }
    }

    private void WriteRows(Utf8JsonWriter json, ResultTable table)
    {
        json.WriteTexts("columns", table.Columns);
        json.WriteStartArray("rows");
        foreach (var row in Sorted(table))
        {
            json.WriteRow(row.AsSpan());
        }

        json.WriteEndArray();
    }

    private List<Row> Sorted(ResultTable table)
    {
        var result = new List<Row>((int)table.Count);
        using var rows = table.Read();
        while (Next(rows))
        {
            result.Add(new(rows.Current));
        }

        result.Sort();
        return result;
    }

    private ulong ChecksumOf(ResultTable table)
    {
        var checksum = new RowChecksum();
        using var rows = table.Read();
        while (Next(rows))
        {
            checksum.Add(rows.Current);
        }

        return checksum.Sum;
    }

    private bool Next(RowReader rows)
    {
        _session.Cancellation.ThrowIfCancellationRequested();
        return rows.Read();
    }
}
