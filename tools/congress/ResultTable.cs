using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Datasources.Drivers.Files;

namespace Congress.Cli;

/// <summary>A table to show: one that rules derive, or the answer to a query.</summary>
/// <param name="Name">The name under which it is shown.</param>
/// <param name="Table">The table.</param>
/// <param name="Folder">The sub-folder of its facts file; null for none.</param>
/// <param name="Count">The number of its rows.</param>
/// <param name="Columns">The names of its columns, or their positions.</param>
/// <param name="Read">Reads its rows from the first on.</param>
internal sealed record ResultTable(
    string Name, TableName Table, string? Folder, long Count, IReadOnlyList<string> Columns, Func<RowReader> Read)
{
    /// <summary>Whether a facts file can have the name of the table.</summary>
    public bool CanBeFile => !Table.IsAction && FactsName.IsValid(Table.Table) && (Folder is null || FactsName.IsValid(Folder));

    /// <summary>A derived table, evaluated.</summary>
    public static ResultTable Of(string name, TableName table, Workspace workspace, CancellationToken cancellationToken)
    {
        var count = workspace.Engine.Count(table, cancellationToken);
        RowReader Read() => workspace.Engine.Read(table, cancellationToken);
        using var rows = Read();
        return new(name, table, table.Policy == workspace.DefaultPolicy ? null : table.Policy, count,
            [.. workspace.ColumnsOf(table, rows.Width)], Read);
    }

    /// <summary>The answer to a query.</summary>
    public static ResultTable Of(string query, Workspace workspace, CancellationToken cancellationToken)
    {
        var result = workspace.Engine.Query(query, policy: null, cancellationToken);
        var head = ((Formula)Parser.Parse(query).Statements[0]).Head;
        var name = head.Modal == Modal.None ? head.FullName : $"{Printer.Name(head.Modal)}[{head.FullName}]";
        return new(name, TableName.Parse(head.FullName, workspace.DefaultPolicy), null, result.Count, result.Columns, () => new RowListReader(result));
    }

    /// <summary>A row as a fact: <c>p(1, "a")</c>.</summary>
    public string FactOf(Row row) => Name.EndsWith(']') ? $"{Name[..^1]}{row}]" : $"{Name}{row}";

    private sealed class RowListReader(IReadOnlyList<Row> rows) : RowReader
    {
        private int _next;

        public override int Width => rows.Count == 0 ? 0 : rows[0].Count;

        public override ReadOnlySpan<Value> Current => rows[_next - 1].AsSpan();

        public override bool Read() => _next < rows.Count && ++_next > 0;
    }
}
